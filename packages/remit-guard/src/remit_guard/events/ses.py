"""SES: receipt rules for mail that comes in, and notifications about mail that went out.

Fields as in https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html. Anyone who sends
mail writes its headers, addresses and subject; verdicts are SES's. The message itself is read by the function, or is
in ``content`` of a notification.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="ses",
    title="mail received",
    fields=(
        FieldSpec("Records[].ses.mail.source"),
        FieldSpec("Records[].ses.mail.destination[]"),
        FieldSpec("Records[].ses.mail.headers[].**"),
        FieldSpec("Records[].ses.mail.commonHeaders.**"),
        FieldSpec("Records[].ses.receipt.recipients[]"),
        FieldSpec("mail.**", ("json",)),
        FieldSpec("content", ("json",)),
        FieldSpec("receipt.recipients[]"),
        FieldSpec("bounce.**"),
        FieldSpec("complaint.**"),
        FieldSpec("click.**"),
        FieldSpec("open.**"),
    ),
    recognise=claims("ses"),
    records="Records",
)
