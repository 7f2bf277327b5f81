import sys
from collections.abc import Callable

import pytest

from remit import rules
from remit.cli import main

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def explain(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["remit", "explain", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsysbinary.readouterr()
        return int(end.value.code or 0), captured.out.decode(), captured.err.decode()

    return call


def test_a_rule_is_its_page(explain: Call) -> None:
    code, out, _ = explain("shell-injection")
    assert code == 0
    assert out.startswith("critical[shell-injection]  command made of event data\nCWE-78 · OWASP-S1 · SAS-01\n")
    assert "How to mend it" in out


def test_without_a_rule_all_are_listed(explain: Call) -> None:
    code, out, _ = explain()
    assert code == 0
    listed = [line.split()[1] for line in out.splitlines()[:-2]]
    assert sorted(listed) == sorted(rules.ids())


@pytest.mark.parametrize(
    ("typed", "meant"), [("shel-injection", "shell-injection"), ("sql", "sql-injection"), ("SSRF", "ssrf")]
)
def test_a_typing_error_is_answered_with_what_was_meant(explain: Call, typed: str, meant: str) -> None:
    code, out, err = explain(typed)
    assert (code, out) == (2, "")
    assert meant in err.partition("did you mean")[2]


def test_something_else_altogether_points_to_the_list(explain: Call) -> None:
    code, _, err = explain("zzzzzz")
    assert code == 2
    assert "lists all rules" in err
