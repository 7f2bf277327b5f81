"""CloudWatch Logs subscription: gzip and base64 around log lines.

Fields as in https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html. Whoever can make an
application log something writes the messages: requests, user agents, names. Messages may be JSON, and events again.
The same data come, out of their envelope, through Kinesis and Firehose.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="logs",
    title="log data",
    fields=(
        FieldSpec("awslogs.data", ("base64", "event", "json")),
        FieldSpec("logEvents[].message", ("event", "json")),
        FieldSpec("logEvents[].extractedFields.**", ("json",)),
        FieldSpec("logStream"),
    ),
    recognise=claims("logs"),
)
