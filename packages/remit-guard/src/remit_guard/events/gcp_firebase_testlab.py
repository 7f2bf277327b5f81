"""Firebase Test Lab: a finished test matrix.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Whoever may start tests chooses client details and places of results
(https://firebase.google.com/docs/functions/test-lab-events).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-firebase-testlab",
    title="a test matrix (Firebase)",
    fields=(
        FieldSpec("data.clientInfo.**"),
        FieldSpec("clientInfo.**"),
        FieldSpec("data.client_info.**"),
        FieldSpec("client_info.**"),
        FieldSpec("data.resultStorage.**"),
        FieldSpec("resultStorage.**"),
        FieldSpec("data.invalidMatrixDetails"),
        FieldSpec("invalidMatrixDetails"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-firebase-testlab"),
)
