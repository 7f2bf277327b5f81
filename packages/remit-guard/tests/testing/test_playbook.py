"""The playbook: what it runs, what it reports, and that it fails when it should."""

import json
import os
import sqlite3
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from inline_snapshot import snapshot

from remit_guard import guard
from remit_guard.core.remit import Remit
from remit_guard.hooks import gate
from remit_guard.testing import (
    CARRIERS,
    Playbook,
    alerted,
    allowed,
    answers,
    attacks,
    benign,
    blocked,
    calls,
    effect,
    fails,
    opens,
    queries,
    raises,
    reaches,
    runs,
    values,
)
from remit_guard.testing.events import http_api, sqs, value_of
from remit_guard.testing.playbook import Player

ATTACK = "x' or '1'='1"


def find(event: Any, context: Any) -> dict[str, Any]:
    name = json.loads(event["body"])["name"]
    sqlite3.connect(":memory:").execute(f"select '{name}'").fetchall()
    return {"statusCode": 200, "body": json.dumps({"name": name})}


def settle(event: Any, context: Any) -> dict[str, Any]:
    failed = []
    for record in event["Records"]:
        try:
            subprocess.run(f"true {json.loads(record['body'])['file']}", shell=True, check=True)
        except Exception:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def test_a_playbook_reads_like_a_story() -> None:
    assert (
        Playbook(find)
        >> http_api({"name": "Siobhan"})
        << allowed()
        << answers(200, "Siobhan")
        << queries("select 'Siobhan'", times=1)
        >> http_api({"name": ATTACK})
        << blocked("sql-injection", sink="sql", field="body→name")
        << answers(403, "Request rejected")
    )


def test_batches_and_programs() -> None:
    assert (
        Playbook(settle)
        >> sqs({"file": "a.png"}, {"file": "b.png; id"})
        << runs("true a.png")
        << blocked("shell-injection", field="Records[1].body→file")
        << fails("m1")
    )


def test_what_leaves_the_remit() -> None:
    remit = Remit(runs=("convert",))
    assert Playbook(settle, remit=remit) >> sqs({"file": "a"}) << alerted("process-outside-remit") << fails()
    strict = Remit(runs=("convert",), modes={"runs": "block"})
    with pytest.raises(AssertionError, match="NOT EXPECTED: block process-outside-remit"):
        assert Playbook(settle, remit=strict) >> sqs({"file": "a"})


def test_modes() -> None:
    assert Playbook(find, mode="alert") >> http_api({"name": ATTACK}) << alerted("sql-injection") << answers(200)


def test_async_handlers_and_streams() -> None:
    async def later(event: Any, context: Any) -> Any:
        return find(event, context)

    def stream(event: Any, context: Any) -> Iterator[Any]:
        yield "one"
        yield find(event, context)["body"]

    async def later_stream(event: Any, context: Any) -> Any:
        yield find(event, context)["body"]

    for handler in (later, stream, later_stream):
        assert Playbook(handler) >> http_api({"name": "x"}) << allowed() >> http_api({"name": ATTACK}) << blocked()


def test_a_handler_that_is_guarded_already() -> None:
    assert Playbook(guard(find)) >> http_api({"name": ATTACK}) << blocked("sql-injection") << answers(403)


def test_threads_are_heard() -> None:
    def handler(event: Any, context: Any) -> None:
        thread = threading.Thread(target=find, args=(event, context))
        thread.start()
        thread.join()

    assert Playbook(handler) >> http_api({"name": "x"}) << queries("select 'x'")


def test_files_and_connections() -> None:
    def handler(event: Any, context: Any) -> Any:
        with open(os.devnull) as file:
            file.read()
        with pytest.raises(OSError):
            urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
        return "done"

    (outcome,) = (
        Playbook(handler) >> {"a": 1} << opens(os.devnull) << reaches("127.0.0.1") << answers(body="done")
    ).play()
    assert {"file", "url", "connect"} <= {one.kind for one in outcome.effects}


def failing(event: Any, context: Any) -> None:
    raise LookupError("no such order")


