"""Azure Functions: Kafka trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "kafkaTrigger", ``messages``, a list of
mappings (one without batching), each with ``body`` (text; ``body64``, base64, in its place when it is no UTF-8),
``key``, ``headers`` (list of mappings with ``Key`` and ``Value``), ``topic``, ``partition``, ``offset``,
``timestamp``. Producers write body, key and headers
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-kafka-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-kafka",
    title="a Kafka record (Azure)",
    fields=(
        FieldSpec("messages[].body", ("event", "json", "form")),
        FieldSpec("messages[].body64", ("base64", "event", "json")),
        FieldSpec("messages[].key", ("json",)),
        FieldSpec("messages[].headers[].**", ("base64", "event", "json")),
    ),
    recognise=claims("azure-kafka"),
    records="messages",
)
