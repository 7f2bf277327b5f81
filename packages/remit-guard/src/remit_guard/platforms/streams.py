"""Answers that are made while they are read: the invocation they belong to lasts until they end.

Nothing can be taken back of what was sent: a refusal ends the stream with ``Blocked`` at the effect, before anything that the
effect would have brought.
"""

from remit_guard.core.verdict import Blocked
from remit_guard.hooks import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Iterator
    from typing import Any

    from remit_guard.hooks.invocation import Invocation


def guarded(invocation: "Invocation", stream: "Any") -> "Any":
    """The same stream; every step of it is judged as part of its invocation.

    Args:
        invocation: the invocation whose handler made it.
        stream: an iterator or an asynchronous generator.
    """
    return _later(invocation, stream) if hasattr(stream, "__anext__") else _steps(invocation, stream)


def _steps(invocation: "Invocation", stream: "Iterator[Any]") -> "Generator[Any, None, Any]":
    try:
        while True:
            token = gate.enter(invocation)
            try:
                part = next(stream)
            except StopIteration as end:
                return end.value
            finally:
                gate.leave(invocation, token)
            _check(invocation)
            yield part
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
        _finish(invocation)


async def _later(invocation: "Invocation", stream: "AsyncGenerator[Any, None]") -> "AsyncGenerator[Any, None]":
    try:
        while True:
            token = gate.enter(invocation)
            try:
                part = await stream.__anext__()
            except StopAsyncIteration:
                return
            finally:
                gate.leave(invocation, token)
            _check(invocation)
            yield part
    finally:
        await stream.aclose()
        _finish(invocation)


def _check(invocation: "Invocation") -> None:
    """Ends a stream whose code swallowed a refusal.

    Raises:
        Blocked: something was refused.
    """
    if invocation.blocked is not None:
        raise Blocked(invocation.blocked)


def _finish(invocation: "Invocation") -> None:
    from remit_guard.platforms.finish import finish

    finish(invocation)
