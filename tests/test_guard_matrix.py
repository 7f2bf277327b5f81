"""Every class of attack by every carrier, under the real runtime client: it succeeds without the guard and fails with it.

One child process with the guard and one without serve all of it. What succeeds is proven by a mark that only the attack's
effect can bring into the answer or the log; what is blocked must have been told under a rule of its class.
"""

import base64
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import remit_guard
from remit.local.runtime_api import FunctionSpec, Invocation, LocalFunction
from remit_guard.testing.events import CARRIERS
from remit_guard.testing.harmless import benign
from remit_guard.testing.library import MARK, Attack, attacks

sys.path.insert(
    0, str(Path(__file__).parent)
)  # test modules are imported by path: their helpers are not found otherwise
from guard_matrix.stand_in import running

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent / "guard_matrix"
PACKAGE = Path(remit_guard.__file__).parent.parent

#: The twelve classes of effects, and the kind of attack on each.
CLASSES = {
    "sql": "sql", "shell": "shell", "os.system": "shell", "path": "path", "url": "url", "template": "template",
    "nosql": "nosql", "pickle": "pickle", "yaml": "yaml", "xml": "xml", "code": "code", "log": "log",
}  # fmt: skip
EIGHT = ("query", "body", "header", "sqs", "s3", "dynamodb", "logs", "sns-in-sqs")
WAYS = ("thread", "executor", "task", "off-the-loop", "swallowed")
#: Named here when no sink of that class exists yet: such a class is marked, and the mark fails when it is no longer true.
PENDING: "frozenset[str]" = frozenset()


@dataclass
class Bench:
    """The two children."""

    guarded: LocalFunction
    bare: LocalFunction
    inside: str

    def attack(self, effect: str, number: int = 0) -> Attack:
        secret = str(HERE / "secret.txt")  # an absolute path below the temp folder is data to the guard
        return attacks(CLASSES.get(effect, "shell"), secret=secret, inside=self.inside)[number]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with running() as (web, mongo):
        # The web server that the function names itself is known by its name; the attacks ask for its address.
        named = web.replace("127.0.0.1", "localhost")
        own = {"MATRIX_MONGO": mongo, "MATRIX_WEB": named}
        guarded = FunctionSpec(
            "Matrix", "remit_guard.platforms.aws.handler", HERE, {"REMIT_HANDLER": "app.handler", **own},
            path=(PACKAGE,), timeout=20,
        )  # fmt: skip
        bare = FunctionSpec("Matrix", "app.handler", HERE, own, path=(PACKAGE,), timeout=20)
        with LocalFunction(guarded) as first, LocalFunction(bare) as second:
            for function in (first, second):
                (function.scratch / "in").mkdir()
                (function.scratch / "secret.txt").write_text(MARK)
            yield Bench(first, second, web)


def run(function: LocalFunction, event: object, effect: str, **how: str) -> Invocation:
    return function.invoke(
        event, client_context=json.dumps({"custom": {"effect": effect, **how}, "client": {}, "env": {}})
    )


def signals(invocation: Invocation) -> "list[dict[str, Any]]":
    return [json.loads(line) for line in invocation.logs if line.startswith('{"class_uid"')]


def succeeded(invocation: Invocation, effect: str) -> bool:
    """Whether the attack had its effect: the mark stands where only the effect can have put it."""
    if effect == "log":
        return any(line.startswith(MARK) for line in invocation.logs)
    said = json.dumps(invocation.payload)
    # A command that was only printed holds the words of the attack, not what they print.
    return MARK in said.replace(f"echo {MARK}", "")


def held(invocation: Invocation, attack: Attack, carrier: str, effect: str) -> None:
    """The attack had no effect, it was told under a rule of its class, and the sender learns nothing."""
    told = signals(invocation)
    assert not succeeded(invocation, effect), invocation
    assert {signal["rule"] for signal in told} <= set(attack.rules), told
    if effect == "log":
        assert [signal["verdict"] for signal in told] == ["alert"], invocation
        return
    assert "block" in {signal["verdict"] for signal in told}, invocation
    assert all(signal["field"] for signal in told), told
    if carrier in ("query", "body", "header", "rest-api", "function-url"):
        assert isinstance(invocation.payload, dict), invocation
        assert invocation.payload["statusCode"] == 403
        assert json.loads(invocation.payload["body"]) == {"message": "Request rejected", "id": invocation.request_id}
    else:
        assert invocation.error is not None
        assert invocation.error.type == "Blocked"


