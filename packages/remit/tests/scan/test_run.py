from pathlib import Path

import pytest

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.report import Edit, Failure, Finding, Fix, Hop, Severity, Skip, Suppression
from remit.read.code import Inline
from remit.scan import Plan, run
from remit.scan.rebase import Rebase
from remit.scan.report import AppSummary, Report
from remit.scan.run import base_of, masked

TODAY = "2026-10-01"


def app(folder: Path, runtime: str = "python3.8") -> Path:
    (folder / "code").mkdir(parents=True)
    (folder / "code/app.py").write_text("def handler(event, context):\n    return 1\n")
    (folder / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Old:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{Runtime: {runtime}, Handler: app.handler, CodeUri: code}}\n"
    )
    return folder


def test_two_folders_are_one_report_with_paths_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = run(Plan((app(tmp_path / "a"), app(tmp_path / "b")), today=TODAY))
    assert [finding.location.file for finding in report.findings] == ["a/template.yaml", "b/template.yaml"]
    assert [item.name for item in report.apps] == ["a", "b"]
    assert report.shown == ""
    assert set(report.texts) == {"a/template.yaml", "b/template.yaml", "a/code/app.py", "b/code/app.py"}


def test_elsewhere_the_common_folder_is_the_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    one, two = app(tmp_path / "x/a"), app(tmp_path / "x/b")
    assert base_of((one, two)) == (tmp_path / "x", f"{tmp_path / 'x'}/")
    assert base_of((one / "template.yaml",)) == (one, f"{one}/")
    with pytest.raises(RemitError, match="no such file"):
        base_of((one / "none",))


def test_a_scan_is_the_same_twice(tmp_path: Path) -> None:
    root = app(tmp_path / "a")
    first, second = (run(Plan((root,), today=TODAY)) for _ in range(2))
    assert first.findings == second.findings
    assert first.skips == second.skips


def test_the_order_of_ends() -> None:
    shop = AppSummary("a", "SAM", "t", 1, 0, 0, 0)
    bad = Finding("r", Severity.HIGH, "high", "m", Location("f", 1))
    low = Finding("r", Severity.LOW, "high", "m", Location("f", 1))
    gap = Failure("f", "broken")
    assert Report(apps=(shop,)).exit_code == 0
    assert Report(apps=(shop,), findings=(low,)).exit_code == 0
    assert Report(apps=(shop,), findings=(bad,), failures=(gap,)).exit_code == 1
    assert Report(apps=(shop,), findings=(bad,), fail_on=None).exit_code == 0
    assert Report(apps=(shop,), findings=(low,), failures=(gap,)).exit_code == 4
    assert Report(apps=(shop,), skips=(Skip("x", "y", blind=True),)).exit_code == 4
    assert Report(apps=(shop,), skips=(Skip("x", "y"),)).exit_code == 0
    assert Report(failures=(gap,)).exit_code == 4
    assert Report().exit_code == 3


def test_masking_hides_every_character_but_three_and_moves_nothing() -> None:
    text = 'a\nkey = "sesame-open-now"\nlast'
    hidden = masked({"f": text}, [Location("f", 2, 8, 2, 23), Location("gone", 1), Location("f", 99)])
    assert hidden["f"] == 'a\nkey = "ses••••••••••••"\nlast'
    many = masked({"f": "xx\nABCDEF\nGHI\n"}, [Location("f", 2, 1, 3, 4)])
    assert many["f"] == "xx\nABC•••\n•••\n"


def test_everything_with_a_place_is_moved() -> None:
    move = Rebase("apps/shop", {"t.yaml#F/index.py": Inline("t.yaml", 4)})
    place, virtual = Location("a.py", 3, 1), Location("t.yaml#F/index.py", 9, 2, 9, 5)
    finding = Finding(
        "r", Severity.LOW, "high", "m", virtual, hops=(Hop(place, "x"),), related=(Hop(virtual, "y"),),
        fixes=(Fix("t", (Edit(place, "z"),)),),
    )  # fmt: skip
    moved = move.finding(finding)
    real = Location("apps/shop/t.yaml", 9, 6, 9, 9)
    assert moved.location == moved.related[0].location == real
    assert moved.hops[0].location == moved.fixes[0].edits[0].location == Location("apps/shop/a.py", 3, 1)
    assert move.suppression(Suppression("r", "why", place, file="src/*")).file == "apps/shop/src/*"
    assert move.texts({"a": "1", "t.yaml#F/index.py": "2"}) == {"apps/shop/a": "1"}
    assert move.skip(Skip("a", "b")).location is None
    assert Rebase("").failure(Failure("a", "b", place)) == Failure("a", "b", place)


def test_a_missing_root_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RemitError):
        run(Plan((tmp_path / "none",), today=TODAY))
