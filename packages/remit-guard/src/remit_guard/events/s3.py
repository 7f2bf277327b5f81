"""S3 bucket notification, and the test event S3 sends once.

Fields as in https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html. Whoever may
write objects chooses the key, which arrives URL-encoded with ``+`` for a blank. Object content is read by the
function itself and is not part of the event.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="s3",
    title="an S3 notification",
    fields=(FieldSpec("Records[].s3.object.key", ("url",)),),
    recognise=claims("s3"),
    records="Records",
    platform=(
        "Records[].eventVersion",
        "Records[].eventSource",
        "Records[].awsRegion",
        "Records[].eventTime",
        "Records[].eventName",
        "Records[].userIdentity.principalId",
        "Records[].requestParameters.sourceIPAddress",
        "Records[].responseElements.x-amz-request-id",
        "Records[].responseElements.x-amz-id-2",
        "Records[].s3.s3SchemaVersion",
        "Records[].s3.configurationId",
        "Records[].s3.bucket.name",
        "Records[].s3.bucket.arn",
        "Records[].s3.bucket.ownerIdentity.principalId",
        "Records[].s3.object.eTag",
        "Records[].s3.object.sequencer",
    ),
)
