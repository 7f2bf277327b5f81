"""Hosts that the function names itself, and those that only look as if."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from remit_guard.sandbox.own_hosts import OwnHosts


@pytest.mark.parametrize(
    ("environ", "host", "port", "named"),
    [
        ({"CACHE": "http://localhost:6379/0"}, "localhost", 6379, True),
        ({"CACHE": "http://localhost:6379/0"}, "localhost", 22, False),
        ({"DB_HOST": "10.0.0.5"}, "10.0.0.5", 5432, True),
        ({"DB_HOST": "10.0.0.55"}, "10.0.0.5", 5432, False),
        ({"DB_HOST": "db.localhost"}, "localhost", 80, False),
        ({"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"}, "127.0.0.1", 9001, False),
        ({"X": "http://169.254.169.254/"}, "169.254.169.254", 80, False),
        ({"URL": "http://[::1]:8000/"}, "[::1]", 8000, True),
    ],
)
def test_the_environment(environ: dict[str, str], host: str, port: int, named: bool) -> None:
    assert OwnHosts("/nowhere", environ).names(host, port) is named


def test_the_remit_names_hosts_and_patterns_name_nothing() -> None:
    own = OwnHosts("/nowhere", {})
    assert own.names("10.0.0.5", 5432, ("10.0.0.5:5432",))
    assert own.names("10.0.0.5", 5432, ("10.0.0.5",))
    assert not own.names("10.0.0.5", 22, ("10.0.0.5:5432",))
    assert not own.names("10.0.0.5", 22, ("*", "*:22"))


def test_what_was_asked_for_before() -> None:
    own = OwnHosts("/nowhere", {})
    own.learn("10.0.0.5", 5432)
    assert own.names("10.0.0.5", 5432)
    assert not own.names("10.0.0.5", 22)


def test_the_functions_own_code_counts_and_its_dependencies_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib-1.dist-info").mkdir()
    (tmp_path / "lib-1.dist-info/RECORD").write_text("lib.py,,\n")
    for name, text in {"app": 'CACHE = ("localhost", 6379)', "lib": 'OTHER = "http://10.1.1.1/"'}.items():
        (tmp_path / f"{name}.py").write_text(text)
        module = ModuleType(name)
        module.__file__ = str(tmp_path / f"{name}.py")
        monkeypatch.setitem(sys.modules, f"own_hosts_{name}", module)
    own = OwnHosts(str(tmp_path), {})
    assert own.names("localhost", 6379)
    assert not own.names("localhost", 22)
    assert not own.names("10.1.1.1", 80)
