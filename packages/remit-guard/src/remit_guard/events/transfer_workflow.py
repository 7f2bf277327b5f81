"""Transfer Family: a custom step of a workflow.

Fields as in https://docs.aws.amazon.com/transfer/latest/userguide/custom-step-details.html. Whoever may upload
chooses the key and the user's folder.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="transfer-workflow",
    title="a step of an upload",
    fields=(
        FieldSpec("fileLocation.key"),
        FieldSpec("fileLocation.path"),
        FieldSpec("serviceMetadata.transferDetails.userName"),
    ),
    recognise=claims("transfer-workflow"),
)
