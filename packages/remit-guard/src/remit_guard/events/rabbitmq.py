"""Amazon MQ for RabbitMQ: messages by queue and virtual host.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html. Publishers write the data (base64), the
headers (byte numbers) and the basic properties, reply-to and user id among them.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="rabbitmq",
    title="a RabbitMQ message",
    fields=(
        FieldSpec("rmqMessagesByQueue{}[].data", ("base64", "event", "json")),
        FieldSpec("rmqMessagesByQueue{}[].basicProperties.**", ("bytes", "event", "json")),
    ),
    recognise=claims("rabbitmq"),
)
