"""Subscription filters of CloudWatch Logs: log lines, which often hold what callers sent."""

from collections.abc import Iterator

from remit.app.model import Trigger
from remit.read.draft import Declared, Draft, label
from remit.read.wiring.attach import attach, default_sender, whole

TYPES = ("AWS::Logs::SubscriptionFilter", "AWS::Logs::Destination")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one filter; a destination hands on to its stream."""
    if item.type == "AWS::Logs::Destination":
        who = default_sender(draft, None)
        yield from attach(draft, item.properties.get("TargetArn"), whole(item), "logs", f"log lines of {item.id}", who)
        return
    group = item.properties.get("LogGroupName")
    resource = draft.target(group)
    name = f"log lines of {resource or label(group)}"
    to = item.properties.get("DestinationArn")
    yield from attach(draft, to, whole(item), "logs", name, default_sender(draft, group), resource)
