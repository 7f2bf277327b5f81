"""Firestore and Datastore, by Eventarc: a changed document.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. What a stranger put into a document comes back here, field names
included (https://cloud.google.com/eventarc/docs/cloudevents).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firestore",
    title="a changed document (Firestore)",
    fields=(
        FieldSpec("data.value.**", ("event", "json")),
        FieldSpec("value.**", ("event", "json")),
        FieldSpec("data.oldValue.**", ("event", "json")),
        FieldSpec("oldValue.**", ("event", "json")),
        FieldSpec("data.updateMask.fieldPaths[]"),
        FieldSpec("updateMask.fieldPaths[]"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firestore"),
)
