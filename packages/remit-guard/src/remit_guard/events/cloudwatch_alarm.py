"""CloudWatch alarm: as an action of its own, and as it is written into a topic.

Fields as in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html. Names and
values of metrics may be what an application took from its callers; the reason quotes them. The configuration is the
owner's.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cloudwatch-alarm",
    title="an alarm",
    fields=(
        FieldSpec("alarmData.**", ("json",)),
        FieldSpec("NewStateReason", ("json",)),
        FieldSpec("AlarmName"),
        FieldSpec("AlarmDescription"),
        FieldSpec("Trigger.**"),
    ),
    recognise=claims("cloudwatch-alarm"),
)
