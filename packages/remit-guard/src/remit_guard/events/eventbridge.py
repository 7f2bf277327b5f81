"""EventBridge bus.

Fields as in https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html. Whoever may put events
chooses everything but id, account, region and time; AWS services pass on what their users chose (an object key, a tag).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import is_eventbridge

SOURCE = EventSource(
    name="eventbridge",
    title="an EventBridge event",
    fields=(
        FieldSpec("detail.**", ("json",)),
        FieldSpec("detail-type"),
        FieldSpec("source"),
        FieldSpec("resources[]"),
    ),
    recognise=is_eventbridge,
)
