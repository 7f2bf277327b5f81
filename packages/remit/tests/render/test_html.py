import re
from html.parser import HTMLParser

from remit.app.noun import replace
from remit.app.report import Finding, Hop
from remit.render import html
from remit.scan.report import Report

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> Balance:
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    return parser


def test_it_is_one_file_that_loads_nothing(report: Report) -> None:
    page = html.render(report)
    assert not parsed(page).tags & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"(?i)(src|href)\s*=|url\(|@import|https?:", page)


def test_findings_reach_fixes_and_gaps_are_there(report: Report) -> None:
    page = html.render(report)
    for part in ("anyone on the internet runs commands", "invokes 8 functions", "Rust is not read yet", "incomplete"):
        assert part in page


def test_a_clean_report_does_not_claim_to_be_incomplete(clean: Report) -> None:
    page = html.render(clean)
    assert "No findings." in page
    assert "incomplete" not in page


def test_nothing_examined_is_not_clean() -> None:
    assert "Nothing was examined" in html.render(Report())


def test_what_is_scanned_cannot_write_html(report: Report, attack: Finding) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    evil = replace(attack, message=bad, label=bad, hops=(Hop(attack.location, bad),), reach=(bad,), function=bad)
    page = html.render(replace(report, findings=(evil,), texts={"app.py": f"\n\n\n\n{bad}"}))
    assert not parsed(page).tags & {"script", "img"}
