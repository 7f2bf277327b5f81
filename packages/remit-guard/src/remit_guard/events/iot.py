"""IoT: rules, buttons, 1-Click devices, provisioning hooks.

A rule (https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html) delivers what its SQL selects,
in most cases the device's message as it is: such an event looks like a direct invocation, or like whatever the device
wants. All of it is the device's.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="iot",
    title="a message of a device",
    fields=(FieldSpec("**", ("event", "json")),),
    recognise=claims("iot"),
)
