import json
from pathlib import Path

import pytest

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.report import Finding, Severity
from remit.scan import baseline

TEXT = "one\nos.system(x)\nthree\n"


def finding(line: int = 2, file: str = "app.py", resource: str = "F", rule: str = "shell-injection") -> Finding:
    return Finding(rule, Severity.HIGH, "high", "m", Location(file, line), resource=resource)


def known(tmp_path: Path, *findings: Finding, texts: dict[str, str]) -> frozenset[str]:
    path = tmp_path / "baseline.json"
    path.write_text(baseline.write(findings, texts))
    return baseline.read(path)


def test_what_was_written_is_known_even_after_lines_moved(tmp_path: Path) -> None:
    marks = known(tmp_path, finding(), texts={"app.py": TEXT})
    moved = finding(4)
    assert baseline.split([moved], marks, {"app.py": "zero\nzero\n" + TEXT}) == ([], [moved])


@pytest.mark.parametrize(
    "other",
    [finding(file="b.py"), finding(resource="G"), finding(rule="ssrf"), finding(3)],
    ids=["file", "resource", "rule", "content"],
)
def test_another_file_resource_rule_or_content_is_new(tmp_path: Path, other: Finding) -> None:
    marks = known(tmp_path, finding(), texts={"app.py": TEXT})
    assert baseline.split([other], marks, {"app.py": TEXT, "b.py": TEXT}) == ([other], [])


def test_a_second_copy_of_a_known_flaw_is_new(tmp_path: Path) -> None:
    marks = known(tmp_path, finding(), texts={"app.py": TEXT})
    new, old = baseline.split([finding(2), finding(5)], marks, {"app.py": TEXT + "\nos.system(x)\n"})
    assert (len(new), len(old)) == (1, 1)


def test_the_file_is_one_finding_a_line_and_valid_json(tmp_path: Path) -> None:
    text = baseline.write([finding(), finding(3)], {"app.py": TEXT})
    assert len(text.splitlines()) == 4
    assert json.loads(text)["version"] == 1
    assert json.loads(baseline.write([], {})) == {"version": 1, "findings": []}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}', "\xff"]
)
def test_a_baseline_that_is_none_is_an_error_never_an_empty_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RemitError, match=r"b\.json"):
        baseline.read(path)


def test_a_missing_baseline_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RemitError, match="cannot be read"):
        baseline.read(tmp_path / "none.json")
