"""S3 bucket notification.

Fields as in https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html. Whoever may write
objects chooses the key, which arrives URL-encoded with ``+`` for a blank. Object content is read by the function itself and is
not part of the event.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import is_s3

SOURCE = EventSource(
    name="s3",
    title="an S3 notification",
    fields=(FieldSpec("Records[].s3.object.key", ("url",)),),
    recognise=is_s3,
    records="Records",
)
