"""Azure Functions: Web PubSub trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "webPubSubTrigger", ``data`` (text;
``data64``, base64, when it is no UTF-8), ``dataType``, ``connectionContext`` (mapping), ``request`` (of connect
events: ``query``, ``headers``, ``claims``, ``subprotocols``), ``reason``. Clients write data, query and headers
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-web-pubsub-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-web-pubsub",
    title="a Web PubSub message (Azure)",
    fields=(
        FieldSpec("data", ("event", "json", "form")),
        FieldSpec("data64", ("base64", "event", "json")),
        FieldSpec("request.query.**"),
        FieldSpec("request.headers.**"),
        FieldSpec("request.subprotocols[]"),
        FieldSpec("request.claims.**", claim=True),
        FieldSpec("connectionContext.**"),
        FieldSpec("reason"),
    ),
    recognise=claims("azure-web-pubsub"),
)
