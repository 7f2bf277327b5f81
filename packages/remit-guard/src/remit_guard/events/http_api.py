"""API Gateway HTTP API, payload format 2.0.

Fields as in https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
``sourceIp`` and the request ids are written by the gateway; ``rawPath`` and ``pathParameters`` arrive decoded once.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import is_http_api

#: Shared with function URLs, which have the same payload.
REQUEST_FIELDS = (
    FieldSpec("body", ("base64?", "json", "form")),
    FieldSpec("queryStringParameters{}"),
    FieldSpec("rawQueryString", ("url",)),
    FieldSpec("headers{}"),
    FieldSpec("cookies[]"),
    FieldSpec("rawPath"),
    FieldSpec("requestContext.http.path"),
    FieldSpec("requestContext.http.method"),
    FieldSpec("requestContext.http.userAgent"),
    FieldSpec("requestContext.http.protocol"),
)

SOURCE = EventSource(
    name="http-api",
    title="a request to an HTTP API",
    fields=(
        *REQUEST_FIELDS,
        FieldSpec("pathParameters{}"),
        FieldSpec("requestContext.authorizer.jwt.claims{}", claim=True),
        FieldSpec("requestContext.authorizer.jwt.scopes[]", claim=True),
        FieldSpec("requestContext.authorizer.lambda.**", claim=True),
    ),
    recognise=is_http_api,
    responds=True,
)
