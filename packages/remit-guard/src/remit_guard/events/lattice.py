"""VPC Lattice service with the function as a target, event structure version 1 and 2.

Fields as in https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html. Whoever is let into the service
network writes them. ``requestContext.identity`` is written by the service; header values of version 2 are lists.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="lattice",
    title="a request through VPC Lattice",
    fields=(
        FieldSpec("body", ("base64?", "json", "form")),
        FieldSpec("headers{}"),
        FieldSpec("queryStringParameters{}"),
        FieldSpec("query_string_parameters{}"),
        FieldSpec("raw_path"),
        FieldSpec("path"),
        FieldSpec("method"),
        FieldSpec("requestContext.identity.**"),
    ),
    recognise=claims("lattice"),
    responds=True,
)
