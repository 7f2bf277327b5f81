"""AWS Lambda: the decorator, the handler redirect, and what both wrap around an invocation.

Three ways in, strongest first. The exec wrapper (``platforms/exec_wrapper.sh`` as ``AWS_LAMBDA_EXEC_WRAPPER``) and
the handler redirect (handler ``remit_guard.platforms.aws.handler``, ``REMIT_HANDLER`` naming the real one) need no
change of code and install the guard before the function's code is imported. ``@guard`` is for everything else.
"""

import os
import sys

from remit_guard.core.verdict import Blocked
from remit_guard.hooks import gate
from remit_guard.hooks.invocation import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.core.policy import Policy
    from remit_guard.core.remit import Remit

    Handler = Callable[[Any, Any], Any]

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE, without inspect
#: Answers that are made while they are read: generators, plain and asynchronous.
_STREAMS = ("generator", "async_generator")


def guard(function: "Handler | None" = None, *, mode: str = "", remit: "Remit | str | None" = None) -> "Any":
    """Guards a handler: ``@guard`` or ``@guard(mode="alert", remit="remit.json")``.

    Args:
        function: the handler, plain or ``async``.
        mode: ``alert`` or ``block`` for every rule; ``REMIT_MODE`` in the environment goes before it.
        remit: the compiled remit or its file; by default ``REMIT_FILE`` or what the build put in the package.

    Returns:
        A handler of the same kind and name; the handler itself when the guard is switched off.
    """
    if function is None:
        return lambda handler: guard(handler, mode=mode, remit=remit)
    from remit_guard.platforms.start import prepare

    policy = prepare(remit, mode)
    return function if policy is None else _wrapped(function, policy)


def _wrapped(function: "Handler", policy: "Policy") -> "Handler":
    """The handler guarded, and given its batches record by record where that is asked for."""
    found = _wrap(function, policy)
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from remit_guard.platforms.snapstart import register

        register(policy)
    if "REMIT_BATCH" in os.environ or (policy.remit is not None and "batch" in policy.remit.returns):
        from remit_guard.platforms.batch import wants_each

        if wants_each(policy.remit.returns if policy.remit is not None else {}, os.environ):
            from remit_guard.platforms.each import each

            return each(found, policy)
    return found


def _wrap(function: "Handler", policy: "Policy") -> "Handler":
    from functools import update_wrapper

    code = getattr(function, "__code__", None) or getattr(getattr(type(function), "__call__", None), "__code__", None)  # noqa: B004
    bound = getattr(function, "__self__", None) is not None or not hasattr(function, "__code__")
    if not bound and code is not None and code.co_varnames[:1] in (("self",), ("cls",)):
        return _method(function, policy)  # decorated in its class
    if code is not None and code.co_flags & _CO_COROUTINE:

        async def guarded_async(event: "Any", context: "Any" = None) -> "Any":
            with Boundary(event, context, policy) as boundary:
                boundary.result = await function(event, context)
            return boundary.answer()

        return update_wrapper(guarded_async, function, updated=())

    def guarded(event: "Any", context: "Any" = None) -> "Any":
        with Boundary(event, context, policy) as boundary:
            boundary.result = function(event, context)
        return boundary.answer()

    return update_wrapper(guarded, function, updated=())


def _method(function: "Handler", policy: "Policy") -> "Handler":
    """A handler that is a method: guarded for the object it is called on."""
    from functools import update_wrapper

    def guarded_method(self: "Any", event: "Any", context: "Any" = None) -> "Any":
        return _wrap(function.__get__(self), policy)(event, context)

    return update_wrapper(guarded_method, function, updated=())


class Boundary:
    """One invocation, from the event to the answer."""

    __slots__ = ("_token", "invocation", "raised", "result")

    def __init__(self, event: object, context: object, policy: "Policy", trace: str = "") -> None:
        self.invocation: Invocation | None = None
        self.raised: Exception | None = None
        self.result: Any = None
        try:
            self.invocation = Invocation(
                event,
                str(getattr(context, "aws_request_id", "")),
                policy,
                trace or os.environ.get("_X_AMZN_TRACE_ID", ""),
            )
        except Exception as error:  # noqa: BLE001  (the boundary: the function runs, though unguarded, which is told)
            gate.fault(None, "the start of an invocation", error, closed=policy.fail_closed)

    def __enter__(self) -> "Boundary":  # noqa: PYI034
        if self.invocation is not None:
            self._token = gate.enter(self.invocation)
        return self

    def __exit__(self, kind: "type[BaseException] | None", error: "BaseException | None", _: object) -> bool:
        """Ends the invocation. An error is held back when ``answer`` has something to say in its place."""
        if self.invocation is None:
            return False
        gate.leave(self.invocation, self._token)
        if error is None or not isinstance(error, Exception):
            return False
        self.raised = error
        return True

    def answer(self) -> "Any":
        """The handler's result, or what takes its place when something was blocked or failed."""
        invocation = self.invocation
        if invocation is None:
            return self.result
        result = self.result
        if result.__class__.__name__ in _STREAMS and invocation.blocked is None and self.raised is None:
            from remit_guard.platforms.streams import guarded

            return guarded(invocation, result)
        readable = isinstance(result, dict) and "body" in result  # by a caller, who must not read an error in it
        if readable or invocation.eventful or self.raised is not None:
            return self._replaced(invocation, result)
        return result

    def _replaced(self, invocation: Invocation, result: "Any") -> "Any":
        """What takes the result's place.

        Raises:
            Exception: the handler's own, where it failed; ``Blocked`` when something was refused.
        """
        try:
            from remit_guard.platforms.finish import replaced

            return replaced(invocation, result, self.raised)
        except Exception as error:
            if self.raised is not None or isinstance(error, Blocked):
                raise
            gate.tell_fault("the answer", error)  # ours: the handler answered, and nothing else here raises
        if invocation.blocked is not None:
            raise Blocked(invocation.blocked)
        return result


def _real_handler() -> "Handler":
    """The handler ``REMIT_HANDLER`` names, loaded as the runtime client itself would load it.

    With the runtime client's own loader, so that a missing module or a syntax error in it is reported in the same
    words as without the guard.
    """
    name = os.environ.get("REMIT_HANDLER", "")
    if not name:
        raise RuntimeError("REMIT_HANDLER is not set: it names the handler that remit-guard redirects to")
    bootstrap = sys.modules.get("awslambdaric.bootstrap")
    load = getattr(bootstrap, "_get_handler", None)
    if load is not None:
        found: Handler = load(name)
        return found
    from importlib import import_module

    module, _, attribute = name.rpartition(".")
    handler: Handler = getattr(import_module(module.replace("/", ".")), attribute)
    return handler


def __getattr__(name: str) -> object:
    """``handler``: made when the runtime client asks for it, during its init phase (PEP 562)."""
    if name != "handler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from remit_guard.platforms.start import prepare

    policy = prepare()  # before the function's code runs: what that imports is patched as it loads
    found = _real_handler()
    if policy is not None:
        found = _wrapped(found, policy)
    globals()["handler"] = found
    return found
