"""CloudEvents of any other origin: Eventarc's third parties, Knative, Event Grid's custom topics, Dapr.

Attributes as in https://github.com/cloudevents/spec. Whoever sends chooses all of it; ``data_base64`` holds binary
data.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cloud-event",
    title="a CloudEvent",
    fields=(
        FieldSpec("data.**", ("event", "json")),
        FieldSpec("data_base64", ("base64", "event", "json")),
        FieldSpec("subject"),
        FieldSpec("source"),
        FieldSpec("type"),
        FieldSpec("id"),
        FieldSpec("dataschema"),
    ),
    recognise=claims("cloud-event"),
)
