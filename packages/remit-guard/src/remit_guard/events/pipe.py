"""EventBridge Pipes: a bare list of records of a queue, a stream or a broker.

Records as in https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html: flat, with the
source's name in ``eventSource``; data of Kinesis and Kafka in base64. Whoever may write to the source writes them. An
input template can make anything of them: a direct invocation then.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="pipe",
    title="a batch through a pipe",
    fields=(
        FieldSpec("[].body", ("event", "json", "form")),
        FieldSpec("[].data", ("base64", "event", "json")),
        FieldSpec("[].value", ("base64", "event", "json")),
        FieldSpec("[].key", ("base64", "event", "json")),
        FieldSpec("[].dynamodb.**", ("event", "json")),
        FieldSpec("[].headers[].**", ("bytes", "event", "json")),
        FieldSpec("[].messageAttributes.**", ("json",)),
        FieldSpec("[].partitionKey"),
        FieldSpec("[].topic"),
        FieldSpec("[].properties.**"),
        FieldSpec("[].basicProperties.**"),
    ),
    recognise=claims("pipe"),
)
