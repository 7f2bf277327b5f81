"""CloudTrail: records of API calls, by EventBridge or as a log file's content.

Fields as in
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html. Whoever
makes a call chooses its parameters and user agent, session names, and the user name of a failed sign-in; a refused
call is recorded as well.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cloudtrail",
    title="a recorded call",
    fields=(
        FieldSpec("detail.**", ("event", "json")),
        FieldSpec("detail-type"),
        FieldSpec("resources[]"),
        FieldSpec("userAgent"),
        FieldSpec("userIdentity.**"),
        FieldSpec("requestParameters.**", ("json",)),
        FieldSpec("responseElements.**", ("json",)),
        FieldSpec("errorMessage"),
        FieldSpec("additionalEventData.**"),
        FieldSpec("Records[].userAgent"),
        FieldSpec("Records[].userIdentity.**"),
        FieldSpec("Records[].requestParameters.**", ("json",)),
        FieldSpec("Records[].responseElements.**", ("json",)),
        FieldSpec("Records[].errorMessage"),
        FieldSpec("Records[].additionalEventData.**"),
    ),
    recognise=claims("cloudtrail"),
)
