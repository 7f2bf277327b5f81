"""The end of an invocation: what the platform gets, and what is still to be told."""

from remit_guard.core.verdict import ALERT, EVENT_TOO_LARGE, Blocked, Verdict
from remit_guard.hooks import gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.hooks.invocation import Invocation

EXCEPTION_TO_CALLER = "exception-to-caller"


def replaced(invocation: "Invocation", result: "Any", raised: "Exception | None") -> "Any":
    """What the platform gets: the result, or what takes its place.

    Args:
        invocation: the invocation, ended.
        result: what the handler returned.
        raised: what it raised instead.

    Returns:
        The answer.

    Raises:
        Exception: the handler's own, for sources that take no answer; ``Blocked`` when something was refused.
    """
    try:
        if invocation.blocked is None:
            try:
                return _failed(invocation, raised) if raised is not None else _looked_at(invocation, result)
            except Blocked:
                if invocation.blocked is None:  # raised by the function itself, not by us
                    raise
        return _refused(invocation, result)
    finally:
        _last_words(invocation)


def _last_words(invocation: "Invocation") -> None:
    try:
        finish(invocation)
    except Exception as error:  # noqa: BLE001  (the boundary: the answer is made; what is left to tell must not take it away)
        gate.tell_fault("the end of an invocation", error)


def _looked_at(invocation: "Invocation", result: "Any") -> "Any":
    try:
        if isinstance(result, dict):
            _headers(invocation, result)
        _html(invocation, result)
    except Blocked:
        raise
    except Exception as error:  # noqa: BLE001  (the boundary: an answer we cannot read is the handler's business)
        _tell(invocation, "the answer", error)
    return _shaped(invocation, result)


def _headers(invocation: "Invocation", result: "dict[Any, Any]") -> None:
    """Judges headers of an answer that hold a line break: gateways differ in what they make of one.

    Raises:
        Blocked: a value of the event began a header of its own.
    """
    for held in (result.get("headers"), result.get("multiValueHeaders"), result.get("cookies")):
        if not held:
            continue
        named = held.items() if isinstance(held, dict) else [("Set-Cookie", held)]
        for name, values in named:
            for value in values if isinstance(values, list) else (values,):
                if isinstance(value, str) and ("\n" in value or "\r" in value):
                    gate.judge(invocation, "header", value, str(name))


def _html(invocation: "Invocation", result: "Any") -> None:
    """Judges an answer that a browser will render.

    Raises:
        Blocked: a value of the event became markup in it.
    """
    body = result.get("body") if isinstance(result, dict) else None
    if not isinstance(body, str) or result.get("isBase64Encoded"):
        return
    kind = ""
    headers = result.get("headers")
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if str(name).lower() == "content-type":
            kind = str(value)
    if "html" in kind or "xml" in kind or (not kind and body.lstrip()[:1] == "<"):
        gate.judge(invocation, "answer", body, kind)


def _refused(invocation: "Invocation", result: "Any") -> "Any":
    from remit_guard.platforms.respond import refused

    try:
        return refused(invocation, result)
    except Blocked:
        raise
    except Exception as error:  # noqa: BLE001  (the boundary: what was blocked stays blocked, in the plainest form)
        gate.tell_fault("the answer", error)
        assert invocation.blocked is not None  # noqa: S101
        raise Blocked(invocation.blocked) from None


def _shaped(invocation: "Invocation", result: "Any") -> "Any":
    from remit_guard.platforms.respond import answers_http, http

    if not invocation.policy.shapes_errors:
        return result
    try:
        from remit_guard.privacy.errors import shows_error

        status = result.get("statusCode", 200) if isinstance(result, dict) else 200
        text, status = _text(result), status if isinstance(status, int) else 200
        shown = shows_error(text, invocation.errors, status)
        if shown == "trace":
            shown = shows_error(_without_echo(invocation, text), invocation.errors, status)
        if shown and answers_http(invocation):
            verdict = Verdict(
                ALERT,
                EXCEPTION_TO_CALLER,
                "response",
                "the answer showed an error's text; the caller got an id instead",
                evidence={"error": shown},
                severity="low",
            )
            gate.settle(invocation, verdict)
            answer = http(invocation.event, _status(result), "Internal server error", invocation.id)
            return {**result, **answer} if isinstance(result, dict) and "body" in result else answer
    except Exception as error:  # noqa: BLE001  (the boundary: an answer we cannot read is the handler's business)
        _tell(invocation, "the answer", error)
    return result


def _without_echo(invocation: "Invocation", text: str) -> str:
    """The answer without what its caller sent: who sends a trace may read that trace."""
    from html import escape
    from json import dumps

    from remit_guard.events.decode import percent
    from remit_guard.privacy.errors import TRACE

    for value in invocation.opened().leaves().values():
        if TRACE not in value and "Traceback%20" in value:
            value = percent(value, plus=False)
        if TRACE in value:
            for form in (value, escape(value), dumps(value)[1:-1], dumps(value, ensure_ascii=False)[1:-1]):
                text = text.replace(form, "")
    return text


def _text(result: object) -> str:
    """The text a caller gets to read: the body, or the whole result where the gateway makes the body of it."""
    body = result["body"] if isinstance(result, dict) and "body" in result else result
    if isinstance(body, str):
        return body
    import json

    return json.dumps(body, default=str, ensure_ascii=False)


def _status(result: object) -> int:
    status = result.get("statusCode") if isinstance(result, dict) else None
    return status if isinstance(status, int) and status >= 400 else 500


def _failed(invocation: "Invocation", raised: Exception) -> "Any":
    """An unhandled error: an HTTP caller gets 500 and an id, others the error with its text redacted."""
    try:
        from remit_guard.platforms.respond import answers_http, http

        if invocation.policy.shapes_errors and answers_http(invocation):
            import logging

            logging.getLogger("remit_guard").error(
                "%s: unhandled error, the caller got only its id", invocation.id, exc_info=raised
            )
            return http(invocation.event, 500, "Internal server error", invocation.id)
        shown = _redacted(raised)
    except Exception as error:  # noqa: BLE001  (the boundary: the handler's error goes on as it came)
        _tell(invocation, "an error", error)
        shown = raised
    raise shown


def _redacted(raised: Exception) -> Exception:
    """The error itself, or one of the same name and trace with the secrets in its text replaced."""
    from remit_guard.platforms.texts import clean

    text = str(raised)
    cleaned = clean(text)
    if cleaned == text:
        return raised
    kind = type(raised)
    copy: Exception = type(kind.__name__, (Exception,), {"__module__": kind.__module__})(cleaned)
    copy.__suppress_context__ = True
    return copy.with_traceback(raised.__traceback__)


def _tell(invocation: "Invocation", stage: str, error: Exception) -> None:
    gate.fault(invocation, stage, error)


def finish(invocation: "Invocation") -> None:
    """Tells what the invocation leaves to be told: what of its event was not examined, and signals left out."""
    from remit_guard.platforms.start import tell_end

    problems = invocation.problems()
    for problem in problems[:4]:
        severity = "high" if "not examined" in problem or "read" in problem else "medium"
        reason = f"part of the event was not examined: {problem}"
        gate.tell_only(invocation, Verdict(ALERT, EVENT_TOO_LARGE, reason=reason, severity=severity))
    tell_end(invocation)
