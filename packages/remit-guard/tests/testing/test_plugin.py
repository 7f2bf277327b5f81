"""The plugin, in a pytest of its own: the fixtures are there without a line of configuration."""

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from remit_guard.testing import CARRIERS, attacks
from remit_guard.testing import plugin as fixtures

TESTS = """
import json, sqlite3
from remit_guard.testing import blocked, attacks, answers, allowed
from remit_guard.testing.events import http_api, value_of
import pytest

def handler(event, context):
    sqlite3.connect(":memory:").execute(f"select '{value_of(event)}'")
    return {"statusCode": 200, "body": "fine"}

@pytest.mark.parametrize("attack", attacks("sql"), ids=str)
def test_attacks(guarded, attack, carrier):
    outcome = guarded(handler)(carrier(attack.value))
    assert [verdict.rule for verdict in outcome.blocked] == [attack.rule]

def test_harmless(guarded, harmless):
    def careful(event, context):
        return sqlite3.connect(":memory:").execute("select ?", (value_of(event).encode("utf-8", "replace").decode(),)).fetchall()
    send = guarded(careful)
    for value in harmless:
        assert send(http_api({"value": value})).verdicts == ()

def test_played_at_the_end(playbook):
    playbook(handler) >> http_api({"value": "x' or '1'='1"}) << answers(200)

def test_every_attack(attack):
    assert attack.value

def test_mine(mine):
    assert mine == "mine"
"""
CONFTEST = """
import pytest

@pytest.fixture
def mine():
    return "mine"
"""


def test_the_fixtures(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-cov", str(tmp_path)],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    passed = 2 * len(CARRIERS) + 1 + 1 + len(attacks()) + 1
    assert f"{passed} passed, 1 error" in run.stdout, run.stdout[-3000:]
    assert "WRONG: answered {'statusCode': 403" in run.stdout


def test_the_plugin_is_registered_and_loads_nothing_of_the_guard() -> None:
    (found,) = entry_points(group="pytest11", name="remit")
    assert found.value == "remit_guard.testing.plugin"
    code = "import sys, json, pytest; before = set(sys.modules); import remit_guard.testing.plugin\n"
    code += "print(json.dumps(sorted(set(sys.modules) - before)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == ["remit_guard", "remit_guard.testing", "remit_guard.testing.plugin"]


def test_what_the_plugin_lists_is_what_there_is() -> None:
    assert tuple(CARRIERS) == fixtures._CARRIERS
    counted = {kind: len(attacks(kind)) for kind, _ in fixtures._ATTACKS}
    assert dict(fixtures._ATTACKS) == counted
    assert sum(counted.values()) == len(attacks())
