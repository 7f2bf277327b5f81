"""Kinesis Data Analytics: preprocessing of input records and delivery of output records.

Fields as in https://docs.aws.amazon.com/kinesisanalytics/latest/dev/lambda-preprocessing.html. Whoever writes to the
stream in front of the application writes the data.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="kinesis-analytics",
    title="a record of Kinesis Analytics",
    fields=(
        FieldSpec("records[].data", ("base64", "event", "json")),
        FieldSpec("records[].kinesisStreamRecordMetadata.partitionKey"),
    ),
    recognise=claims("kinesis-analytics"),
    records="records",
    platform=(
        "invocationId",
        "applicationArn",
        "records[].recordId",
    ),
)
