"""Who is behind an event that another part of the app sends on: the sender of *that* part's events.

A queue that only the app's own functions write to is no wall when one of them is called by everybody: what they are sent
may be what they send. The same holds for a function that another one invokes, for a state machine that it starts, and for
what a topic or bus in between hands on. How much of it they pass on is not followed here, so such a path is never more
than *medium* confident.
"""

from collections.abc import Iterator

from remit.app.effect import SdkCall
from remit.app.facts import Facts
from remit.app.model import Edge, Function, Sender, Trigger
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
    if trigger.sender > Sender.ACCOUNT or trigger.function in seen or len(seen) >= _DEEPEST:
        return None
    found = [
        relay
        for function, hops in _feeders(facts, trigger)
        if (relay := _through(facts, function, hops, trigger, seen | {trigger.function})) is not None
    ]
    best = max(found, key=lambda relay: (relay.sender, -len(relay.hops)), default=None)
    return best if best is not None and best.sender > trigger.sender else None


def _through(
    facts: Facts, function: Function, hops: tuple[Hop, ...], trigger: Trigger, seen: frozenset[str]
) -> Relay | None:
    """The way through one function that feeds the trigger."""
    if function.id in seen:
        return None
    best: Relay | None = None
    for own in facts.app.triggers_of(function.id):
        before = relay_to(facts, own, seen)
        if own.implied and before is None:
            continue
        reason = "".join(f" · {text}" for place, text in own.because[:1] if place == own.location)
        start = (
            (*before.hops, Hop(own.location, own.name + reason)) if before else (Hop(own.location, own.name + reason),)
        )
        sender = before.sender if before else own.sender
        if best is None or sender > best.sender:
            best = Relay(sender, trigger.resource or function.id, (*start, *_steps(facts, function, own, hops), *hops))
    return best


def _steps(facts: Facts, function: Function, own: Trigger, hops: tuple[Hop, ...]) -> Iterator[Hop]:
    """The way from a field of the function's own event into what it sends on, where the code shows one."""
    analysis = facts.analyses.get(function.id)
    for use in analysis.uses if analysis is not None and hops else ():
        fits = any(origin.source == own.source for origins in use.origins.values() for origin in origins)
        if use.kind == "message" and use.location == hops[0].location and fits:
            yield from (Hop(step.location, step.text) for step in use.steps if step.location != use.location)
            return


def _feeders(facts: Facts, trigger: Trigger) -> Iterator[tuple[Function, tuple[Hop, ...]]]:
    """Functions of the app whose code makes a trigger fire, with the way from there; nearest first."""
    into = facts.into
    start = trigger.resource or (trigger.function if trigger.implied or trigger.source == "direct" else "")
    waiting: list[tuple[str, tuple[Hop, ...]]] = [(start, ())]
    passed = {start}
    for here, hops in waiting:
        for edge in into.get(here, ()):
            if edge.source in passed or not _hands_on(facts, edge, direct=not trigger.resource):
                continue
            passed.add(edge.source)
            way = (Hop(edge.location, edge.text), *hops)
            function = facts.app.function(edge.source)
            if function is None:
                waiting.append((edge.source, way))
            elif function.id != trigger.function:
                yield function, way


def _hands_on(facts: Facts, edge: Edge, *, direct: bool) -> bool:
    """Whether an edge brings along what its source was given: not what is read, nor what fails, nor what a rule picks out."""
    if direct and facts.app.function(edge.target) is not None:
        return edge.kind == "invoke" and facts.app.function(edge.source) is not None
    if edge.kind == "write":
        return fires(facts, edge)
    return edge.kind in ("queue", "topic", "stream", "task", "invoke", "pipe", "rule") and edge.filter is None


def fires(facts: Facts, edge: Edge) -> bool:
    """Whether what a function writes to a store makes a trigger of it fire: some operations only delete or describe."""
    function = facts.app.function(edge.source)
    return function is not None and any(
        next(writes_to(facts, function, trigger), None) is not None
        for trigger in facts.app.triggers
        if trigger.resource == edge.target
    )


def writes_to(facts: Facts, function: Function, trigger: Trigger) -> Iterator[SdkCall]:
    """The calls by which a function makes a trigger fire."""
    operations, parameter = WRITES.get(trigger.source, ((), ""))
    analysis = facts.analyses.get(function.id)
    for call in analysis.effects.calls if analysis and operations else ():
        if call.operation in operations:
            named = facts.app.resource_of(call.parameters.get(parameter))
            if named is not None and named.id == trigger.resource:
                yield call
