"""Who can send through a resource: its policy, its ACL, and what feeds it.

A queue that a topic feeds takes the topic's messages, a topic that a public bucket notifies takes what strangers
upload. So the widest circle travels along the wires until nothing changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from remit.app.location import Location
from remit.app.model import Grant, Sender
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Ref, Text, Value
from remit.read.access import Because
from remit.read.draft import Declared, Draft
from remit.read.policy import grants_of, is_restricted

#: Resource type to the actions that put something into it.
_WRITES = {
    "AWS::SQS::Queue": ("sqs:SendMessage",),
    "AWS::SNS::Topic": ("sns:Publish",),
    "AWS::S3::Bucket": ("s3:PutObject",),
    "AWS::Events::EventBus": ("events:PutEvents",),
    "AWS::DynamoDB::Table": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "AWS::Kinesis::Stream": ("kinesis:PutRecord", "kinesis:PutRecords"),
}
#: Policy resource type to the properties that name what it protects.
_POLICIES = {
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::Events::EventBusPolicy": "EventBusName",
    "AWS::SecretsManager::ResourcePolicy": "SecretId",
}
_PUBLIC_WRITE = "PublicReadWrite"


@dataclass(frozen=True, slots=True)
class Circle:
    """Who can send, and why."""

    sender: Sender
    because: Because


@dataclass(frozen=True, slots=True)
class Wire:
    """One resource delivers to another."""

    source: str
    target: str
    location: Location
    text: str


def settle_senders(draft: Draft) -> None:
    """Reads resource policies and gives every trigger of a resource the widest sender that reaches it."""
    _read_policies(draft)
    circles = {id_: circle for id_, item in draft.declared.items() if (circle := _own(draft, item)) is not None}
    wires = list(_wires(draft))
    changed = True
    while changed:
        changed = False
        for wire in wires:
            source, target = circles.get(wire.source), circles.get(wire.target)
            if source and target and source.sender > target.sender:
                circles[wire.target] = Circle(source.sender, ((wire.location, wire.text), *source.because))
                changed = True
    for index, trigger in enumerate(draft.triggers):
        circle = circles.get(trigger.resource)
        if circle is not None and circle.sender > trigger.sender:
            because = (*circle.because, (trigger.location, f"attached to {trigger.function}"))
            draft.triggers[index] = replace(trigger, sender=circle.sender, because=because)


def openness(grant: Grant, resource: str) -> Sender | None:
    """The widest circle one statement of a resource policy lets in; ``None`` when it lets nobody outside in.

    Args:
        grant: the statement.
        resource: type of the resource it protects; only its writing actions count.
    """
    if grant.effect != "Allow" or not _covers(grant, _WRITES.get(resource, ())) or is_restricted(grant.conditions):
        return None
    widest: Sender | None = None
    for principal in grant.principals:
        circle = _circle_of(principal)
        if circle is not None and (widest is None or circle > widest):
            widest = circle
    return widest


def _circle_of(principal: Value) -> Sender | None:
    if principal == "*":
        return Sender.ANYONE
    if isinstance(principal, str):
        if principal.endswith(".amazonaws.com"):
            # A service acts for whoever asks it to: without a condition on the source, for every account.
            return Sender.OTHER_ACCOUNT
        return Sender.OTHER_ACCOUNT if principal.isdecimal() or principal.startswith("arn:") else None
    if isinstance(principal, Text) and not any(part == Ref("AWS::AccountId") for part in principal.parts):
        return Sender.OTHER_ACCOUNT
    return None


def _covers(grant: Grant, actions: tuple[str, ...]) -> bool:
    if grant.not_actions:
        return True
    patterns = [pattern.lower() for pattern in grant.actions]
    return any(fnmatchcase(action.lower(), pattern) for action in actions for pattern in patterns)


def _read_policies(draft: Draft) -> None:
    for type_, key in _POLICIES.items():
        for policy in draft.of_type(type_):
            document = policy.properties.at("PolicyDocument") or policy.properties.at("ResourcePolicy")
            if type_ == "AWS::Events::EventBusPolicy":
                document = policy.properties.at("Statement") or _bus_statement(policy)
            grants = grants_of(document, [], f"policy:{policy.id}")
            node = policy.properties.at(key)
            for protected in node.elements() if node else ():
                target = draft.target(protected.plain())
                if target:
                    draft.policies.setdefault(target, []).extend(grants)


def _bus_statement(policy: Declared) -> Node | None:
    """An event bus policy in its old form: one action and one principal, without a document."""
    properties = policy.properties
    if properties.at("Principal") is None or properties.at("Condition") is not None:
        return None
    entries = {key: node for key in ("Action", "Principal") if (node := properties.at(key)) is not None}
    return Node(entries, policy.location)


def _own(draft: Draft, item: Declared) -> Circle | None:
    """Who can send to a resource by itself; ``None`` for what nobody sends to."""
    resource = draft.resources[item.id]
    if resource.type not in _WRITES:
        return None
    circle = Circle(Sender.APP, ((item.location, f"{item.id} is part of this app"),))
    acl = item.properties.at("AccessControl")
    if (
        acl is not None
        and draft.word(acl) == _PUBLIC_WRITE
        and not _blocked(draft, item, "BlockPublicAcls", "IgnorePublicAcls")
    ):
        return Circle(Sender.ANYONE, ((acl.key or acl.location, f"{item.id} is writable by everyone"),))
    for grant in draft.policies.get(item.id, ()):
        sender = openness(grant, resource.type)
        if sender is Sender.ANYONE and _blocked(draft, item, "RestrictPublicBuckets", "BlockPublicPolicy"):
            continue
        if sender is not None and sender > circle.sender:
            who = "everyone" if sender is Sender.ANYONE else "other accounts"
            circle = Circle(sender, ((grant.location, f"the policy of {item.id} lets {who} write to it"),))
    return circle


def _blocked(draft: Draft, item: Declared, *settings: str) -> bool:
    """Whether a bucket's public access block has one of these settings on, so that opening it has no effect."""
    block = item.properties.at("PublicAccessBlockConfiguration")
    return block is not None and any(draft.truth(block.at(setting)) for setting in settings)


