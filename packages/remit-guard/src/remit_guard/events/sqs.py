"""SQS queue: a batch of messages.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html. Whoever may send to the queue writes them,
and so does whoever writes to what feeds it (a topic, a bus, a bucket). The sender also chooses the group and
deduplication ids of a FIFO queue and the trace header.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="sqs",
    title="an SQS message",
    fields=(
        FieldSpec("Records[].body", ("event", "json", "form")),
        FieldSpec("Records[].messageAttributes{}.stringValue", ("json",)),
        FieldSpec("Records[].messageAttributes{}.binaryValue", ("base64", "event", "json")),
        FieldSpec("Records[].messageAttributes{}.stringListValues[]"),
        FieldSpec("Records[].messageAttributes{}.binaryListValues[]", ("base64", "event", "json")),
        FieldSpec("Records[].messageAttributes{}.dataType"),
        FieldSpec("Records[].attributes.MessageGroupId"),
        FieldSpec("Records[].attributes.MessageDeduplicationId"),
        FieldSpec("Records[].attributes.AWSTraceHeader"),
    ),
    recognise=claims("sqs"),
    records="Records",
    record_id="messageId",
    platform=(
        "Records[].messageId",
        "Records[].receiptHandle",
        "Records[].md5OfBody",
        "Records[].eventSource",
        "Records[].eventSourceARN",
        "Records[].awsRegion",
        "Records[].attributes.ApproximateReceiveCount",
        "Records[].attributes.SentTimestamp",
        "Records[].attributes.SenderId",
        "Records[].attributes.ApproximateFirstReceiveTimestamp",
    ),
)
