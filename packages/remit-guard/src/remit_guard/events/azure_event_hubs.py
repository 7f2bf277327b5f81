"""Azure Functions: Event Hubs trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "eventHubTrigger", ``messages``, a list of
mappings (one without batching), each with ``body`` (text; ``body64``, base64, in its place when it is no UTF-8),
``properties`` (mapping), ``partitionKey``, ``systemProperties`` (mapping), ``sequenceNumber``, ``offset``,
``enqueuedTime``. Producers write body, properties and key
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-event-hubs",
    title="an event of an event hub (Azure)",
    fields=(
        FieldSpec("messages[].body", ("event", "json", "form")),
        FieldSpec("messages[].body64", ("base64", "event", "json")),
        FieldSpec("messages[].properties.**", ("json",)),
        FieldSpec("messages[].partitionKey"),
    ),
    recognise=claims("azure-event-hubs"),
    records="messages",
)
