"""DynamoDB stream: item images in DynamoDB's typed JSON (``{"S": "text"}``).

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. What a stranger put into an item comes back here:
keys, the new and the old image.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import is_dynamodb

SOURCE = EventSource(
    name="dynamodb",
    title="a DynamoDB stream record",
    fields=(
        FieldSpec("Records[].dynamodb.NewImage.**", ("json",)),
        FieldSpec("Records[].dynamodb.OldImage.**", ("json",)),
        FieldSpec("Records[].dynamodb.Keys.**", ("json",)),
    ),
    recognise=is_dynamodb,
    records="Records",
    record_id="eventID",
)
