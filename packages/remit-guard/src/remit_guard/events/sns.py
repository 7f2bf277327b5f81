"""SNS topic: as delivered to a function (``Records[].Sns``) and as written into a queue (the bare envelope).

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html. Whoever may publish writes them. SNS
retries the whole delivery, so there is no partial batch answer. The addresses of certificate and unsubscription are
checked by nobody unless the function does.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="sns",
    title="an SNS notification",
    fields=(
        FieldSpec("Records[].Sns.Message", ("event", "json")),
        FieldSpec("Records[].Sns.Subject"),
        FieldSpec("Records[].Sns.MessageAttributes{}.Value", ("json",)),
        FieldSpec("Records[].Sns.MessageAttributes{}.Type"),
        FieldSpec("Message", ("event", "json")),
        FieldSpec("Subject"),
        FieldSpec("MessageAttributes{}.Value", ("json",)),
        FieldSpec("MessageAttributes{}.Type"),
    ),
    recognise=claims("sns"),
    records="Records",
    platform=(
        "Records[].EventSource",
        "Records[].EventVersion",
        "Records[].EventSubscriptionArn",
        "Records[].Sns.Type",
        "Records[].Sns.MessageId",
        "Records[].Sns.TopicArn",
        "Records[].Sns.Timestamp",
        "Records[].Sns.SignatureVersion",
        "Records[].Sns.Signature",
    ),
)
