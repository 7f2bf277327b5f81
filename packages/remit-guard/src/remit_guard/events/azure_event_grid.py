"""Azure Event Grid: the trigger, its own schema and CloudEvents posted to a web hook, the validation handshake.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "eventGridTrigger" and the event's own names
(``id``, ``topic``, ``subject``, ``eventType``, ``data``, ...). Sources pass on what their users chose (a blob's
path); a custom topic's publishers write all of it. ``data.validationUrl`` of the handshake is to be called only when
it is Event Grid's (https://learn.microsoft.com/azure/event-grid/event-schema).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-event-grid",
    title="an Event Grid event (Azure)",
    fields=(
        FieldSpec("data.**", ("event", "json")),
        FieldSpec("subject"),
        FieldSpec("eventType"),
        FieldSpec("type"),
        FieldSpec("topic"),
        FieldSpec("source"),
        FieldSpec("id"),
    ),
    recognise=claims("azure-event-grid"),
)
