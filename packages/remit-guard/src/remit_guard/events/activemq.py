"""Amazon MQ for ActiveMQ: a batch of JMS messages.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html. Producers write the data (base64) and every
property; the broker writes ids and times.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="activemq",
    title="an ActiveMQ message",
    fields=(
        FieldSpec("messages[].data", ("base64", "event", "json")),
        FieldSpec("messages[].properties.**"),
        FieldSpec("messages[].correlationId"),
        FieldSpec("messages[].replyTo"),
        FieldSpec("messages[].type"),
    ),
    recognise=claims("activemq"),
    records="messages",
    platform=(
        "eventSourceArn",
        "messages[].messageID",
    ),
)
