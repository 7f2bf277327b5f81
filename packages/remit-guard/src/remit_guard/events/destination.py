"""Lambda destination: the record of an asynchronous invocation, or of a batch that was given up.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html. ``requestPayload`` is
the event of the other function as it was, ``responsePayload`` what came of it; both hold what that event's sender
wrote.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="destination",
    title="the result of another invocation",
    fields=(
        FieldSpec("requestPayload.**", ("event", "json")),
        FieldSpec("responsePayload.**", ("event", "json")),
    ),
    recognise=claims("destination"),
)
