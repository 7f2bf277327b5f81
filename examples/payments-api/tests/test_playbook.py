"""The functions of this app as a playbook: what may come in, what they do then, and that nothing of it has to be refused."""

import importlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from remit_guard.testing import Playbook, allowed, attacks, fails, queries, reaches, runs
from remit_guard.testing.events import s3, sqs

SRC = Path(__file__).resolve().parent.parent / "src"
STATEMENT = b"x,100\n' OR 1=1,250\nbroken\n"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("PAYMENTS_TABLE", "SETTLEMENT_QUEUE", "BANK_KEY"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.syspath_prepend(str(SRC))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if name.split(".")[0] in ("lib", "statements", "settlement", "payments"):
            del sys.modules[name]


def test_statements_are_read_whatever_their_names_and_lines_say(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = load("statements.read")
    bucket = SimpleNamespace(get_object=lambda **_: {"Body": io.BytesIO(STATEMENT)})
    monkeypatch.setattr(read, "s3", bucket)
    assert (
        Playbook(read.handler)
        >> s3("2026/november o'brien.csv")
        << allowed()
        << queries("LIKE ?", times=1)
        >> s3("2026/x' or '1'='1.csv", "../../etc/passwd")
        << allowed()
        << queries("LIKE ?", times=2)
    )


@pytest.mark.parametrize("attack", attacks(), ids=str)
def test_no_message_of_an_attacker_gets_as_far_as_an_effect(load: Any, attack: Any) -> None:
    settle = load("settlement.settle")
    assert Playbook(settle.handler) >> sqs({"id": attack.value}) << fails("m0") << reaches(times=0) << runs(times=0)
