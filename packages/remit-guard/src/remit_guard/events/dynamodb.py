"""DynamoDB stream: item images in DynamoDB's typed JSON (``{"S": "text"}``, ``{"B": "base64"}``).

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. What a stranger put into an item comes back
here: keys, the new and the old image. A time window adds ``state``, which the function itself wrote.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="dynamodb",
    title="a DynamoDB stream record",
    fields=(
        FieldSpec("Records[].dynamodb.NewImage.**", ("event", "json")),
        FieldSpec("Records[].dynamodb.OldImage.**", ("event", "json")),
        FieldSpec("Records[].dynamodb.Keys.**", ("event", "json")),
    ),
    recognise=claims("dynamodb"),
    records="Records",
    record_id="dynamodb.SequenceNumber",
    platform=(
        "Records[].eventID",
        "Records[].eventName",
        "Records[].eventVersion",
        "Records[].eventSource",
        "Records[].eventSourceARN",
        "Records[].awsRegion",
        "Records[].dynamodb.SequenceNumber",
        "Records[].dynamodb.StreamViewType",
    ),
)
