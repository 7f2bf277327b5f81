"""Firebase Data Connect: an executed mutation.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Callers of the mutation choose its variables; its data are what they
wrote (https://firebase.google.com/docs/data-connect).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-dataconnect",
    title="a mutation (Data Connect)",
    fields=(
        FieldSpec("data.payload.**", ("json",)),
        FieldSpec("payload.**", ("json",)),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-dataconnect"),
)
