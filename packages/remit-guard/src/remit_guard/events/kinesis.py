"""Kinesis data stream: base64 records, often compressed, often log data or another event.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html. Whoever may put records writes data and
partition key; producers are often devices, web pages and log shippers that pass on what strangers sent.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="kinesis",
    title="a Kinesis record",
    fields=(
        FieldSpec("Records[].kinesis.data", ("base64", "event", "json")),
        FieldSpec("Records[].kinesis.partitionKey"),
    ),
    recognise=claims("kinesis"),
    records="Records",
    record_id="kinesis.sequenceNumber",
    platform=(
        "Records[].eventID",
        "Records[].eventName",
        "Records[].eventVersion",
        "Records[].eventSource",
        "Records[].eventSourceARN",
        "Records[].awsRegion",
        "Records[].invokeIdentityArn",
        "Records[].kinesis.kinesisSchemaVersion",
        "Records[].kinesis.sequenceNumber",
    ),
)
