import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.errors import RemitError
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
    assert config.parse("[functions.F]\nextra = 1\n").tables["functions"] == {"F": {"extra": 1}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('# x\n[scna]\nfail-on = "high"\n', ":2: [scna] is unknown: did you mean [scan]?"),
        ('[scan]\nfail_on = "high"\n', ':2: "fail_on" in [scan] is unknown: did you mean "fail-on"?'),
        ('[[ignores]]\nrule = "x"\n', ":1: [ignores] is unknown: did you mean [ignore]?"),
        ("zebra = 1\n", ":1: [zebra] is unknown: there is [scan], [ignore], [functions]"),
    ],
)
def test_what_does_not_exist_is_never_ignored(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "remit.toml").write_text(text)
    with pytest.raises(RemitError, match=re.escape(said)) as raised:
        config.load(tmp_path)
    assert raised.value.exit_code == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are named elsewhere")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "remit.toml")
    assert [str(item) for item in config.load(tmp_path).failures] == ["remit.toml: cannot be read: not a regular file"]


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
    assert found.failures or found.unknown or all(not item.reason for item in found.ignores)
