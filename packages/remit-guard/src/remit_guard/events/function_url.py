"""Lambda function URL: payload 2.0 without routes, so without ``pathParameters``.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html. Anyone writes them when the URL has no
authorization; with ``AWS_IAM`` the caller's identity is in ``requestContext.authorizer.iam``, written by the
platform.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.http_api import REQUEST_FIELDS, REQUEST_PLATFORM
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="function-url",
    title="a request to a function URL",
    fields=(
        *REQUEST_FIELDS,
        FieldSpec("requestContext.authorizer.iam.**", claim=True),
    ),
    recognise=claims("function-url"),
    responds=True,
    platform=REQUEST_PLATFORM,
)
