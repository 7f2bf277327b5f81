"""Lambda@Edge: viewer and origin requests and responses.

Fields as in https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html. Anyone
writes the request; of a response, the origin writes the headers. The body comes as base64 when the association
includes it.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="cloudfront",
    title="a request at the edge",
    fields=(
        FieldSpec("Records[].cf.request.uri"),
        FieldSpec("Records[].cf.request.querystring", ("url",)),
        FieldSpec("Records[].cf.request.method"),
        FieldSpec("Records[].cf.request.headers{}[].value"),
        FieldSpec("Records[].cf.request.headers{}[].key"),
        FieldSpec("Records[].cf.request.body.data", ("base64", "json", "form")),
        FieldSpec("Records[].cf.response.headers{}[].value"),
        FieldSpec("Records[].cf.response.statusDescription"),
    ),
    recognise=claims("cloudfront"),
    records="Records",
    platform=(
        "Records[].cf.config.distributionDomainName",
        "Records[].cf.config.distributionId",
        "Records[].cf.config.eventType",
        "Records[].cf.config.requestId",
        "Records[].cf.request.clientIp",
    ),
)
