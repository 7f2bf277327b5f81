"""Who is behind an event that another part of the app sends on: the sender of *that* part's events.

A queue that only the app's own functions write to is no wall when one of them is called by everybody: what they are sent
may be what they send. How much of it they pass on is not followed here, so such a path is never more than *medium*
confident.
"""

from collections.abc import Iterator

from remit.app.effect import SdkCall
from remit.app.facts import Facts
from remit.app.model import Function, Sender, Trigger
from remit.app.noun import Struct
from remit.app.report import Hop

#: Event source -> operations that make it fire, and the parameter that names the resource.
WRITES = {
    "s3": (("PutObject", "CopyObject", "UploadFile", "UploadFileobj", "CompleteMultipartUpload"), "Bucket"),
    "sqs": (("SendMessage", "SendMessageBatch"), "QueueUrl"),
    "sns": (("Publish", "PublishBatch"), "TopicArn"),
    "dynamodb": (("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"), "TableName"),
    "kinesis": (("PutRecord", "PutRecords"), "StreamName"),
    "eventbridge": (("PutEvents",), "EventBusName"),
}
_DEEPEST = 4


class Relay(Struct, frozen=True):
    """A way by which a wider sender reaches a trigger.

    Args:
        sender: who.
        through: the resource that the events lie in between.
        hops: from that sender to the resource.
    """

    sender: Sender
    through: str
    hops: tuple[Hop, ...]


def relay_to(facts: Facts, trigger: Trigger, seen: frozenset[str] = frozenset()) -> Relay | None:
    """The widest way to a trigger through other functions of the app, if it is wider than the trigger's own sender."""
    if trigger.sender > Sender.ACCOUNT or not trigger.resource or trigger.function in seen or len(seen) >= _DEEPEST:
        return None
    found = [
        relay
        for function, call in _writers(facts, trigger)
        if (relay := _through(facts, function, call, trigger, seen | {trigger.function})) is not None
    ]
    best = max(found, key=lambda relay: (relay.sender, -len(relay.hops)), default=None)
    return best if best is not None and best.sender > trigger.sender else None


def _through(facts: Facts, function: Function, call: SdkCall, trigger: Trigger, seen: frozenset[str]) -> Relay | None:
    """The way through one function that writes to the trigger's resource."""
    if function.id in seen:
        return None
    writes = Hop(call.location, f"{function.id} writes to {trigger.resource}")
    best: Relay | None = None
    for own in facts.app.triggers_of(function.id):
        if own.implied:
            continue
        before = relay_to(facts, own, seen)
        reason = "".join(f" · {text}" for place, text in own.because[:1] if place == own.location)
        start = before.hops if before else ()
        sender = before.sender if before else own.sender
        if best is None or sender > best.sender:
            best = Relay(sender, trigger.resource, (*start, Hop(own.location, own.name + reason), writes))
    return best


def _writers(facts: Facts, trigger: Trigger) -> Iterator[tuple[Function, SdkCall]]:
    for function in facts.app.functions:
        if function.id != trigger.function:
            call = next(writes_to(facts, function, trigger), None)
            if call is not None:
                yield function, call


def writes_to(facts: Facts, function: Function, trigger: Trigger) -> Iterator[SdkCall]:
    """The calls by which a function makes a trigger fire."""
    operations, parameter = WRITES.get(trigger.source, ((), ""))
    analysis = facts.analyses.get(function.id)
    for call in analysis.effects.calls if analysis and operations else ():
        if call.operation in operations:
            named = facts.app.resource_of(call.parameters.get(parameter))
            if named is not None and named.id == trigger.resource:
                yield call
