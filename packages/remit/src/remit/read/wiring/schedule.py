"""Schedules of EventBridge Scheduler."""

import json
from collections.abc import Iterator

from remit.app.model import Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import SCHEDULER, attach, flat, whole

TYPES = ("AWS::Scheduler::Schedule",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one schedule; a universal target names the receiver in its input."""
    target = item.properties.at("Target")
    if target is None:
        return
    name = f"schedule {draft.word(item.properties.at('ScheduleExpression')) or item.id}"
    to = target.get("Arn")
    if ":aws-sdk:" in flat(to):
        given = draft.word(target.at("Input"))
        to = _named(given) if given else target.get("Input")
    yield from attach(draft, to, whole(item), "schedule", name, SCHEDULER)


def _named(text: str) -> str | None:
    """The name in the input of an SDK call, whatever the service calls it."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    keys = ("FunctionName", "QueueUrl", "TopicArn", "StateMachineArn", "EventBusName", "TableName", "StreamName")
    found = [given[key] for key in keys if key in given] if isinstance(given, dict) else []
    return found[0] if found and isinstance(found[0], str) else None
