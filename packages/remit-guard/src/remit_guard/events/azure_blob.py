"""Azure Functions: blob trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "blobTrigger", ``name`` ("container/path"),
``uri``, ``length``, ``blobProperties``, ``metadata`` (mappings), ``bindings`` (parts of the path by name). The
content is read by the function itself. Whoever may write blobs chooses path and metadata
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-blob",
    title="a blob (Azure)",
    fields=(
        FieldSpec("name"),
        FieldSpec("uri", ("url",)),
        FieldSpec("metadata{}"),
        FieldSpec("bindings{}"),
        FieldSpec("blobProperties.**"),
    ),
    recognise=claims("azure-blob"),
)
