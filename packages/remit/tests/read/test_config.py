from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from remit.read import config


def test_no_file_is_an_empty_configuration(tmp_path: Path) -> None:
    assert config.load(tmp_path) == config.Config()


def test_ignores_have_their_line_and_options_their_text() -> None:
    found = config.parse(
        '[scan]\nfail-on = "high"\n\n[[ignore]]\nrule = "ssrf"\nreason = "why"\nresource = "F"\nexpires = 2027-01-01\n'
    )
    assert found.failures == ()
    assert found.options == {"fail-on": "high"}
    (item,) = found.ignores
    assert (item.rule, item.resource, item.expires, item.location.line) == ("ssrf", "F", "2027-01-01", 4)


def test_other_tables_are_handed_on() -> None:
    assert config.parse("[grants.F]\nextra = 1\n").tables["grants"] == {"F": {"extra": 1}}


def test_what_is_wrong_is_said_and_the_rest_is_kept() -> None:
    found = config.parse('[scan]\nfail-on = 3\n[[ignore]]\nrulle = "x"\n[[ignore]]\nrule = "ssrf"\nreason = "r"\n')
    assert [str(item) for item in found.failures] == [
        'remit.toml: "scan.fail-on" must be a text',
        'remit.toml:3:1: [[ignore]] knows no "rulle"; it has rule, reason, resource, file, expires',
    ]
    assert len(found.ignores) == 1


def test_a_file_that_is_not_toml_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "remit.toml").write_text("= =")
    assert "not TOML" in str(config.load(tmp_path).failures[0])
    (tmp_path / "remit.toml").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in str(config.load(tmp_path).failures[0])


@given(st.text())
def test_no_text_crashes_it(text: str) -> None:
    config.parse(text)


@given(
    st.sampled_from(
        ["scan = 1", "ignore = 1", "ignore = [1]", "[scan]\na = [1]", "[ignore]\nx=1", "[[ignore]]\nrule=[1]"]
    )
)
def test_wrong_shapes_become_failures_or_ignores_that_cannot_count(text: str) -> None:
    found = config.parse(text)
    assert found.failures or all(not item.reason for item in found.ignores)
