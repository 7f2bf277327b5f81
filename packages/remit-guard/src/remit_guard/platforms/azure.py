"""Azure Functions: decorators (programming model v2), ``function.json`` (v1) and the worker's extension hooks.

>>> import azure.functions as func                      # doctest: +SKIP
>>> from remit_guard.platforms.azure import guard, guard_app
>>> app = func.FunctionApp()                            # doctest: +SKIP
>>> @app.route("orders")                                # doctest: +SKIP
... @guard
... def orders(req: func.HttpRequest) -> func.HttpResponse:
...     return func.HttpResponse("fine")

``guard_app(app)`` as the last line of ``function_app.py`` guards all of an app's functions. With ``function.json``, ``@guard``
on ``main`` does the same; ``install_extension()`` guards every function of the app without touching them, as far as the
worker lets an extension (see there).
"""

import os
import sys

from remit_guard.core.verdict import ALERT, GUARD_FAULT, Verdict
from remit_guard.hooks import gate
from remit_guard.platforms import azure_events
from remit_guard.platforms.adapt import Adapter, prepared, text_of, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.core.remit import Remit

    Function = Callable[..., Any]


def guard(
    function: "Function | Any | None" = None, *, mode: str = "", remit: "Remit | str | None" = None, trigger: str = ""
) -> "Any":
    """Guards one function.

    Args:
        function: the function; or what a decorator of the app made of it.
        mode: as for ``remit_guard.guard``.
        remit: as there.
        trigger: type of its trigger (``rabbitMQTrigger``), for those that hand over nothing but text; ``guard_app`` knows.

    Returns:
        A function of the same kind, name, signature and annotations, which the worker reads.
    """
    if function is None:
        return lambda found: guard(found, mode=mode, remit=remit, trigger=trigger)
    inner = getattr(function, "_function", None)
    if inner is not None:  # a FunctionBuilder: @guard stands above @app.route
        inner._func = guard(inner._func, mode=mode, remit=remit, trigger=trigger or _trigger_of(inner))  # noqa: SLF001
        return function
    policy = prepared(remit, mode, _app_name(getattr(function, "__name__", "")), _root())
    if policy is None:
        return function
    return wrap(function, policy, Adapter(lambda args, kwargs: _event(args, kwargs, trigger), _read, _write))


def guard_app(app: "Any", *, mode: str = "", remit: "Remit | str | None" = None) -> "Any":
    """Guards every function of an app of the v2 model (and those of its blueprints registered so far).

    Args:
        app: the ``FunctionApp``.
        mode: as for ``remit_guard.guard``.
        remit: as there.

    Returns:
        The app.
    """
    for builder in app._function_builders:  # noqa: SLF001  (what the worker reads, by get_functions)
        guard(builder, mode=mode, remit=remit)
    return app


def _trigger_of(function: "Any") -> str:
    trigger = function.get_trigger() if hasattr(function, "get_trigger") else None
    return str(getattr(trigger, "type", "") or "")


def _app_name(function: str) -> str:
    site = os.environ.get("WEBSITE_SITE_NAME", "")
    return f"{site}/{function}" if site else function


def _root() -> str:
    return os.environ.get("AzureWebJobsScriptRoot", "") or os.environ.get("AZURE_FUNCTIONS_ROOT", "")  # noqa: SIM112  (its name)


def _event(args: "tuple[Any, ...]", kwargs: "dict[str, Any]", trigger: str) -> "tuple[Any, str, str]":
    id = trace = ""  # noqa: A001
    values: dict[str, Any] = {str(index): value for index, value in enumerate(args)}
    values.update(kwargs)
    for name, value in list(values.items()):
        if hasattr(value, "invocation_id") and hasattr(value, "function_name"):
            id = str(value.invocation_id or "")  # noqa: A001
            trace = str(getattr(getattr(value, "trace_context", None), "trace_parent", "") or "")
            del values[name]
    event = azure_events.event_of(values, trigger)
    if azure_events.UNREAD in event:
        _tell_unread()
    return event, id, trace


_told: "list[bool]" = []


def _tell_unread() -> None:
    """Tells, once, that there are bodies nobody looks into."""
    if _told:
        return
    _told.append(True)
    from remit_guard.platforms.start import tell

    reason = "bodies of this app's requests are streams of its own: they were not examined, queries and headers were"
    tell(None, Verdict(ALERT, GUARD_FAULT, reason=reason, severity="high"))


