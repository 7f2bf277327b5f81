"""Azure Functions: orchestrations, activities and entities.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "orchestrationTrigger", "activityTrigger" or
"entityTrigger", ``input`` (a JSON value or text), ``instanceId``, and of orchestrations ``history``. Inputs are what
the starter passed on, external events what callers raised; instance ids are often theirs
(https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-bindings).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-durable",
    title="a durable function (Azure)",
    fields=(
        FieldSpec("input.**", ("event", "json")),
        FieldSpec("instanceId"),
        FieldSpec("history.**", ("event", "json")),
    ),
    recognise=claims("azure-durable"),
)
