"""Connect: a contact flow that asks a function.

Fields as in https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html. Callers and writers
of chats choose attributes, their address and what they typed.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="connect",
    title="a contact",
    fields=(
        FieldSpec("Details.ContactData.Attributes.**"),
        FieldSpec("Details.ContactData.CustomerEndpoint.**"),
        FieldSpec("Details.ContactData.Name"),
        FieldSpec("Details.ContactData.Description"),
        FieldSpec("Details.ContactData.References.**"),
        FieldSpec("Details.ContactData.SegmentAttributes.**"),
        FieldSpec("Details.Parameters.**"),
    ),
    recognise=claims("connect"),
)
