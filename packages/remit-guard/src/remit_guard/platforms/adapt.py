"""What the platforms other than Lambda share: a function with its own objects in and out, guarded as a handler of plain values.

An adapter makes a plain event of what the function is called with, and reads and writes answers in the platform's form. In
between, everything is as on Lambda: the same boundary, the same replacement of refused answers and shown errors.
"""

import os

from remit_guard.hooks import gate, imports
from remit_guard.platforms.aws import Boundary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.core.policy import Policy
    from remit_guard.core.remit import Remit

    Function = Callable[..., Any]

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE, without inspect


class Adapter:
    """What differs from platform to platform; each platform has its own.

    Args:
        event: gets the arguments: the event as plain values, the invocation's id and its trace id.
        read: an answer as ``{"statusCode", "headers", "body"}``; ``None`` for one that cannot be read.
        write: the platform's answer from such a mapping.
    """

    __slots__ = ("event", "read", "write")

    def __init__(
        self,
        event: "Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, str, str]]",
        read: "Callable[[Any], dict[str, Any] | None]",
        write: "Callable[[dict[str, Any]], Any]",
    ) -> None:
        self.event = event
        self.read = read
        self.write = write


class Context:
    """As much of Lambda's context as the boundary asks for."""

    __slots__ = ("aws_request_id",)

    def __init__(self, id: str) -> None:  # noqa: A002
        self.aws_request_id = id


def wrap(function: "Function", policy: "Policy", adapter: Adapter) -> "Function":
    """The function with the guard around it; name, signature and annotations stay what the platform reads of them."""
    from functools import update_wrapper

    code = getattr(function, "__code__", None)
    if code is not None and code.co_flags & _CO_COROUTINE:

        async def guarded_async(*args: "Any", **kwargs: "Any") -> "Any":
            with _boundary(adapter, args, kwargs, policy) as boundary:
                boundary.result = await function(*args, **kwargs)
            return _answer(boundary, adapter)

        return update_wrapper(guarded_async, function)

    def guarded(*args: "Any", **kwargs: "Any") -> "Any":
        with _boundary(adapter, args, kwargs, policy) as boundary:
            boundary.result = function(*args, **kwargs)
        return _answer(boundary, adapter)

    return update_wrapper(guarded, function)


def _boundary(adapter: Adapter, args: "tuple[Any, ...]", kwargs: "dict[str, Any]", policy: "Policy") -> Boundary:
    """The boundary of one call. What cannot be read of its arguments is told, and their words are still untrusted."""
    try:
        with gate.Quiet():
            event, id, trace = adapter.event(args, kwargs)  # noqa: A001
    except Exception as error:  # noqa: BLE001  (the boundary: objects of a platform's other version; judged by their words)
        gate.fault(None, "an event", error, closed=policy.fail_closed)
        event, id, trace = {"arguments": [repr(one) for one in (*args, *kwargs.values())]}, "", ""  # noqa: A001
    return Boundary(event, Context(id), policy, trace)


def _answer(boundary: Boundary, adapter: Adapter) -> "Any":
    """The answer in the platform's form; the function's own object when nothing had to take its place."""
    own = boundary.result
    plain = _read(boundary, adapter, own)
    boundary.result = own if plain is None else plain
    if plain is None and boundary.invocation is not None and getattr(own, "is_streamed", False):
        from remit_guard.platforms.streams import guarded

        own.response = guarded(
            boundary.invocation, iter(own.response)
        )  # a Flask response that is made while it is read
    given = boundary.answer()
    if given is boundary.result:
        return own
    return adapter.write(given) if isinstance(given, dict) and "statusCode" in given else given


def _read(boundary: Boundary, adapter: Adapter, own: "Any") -> "dict[str, Any] | None":
    if own is None or boundary.invocation is None:
        return None
    try:
        return adapter.read(own)
    except Exception as error:  # noqa: BLE001  (the boundary: an answer we cannot read is the function's business)
        gate.fault(boundary.invocation, "an answer", error)
        return None


def prepared(remit: "Remit | str | None", mode: str, name: str, root: str = "") -> "Policy | None":
    """Starts the guard on such a platform.

    Args:
        remit: as for ``remit_guard.guard``.
        mode: as there.
        name: the platform's name of the function, where the remit has none.
        root: the folder of the app, where it is not the working folder.
    """
    from remit_guard.core.remit import REMIT_FILE
    from remit_guard.platforms.start import prepare

    packed = os.path.join(root, REMIT_FILE)
    if remit is None and root and not os.environ.get("REMIT_FILE") and os.path.exists(packed):
        remit = packed
    policy = prepare(remit, mode)
    if policy is not None:
        policy.function = policy.function or name
        from remit_guard.hooks.threads import patch_executor, patch_threading

        # Requests run side by side here: what a request starts in a thread must be judged by its own event alone.
        imports.when_imported("threading", patch_threading)
        imports.when_imported("concurrent.futures.thread", patch_executor)
    return policy


def text_of(data: "Any") -> "tuple[str, bool]":
    """A body as text; as base64, and ``True``, when it is no UTF-8."""
    if isinstance(data, str):
        return data, False
    try:
        return bytes(data or b"").decode(), False
    except UnicodeDecodeError:
        from binascii import b2a_base64

        return b2a_base64(bytes(data), newline=False).decode("ascii"), True


def plain(value: "Any", depth: int = 0) -> "Any":
    """A value with everything that JSON has no word for written as text."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if depth > 64:
        return repr(value)
    if isinstance(value, bytes | bytearray):
        return text_of(value)[0]
    if hasattr(value, "items"):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in value]
    return str(value)
