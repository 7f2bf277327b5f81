"""Azure Functions: storage queue trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "queueTrigger", ``messages``, a list of
mappings (one without batching), each with ``body`` (text; ``body64``, base64, in its place when it is no UTF-8),
``id``, ``dequeueCount``, ``insertionTime``, ``expirationTime``, ``popReceipt``. Whoever may add messages writes the
body (https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-queue",
    title="a queue message (Azure)",
    fields=(
        FieldSpec("messages[].body", ("event", "json", "form")),
        FieldSpec("messages[].body64", ("base64", "event", "json")),
    ),
    recognise=claims("azure-queue"),
    records="messages",
)
