"""SNS topics and their subscriptions."""

from collections.abc import Iterator

from remit.app.model import Trigger
from remit.app.node import Node
from remit.app.value import Ref, Value
from remit.read.draft import Declared, Draft, label
from remit.read.wiring.attach import attach, default_sender, each, whole

TYPES = ("AWS::SNS::Subscription", "AWS::SNS::Topic")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of a subscription, or of those that stand in the topic itself."""
    if item.type == "AWS::SNS::Subscription":
        yield from _subscribed(draft, whole(item), item.properties, item.properties.get("TopicArn"))
        return
    for subscription in each(item.properties.at("Subscription")):
        yield from _subscribed(draft, subscription, subscription, Ref(item.id))


def _subscribed(draft: Draft, node: Node, properties: Node, topic: Value) -> Iterator[Trigger]:
    if draft.word(properties.at("Protocol")) in ("lambda", "sqs", "firehose", ""):
        resource = draft.target(topic)
        name = f"messages of {resource or label(topic)}"
        who = default_sender(draft, topic)
        yield from attach(draft, properties.get("Endpoint"), node, "sns", name, who, resource)
