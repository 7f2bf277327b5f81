"""Every rule's page is complete, its bad app gives the finding, its good app does not. One test for all rules."""

import re
from pathlib import Path

import pytest

from remit import rules
from remit.app.report import Persona
from remit.scan.gather import gather
from remit.scan.report import Plan

#: The day the examples live on: ends of life are judged by it.
TODAY = "2026-10-01"
HEADINGS = ("## What it finds", "## Why it matters", "## How to mend it", "## Bad", "## Good")
_BLOCK = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STANDARD = re.compile(r"CWE-\d+|OWASP-(S\d+|X-[A-Za-z]+)|SAS-\d\d")


def app_of(page: str, heading: str) -> dict[str, str]:
    """The files of the app under a heading."""
    section = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    return {file: text for _, file, text in _BLOCK.findall(section)}


def findings(rule: str, files: dict[str, str], folder: Path) -> list:
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    gathered = gather(folder, Plan((folder,), persona=Persona.AUDITOR, today=TODAY, max_advisory_age=100_000))
    assert not gathered.failures, gathered.failures
    assert gathered.facts, "the example is no app"
    return [finding for facts in gathered.facts for finding in rules.load(rule).check(facts)]


@pytest.mark.parametrize("rule", rules.ids())
def test_the_bad_app_gives_the_finding_and_the_good_one_does_not(rule: str, tmp_path: Path) -> None:
    page = rules.page(rule)
    bad = findings(rule, app_of(page, "Bad"), tmp_path / "bad")
    assert bad, "the bad app gives no finding"
    assert {finding.rule for finding in bad} == {rule}
    assert min(finding.persona for finding in bad) == rules.load(rule).persona
    for finding in bad:
        assert finding.fixes
        assert (
            finding.message[0].islower() or finding.function in finding.message or finding.resource in finding.message
        )
        assert not finding.message.endswith(".")
    good = findings(rule, app_of(page, "Good"), tmp_path / "good")
    assert not [finding.message for finding in good]


@pytest.mark.parametrize("rule", rules.ids())
def test_every_page_has_the_five_parts_and_known_standards(rule: str) -> None:
    page = rules.page(rule)
    assert [line for line in page.splitlines() if line.startswith("## ")] == list(HEADINGS)
    loaded = rules.load(rule)
    assert loaded.id == rule
    assert loaded.standards
    assert all(STANDARD.fullmatch(name) for name in loaded.standards)


def test_there_is_no_rule_of_an_unknown_name() -> None:
    for name in ("", "nothing", "_paths", "shell_injection"):
        with pytest.raises(KeyError):
            rules.load(name)
