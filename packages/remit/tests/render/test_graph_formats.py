"""Text, JSON and HTML of the graph: what users see, what programs read, and that nothing scanned can write markup."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from remit.app.location import Location
from remit.app.model import Sender
from remit.app.noun import replace
from remit.app.report import Failure, Finding, Hop, Severity, Skip
from remit.graph.nouns import Attack, Card, Line, Node, Picture, Pictures, Power, Row, Step, Way
from remit.render.graph import html, text
from remit.render.graph import json as as_json
from remit.render.graph._measure import fit, fit_mono, width

SCHEMA = json.loads((Path(__file__).parents[4] / "docs/schema/graph-1.json").read_text())
VOID = {"meta", "br", "input", "link", "img"}
BAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></svg>&lt;\u202e\x1b[31m"


def app(name: str = "shop", odd: str = "") -> Picture:
    """One function behind an API, a table, a host; one attack path; ``odd`` is put into every text a template decides."""
    here = Location(f"template{odd}.yaml", 7)
    sink = Location(f"src/app{odd}.py", 12, 5)
    function, route = f"Create{odd}", f"POST /orders{odd}"
    finding = Finding(
        "shell-injection",
        Severity.CRITICAL,
        "high",
        f"anyone on the internet runs commands in Create{odd}",
        sink,
        hops=(Hop(here, route), Hop(sink, f"the name is part of a command{odd}")),
        function=function,
        reach=(f"reads every bucket{odd}",),
        is_path=True,
    )
    steps = (
        Step("sender:anyone", "Anyone on the internet"),
        Step("resource:Api", route, (Line(here, route),)),
        Step(f"function:{function}", function, (Line(sink, "the name is part of a command", f"os.system(name{odd})"),)),
        Step("", f"as CreateRole{odd}: reads every bucket"),
    )
    nodes = (
        Node("sender:anyone", "sender", "Anyone", "on the internet", sender=Sender.ANYONE),
        Node(f"function:{function}", "function", function, "python3.12", location=here),
        Node("resource:Api", "api", f"Api{odd}", "HTTP API", (
            Row(route, function, Sender.ANYONE, "", here, (f"no authorizer{odd}",), "http-api"),
            Row("GET /orders", function, Sender.AUTHENTICATED, f"jwt Login{odd}", here),
        ), here, Sender.ANYONE),
        Node(f"resource:Orders{odd}", "table", f"Orders{odd}", "table", location=here),
        Node(f"outside:host:api.example{odd}", "host", f"api.example{odd}", "outside"),
    )  # fmt: skip
    names = tuple(node.id for node in nodes)
    ways = (
        Way(names[1], names[3], "use", ("writes",), location=sink),
        Way(names[1], names[4], "use", ("calls",), location=sink),
        Way(
            names[2],
            names[1],
            "event",
            row=0,
            functions=(function,),
            location=here,
            sender=Sender.ANYONE,
            attacks=("A",),
        ),
        Way(names[2], names[1], "event", row=1, functions=(function,), location=here, sender=Sender.AUTHENTICATED),
        Way(names[0], names[2], "event", functions=(function,), sender=Sender.ANYONE, attacks=("A",)),
    )
    card = Card(
        function, f"app.handler{odd}", "python3.12", f"src{odd}", here, "python", f"CreateRole{odd}", 1,
        Power(3, "every bucket"), (f"reads every bucket{odd}",), (f"Shared{odd}",), 2, 40,
        ((f"TABLE{odd}", f"Orders{odd}"), ("STAGE", "")), ((names[3], ("writes",), sink),),
        ((f"reaches ?: not known{odd}", sink),), ("A",), (finding,), "",
    )  # fmt: skip
    attack = Attack("A", finding, "shell injection", (names[0], names[2], names[1]), steps)
    return Picture(
        name + odd, "SAM", f"template{odd}.yaml", 1, 2, 4, 1, nodes, ways, (attack,), (card,), apart=(f"Spare{odd}",)
    )


def pictures(*apps: Picture, odd: str = "") -> Pictures:
    return Pictures(
        apps or (app(odd=odd),),
        (Skip(f"gen.py{odd}", f"generated{odd}", Location("gen.py", 1), blind=True),),
        (Failure(f"b.yaml{odd}", f"a mapping is not closed{odd}", Location("b.yaml", 3)),),
        date="2026-11-22",
    )


class Page(HTMLParser):
    """Checks that elements are closed in order, and remembers tags, ids and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "style"  # the policy forbids it
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src") and value:
                self.links.append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_one_file_that_loads_nothing() -> None:
    page = Page(html.render(pictures()))
    assert page.tags.count("script") == 1
    assert not set(page.tags) & {"link", "img", "iframe", "object", "base"}
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"(?i)url\(|@import|https?:|fetch\(|XMLHttp|innerHTML|eval\(", html.render(pictures()))