def _read(answer: "Any") -> "dict[str, Any] | None":
    """An ``HttpResponse``, or the text that some functions return in its place; others are no answers to a caller."""
    if hasattr(answer, "get_body") and hasattr(answer, "status_code"):
        body, encoded = text_of(answer.get_body())
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        headers.setdefault("content-type", str(answer.mimetype))
        return {"statusCode": answer.status_code, "headers": headers, "body": body, "isBase64Encoded": encoded}
    return {"statusCode": 200, "headers": {}, "body": answer} if isinstance(answer, str) else None


def _write(answer: "dict[str, Any]") -> "Any":
    module: Any = sys.modules["azure.functions"]
    return module.HttpResponse(
        answer["body"], status_code=answer["statusCode"], headers=answer["headers"], mimetype="application/json"
    )


class _Open:
    """The invocations that an extension began and the worker has not ended yet.

    The worker says nothing about functions that raised. A thread runs one plain function at a time, so what it began before
    has ended; of those on an event loop, the oldest of many are taken for ended.
    """

    def __init__(self) -> None:
        self.by_id: dict[str, tuple[Any, object]] = {}
        self._by_thread: dict[int, str] = {}

    def add(self, id: str, invocation: "Any") -> None:  # noqa: A002
        """Begins one."""
        from _thread import get_ident

        asyncio: Any = sys.modules.get("asyncio.events")
        if asyncio is None or asyncio._get_running_loop() is None:  # noqa: SLF001  (documented for libraries, unlike its name)
            self._end(self._by_thread.get(get_ident(), ""))
            self._by_thread[get_ident()] = id
        while len(self.by_id) >= 256:
            self._end(next(iter(self.by_id)))
        self.by_id[id] = invocation, gate.enter(invocation)

    def _end(self, id: str) -> None:  # noqa: A002
        found = self.by_id.pop(id, None)
        if found is not None:
            gate.leave(*found)


def install_extension(*, mode: str = "", remit: "Remit | str | None" = None) -> "type | None":
    """Registers the guard as an application extension of the worker; call it once, at the top of a module the app imports.

    The worker calls extensions before and after a function, in its thread or task, but lets them neither replace an answer
    nor see an error. So effects are judged and refused as ever; the refusal goes to the platform as an error of the function
    where the code lets it through; where it swallowed it, the ``HttpResponse`` it made is overwritten. Prefer ``guard_app``.
    Needs ``PYTHON_ENABLE_WORKER_EXTENSIONS=1`` in the app's settings.

    Returns:
        The extension, ``None`` when the guard is switched off.
    """
    policy = prepared(remit, mode, _app_name(""), _root())
    if policy is None:
        return None
    from importlib import import_module

    from remit_guard.hooks.invocation import Invocation
    from remit_guard.platforms.finish import replaced

    base: Any = import_module("azure.functions").AppExtensionBase
    running = _Open()

    def before(_cls: "Any", _logger: "Any", context: "Any", func_args: "Any" = None, *_: "Any") -> None:
        try:
            with gate.Quiet():
                event, id, trace = _event((context,), dict(func_args or {}), "")  # noqa: A001
                invocation = Invocation(event, id, policy, trace)
            running.add(id, invocation)
        except Exception as error:  # noqa: BLE001  (the boundary: the function runs, though unguarded, which is told)
            gate.fault(None, "the start of an invocation", error, closed=policy.fail_closed)

    def after(
        _cls: "Any", _logger: "Any", context: "Any", _args: "Any" = None, func_ret: "Any" = None, *_: "Any"
    ) -> None:
        found = running.by_id.pop(str(context.invocation_id or ""), None)
        if found is None:
            return
        invocation, token = found
        gate.leave(invocation, token)
        plain = _read(func_ret) if func_ret is not None else None
        given = replaced(invocation, plain, None)
        if given is not plain and plain is not None and hasattr(func_ret, "get_body"):
            func_ret.__init__(
                given["body"], status_code=given["statusCode"], headers=given["headers"], mimetype="application/json"
            )

    hooks = {"pre_invocation_app_level": classmethod(before), "post_invocation_app_level": classmethod(after)}
    made: type = type(base)("RemitGuardExtension", (base,), hooks)
    return made
