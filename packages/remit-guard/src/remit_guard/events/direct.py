"""Direct invocation, and every shape we do not know: each leaf is untrusted."""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import is_direct

SOURCE = EventSource(
    name="direct",
    title="a direct invocation",
    fields=(FieldSpec("**", ("event", "json")),),
    recognise=is_direct,
    responds=True,
)
