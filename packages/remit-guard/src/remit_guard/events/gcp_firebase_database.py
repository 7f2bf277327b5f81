"""Firebase Realtime Database: a change.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Clients write data and paths, as far as rules let them
(https://firebase.google.com/docs/functions/database-events).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-database",
    title="a change (Realtime Database)",
    fields=(
        FieldSpec("data.**", ("json",)),
        FieldSpec("delta.**", ("json",)),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-database"),
)
