"""Azure Functions: timer trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "timerTrigger", ``pastDue`` (truth value),
``schedule`` and ``scheduleStatus`` as the host gives them. No stranger writes in it.
"""

from remit_guard.core.source import EventSource
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-timer",
    title="a timer (Azure)",
    fields=(),
    recognise=claims("azure-timer"),
)
