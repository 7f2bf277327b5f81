"""EventBridge schedule rule: a constant event that no stranger writes in.

A schedule with its own input delivers that input bare, which looks like a direct invocation and is read as one. The
shape is easy to imitate where a function takes bare payloads as well, so the guard takes its leaves like any others.
"""

from remit_guard.core.source import EventSource
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="schedule",
    title="a schedule",
    fields=(),
    recognise=claims("schedule"),
)
