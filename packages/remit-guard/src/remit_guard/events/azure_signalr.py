"""Azure Functions: SignalR Service trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "signalRTrigger" and ``context``, the
invocation context as the service sends it (``Arguments``, ``UserId``, ``ConnectionId``, ``Headers``, ``Query``,
``Claims``, ``Error``, ``Event``). Clients write arguments, headers and query; claims were vouched for when they
connected (https://learn.microsoft.com/azure/azure-functions/functions-bindings-signalr-service-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-signalr",
    title="a SignalR message (Azure)",
    fields=(
        FieldSpec("context.Arguments.**", ("json",)),
        FieldSpec("context.Headers{}"),
        FieldSpec("context.Query.**"),
        FieldSpec("context.UserId"),
        FieldSpec("context.Error"),
        FieldSpec("context.Event"),
        FieldSpec("context.Claims.**", claim=True),
    ),
    recognise=claims("azure-signalr"),
)
