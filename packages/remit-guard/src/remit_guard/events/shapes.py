"""Which source an event comes from, told by its shape alone with a few key look-ups.

Kept apart from the sources' own modules so that recognising an event loads none of them. A shape proves nothing about
who sent the event: whoever may invoke the function may imitate any shape. Shapes only choose how to read.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _context(event: "Any") -> "dict[str, Any] | None":
    if isinstance(event, dict):
        context = event.get("requestContext")
        if isinstance(context, dict):
            return context
    return None


def _first_record(event: "Any") -> "dict[str, Any] | None":
    if isinstance(event, dict):
        records = event.get("Records")
        if isinstance(records, list) and records and isinstance(records[0], dict):
            return records[0]
    return None


def _from_queue_like(event: "Any", source: str) -> bool:
    record = _first_record(event)
    return record is not None and (record.get("eventSource") or record.get("EventSource")) == source


def _payload_v2(event: "Any") -> "str | None":
    """The domain name of an HTTP event in payload format 2.0, ``None`` for every other event."""
    context = _context(event)
    if context is None or not isinstance(context.get("http"), dict):
        return None
    domain = context.get("domainName")
    return domain if isinstance(domain, str) else ""


def is_function_url(event: "Any") -> bool:
    """A function URL: payload 2.0 on a ``lambda-url`` domain."""
    domain = _payload_v2(event)
    return domain is not None and ".lambda-url." in domain


def is_http_api(event: "Any") -> bool:
    """An API Gateway HTTP API: payload 2.0 on any other domain."""
    domain = _payload_v2(event)
    return domain is not None and ".lambda-url." not in domain


def is_rest_api(event: "Any") -> bool:
    """An API Gateway REST API (payload 1.0); an application load balancer's event differs by ``requestContext.elb``."""
    context = _context(event)
    return context is not None and isinstance(event.get("httpMethod"), str) and "elb" not in context


def is_sqs(event: "Any") -> bool:
    """Messages of an SQS queue."""
    return _from_queue_like(event, "aws:sqs")


def is_sns(event: "Any") -> bool:
    """Notifications of an SNS topic delivered to the function."""
    return _from_queue_like(event, "aws:sns") or is_sns_envelope(event)


def is_sns_envelope(event: "Any") -> bool:
    """One notification as SNS writes it into a queue (no raw message delivery)."""
    return (
        isinstance(event, dict)
        and isinstance(event.get("Message"), str)
        and isinstance(event.get("TopicArn"), str)
        and "MessageId" in event
    )


def is_s3(event: "Any") -> bool:
    """S3 notifications, and the test event S3 sends once when a notification is configured."""
    record = _first_record(event)
    if record is not None:
        return isinstance(record.get("s3"), dict)
    return isinstance(event, dict) and event.get("Event") == "s3:TestEvent" and event.get("Service") == "Amazon S3"


def is_dynamodb(event: "Any") -> bool:
    """Records of a DynamoDB stream."""
    return _from_queue_like(event, "aws:dynamodb")


def is_schedule(event: "Any") -> bool:
    """The constant event of an EventBridge schedule rule; nobody outside AWS may put events of source ``aws.*``."""
    return (
        isinstance(event, dict)
        and event.get("source") == "aws.events"
        and event.get("detail-type") == "Scheduled Event"
    )


def is_eventbridge(event: "Any") -> bool:
    """Any other event of an EventBridge bus."""
    return isinstance(event, dict) and "detail-type" in event and "detail" in event and not is_schedule(event)


def is_direct(event: "Any") -> bool:  # noqa: ARG001  (the last resort takes everything)
    """Whatever no other source claims: direct invocation, a shape we do not know."""
    return True


#: In the order of asking; ``direct`` last.
SHAPES: "dict[str, Callable[[Any], bool]]" = {
    "http-api": is_http_api,
    "rest-api": is_rest_api,
    "function-url": is_function_url,
    "sqs": is_sqs,
    "sns": is_sns,
    "s3": is_s3,
    "dynamodb": is_dynamodb,
    "schedule": is_schedule,
    "eventbridge": is_eventbridge,
    "direct": is_direct,
}


#: Every shape needs one of these keys: most documents inside bodies have none, and are asked no more questions.
_TELLING = frozenset(("requestContext", "Records", "Message", "Event", "source", "detail-type"))


def name_of(event: "Any") -> str:
    """The name of the source whose shape the event has; ``direct`` when no other claims it. Never raises."""
    if not isinstance(event, dict) or _TELLING.isdisjoint(event):
        return "direct"
    for name, claims in SHAPES.items():
        if claims(event):
            return name
    return "direct"
