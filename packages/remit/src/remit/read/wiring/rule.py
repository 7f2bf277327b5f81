"""Rules of EventBridge: events of a bus that match a pattern, or a schedule, to any of their targets."""

from collections.abc import Iterator, Mapping

from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.value import Ref, Value
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import SCHEDULER, Who, attach, each, whole

TYPES = ("AWS::Events::Rule",)
#: Settings of a target that put something else in the place of the event.
_RESHAPED = ("InputPath", "InputTransformer", "InputPathsMap")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The triggers of one rule, one for each target."""
    properties = item.properties
    pattern, schedule = properties.at("EventPattern"), properties.at("ScheduleExpression")
    for target in each(properties.at("Targets")):
        to = target.get("Arn")
        if schedule is not None:
            name = f"schedule {draft.word(schedule) or item.id}"
            yield from attach(draft, to, whole(item), "schedule", name, SCHEDULER)
        if pattern is not None or schedule is None:
            yield from matched(draft, to, whole(item), target, f"events of rule {item.id}", pattern)


def matched(draft: Draft, to: Value, node: Node, target: Node, name: str, pattern: Node | None) -> Iterator[Trigger]:
    """The trigger of one target of a rule with a pattern.

    Args:
        draft: the app so far.
        to: what names the target.
        node: of the rule, with its ``EventBusName``.
        target: with what is given to the target in the place of the event.
        name: what people call it.
        pattern: which events it takes.
    """
    source = "eventbridge"
    if any(target.at(key) is not None for key in _RESHAPED):
        # A part of the event, or a text made of parts: which shape that has only the code knows.
        source = "unknown"
    if target.at("Input") is not None:
        yield from attach(draft, to, node, "unknown", name, (Sender.PLATFORM, "the rule gives it a constant"))
        return
    bus = node.at("EventBusName")
    who = event_sender(draft, pattern, bus.plain() if bus else None)
    resource = draft.target(bus.plain()) if bus else ""
    bucket = _bucket(draft, pattern)
    yield from attach(draft, to, node, source, name, who, bucket or resource)


def event_sender(draft: Draft, pattern: Node | None, bus: Value) -> Who:
    """Who can send the events a rule matches: only AWS may use a source that begins with ``aws.``."""
    if bus is None and _is_objects(draft, pattern):
        # S3 sends these, but who may write objects decides what is in them.
        named = _bucket(draft, pattern)
        if named:
            return Sender.APP, f"S3 sends these for the objects of {named}, which is part of this app"
        return Sender.ACCOUNT, "S3 sends these for the objects of buckets outside this template"
    sources = list(_sources(draft, pattern))
    partners = [source for source in sources if source.startswith("aws.partner/")]
    if partners:
        return Sender.OTHER_ACCOUNT, f"{partners[0].split('/')[1]}, a partner of AWS, sends these"
    if sources and all(source.startswith("aws.") for source in sources):
        return Sender.PLATFORM, f"only AWS sends events of {', '.join(sources)}"
    if bus is not None and draft.target(bus):
        return Sender.APP, f"{draft.target(bus)} is part of this app"
    return Sender.ACCOUNT, "anyone in the account may put events on this bus"


def _sources(draft: Draft, pattern: Node | None) -> Iterator[str]:
    """The sources a pattern takes, ``""`` for one that is not told; ``{"prefix": "aws."}`` is one, too."""
    for node in each(pattern.at("source") if pattern else None):
        prefix = node.at("prefix") if isinstance(node.value, Mapping) else node
        yield draft.word(prefix)


def _is_objects(draft: Draft, pattern: Node | None) -> bool:
    """Whether S3 tells of objects by it; calls that change buckets come from the same source, by another type."""
    if pattern is None or "aws.s3" not in _sources(draft, pattern):
        return False
    kinds = [draft.word(node) for node in each(pattern.at("detail-type"))]
    return not kinds or any(not kind or kind.startswith("Object") for kind in kinds)


def _bucket(draft: Draft, pattern: Node | None) -> str:
    """The bucket of this template whose objects a rule hears of, when it is exactly one."""
    if pattern is None or not _is_objects(draft, pattern):
        return ""
    names = list(each(pattern.at("detail", "bucket", "name")))
    found = {draft.target(node.plain(), "AWS::S3::Bucket") for node in names}
    if names:
        return found.pop() if len(found) == 1 else ""
    telling = [
        item.id
        for item in draft.of_type("AWS::S3::Bucket")
        if item.properties.at("NotificationConfiguration", "EventBridgeConfiguration") is not None
    ]
    return telling[0] if len(telling) == 1 else ""


def bus_of(node: Node | None) -> Value:
    """The bus that a rule names; ``None`` for the account's default bus."""
    bus = node.at("EventBusName") if node is not None else None
    value = bus.plain() if bus is not None else None
    return None if value in ("default", "") or (isinstance(value, Ref) and value.target == "AWS::NoValue") else value
