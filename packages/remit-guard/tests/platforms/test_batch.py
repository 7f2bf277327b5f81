"""Batches: refused records among others, one by one, in quarantine; and answers that are made while they are read."""

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from remit_guard import Blocked, guard
from remit_guard.core.remit import Remit
from remit_guard.platforms import each, start
from remit_guard.signals.emit import Emitter
from remit_guard.testing._read import values_of
from remit_guard.testing.events import dynamodb, http_api, kafka, kinesis, s3, sns, sqs

CONTEXT = SimpleNamespace(aws_request_id="r-1")
ATTACK = "x' or '1'='1"


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[str]]:
    told: list[str] = []
    each._told.clear()
    before = list(start._emitter)
    start._emitter[:] = [Emitter(None, told.append)]
    yield told
    start._emitter[:] = before


def rules(lines: list[str]) -> list[str]:
    return [json.loads(line)["rule"] for line in lines]


def query(value: str) -> None:
    sqlite3.connect(":memory:").execute(f"select '{value}'").fetchall()


class Plain:
    """A handler of the ordinary kind: the whole batch in one loop; notes what it came to do."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __call__(self, event: Any, context: Any) -> None:
        for value in values_of(event):
            query(value)
            self.done.append(value)


def patient(event: Any, context: Any) -> dict[str, Any]:
    """A handler that speaks of its own failures and goes on."""
    failed = []
    for record in event["Records"]:
        try:
            query(values_of({"Records": [record]})[0])
        except Exception:
            name = record.get("messageId") or (record.get("kinesis") or {}).get("sequenceNumber")
            failed.append({"itemIdentifier": name or record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failed}


def careless(event: Any, context: Any) -> dict[str, Any]:
    """One that swallows everything."""
    patient(event, context)
    return {"batchItemFailures": []}


def item(value: str) -> dict[str, str]:
    return {"value": value}


def names(event: Any, source: str) -> list[str]:
    if source == "sqs":
        return [record["messageId"] for record in event["Records"]]
    if source == "kinesis":
        return [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
    return [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]


MAKERS = {"sqs": sqs, "kinesis": kinesis, "dynamodb": dynamodb}


@pytest.mark.parametrize("source", MAKERS)
@pytest.mark.parametrize("handler", [patient, careless])
def test_a_refused_record_is_in_the_partial_answer_once(source: str, handler: Any) -> None:
    event: Any = MAKERS[source](item("a"), item(ATTACK), item("b"))  # type: ignore[operator]
    assert guard(handler)(event, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": names(event, source)[1]}]}


@pytest.mark.parametrize(
    "event", [s3("a", ATTACK), sns(item(ATTACK)), kafka(item(ATTACK)), sqs(item("a"), item(ATTACK))]
)
def test_without_a_partial_answer_the_batch_fails_as_a_whole(event: Any) -> None:
    with pytest.raises(Blocked):
        guard(Plain())(event, CONTEXT)


@pytest.mark.parametrize("asked", ["environment", "remit"])
def test_one_by_one_the_rest_goes_on(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    remit = Remit(returns={"batch": "each"}) if asked == "remit" else None
    if asked == "environment":
        monkeypatch.setenv("REMIT_BATCH", "each")
    handler = Plain()
    answer = guard(handler, remit=remit)(sqs(item("a"), item(ATTACK), item("b")), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert handler.done == ["a", "b"]


def test_one_by_one_in_an_async_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_BATCH", "each")
    done: list[str] = []

    async def handler(event: Any, context: Any) -> None:
        await asyncio.sleep(0)
        query(values_of(event)[0])
        done.append(values_of(event)[0])

    answer = asyncio.run(guard(handler)(sqs(item("a"), item(ATTACK), item("b")), CONTEXT))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert done == ["a", "b"]


@pytest.mark.parametrize("source", ["kinesis", "dynamodb"])
def test_a_stream_goes_on_from_its_first_failure(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_BATCH", "each")
    handler = Plain()
    event: Any = MAKERS[source](item("a"), item(ATTACK), item("b"))  # type: ignore[operator]
    answer = guard(handler)(event, CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": names(event, source)[1]}]}
    assert handler.done == ["a"]  # the platform delivers from the failed one on


def test_a_fifo_queue_keeps_the_order_of_each_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_BATCH", "each")
    event = sqs(item("a"), item(ATTACK), item("b"), item("c"))
    for record, group in zip(event["Records"], "1112", strict=True):
        record["eventSourceARN"] += ".fifo"
        record["attributes"]["MessageGroupId"] = group
    handler = Plain()
    answer = guard(handler)(event, CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m2"}]}
    assert handler.done == ["a", "c"]


def test_one_by_one_an_error_of_the_handler_fails_its_record_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REMIT_BATCH", "each")

    def handler(event: Any, context: Any) -> None:
        if values_of(event) == ["bad"]:
            raise KeyError("no such order")

    answer = guard(handler)(sqs(item("a"), item("bad")), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert "no such order" in caplog.text


@pytest.mark.parametrize("events", [(s3("a", "b"), s3("c")), (kafka(item("a"), item("b")), kafka(item("c")))])
def test_what_has_no_partial_answer_is_told_once(
    events: Any, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setenv("REMIT_BATCH", "each")
    handler = Plain()
    guarded = guard(handler)
    for event in events:
        guarded(event, CONTEXT)
    assert handler.done == ["a", "b", "c"]
    assert rules(lines) == ["guard-fault"]


def test_a_request_is_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_BATCH", "each")
    assert guard(lambda event, context: "ok")(http_api({"a": 1}), CONTEXT) == "ok"


@pytest.mark.parametrize("handler", [patient, careless])
def test_quarantine(handler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    monkeypatch.setenv("REMIT_QUARANTINE", str(tmp_path))
    assert guard(handler)(sqs(item("a"), item(ATTACK)), CONTEXT) == {"batchItemFailures": []}
    (kept,) = tmp_path.iterdir()
    assert json.loads(kept.read_text())["record"]["messageId"] == "m1"
    assert rules(lines) == ["sql-injection", "record-quarantined"]


def test_quarantine_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_QUARANTINE", str(tmp_path))
    monkeypatch.setenv("REMIT_BATCH", "each")
    handler = Plain()
    assert guard(handler)(sqs(item(ATTACK), item("b")), CONTEXT) == {"batchItemFailures": []}
    assert handler.done == ["b"]
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_put_into_quarantine_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setenv("REMIT_QUARANTINE", str(tmp_path / "nowhere"))
    answer = guard(careless)(sqs(item("a"), item(ATTACK)), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert "guard-fault" in rules(lines)


def test_a_block_without_a_record_fails_the_whole_batch() -> None:
    """What nobody sent, but the remit forbids, is no single record's fault."""
    remit = Remit(runs=("convert",), modes={"runs": "block"})

    def handler(event: Any, context: Any) -> dict[str, Any]:
        answer = careless(event, context)
        try:
            subprocess.run(["/bin/true"], check=True)
        except Exception:
            return answer
        return answer

    with pytest.raises(Blocked):
        guard(handler, remit=remit)(sqs(item("a"), item(ATTACK)), CONTEXT)


