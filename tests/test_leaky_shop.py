"""The two example apps: every planted flaw is found at its line, no trap is, and the good app is clean."""

import json
import subprocess
import sys
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "examples" / "leaky-shop"
GOOD = ROOT / "examples" / "payments-api"
LABELS: dict[str, list[dict[str, Any]]] = tomllib.loads((SHOP / "labels.toml").read_text("utf-8"))
#: The injection rules: what a whole attack path ends in.
INJECTIONS = {
    "sql-injection", "shell-injection", "path-traversal", "ssrf", "code-injection", "unsafe-deserialization", "html-injection",
}  # fmt: skip


@lru_cache
def report(app: Path) -> dict[str, Any]:
    """What ``remit scan`` says about an app, as JSON; the command itself, because that is what people run."""
    remit = Path(sys.executable).with_name("remit")
    # The snapshot of advisories ages with the checkout; how old it is, is not what is tested here.
    argv = [str(remit), "scan", str(app), "--format", "json", "--max-advisory-age", "100000"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def lines_of(label: dict[str, Any]) -> range:
    """The lines a label means: where its text begins, to where it ends."""
    text = (SHOP / label["file"]).read_text("utf-8")
    wanted = label["text"]
    assert text.count(wanted) == 1, f"{label['id']}: its text stands {text.count(wanted)} times in {label['file']}"
    first = text[: text.index(wanted)].count("\n") + 1
    return range(first, first + wanted.rstrip("\n").count("\n") + 1)


def places(finding: dict[str, Any]) -> list[tuple[str, int]]:
    """The primary place of a finding and the related ones, each file relative to the app."""
    spots = [finding["location"], *(hop["location"] for hop in finding.get("related", ()))]
    return [(Path(spot["file"]).as_posix(), spot["line"]) for spot in spots]


def at(finding: dict[str, Any], label: dict[str, Any]) -> bool:
    """Whether a finding is primarily about a label's line."""
    spot = finding["location"]
    return Path(spot["file"]).as_posix().endswith(label["file"]) and spot["line"] in lines_of(label)


def rules_of(label: dict[str, Any]) -> tuple[str, ...]:
    rule = label["rule"]
    return (rule,) if isinstance(rule, str) else tuple(rule)


@pytest.mark.parametrize("label", LABELS["flaw"], ids=lambda label: str(label["id"]))
def test_a_planted_flaw_is_found_at_its_line(label: dict[str, Any]) -> None:
    findings = report(SHOP)["findings"]
    same_rule = [finding for finding in findings if finding["rule"] in rules_of(label)]
    assert any(at(finding, label) for finding in same_rule), [places(finding) for finding in same_rule]


@pytest.mark.parametrize("label", LABELS["trap"], ids=lambda label: str(label["id"]))
def test_a_trap_is_not_reported_as_exploitable(label: dict[str, Any]) -> None:
    # Not by its own rule, and not by any rule that ends an attack path.
    suspects = {*rules_of(label), *INJECTIONS}
    wrong = [finding for finding in report(SHOP)["findings"] if finding["rule"] in suspects and at(finding, label)]
    assert not wrong, [finding["message"] for finding in wrong]


def test_labels_are_enough_to_be_worth_something() -> None:
    assert len(LABELS["flaw"]) >= 12
    assert len(LABELS["trap"]) >= 5
    assert {rule for label in LABELS["flaw"] for rule in rules_of(label)} >= INJECTIONS
    names = [label["id"] for kind in LABELS.values() for label in kind]
    assert len(names) == len(set(names))


def test_there_are_whole_attack_paths() -> None:
    paths = [finding for finding in report(SHOP)["findings"] if finding["path"]]
    assert len(paths) >= 3
    for path in paths:
        files = [hop["location"]["file"] for hop in path["hops"]]
        assert files[0].endswith("template.yaml"), "it begins with who can send the event"
        assert any(file.endswith(".py") for file in files), "and goes through code"
        assert path["location"]["file"].endswith(".py")


def test_the_good_app_is_clean() -> None:
    found = report(GOOD)
    assert found["findings"] == []
    assert found["apps"][0]["functions"] == 4


def test_what_was_examined_is_complete() -> None:
    for app in (SHOP, GOOD):
        assert report(app)["failures"] == []
        assert report(app)["skipped"] == []
        assert report(app)["complete"] is True
