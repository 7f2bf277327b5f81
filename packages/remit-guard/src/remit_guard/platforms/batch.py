"""Batches: which records were refused, how that is answered, and handing them to the handler one by one.

A handler gets its batch in one call, so what can be said about one record depends on the handler:

* it answers ``batchItemFailures`` and goes on after an error: a refused record is added to its answer;
* it does not: the call ends at the refused record, and the platform sends the whole batch again. With
  ``REMIT_BATCH=each`` (or ``returns = {batch = "each"}``) the guard calls it once for each record instead and answers for it.

Ids are what the platform wants in ``itemIdentifier``: message ids for queues, sequence numbers for streams, where the
platform goes on from the lowest one.
"""

from remit_guard.core.verdict import BLOCK, Blocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from remit_guard.core.source import EventSource
    from remit_guard.hooks.invocation import Invocation

EACH = "each"
FAILURES = "batchItemFailures"


def record_id(record: "Any", source: "EventSource") -> str:
    """What names a record in a partial batch response, ``""`` when it has no such name."""
    value = record
    for key in (source.record_id or "").split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def answers_parts(event: "Any", source: "EventSource") -> bool:
    """Whether the platform takes a partial batch response for this event: each record has the name it wants."""
    if not source.record_id or not isinstance(event, dict):
        return False
    records = event.get(source.records or "")
    return isinstance(records, list) and bool(records) and all(record_id(record, source) for record in records)


def refused(invocation: "Invocation") -> "list[tuple[str, Any]]":
    """Id and record of each one whose fields were blocked, in order, each once."""
    source, event = invocation.source, invocation.event
    records = (event.get(source.records or "") if isinstance(event, dict) else None) or []
    found: list[tuple[str, Any]] = []
    for verdict in invocation.verdicts:
        if verdict.action == BLOCK and 0 <= verdict.record < len(records):
            record = records[verdict.record]
            name = record_id(record, source)
            if name and all(name != other for other, _ in found):
                found.append((name, record))
    return found


def partial(invocation: "Invocation", result: "dict[str, Any]") -> "dict[str, Any] | None":
    """The handler's partial batch response with what was refused in it; ``None`` when no record can be named.

    Args:
        invocation: the invocation; something was blocked in it.
        result: what the handler answered.
    """
    found = refused(invocation)
    unnamed = any(verdict.action == BLOCK and verdict.record < 0 for verdict in invocation.verdicts)
    if not found or unnamed:
        return None
    from remit_guard.platforms.quarantine import quarantined

    away = quarantined(invocation, found)
    kept = [item for item in result[FAILURES] if not (isinstance(item, dict) and item.get("itemIdentifier") in away)]
    listed = {item.get("itemIdentifier") for item in kept if isinstance(item, dict)}
    more = [{"itemIdentifier": name} for name, _ in found if name not in listed and name not in away]
    return {**result, FAILURES: kept + more}


def all_refused(invocation: "Invocation") -> bool:
    """Whether every record of the batch was refused; always so of a batch of one."""
    records = invocation.event.get(invocation.source.records or "")
    return isinstance(records, list) and 0 < len(records) == len(refused(invocation))


def put_aside(invocation: "Invocation") -> "dict[str, Any] | None":
    """The answer when a refused batch is safely in quarantine: nothing failed; ``None`` when it is not."""
    from remit_guard.platforms.quarantine import quarantined

    found = refused(invocation)
    return {FAILURES: []} if len(quarantined(invocation, found)) == len(found) else None


def wants_each(returns: "dict[str, str]", environment: "Any") -> bool:
    """Whether the handler is to be called for each record."""
    return bool((environment.get("REMIT_BATCH", "") or returns.get("batch", "")).lower() == EACH)


def one_by_one(event: "Any", source: "EventSource") -> "Iterator[tuple[str, Any]]":
    """The batch as events of one record each, with the record's id."""
    key = source.records or ""
    for record in event[key]:
        yield record_id(record, source), {**event, key: [record]}


class Results:
    """What came of the records so far; decides which may still be handed over.

    Args:
        source: kind of the batch: streams go on from the first failure, so nothing behind it is worth doing.
    """

    __slots__ = ("_groups", "_stopped", "_stream", "failed")

    def __init__(self, source: "EventSource") -> None:
        self.failed: list[dict[str, str]] = []
        self._stream = source.name in ("kinesis", "dynamodb")
        self._stopped = False
        self._groups: set[str] = set()

    def skips(self, name: str, record: "Any") -> bool:
        """Whether a record must wait for an earlier one: behind a failure of its stream, or of its group in a FIFO queue."""
        if self._stopped:
            return True
        if _group(record) in self._groups and _group(record):
            self.failed.append({"itemIdentifier": name})
            return True
        return False

    def settle(self, name: str, record: "Any", raised: "Exception | None", answered: "Any" = None) -> None:
        """Takes the outcome of one record: an error, or the handler's own partial answer."""
        own = answered.get(FAILURES) if isinstance(answered, dict) else None
        if raised is not None or own:
            self.failed.append({"itemIdentifier": name})
            self._stopped = self._stream
            if _group(record):
                self._groups.add(_group(record))
        if raised is not None and not isinstance(raised, Blocked):
            _log(name, raised)

    def answer(self) -> "dict[str, Any]":
        """The partial batch response."""
        return {FAILURES: self.failed}


def _group(record: "Any") -> str:
    arn, attributes = record.get("eventSourceARN"), record.get("attributes")
    if not isinstance(arn, str) or not arn.endswith(".fifo") or not isinstance(attributes, dict):
        return ""
    return str(attributes.get("MessageGroupId", ""))


def _log(name: str, raised: Exception) -> None:
    """The handler's error, which nobody else will show: the platform only sees an answer."""
    import logging

    logging.getLogger("remit_guard").error("record %s failed", name, exc_info=raised)
