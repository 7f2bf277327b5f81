"""API Gateway HTTP API, payload format 2.0.

Fields as in https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
Anyone who can reach the API writes them. ``sourceIp`` and the request ids are written by the gateway; ``rawPath`` and
``pathParameters`` arrive decoded once; claims are vouched for by the authorizer, if there is one.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

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
REQUEST_PLATFORM = (
    "requestContext.accountId",
    "requestContext.apiId",
    "requestContext.domainName",
    "requestContext.domainPrefix",
    "requestContext.requestId",
    "requestContext.http.sourceIp",
    "requestContext.routeKey",
    "requestContext.stage",
    "requestContext.time",
    "routeKey",
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
        FieldSpec("requestContext.authorizer.iam.**", claim=True),
    ),
    recognise=claims("http-api"),
    responds=True,
    platform=REQUEST_PLATFORM,
)
