"""Alarms of CloudWatch that call a function or publish to a topic."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, each, whole

TYPES = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """What an alarm sets in motion, each once."""
    who = (Sender.PLATFORM, "CloudWatch sends these when the alarm changes its state")
    seen = set()
    for key in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for node in each(item.properties.at(key)):
            for trigger in attach(draft, node.plain(), whole(item), "unknown", f"alarm {item.id}", who, item.id):
                if trigger.function not in seen:
                    seen.add(trigger.function)
                    yield trigger
