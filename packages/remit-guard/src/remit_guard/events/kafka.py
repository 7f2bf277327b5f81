"""Kafka: Amazon MSK and self-managed clusters; records by topic and partition, key, value and headers.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html. Key and value are base64; header values are
lists of byte numbers. Whoever may produce to the topic writes all of them.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="kafka",
    title="a Kafka record",
    fields=(
        FieldSpec("records{}[].value", ("base64", "event", "json")),
        FieldSpec("records{}[].key", ("base64", "event", "json")),
        FieldSpec("records{}[].headers[].**", ("bytes", "event", "json")),
        FieldSpec("records{}[].topic"),
    ),
    recognise=claims("kafka"),
    platform=(
        "eventSourceArn",
        "bootstrapServers",
        "records{}[].timestampType",
    ),
)
