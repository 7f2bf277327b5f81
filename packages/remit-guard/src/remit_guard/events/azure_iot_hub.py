"""Azure Functions: messages of devices, through the Event Hubs endpoint of an IoT hub.

The same mapping as of an event hub (see ``azure-event-hubs``), told by "iothub-connection-device-id" in
``systemProperties`` (https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-iot-trigger). The
device writes body and properties; the hub vouches for the device's id.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-iot-hub",
    title="a message of a device (Azure)",
    fields=(
        FieldSpec("messages[].body", ("event", "json", "form")),
        FieldSpec("messages[].body64", ("base64", "event", "json")),
        FieldSpec("messages[].properties.**", ("json",)),
        FieldSpec("messages[].partitionKey"),
    ),
    recognise=claims("azure-iot-hub"),
    records="messages",
)
