"""Data Firehose transformation: base64 records, put directly or read from a stream, a topic or log groups.

Fields as in https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html. Whoever may put records writes
their data. The answer carries a result for each ``recordId``: a failed one is kept apart by the platform.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="firehose",
    title="a Firehose record",
    fields=(
        FieldSpec("records[].data", ("base64", "event", "json")),
        FieldSpec("records[].kinesisRecordMetadata.partitionKey"),
        FieldSpec("records[].mskRecordMetadata.**"),
    ),
    recognise=claims("firehose"),
    records="records",
    platform=(
        "invocationId",
        "deliveryStreamArn",
        "records[].recordId",
    ),
)