def cells(effects: "tuple[str, ...]", carriers: "tuple[str, ...]") -> "list[Any]":
    return [
        pytest.param(
            effect, carrier, id=f"{effect}-{carrier}",
            marks=[pytest.mark.xfail(reason="no sink of this class yet", strict=True)] if effect in PENDING else [],
        )
        for effect in effects
        for carrier in carriers
    ]  # fmt: skip


def others() -> "list[Any]":
    return [
        pytest.param(effect, number, marks=cell.marks)
        for cell in cells(tuple(CLASSES), ("",))
        for effect in [str(cell.values[0])]
        for number in range(1, len(attacks(CLASSES[effect])))
    ]


@pytest.mark.parametrize(("effect", "carrier"), cells(tuple(CLASSES), EIGHT))
def test_succeeds_without_the_guard_and_not_with_it(bench: Bench, effect: str, carrier: str) -> None:
    attack = bench.attack(effect)
    assert succeeded(run(bench.bare, CARRIERS[carrier](attack.value), effect), effect)
    held(run(bench.guarded, CARRIERS[carrier](attack.value), effect), attack, carrier, effect)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("effect", "carrier"), cells(tuple(CLASSES), ("body", "sqs")))
def test_in_threads_executors_and_tasks(bench: Bench, effect: str, carrier: str, way: str) -> None:
    attack = bench.attack(effect)
    assert succeeded(run(bench.bare, CARRIERS[carrier](attack.value), effect, way=way), effect)
    held(run(bench.guarded, CARRIERS[carrier](attack.value), effect, way=way), attack, carrier, effect)


ENCODINGS = {
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "url": lambda value: quote(value, safe=""),
    "json": lambda value: json.dumps({"inner": value}),
    "base64-json": lambda value: base64.b64encode(json.dumps({"inner": value}).encode()).decode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("effect", "carrier"), cells(tuple(CLASSES), ("body", "s3")))
def test_decoded_by_the_function(bench: Bench, effect: str, carrier: str, encoding: str) -> None:
    encode = ENCODINGS[encoding]
    attack = bench.attack(effect)
    assert succeeded(run(bench.bare, CARRIERS[carrier](encode(attack.value)), effect, decoding=encoding), effect)
    event = CARRIERS[carrier](encode(attack.value))
    held(run(bench.guarded, event, effect, decoding=encoding), attack, carrier, effect)


@pytest.mark.parametrize("carrier", EIGHT)
@pytest.mark.parametrize("effect", ["argv", "posix_spawn"])
def test_shells_without_a_shell(bench: Bench, effect: str, carrier: str) -> None:
    attack = bench.attack(effect)
    assert succeeded(run(bench.bare, CARRIERS[carrier](attack.value), effect), effect)
    held(run(bench.guarded, CARRIERS[carrier](attack.value), effect), attack, carrier, effect)


@pytest.mark.parametrize(("effect", "number"), others())
def test_the_other_attacks_of_a_class(bench: Bench, effect: str, number: int) -> None:
    attack = bench.attack(effect, number)
    if HERE.is_relative_to("/tmp") and str(HERE) in attack.value:
        pytest.skip("this checkout lies in the temp folder, whose files are the function's own")
    assert succeeded(run(bench.bare, CARRIERS["body"](attack.value), effect), effect)
    held(run(bench.guarded, CARRIERS["body"](attack.value), effect), attack, "body", effect)


def test_two_thousand_harmless_events_are_not_disturbed(bench: Bench) -> None:
    """Every sink used properly, with names, prose, code, markup, Unicode, JSON in texts, images and URLs in the events."""
    disturbed = []
    events = benign(2400, seed=6)
    for index, (carrier, value, event) in enumerate(events):
        done = run(bench.guarded, event, "properly", program="1" if index % 4 == 0 else "")
        answered = done.payload
        fine = done.error is None and (not isinstance(answered, dict) or answered["statusCode"] == 200)
        if not fine or signals(done):
            causes = tuple(f"{told['rule']} by {told.get('field')}" for told in signals(done))
            disturbed.append((carrier, value, causes or done))
    shown = Counter((carrier, causes) for carrier, _, causes in disturbed).most_common(9)
    assert disturbed == [], f"{len(disturbed)} of {len(events)}: {shown}"
