"""Azure Functions: Service Bus trigger, queue or topic.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "serviceBusTrigger", ``messages``, a list of
mappings (one without batching), each with ``body`` (text; ``body64``, base64, in its place when it is no UTF-8),
``messageId``, ``applicationProperties`` (mapping), ``subject``, ``correlationId``, ``sessionId``, ``replyTo``,
``to``, ``contentType``. Senders write all of it
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-service-bus",
    title="a Service Bus message (Azure)",
    fields=(
        FieldSpec("messages[].body", ("event", "json", "form")),
        FieldSpec("messages[].body64", ("base64", "event", "json")),
        FieldSpec("messages[].applicationProperties.**", ("json",)),
        FieldSpec("messages[].subject"),
        FieldSpec("messages[].correlationId"),
        FieldSpec("messages[].sessionId"),
        FieldSpec("messages[].replyTo"),
        FieldSpec("messages[].to"),
        FieldSpec("messages[].contentType"),
        FieldSpec("messages[].messageId"),
    ),
    recognise=claims("azure-service-bus"),
    records="messages",
)
