"""S3 Object Lambda: an object (or a list) on its way to a caller.

Fields as in https://docs.aws.amazon.com/AmazonS3/latest/userguide/olap-event-context.html. Whoever may read through
the access point writes path, query and headers of its request. ``inputS3Url`` and the tokens are S3's; so are session
details in ``userIdentity``, but for names chosen by whoever assumed the role.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="s3-object-lambda",
    title="a read through an access point",
    fields=(
        FieldSpec("userRequest.url", ("url",)),
        FieldSpec("userRequest.headers{}"),
        FieldSpec("userIdentity.sessionContext.**"),
    ),
    recognise=claims("s3-object-lambda"),
)
