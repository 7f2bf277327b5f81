"""EventBridge bus, and what AWS services, partners and applications put on it.

Fields as in https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html. Whoever may put events
chooses everything but id, account, region and time; AWS services pass on what their users chose (an object key, a
tag, the name of an image or a branch). Events of CloudTrail, CodeBuild and Auto Scaling are sources of their own.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="eventbridge",
    title="an EventBridge event",
    fields=(
        FieldSpec("detail.**", ("event", "json")),
        FieldSpec("detail-type"),
        FieldSpec("source"),
        FieldSpec("resources[]"),
    ),
    recognise=claims("eventbridge"),
)