def test_a_stream_is_judged_while_it_is_read() -> None:
    def handler(event: Any, context: Any) -> Iterator[str]:
        yield "one"
        query(json.loads(event["body"])["value"])
        yield "two"

    assert list(guard(handler)(http_api(item("ada")), CONTEXT)) == ["one", "two"]
    stream = guard(handler)(http_api(item(ATTACK)), CONTEXT)
    assert next(stream) == "one"
    with pytest.raises(Blocked):
        next(stream)


def test_a_stream_that_swallows_the_refusal_ends() -> None:
    def handler(event: Any, context: Any) -> Iterator[str]:
        try:
            query(json.loads(event["body"])["value"])
        except Exception:
            yield "nothing to see"

    with pytest.raises(Blocked):
        next(guard(handler)(http_api(item(ATTACK)), CONTEXT))


def test_an_asynchronous_stream() -> None:
    async def handler(event: Any, context: Any) -> AsyncIterator[str]:
        yield "one"
        query(json.loads(event["body"])["value"])
        yield "two"

    async def read(value: str) -> list[str]:
        return [part async for part in guard(handler)(http_api(item(value)), CONTEXT)]

    assert asyncio.run(read("ada")) == ["one", "two"]
    with pytest.raises(Blocked):
        asyncio.run(read(ATTACK))
