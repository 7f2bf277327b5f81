"""Azure Functions: Cosmos DB trigger, the change feed.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "cosmosDBTrigger", ``documents``, a list of
mappings. What a stranger put into a document comes back here
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-cosmosdb-v2-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-cosmos",
    title="changed documents (Azure)",
    fields=(FieldSpec("documents[].**", ("event", "json")),),
    recognise=claims("azure-cosmos"),
    records="documents",
)
