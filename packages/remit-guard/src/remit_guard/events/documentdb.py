"""DocumentDB change stream: changed documents in extended JSON.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html. What a stranger put into a document
comes back here.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="documentdb",
    title="a DocumentDB change",
    fields=(
        FieldSpec("events[].event.fullDocument.**", ("event", "json")),
        FieldSpec("events[].event.documentKey.**", ("json",)),
        FieldSpec("events[].event.updateDescription.**", ("event", "json")),
    ),
    recognise=claims("documentdb"),
    records="events",
)
