"""Firebase Remote Config: a new version of the template.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Whoever may change it writes description and names
(https://firebase.google.com/docs/functions/rc-events).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-remoteconfig",
    title="a change (Remote Config)",
    fields=(
        FieldSpec("data.description"),
        FieldSpec("description"),
        FieldSpec("data.updateUser.**"),
        FieldSpec("updateUser.**"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-remoteconfig"),
)
