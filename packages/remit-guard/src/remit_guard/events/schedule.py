"""EventBridge schedule rule: a constant event that no stranger writes in.

A schedule with its own input delivers that input bare, which looks like a direct invocation and is read as one.
"""

from remit_guard.core.source import EventSource
from remit_guard.events.shapes import is_schedule

SOURCE = EventSource(name="schedule", title="a schedule", fields=(), recognise=is_schedule)
