"""API Gateway WebSocket API: connect, disconnect, messages.

Fields as in https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop.html. Whoever is
connected writes ``body``; headers and query come with the connect request. The route key may be cut out of the body.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="websocket",
    title="a message on a WebSocket",
    fields=(
        FieldSpec("body", ("base64?", "json", "form")),
        FieldSpec("headers{}"),
        FieldSpec("multiValueHeaders{}[]"),
        FieldSpec("queryStringParameters{}"),
        FieldSpec("multiValueQueryStringParameters{}[]"),
        FieldSpec("requestContext.routeKey"),
        FieldSpec("requestContext.disconnectReason"),
        FieldSpec("requestContext.identity.userAgent"),
        FieldSpec("requestContext.authorizer.**", claim=True),
    ),
    recognise=claims("websocket"),
    responds=True,
    platform=(
        "requestContext.apiId",
        "requestContext.requestId",
        "requestContext.extendedRequestId",
        "requestContext.messageId",
        "requestContext.connectionId",
        "requestContext.stage",
        "requestContext.domainName",
        "requestContext.eventType",
        "requestContext.messageDirection",
        "requestContext.identity.sourceIp",
        "requestContext.requestTime",
    ),
)
