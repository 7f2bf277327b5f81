"""How a refusal is answered, in the shape each source of events expects."""

import json

from remit_guard.core.verdict import Blocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from remit_guard.hooks.invocation import Invocation

_REASONS = {403: "403 Forbidden", 500: "500 Internal Server Error"}


def http(event: "Any", status: int, message: str, id: str) -> "dict[str, Any]":  # noqa: A002
    """An HTTP answer that says no more than an id.

    Args:
        event: the HTTP event it answers; a load balancer wants more than the gateways do.
        status: HTTP status.
        message: one sentence.
        id: the request id, by which the operator finds the signal.
    """
    response: dict[str, Any] = {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"message": message, "id": id}),
        "isBase64Encoded": False,
    }
    context = event.get("requestContext") if isinstance(event, dict) else None
    if isinstance(context, dict) and "elb" in context:
        response["statusDescription"] = _REASONS.get(status, str(status))
        if "multiValueHeaders" in event:  # the target group has multi-value headers switched on
            response["multiValueHeaders"] = {"content-type": ["application/json"]}
    return response


def answers_http(invocation: "Invocation") -> bool:
    """Whether an HTTP caller reads the answer.

    A direct invocation is answered too, but by whoever invokes (a state machine, another function): for them a refusal
    must be an error, not a result that looks like one. A load balancer's event is told by its own context.
    """
    if invocation.source.responds and invocation.source.name != "direct":
        return True
    context = invocation.event.get("requestContext") if isinstance(invocation.event, dict) else None
    return isinstance(context, dict) and "elb" in context


def refused(invocation: "Invocation", result: object) -> object:
    """What the platform gets in place of the handler's answer after something was blocked.

    Args:
        invocation: the invocation; something was blocked in it.
        result: what the handler returned, having swallowed the refusal; ``None`` when it did not return.

    Returns:
        The answer for sources that take one: 403 for HTTP, a partial batch failure where the handler speaks that.

    Raises:
        Blocked: every other source: the platform's own handling of failures takes over (retry, dead letter).
    """
    verdict = invocation.blocked
    source = invocation.source
    if answers_http(invocation):
        return http(invocation.event, 403, "Request rejected", invocation.id)
    if source.record_id is not None:
        from remit_guard.platforms import batch

        answer = None
        if isinstance(result, dict) and isinstance(result.get(batch.FAILURES), list):
            answer = batch.partial(invocation, result)
        elif batch.all_refused(invocation):
            answer = batch.put_aside(invocation)
        if answer is not None:
            return answer
    assert verdict is not None  # noqa: S101  (the caller asked because something was blocked)
    raise Blocked(verdict)
