"""API Gateway REST API, proxy integration (payload 1.0).

Fields as in https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html.
Anyone who can reach the API writes them. ``path`` and ``requestContext.path`` carry the caller's path; ``resource``
is the template's route. ``stageVariables`` are the owner's. A non-proxy integration hands over what its mapping
makes: a direct invocation.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="rest-api",
    title="a request to a REST API",
    fields=(
        FieldSpec("body", ("base64?", "json", "form")),
        FieldSpec("queryStringParameters{}"),
        FieldSpec("multiValueQueryStringParameters{}[]"),
        FieldSpec("headers{}"),
        FieldSpec("multiValueHeaders{}[]"),
        FieldSpec("pathParameters{}"),
        FieldSpec("path"),
        FieldSpec("httpMethod"),
        FieldSpec("requestContext.path"),
        FieldSpec("requestContext.httpMethod"),
        FieldSpec("requestContext.protocol"),
        FieldSpec("requestContext.identity.userAgent"),
        FieldSpec("requestContext.authorizer.**", claim=True),
    ),
    recognise=claims("rest-api"),
    responds=True,
    platform=(
        "requestContext.accountId",
        "requestContext.apiId",
        "requestContext.resourceId",
        "requestContext.requestId",
        "requestContext.extendedRequestId",
        "requestContext.stage",
        "requestContext.domainName",
        "requestContext.domainPrefix",
        "requestContext.identity.sourceIp",
        "requestContext.requestTime",
    ),
)
