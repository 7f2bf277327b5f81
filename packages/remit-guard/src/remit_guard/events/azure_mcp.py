"""Azure Functions: MCP tool, resource and prompt triggers.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "mcpToolTrigger" ("mcpResourceTrigger",
"mcpPromptTrigger"), ``name``, ``arguments`` (mapping), ``uri``, ``sessionid``, ``transport`` (mapping with headers).
A model chose the arguments, led by every text it read
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-mcp-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-mcp",
    title="a tool call (Azure)",
    fields=(
        FieldSpec("arguments.**", ("json",)),
        FieldSpec("name"),
        FieldSpec("uri", ("url",)),
        FieldSpec("sessionid"),
        FieldSpec("transport.**"),
    ),
    recognise=claims("azure-mcp"),
)
