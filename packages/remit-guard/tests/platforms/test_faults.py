"""A fault in any function of the guard: the healthy invocation is answered as ever, and the fault is told."""

import importlib
import json
import logging
import os
import pkgutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from types import FunctionType, SimpleNamespace
from typing import Any

import jinja2
import pytest

import remit_guard
from remit_guard import Blocked, guard
from remit_guard.core.remit import Remit
from remit_guard.platforms import start
from remit_guard.signals.emit import Emitter
from remit_guard.testing.events import http_api, sqs

CONTEXT = SimpleNamespace(aws_request_id="r-1")
#: Packages whose functions decide or prepare decisions. Hooks that wrap a library's function are the library's call itself.
PACKAGES = ("events", "sinks", "sandbox", "platforms", "privacy", "signals", "core")
#: Not part of an invocation: for other platforms, the build, tests; and the way in and out itself, which is the boundary.
OUTSIDE = (
    "platforms.aws", "platforms.gcp", "platforms.azure", "platforms.adapt", "platforms.verify", "platforms.snapstart",
    "platforms.each", "platforms.start", "sandbox.seal", "sandbox.floor",
)  # fmt: skip


def functions() -> list[str]:
    found = []
    for package in PACKAGES:
        folder = importlib.import_module(f"remit_guard.{package}")
        for info in pkgutil.iter_modules(folder.__path__, f"remit_guard.{package}."):
            short = info.name.removeprefix("remit_guard.")
            if short.startswith(OUTSIDE):
                continue
            module = importlib.import_module(info.name)
            found += [
                f"{info.name}:{name}"
                for name, value in vars(module).items()
                if isinstance(value, FunctionType) and value.__module__ == info.name and not name.startswith("__")
            ]
    return found


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    told: list[str] = []
    before = list(start._emitter)
    start._emitter[:] = [Emitter(None, told.append)]
    yield told
    start._emitter[:] = before


def handler(event: Any, context: Any) -> Any:
    """Everything once, properly."""
    name = "ada o'hara"
    sqlite3.connect(":memory:").execute("select ?", (name,)).fetchall()
    subprocess.run(["/bin/true", "--", name], check=True)
    with open(os.devnull) as file:
        file.read()
    jinja2.Environment(autoescape=True).from_string("Dear {{ name }}").render(name=name)
    compile("1 + 1", "<own>", "eval")
    logging.getLogger("faults").warning("hello %s\nand more", name)
    if "Records" in event:
        return {"batchItemFailures": []}
    return {"statusCode": 200, "headers": {"content-type": "text/html"}, "body": "<p>fine</p>"}


REMIT = Remit(runs=("true",), reads=("/",), reaches=("example.org:443",))
EVENTS = (http_api({"name": "ada o'hara\n", "deep": {"a": [1, "SGVsbG8="]}}, query={"q": "it's"}), sqs({"name": "ada"}))
EXPECTED = [handler(event, None) for event in EVENTS]


@pytest.mark.parametrize("place", functions())
def test_a_fault_anywhere_breaks_nothing_and_is_told(
    place: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    module_name, _, name = place.partition(":")
    module = sys.modules[module_name]
    guarded = guard(handler, remit=REMIT)
    raised: list[bool] = []

    def fault(*_: object, **__: object) -> Any:
        raised.append(True)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(module, name, fault)
    for other in list(sys.modules.values()):  # wherever it was taken to by name
        if getattr(other, "__name__", "").startswith("remit_guard.") and vars(other).get(name) is vars(module).get(
            name
        ):
            monkeypatch.setattr(other, name, fault)
    answers = [guarded(event, CONTEXT) for event in EVENTS]
    assert answers == EXPECTED
    told = [json.loads(line) for line in lines] + [
        json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith('{"class_uid"')
    ]
    if raised:
        assert {signal["rule"] for signal in told} == {"guard-fault"}, told
        assert all(signal["verdict"] == "alert" for signal in told)


@pytest.mark.parametrize(
    "place", ["remit_guard.sinks.sql:inspect", "remit_guard.sinks.process:inspect", "remit_guard.sinks.path:inspect"]
)
def test_fail_closed_refuses_what_was_not_judged(place: str, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_FAIL", "closed")
    module_name, _, name = place.partition(":")
    guarded = guard(handler, remit=REMIT)

    def fault(*_: object, **__: object) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(importlib.import_module(module_name), name, fault)
    assert guarded(EVENTS[0], CONTEXT)["statusCode"] == 403
    with pytest.raises(Blocked):
        guarded(sqs({"name": "ada"}) | {"Records": []} | {"x": 1}, CONTEXT)
    assert {(json.loads(line)["rule"], json.loads(line)["verdict"]) for line in lines} == {("guard-fault", "block")}


def test_there_are_functions_to_break() -> None:
    assert len(functions()) > 200
    assert remit_guard.__version__
