"""EC2 Auto Scaling: launches, terminations and lifecycle hooks, by EventBridge or as a notification's content.

Fields as in https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html. Names of
groups and the hook's metadata are their owner's.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="autoscaling",
    title="a change of instances",
    fields=(
        FieldSpec("detail.**", ("json",)),
        FieldSpec("detail-type"),
        FieldSpec("source"),
        FieldSpec("resources[]"),
        FieldSpec("NotificationMetadata"),
        FieldSpec("AutoScalingGroupName"),
        FieldSpec("LifecycleHookName"),
    ),
    recognise=claims("autoscaling"),
)
