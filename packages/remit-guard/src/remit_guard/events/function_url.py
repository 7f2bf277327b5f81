"""Lambda function URL: payload 2.0 without routes, so without ``pathParameters``.

Fields as in https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html. With ``AWS_IAM`` the caller's identity is
in ``requestContext.authorizer.iam``, written by the platform.
"""

from remit_guard.core.source import EventSource
from remit_guard.events.http_api import REQUEST_FIELDS
from remit_guard.events.shapes import is_function_url

SOURCE = EventSource(
    name="function-url",
    title="a request to a function URL",
    fields=REQUEST_FIELDS,
    recognise=is_function_url,
    responds=True,
)