def _wires(draft: Draft) -> Iterator[Wire]:
    for item in draft.declared.values():
        if item.type == "AWS::SNS::Subscription":
            yield from _wire(draft, item.properties.at("TopicArn"), item.properties.at("Endpoint"), "delivers to")
        elif item.type == "AWS::SNS::Topic":
            inline = item.properties.at("Subscription")
            for subscription in inline.elements() if inline else ():
                yield from _wire_to(draft, item.id, subscription.at("Endpoint"), "delivers to")
        elif item.type == "AWS::S3::Bucket":
            yield from _notifications(draft, item)
        elif item.type == "AWS::SQS::Queue":
            # What cannot be processed moves on to the dead-letter queue as it came.
            yield from _wire_to(
                draft, item.id, item.properties.at("RedrivePolicy", "deadLetterTargetArn"), "fails over to"
            )
        elif item.type == "AWS::Events::Rule":
            targets = item.properties.at("Targets")
            for target in targets.elements() if targets else ():
                yield from _wire(draft, item.properties.at("EventBusName"), target.at("Arn"), "delivers to")


def _notifications(draft: Draft, bucket: Declared) -> Iterator[Wire]:
    config = bucket.properties.at("NotificationConfiguration")
    for kind, key in (("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic")):
        listed = config.at(kind) if config else None
        for entry in listed.elements() if listed else ():
            yield from _wire_to(draft, bucket.id, entry.at(key), "notifies")


def _wire(draft: Draft, source: Node | None, target: Node | None, verb: str) -> Iterator[Wire]:
    id_ = draft.target(source.plain()) if source else ""
    if id_:
        yield from _wire_to(draft, id_, target, verb)


def _wire_to(draft: Draft, source: str, target: Node | None, verb: str) -> Iterator[Wire]:
    id_ = draft.target(target.plain()) if target else ""
    if id_ and target is not None:
        yield Wire(source, id_, target.key or target.location, f"{source} {verb} {id_}")
