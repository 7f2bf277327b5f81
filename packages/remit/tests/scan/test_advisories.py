import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.errors import Incomplete
from remit.app.facts import Dependency
from remit.app.location import Location
from remit.scan.advisories import Record, Snapshot, affects, in_ranges, load, match, normalise
from remit.scan.cvss import base_score, word


def record(**changes: object) -> Record:
    parts = {
        "id": "X-1", "name": "lib", "aliases": (), "summary": "bad", "severity": "high",
        "ranges": (), "expression": "", "versions": (),
    }  # fmt: skip
    return Record(**{**parts, **changes})  # type: ignore[arg-type]


def snapshot(*records: Record, ecosystem: str = "PyPI", date: str = "2026-11-01") -> Snapshot:
    return Snapshot({ecosystem: date}, {ecosystem: {"lib": records}})


def dependency(version: str, name: str = "lib", ecosystem: str = "PyPI") -> Dependency:
    return Dependency(ecosystem, name, version, Location("requirements.txt", 1))


@pytest.mark.parametrize(
    ("version", "hit"),
    [("1.9", False), ("2.0", True), ("2.0.post1", True), ("2.5rc1", True), ("2.5", False), ("3.0", True), ("9", True)],
)
def test_spans_by_pep_440(version: str, hit: bool) -> None:
    assert affects("PyPI", version, record(ranges=(("2.0", "2.5", ""), ("3.0", "", "")))) is hit


def test_last_affected_is_inclusive() -> None:
    ranges = (("0", "", "1.2"),)
    assert in_ranges("PyPI", "1.2", ranges)
    assert not in_ranges("PyPI", "1.2.1", ranges)


def test_a_listed_version_counts_in_its_normal_form() -> None:
    assert affects("PyPI", "0.0.11a0", record(versions=("0.0.11a",)))
    assert affects("PyPI", "1.0", record(versions=("not-pep-440", "1.0.0")))


@pytest.mark.parametrize(
    ("version", "hit"), [("1.0.0-beta.2", True), ("1.0.0", False), ("0.9.9", True), ("1.0.0-rc.1", True)]
)
def test_npm_orders_prereleases_as_node_semver_does(version: str, hit: bool) -> None:
    assert affects("npm", version, record(ranges=(("0", "1.0.0", ""),))) is hit


def test_npm_expressions() -> None:
    entry = record(expression="<1.3.2 || >=2.0.0 <2.1.1")
    assert [affects("npm", version, entry) for version in ("1.3.1", "1.4.0", "2.1.0", "2.1.1")] == [
        True,
        False,
        True,
        False,
    ]


def test_records_that_share_an_alias_count_once_and_say_the_fix() -> None:
    found = match(
        snapshot(
            record(id="PYSEC-1", aliases=("CVE-1",), ranges=(("0", "2.0", ""),)),
            record(id="GHSA-1", aliases=("CVE-1",), ranges=(("0", "2.0", ""),)),
        ),
        [dependency("1.0", name="Lib")],
        "2026-11-22",
    )
    assert [(advisory.id, advisory.fixed_in) for advisory in found.advisories] == [("PYSEC-1", "2.0")]
    assert found.skips == ()
    assert found.ages == {"PyPI": 21}


def test_stale_or_missing_data_and_open_versions_are_said() -> None:
    found = match(
        snapshot(date="2026-10-01"),
        [dependency("1.0"), dependency(""), dependency("1.0", ecosystem="npm")],
        "2026-11-22",
    )
    assert [(skip.what, skip.blind) for skip in found.skips] == [
        ("new advisories for 2 PyPI dependencies", True),
        ("lib", False),
        ("1 npm dependencies", True),
    ]


def test_a_version_that_is_none_is_a_blind_skip_not_clean() -> None:
    found = match(snapshot(record(ranges=(("0", "2.0", ""),))), [dependency("one point oh")], "2026-11-22")
    assert [skip.blind for skip in found.skips] == [True]


def test_the_packaged_snapshot_knows_a_malicious_package_without_ranges() -> None:
    data = load()
    assert data.dates.keys() == {"PyPI", "npm"}
    found = match(data, [dependency("5.3", "PyYAML"), dependency("2.19.0", "requests")], "2026-11-22")
    assert {advisory.dependency.name for advisory in found.advisories} == {"PyYAML", "requests"}


@pytest.mark.parametrize("content", [b"", b"{}", lzma.compress(b"[]"), lzma.compress(b'{"ecosystems": {"PyPI": 1}}')])
def test_a_file_that_is_no_snapshot_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.xz"
    path.write_bytes(content)
    with pytest.raises(Incomplete, match=r"data\.xz: not advisory data"):
        load(path)
    with pytest.raises(Incomplete, match="cannot be read"):
        load(tmp_path / "missing")


@given(st.text(max_size=20))
def test_any_version_text_is_survived(text: str) -> None:
    for ecosystem in ("PyPI", "npm"):
        match(
            snapshot(record(ranges=(("0", "1.0", ""),)), ecosystem=ecosystem),
            [dependency(text, "lib", ecosystem)],
            "2026-11-22",
        )


def test_names_are_compared_in_normal_form() -> None:
    assert normalise("PyPI", "Zope.Interface_X") == "zope-interface-x"
    assert normalise("npm", "@Scope/X") == "@Scope/X"


@pytest.mark.parametrize(
    ("vector", "score", "severity"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "critical"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, "medium"),
        ("CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N", 2.5, "low"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, "critical"),
    ],
)
def test_published_scores(vector: str, score: float, severity: str) -> None:
    assert base_score(vector) == score
    assert word(vector) == severity


@pytest.mark.parametrize(
    "vector", ["", "CVSS:4.0/AV:N", "CVSS:3.1/AV:N", "nonsense", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]
)
def test_what_is_no_vector_has_no_word(vector: str) -> None:
    assert word(vector) == ""
