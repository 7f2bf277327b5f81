"""Azure Functions: RabbitMQ trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "rabbitMQTrigger", ``messages``, a list of
mappings (one without batching), each with ``body`` (text; ``body64``, base64, in its place when it is no UTF-8) and
``properties`` (basic properties and headers). Publishers write all of it
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-rabbitmq-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-rabbitmq",
    title="a RabbitMQ message (Azure)",
    fields=(
        FieldSpec("messages[].body", ("event", "json", "form")),
        FieldSpec("messages[].body64", ("base64", "event", "json")),
        FieldSpec("messages[].properties.**"),
    ),
    recognise=claims("azure-rabbitmq"),
    records="messages",
)
