"""Azure Functions: any trigger that has no module of its own (warm-up, assistant skills, custom extensions).

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` the type as ``function.json`` has it,
``data`` (a JSON value or text) and ``metadata``. Each leaf is untrusted.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-other",
    title="another trigger (Azure)",
    fields=(
        FieldSpec("data.**", ("event", "json")),
        FieldSpec("metadata.**", ("event", "json")),
    ),
    recognise=claims("azure-other"),
)
