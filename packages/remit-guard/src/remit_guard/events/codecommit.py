"""CodeCommit: a repository's trigger.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/services-codecommit.html. Whoever may push chooses the names
of branches and tags; custom data are the repository owner's.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="codecommit",
    title="a push",
    fields=(
        FieldSpec("Records[].codecommit.references[].ref"),
        FieldSpec("Records[].customData"),
        FieldSpec("Records[].userIdentityARN"),
    ),
    recognise=claims("codecommit"),
    records="Records",
)
