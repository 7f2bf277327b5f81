"""Google Cloud functions: the functions framework, HTTP and CloudEvents, and the older ``(data, context)`` form.

>>> import functions_framework                          # doctest: +SKIP
>>> from remit_guard.platforms.gcp import guard
>>> @functions_framework.http                           # doctest: +SKIP
... @guard
... def orders(request):
...     return "fine"

``@guard`` stands below the framework's own decorator. A refused request is answered 403 with an id; a refused event raises
``Blocked``, so that the platform delivers it again, or hands it to the dead letter topic, as it is set up.
"""

import os

from remit_guard.platforms.adapt import Adapter, plain, prepared, text_of, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from remit_guard.core.remit import Remit

    Function = Callable[..., Any]


def guard(function: "Function | None" = None, *, mode: str = "", remit: "Remit | str | None" = None) -> "Any":
    """Guards a function of the functions framework; arguments as for ``remit_guard.guard``.

    Returns:
        A function of the same kind, name and signature; the function itself when the guard is switched off.
    """
    if function is None:
        return lambda found: guard(found, mode=mode, remit=remit)
    name = os.environ.get("K_SERVICE") or os.environ.get("FUNCTION_TARGET") or str(getattr(function, "__name__", ""))
    policy = prepared(remit, mode, name)
    return function if policy is None else wrap(function, policy, _ADAPTER)


def _event(args: "tuple[Any, ...]", kwargs: "dict[str, Any]") -> "tuple[Any, str, str]":
    """The event of a call: a request, a CloudEvent, data and context, or a typed object."""
    values = (*args, *kwargs.values())
    first = values[0] if values else None
    if hasattr(first, "environ") and hasattr(first, "get_data"):
        return _request(first)
    if hasattr(first, "get_attributes") or hasattr(first, "_attributes"):
        return _cloud_event(first)
    if len(values) == 2 and hasattr(values[1], "event_id"):
        data = plain(first)
        return data if isinstance(data, dict) else {"data": data}, str(values[1].event_id or ""), ""
    to_dict = getattr(first, "to_dict", None)
    return plain(to_dict() if to_dict is not None else vars(first) if hasattr(first, "__dict__") else first), "", ""


def _request(request: "Any") -> "tuple[Any, str, str]":
    headers = {str(name).lower(): str(value) for name, value in request.headers.items()}
    body, encoded = text_of(request.get_data(cache=True))  # kept: the function reads it again, as form or JSON
    trace = headers.get("x-cloud-trace-context", "") or headers.get("traceparent", "")
    event = {
        "gcpTrigger": "http",
        "method": request.method,
        "url": request.url,
        "path": request.path,
        "headers": headers,
        "query": {name: list(found) for name, found in request.args.lists()},
        "cookies": dict(request.cookies),
        "body": body,
        "isBase64Encoded": encoded,
    }
    return event, headers.get("function-execution-id", "") or trace.partition("/")[0], trace


def _cloud_event(event: "Any") -> "tuple[Any, str, str]":
    found = event.get_attributes() if hasattr(event, "get_attributes") else event._attributes  # noqa: SLF001  (before 1.3)
    attributes = plain(dict(found))
    data = event.get_data() if hasattr(event, "get_data") else event.data
    if isinstance(data, bytes | bytearray):
        text, encoded = text_of(data)
        attributes["data_base64" if encoded else "data"] = text
    else:
        attributes["data"] = plain(data)
    return attributes, str(attributes.get("id", "")), str(attributes.get("traceparent", ""))


def _read(answer: "Any") -> "dict[str, Any] | None":
    """What a Flask view may return: text, bytes, a mapping, a tuple of body, status and headers, a response."""
    status: Any = 200
    headers: Any = {}
    if isinstance(answer, tuple) and answer:
        parts = answer[1:]
        answer = answer[0]
        for part in parts:
            if isinstance(part, int | str):
                status = int(str(part).partition(" ")[0])
            else:
                headers = part
    if hasattr(answer, "is_streamed") and hasattr(answer, "status_code"):
        if answer.is_streamed or answer.direct_passthrough:
            return None
        return _mapping(answer.get_data(), answer.status_code, answer.headers)
    if isinstance(answer, dict | list):
        import json

        return _mapping(
            json.dumps(answer, default=str, ensure_ascii=False), status, {"content-type": "application/json"}
        )
    if isinstance(answer, str | bytes):
        return _mapping(answer, status, {"content-type": "text/html; charset=utf-8", **_names(headers)})
    return None


def _mapping(body: "str | bytes", status: int, headers: "Any") -> "dict[str, Any]":
    text, encoded = text_of(body)
    return {"statusCode": status, "headers": _names(headers), "body": text, "isBase64Encoded": encoded}


def _names(headers: "Any") -> "dict[str, str]":
    pairs = headers.items() if hasattr(headers, "items") else headers
    return {str(name).lower(): str(value) for name, value in pairs}


def _write(answer: "dict[str, Any]") -> "Any":
    return answer["body"], answer["statusCode"], answer["headers"]


_ADAPTER = Adapter(_event, _read, _write)
