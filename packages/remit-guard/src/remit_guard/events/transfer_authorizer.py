"""Transfer Family: a custom identity provider.

Fields as in https://docs.aws.amazon.com/transfer/latest/userguide/custom-lambda-idp.html. Nobody is known yet: anyone
writes user name and password.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="transfer-authorizer",
    title="a sign-in to a file server",
    fields=(
        FieldSpec("username"),
        FieldSpec("password"),
        FieldSpec("protocol"),
        FieldSpec("serverId"),
    ),
    recognise=claims("transfer-authorizer"),
)