def test_every_link_leads_somewhere_and_every_id_is_there_once() -> None:
    page = Page(html.render(pictures(app("one"), app("two"))))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_a_step_that_is_not_drawn_is_no_link() -> None:
    one = app()
    part = replace(one, nodes=one.nodes[1:], ways=one.ways[:4])
    page = Page(html.render(Pictures((part,))))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_a_page_of_groups_links_to_their_pictures() -> None:
    one = app()
    names = [f"F{number}" for number in range(60)]
    nodes = (*one.nodes[:1], *(Node(f"function:{name}", "function", name) for name in names))
    cards = tuple(replace(one.cards[0], function=name, code=f"src/{name[:2]}", attacks=()) for name in names)
    whole = replace(one, nodes=nodes, cards=cards, ways=(), attacks=(), functions=60)
    page = Page(html.render(Pictures((whole,))))
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert {f"function-{name}" for name in names} <= {name.partition("-")[2] for name in page.ids}


def test_only_our_own_script_and_style_may_run() -> None:
    page = html.render(pictures())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    for tag in ("script", "style"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]


def test_what_is_scanned_cannot_write_markup_nor_steer_the_terminal() -> None:
    whole = pictures(odd=BAD)
    plain = Page(html.render(pictures()))
    page = html.render(whole)
    assert Page(page).tags == plain.tags
    assert "<script>alert" not in page
    for shown in (page, text.render(whole)):
        assert "\x1b" not in shown
        assert "\u202e" not in shown


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_any_name_gives_a_sound_page(odd: str) -> None:
    page = html.render(Pictures((app(odd=odd),), date="2026-11-22"))
    assert Page(page).tags.count("script") == 1
    svg = re.search(r'<svg viewBox="[^"]*" width.*?</svg></figure>', page, re.DOTALL)
    assert svg is not None
    ElementTree.fromstring(svg[0].removesuffix("</figure>"))  # well-formed by the rules of XML, too
    jsonschema.validate(json.loads(as_json.render(Pictures((app(odd=odd),)))), SCHEMA, jsonschema.Draft202012Validator)


def test_the_same_picture_gives_the_same_page() -> None:
    assert html.render(pictures()) == html.render(pictures())


def test_nothing_is_said_by_colour_alone() -> None:
    page = html.render(pictures())
    assert page.count('href="#i-anyone"') >= 3  # in the legend, on the node and on the line of the API
    assert 'href="#i-level3"' in page
    assert ">every bucket<" in page
    assert ">A2<" in page
    assert ">A3<" in page


def test_gaps_are_said() -> None:
    page = html.render(pictures())
    assert "a mapping is not closed" in page
    assert "generated" in page
    assert "Incomplete" in page
    clean = html.render(Pictures((app(),)))
    assert "ncomplete" not in clean
    assert "1 function · 1 attack path · incomplete: 2 things could not be examined" in text.render(pictures())


def test_nothing_to_draw_is_said() -> None:
    assert "No app was found" in html.render(Pictures())
    assert text.render(Pictures()).startswith("0 functions")


def test_json_follows_the_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    data = json.loads(as_json.render(pictures()))
    validator.validate(data)
    validator.validate(json.loads(as_json.render(Pictures())))
    assert data["exit_code"] == 4
    assert data["apps"][0]["edges"][2]["trigger"] == "POST /orders"
    data["apps"][0]["edges"][0]["kind"] = "magic"
    assert list(validator.iter_errors(data))


def test_the_text() -> None:
    assert text.render(Pictures((app(),), date="2026-11-22"), verbose=True) == snapshot("""\
shop   SAM · 1 function · 2 triggers · 4 resources · template.yaml

 A critical  Anyone → POST /orders → Create: shell injection  src/app.py:12

anyone on the internet
└─ Api (HTTP API)
   POST /orders → Create  path A  ⟨every bucket (2 of 40 actions needed)⟩
      writes Orders  src/app.py:12
      calls api.example  src/app.py:12

no way leads to Spare

1 function · 1 attack path · a picture: remit graph --format html -o graph.html
""")


def test_long_names_are_cut_to_their_room() -> None:
    for name in ("OnPackageCreatedFunctionWithAVeryLongName", "日本語の関数名はとても長いです", "wwwwwwwwwwwwwwwwwwww"):
        assert width(fit(name, 100, 12.5, bold=True), 12.5, bold=True) <= 100
        assert len(fit_mono(name, 100, 11)) <= 15
    assert fit("Short", 100, 12.5) == "Short"
    assert fit("CreateOrderFunctionProd", 110, 12.5).endswith("Prod")


@pytest.mark.parametrize("count", [0, 1, 400])
def test_many_attack_paths_do_not_flood_a_card(count: int) -> None:
    one = app()
    attack = one.attacks[0]
    many = replace(one, attacks=tuple(replace(attack, letter=f"A{number}") for number in range(count)))
    page = html.render(Pictures((many,)))
    assert page.count('class="sink"') == min(count, 3) + (count > 3)
