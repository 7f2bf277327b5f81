"""A handler called once for each record of a batch, each call an invocation of its own: one bad record spoils no other."""

from remit_guard.core.verdict import ALERT, GUARD_FAULT, Verdict
from remit_guard.platforms import batch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.core.policy import Policy
    from remit_guard.core.source import EventSource

    Handler = Callable[[Any, Any], Any]

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE, without inspect
_told: "list[bool]" = []


def each(handler: "Handler", policy: "Policy") -> "Handler":
    """Wraps a guarded handler so that it gets its batches record by record.

    The function's trigger must have partial batch responses switched on (``ReportBatchItemFailures``): the platform takes
    the answer of any other for a success.

    Args:
        handler: guarded already, plain or ``async``.
        policy: for the signal when a source cannot be answered in parts.
    """
    from functools import update_wrapper

    from remit_guard.events import recognise

    code = getattr(handler, "__code__", None)
    if code is not None and code.co_flags & _CO_COROUTINE:

        async def guarded_async(event: "Any", context: "Any" = None) -> "Any":
            source = recognise(event)
            if not _in_parts(event, source, policy):
                return await handler(event, context)
            results = batch.Results(source)
            for name, one in batch.one_by_one(event, source):
                record = one[source.records or ""][0]
                if not results.skips(name, record):
                    try:
                        results.settle(name, record, None, await handler(one, context))
                    except Exception as error:  # noqa: BLE001  (the entry: whatever the handler raises fails its record)
                        results.settle(name, record, error)
            return results.answer()

        return update_wrapper(guarded_async, handler, updated=())

    def guarded(event: "Any", context: "Any" = None) -> "Any":
        source = recognise(event)
        if not _in_parts(event, source, policy):
            return handler(event, context)
        results = batch.Results(source)
        for name, one in batch.one_by_one(event, source):
            record = one[source.records or ""][0]
            if not results.skips(name, record):
                try:
                    results.settle(name, record, None, handler(one, context))
                except Exception as error:  # noqa: BLE001  (the entry: whatever the handler raises fails its record)
                    results.settle(name, record, error)
        return results.answer()

    return update_wrapper(guarded, handler, updated=())


def _in_parts(event: "Any", source: "EventSource", policy: "Policy") -> bool:
    """Whether a batch can be answered in parts; that one cannot is told once."""
    if batch.answers_parts(event, source):
        return True
    if (source.records or source.name == "kafka") and not _told:
        from remit_guard.platforms.start import tell_of

        _told.append(True)
        reason = f"{source.title} cannot be answered in parts: its batches are handed over as they are"
        tell_of(policy, Verdict(ALERT, GUARD_FAULT, reason=reason, severity="low"))
    return False
