"""Large pictures become small ones, and nothing gets lost on the way."""

import pytest

from remit.app.location import Location
from remit.app.model import Sender
from remit.graph import condensed, cut_out, groups
from remit.graph.condense import MOST_FUNCTIONS, MOST_IN_GROUP
from remit.graph.nouns import Card, Node, Picture, Power, Row, Way

HERE = Location("template.yaml", 1)


def card(name: str, code: str) -> Card:
    return Card(
        name, "app.handler", "python3.12", code, HERE, "python", "", 0, Power(0, "logs only"), (), (), 0, 0, (), (), (), (), ()
    )  # fmt: skip


def app(count: int, folder: str = "src/{0}") -> Picture:
    """One API, one table for each function, one topic for all."""
    names = [f"F{number}" for number in range(count)]
    rows = tuple(Row(f"GET /{name}", name, Sender.ANYONE, "", HERE) for name in names)
    nodes = [
        Node("sender:anyone", "sender", "Anyone", sender=Sender.ANYONE),
        Node("resource:Api", "api", "Api", "HTTP API", rows),
        Node("resource:All", "topic", "All"),
        *(Node(f"function:{name}", "function", name) for name in names),
        *(Node(f"resource:T{name}", "table", f"T{name}") for name in names),
    ]
    ways = [Way("sender:anyone", "resource:Api", "event", functions=tuple(names), sender=Sender.ANYONE)]
    for number, name in enumerate(names):
        ways.append(
            Way("resource:Api", f"function:{name}", "event", row=number, functions=(name,), sender=Sender.ANYONE)
        )
        ways.append(Way(f"function:{name}", f"resource:T{name}", "use", ("writes",)))
        ways.append(Way(f"function:{name}", "resource:All", "use", ("publishes",)))
    cards = tuple(card(name, folder.format(number // 10, name)) for number, name in enumerate(names))
    return Picture("big", "SAM", "template.yaml", count, count, count + 2, 0, tuple(nodes), tuple(ways), cards=cards)


def test_a_small_picture_stays_whole() -> None:
    assert groups(app(MOST_FUNCTIONS)) == ()


def test_folders_that_tell_functions_apart_make_the_groups() -> None:
    found = groups(app(60))
    assert [(group.name, len(group.functions)) for group in found] == [(f"src/{number}", 10) for number in range(6)]


@pytest.mark.parametrize("folder", ["src", "src/{1}", ""])
def test_else_it_is_what_starts_them_in_handy_parts(folder: str) -> None:
    whole = app(100, folder)
    found = groups(whole)
    assert all(len(group.functions) <= MOST_IN_GROUP for group in found)
    assert [name for group in found for name in group.functions] == [one.function for one in whole.cards]
    assert len({group.name for group in found}) == len(found)


def test_every_function_and_store_is_counted() -> None:
    whole = app(60)
    small = condensed(whole, groups(whole))
    by_kind: dict[str, int] = {}
    for node in small.nodes:
        by_kind[node.kind] = by_kind.get(node.kind, 0) + node.count
    assert by_kind == {"sender": 1, "api": 1, "topic": 1, "group": 60, "table": 60}
    assert len(small.nodes) < 20
    api = next(node for node in small.nodes if node.kind == "api")
    assert api.note == "HTTP API · 60 routes"
    ids = {node.id for node in small.nodes}
    assert all({way.start, way.end} <= ids for way in small.ways)


def test_what_several_groups_share_stays_itself() -> None:
    whole = app(60)
    small = condensed(whole, groups(whole))
    assert sum(1 for way in small.ways if way.end == "resource:All") == 6


def test_a_group_is_cut_out_with_its_own_triggers_only() -> None:
    whole = app(60)
    part = cut_out(whole, groups(whole)[2])
    api = next(node for node in part.nodes if node.kind == "api")
    assert [row.function for row in api.rows] == [f"F{number}" for number in range(20, 30)]
    for way in part.ways:
        if way.row >= 0:
            assert way.end == f"function:{api.rows[way.row].function}"
    assert {node.id for node in part.nodes} >= {"sender:anyone", "resource:All", "resource:TF20"}
    assert "resource:TF0" not in {node.id for node in part.nodes}
