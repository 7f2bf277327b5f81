"""WorkMail: a message that a rule hands to a function.

Fields as in https://docs.aws.amazon.com/workmail/latest/adminguide/lambda.html. Anyone who sends mail writes subject,
sender and envelope.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="workmail",
    title="a WorkMail message",
    fields=(
        FieldSpec("subject"),
        FieldSpec("sender.**"),
        FieldSpec("envelope.**"),
    ),
    recognise=claims("workmail"),
)
