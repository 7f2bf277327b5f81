"""SQS queue: a batch of messages.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html. The sender also chooses the group and
deduplication ids of a FIFO queue and the trace header.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import is_sqs

SOURCE = EventSource(
    name="sqs",
    title="an SQS message",
    fields=(
        FieldSpec("Records[].body", ("event", "json", "form")),
        FieldSpec("Records[].messageAttributes{}.stringValue", ("json",)),
        FieldSpec("Records[].messageAttributes{}.binaryValue", ("base64",)),
        FieldSpec("Records[].messageAttributes{}.stringListValues[]"),
        FieldSpec("Records[].messageAttributes{}.binaryListValues[]", ("base64",)),
        FieldSpec("Records[].messageAttributes{}.dataType"),
        FieldSpec("Records[].attributes.MessageGroupId"),
        FieldSpec("Records[].attributes.MessageDeduplicationId"),
        FieldSpec("Records[].attributes.AWSTraceHeader"),
    ),
    recognise=is_sqs,
    records="Records",
    record_id="messageId",
)
