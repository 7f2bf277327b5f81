"""What becomes of an event afterwards: destinations of functions, dead letters of functions, queues, topics and rules."""

import json
from collections.abc import Iterator

from remit.app.model import Edge, Sender, Trigger
from remit.app.node import Node
from remit.app.value import Value, spread
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import each, made, place_of, receiver

TYPES = (
    "AWS::Serverless::Function",
    "AWS::Lambda::Function",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::SQS::Queue",
    "AWS::SNS::Subscription",
    "AWS::Events::Rule",
    "AWS::Scheduler::Schedule",
)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """Where one resource's events go when they are done, or when they cannot be done."""
    properties = item.properties
    if item.type in ("AWS::Serverless::Function", "AWS::Lambda::Function"):
        yield from _destinations(draft, item.id, properties.at("EventInvokeConfig", "DestinationConfig"))
        for key in ("DeadLetterQueue", "DeadLetterConfig"):
            yield from _dead(draft, item.id, properties.at(key, "TargetArn"))
        for name, event in events.items() if (events := properties.at("Events")) else ():
            yield from _event(draft, item.id, name, event)
    elif item.type in ("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping"):
        for function in dict.fromkeys(map(draft.function_of, spread(properties.get("FunctionName")))):
            yield from _destinations(draft, function, properties.at("DestinationConfig"))
    elif item.type == "AWS::SNS::Subscription":
        for topic in draft.targets(properties.at("TopicArn")):
            yield from _redriven(draft, topic, properties.at("RedrivePolicy"))
    elif item.type == "AWS::SQS::Queue":
        yield from _redriven(draft, item.id, properties.at("RedrivePolicy"))
    elif item.type == "AWS::Scheduler::Schedule":
        yield from _dead(draft, item.id, properties.at("Target", "DeadLetterConfig", "Arn"))
    else:
        for target in each(properties.at("Targets")):
            yield from _dead(draft, item.id, target.at("DeadLetterConfig", "Arn"))


def _event(draft: Draft, function: str, name: str, event: Node) -> Iterator[Trigger]:
    """What the events of a SAM function say: where the records of a stream go that fail, what a subscription loses."""
    yield from _destinations(draft, function, event.at("Properties", "DestinationConfig"))
    topic = draft.target(event.get("Properties", "Topic"))
    yield from _redriven(draft, topic, event.at("Properties", "RedrivePolicy"))
    yield from _dead(draft, function, event.at("Properties", "DeadLetterConfig", "Arn"), name)


def _destinations(draft: Draft, function: str, config: Node | None) -> Iterator[Trigger]:
    for key, what in (("OnSuccess", "what comes of"), ("OnFailure", "failed events of")):
        to = config.at(key, "Destination") if config is not None else None
        yield from _on(draft, function, to.plain() if to else None, to, "destination", what)


def _redriven(draft: Draft, source: str, policy: Node | None) -> Iterator[Trigger]:
    if policy is None:
        return
    value: Value = policy.get("deadLetterTargetArn")
    if value is None and isinstance(policy.value, str):
        # The policy as JSON text is what the API wants, and CloudFormation takes that as well.
        try:
            given = json.loads(policy.value)
        except (ValueError, RecursionError):
            return
        found = given.get("deadLetterTargetArn") if isinstance(given, dict) else None
        value = found if isinstance(found, str) else None
    yield from _on(draft, source, value, policy.at("deadLetterTargetArn") or policy, "dead-letter", "dead letters of")


def _dead(draft: Draft, source: str, to: Node | None, what: str = "") -> Iterator[Trigger]:
    verb = f"failed events ({what}) of" if what else "failed events of"
    yield from _on(draft, source, to.plain() if to else None, to, "dead-letter", verb)


def _on(draft: Draft, source: str, value: Value, node: Node | None, kind: str, what: str) -> Iterator[Trigger]:
    verb = "fails over to" if kind == "dead-letter" else "hands on to"
    for target in dict.fromkeys(receiver(draft, one) for one in spread(value)) if source else ():
        if not target or node is None or target == source:
            continue
        draft.edges.append(Edge(source, target, kind, place_of(node), f"{source} {verb} {target}"))
        who = (Sender.APP, f"{source} {verb} {target}")
        yield made(target, Node(node.value, place_of(node)), "unknown", f"{what} {source}", who, source)
