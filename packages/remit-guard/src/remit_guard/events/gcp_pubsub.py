"""Pub/Sub, by Eventarc: base64 data and attributes.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Publishers write data, attributes and ordering key
(https://cloud.google.com/eventarc/docs/cloudevents).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-pubsub",
    title="a Pub/Sub message",
    fields=(
        FieldSpec("data.message.data", ("base64", "event", "json")),
        FieldSpec("message.data", ("base64", "event", "json")),
        FieldSpec("data.message.attributes{}", ("json",)),
        FieldSpec("message.attributes{}", ("json",)),
        FieldSpec("data.message.orderingKey"),
        FieldSpec("message.orderingKey"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-pubsub"),
)
