"""Firebase Alerts: crashes, performance, budgets, test devices.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Crash titles quote what an app threw; names and addresses of testers
are theirs (https://firebase.google.com/docs/functions/alert-events).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-alerts",
    title="an alert (Firebase)",
    fields=(
        FieldSpec("data.payload.**"),
        FieldSpec("payload.**"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-alerts"),
)
