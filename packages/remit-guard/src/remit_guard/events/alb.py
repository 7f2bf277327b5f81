"""Application Load Balancer with the function as its target.

Fields as in https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html. Anyone who can
reach the listener writes them; query and path arrive as they were sent, percent-encoded.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="alb",
    title="a request through a load balancer",
    fields=(
        FieldSpec("body", ("base64?", "json", "form")),
        FieldSpec("queryStringParameters{}", ("url",)),
        FieldSpec("multiValueQueryStringParameters{}[]", ("url",)),
        FieldSpec("headers{}"),
        FieldSpec("multiValueHeaders{}[]"),
        FieldSpec("path", ("url",)),
        FieldSpec("httpMethod"),
    ),
    recognise=claims("alb"),
    responds=True,
    platform=("requestContext.elb.targetGroupArn",),
)
