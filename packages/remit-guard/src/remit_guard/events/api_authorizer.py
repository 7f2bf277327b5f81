"""Lambda authorizers: REST (token, request), HTTP and WebSocket API, AppSync and IoT Core.

Fields as in https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html,
https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html and
https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth-lambda.html. Nobody is known yet: anyone writes all
of it, the path at the end of ``methodArn`` and ``routeArn`` included.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="api-authorizer",
    title="a request that asks for authorization",
    fields=(
        FieldSpec("authorizationToken"),
        FieldSpec("identitySource"),
        FieldSpec("methodArn"),
        FieldSpec("routeArn"),
        FieldSpec("headers{}"),
        FieldSpec("multiValueHeaders{}[]"),
        FieldSpec("queryStringParameters{}"),
        FieldSpec("multiValueQueryStringParameters{}[]"),
        FieldSpec("pathParameters{}"),
        FieldSpec("path"),
        FieldSpec("rawPath"),
        FieldSpec("rawQueryString", ("url",)),
        FieldSpec("cookies[]"),
        FieldSpec("httpMethod"),
        FieldSpec("requestContext.path"),
        FieldSpec("requestContext.http.path"),
        FieldSpec("requestContext.http.userAgent"),
        FieldSpec("requestContext.identity.userAgent"),
        FieldSpec("requestContext.queryString"),
        FieldSpec("requestContext.operationName"),
        FieldSpec("requestContext.variables.**"),
        FieldSpec("requestHeaders{}"),
        FieldSpec("token"),
        FieldSpec("protocolData.http.headers{}"),
        FieldSpec("protocolData.http.queryString", ("url",)),
        FieldSpec("protocolData.mqtt.username"),
        FieldSpec("protocolData.mqtt.password", ("base64", "event", "json")),
        FieldSpec("protocolData.mqtt.clientId"),
        FieldSpec("protocolData.tls.serverName"),
    ),
    recognise=claims("api-authorizer"),
)
