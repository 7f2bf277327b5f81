"""Azure Functions: HTTP trigger.

The guard's adapter makes a mapping of the SDK's object: ``azureTrigger`` "httpTrigger", ``method``, ``url``,
``headers`` (mapping), ``params`` (query, mapping), ``routeParams`` (mapping), ``body`` (text; base64 with
``isBase64Encoded`` true when it is no UTF-8). Anyone who can reach the app writes all of it
(https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="azure-http",
    title="an HTTP request (Azure)",
    fields=(
        FieldSpec("body", ("base64?", "json", "form")),
        FieldSpec("params{}"),
        FieldSpec("routeParams{}"),
        FieldSpec("headers{}"),
        FieldSpec("url", ("url",)),
        FieldSpec("method"),
    ),
    recognise=claims("azure-http"),
    responds=True,
)
