"""Azure Functions: SQL and MySQL triggers, change tracking.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "sqlTrigger" or "mysqlTrigger", ``changes``,
a list of mappings with ``Operation`` and ``Item`` (the row). What a stranger put into a row comes back here
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-azure-sql-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-sql",
    title="changed rows (Azure)",
    fields=(FieldSpec("changes[].Item.**", ("event", "json")),),
    recognise=claims("azure-sql"),
    records="changes",
)
