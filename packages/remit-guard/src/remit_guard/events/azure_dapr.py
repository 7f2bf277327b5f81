"""Azure Functions: Dapr service invocation, input binding and topic triggers.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "daprServiceInvocationTrigger",
"daprBindingTrigger" or "daprTopicTrigger", and ``data`` (a JSON value or a text; of a topic, a CloudEvent). Callers
and publishers write it (https://learn.microsoft.com/azure/azure-functions/functions-bindings-dapr).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-dapr",
    title="a Dapr call (Azure)",
    fields=(FieldSpec("data.**", ("event", "json")),),
    recognise=claims("azure-dapr"),
)