def test_errors_of_the_handler() -> None:
    assert Playbook(failing) >> sqs({"a": 1}) << raises(LookupError)
    with pytest.raises(AssertionError, match="LookupError: no such order"):
        assert Playbook(failing) >> sqs({"a": 1})
    with pytest.raises(AssertionError, match="LookupError"):
        assert Playbook(failing) >> sqs({"a": 1}) << allowed()


@pytest.mark.parametrize(
    "expectation",
    [
        allowed(), answers(200), answers(403, "nothing of the kind"), raises(), fails("m0"), queries("drop"), runs(), calls(),
        alerted("sql-injection"), blocked("ssrf"), blocked(sink="url"), blocked(field="body→other"),
        effect("sql", times=2),
    ],
    ids=repr,
)  # fmt: skip
def test_every_expectation_can_fail(expectation: Any) -> None:
    with pytest.raises(AssertionError, match="WRONG"):
        assert Playbook(find) >> http_api({"name": ATTACK}) << blocked() << expectation


def brief(event: Any, context: Any) -> str:
    find(event, context)
    return "fine"


def test_the_report_is_the_script_with_what_came() -> None:
    with pytest.raises(AssertionError) as caught:
        assert (
            Playbook(brief)
            >> http_api({"name": "Ada"})
            << blocked("sql-injection")
            >> http_api({"name": ATTACK})
            << answers(403)
        )
    assert str(caught.value) == snapshot("""\
playbook of brief
  >> http-api body='{"name": "Ada"}'
  << blocked('sql-injection')                           WRONG: nothing was decided, answered 'fine'
  >> http-api body='{"name": "x\\' or \\'1\\'=\\'1"}'
  << answers(status=403)                                ok
  !! NOT EXPECTED: block sql-injection: a value of body→name changes the structure of this sql (from body→name)\
""")


def test_mistakes_in_writing_one() -> None:
    with pytest.raises(TypeError, match="not an expectation"):
        Playbook(find) >> {} << "blocked"  # type: ignore[operator]
    with pytest.raises(ValueError, match="needs an event"):
        Playbook(find) << blocked()
    with pytest.warns(UserWarning, match="never played"):
        Playbook(find) >> {}


def test_a_guard_that_is_off_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_GUARD", "off")
    with pytest.raises(RuntimeError, match="nothing would be judged"):
        assert Playbook(find) >> http_api({"name": "x"})


def test_the_guard_of_the_process_is_as_before() -> None:
    before = list(gate._judge), list(gate._tell)
    assert Playbook(find) >> http_api({"name": "x"})
    assert (gate._judge, gate._tell) == before


@pytest.mark.parametrize("name", CARRIERS)
def test_what_a_carrier_was_given_is_read_from_it(name: str) -> None:
    for value in ("ada", "o'brien & söhne/+%41", "a b\nc", "{}", '"'):
        assert value_of(CARRIERS[name](value)) == value


@pytest.mark.parametrize("name", CARRIERS)
def test_every_carrier_is_of_its_source_and_its_value_is_untrusted(name: str) -> None:
    from remit_guard.events import open_event

    opened = open_event(CARRIERS[name]("a value of mine"))
    assert opened.source.name == {
        "query": "http-api", "body": "http-api", "header": "http-api", "sns-in-sqs": "sqs", "s3-in-sns-in-sqs": "sqs",
    }.get(name, name)  # fmt: skip
    assert any("a value of mine" in str(field.value).replace("%20", " ") for field in opened.fields())


def test_attacks_have_every_class_and_know_their_rule() -> None:
    assert len({attack.value for attack in attacks()}) == len(attacks())
    with pytest.raises(KeyError):
        attacks("telepathy")


def test_harmless_values_are_repeatable_and_many() -> None:
    assert values(500, 1) == values(500, 1) != values(500, 2)
    assert len(set(values(3000))) > 2500
    assert {name for name, _, _ in benign(64)} == set(CARRIERS)


@pytest.mark.parametrize("kind", ["sql", "shell"])
def test_a_player_alone(kind: str) -> None:
    (first, *_) = attacks(kind)
    outcome = Player(lambda event, context: value_of(event)).send(CARRIERS["sqs"](first.value))
    assert (outcome.answer, outcome.verdicts, outcome.blocked) == (first.value, (), ())
