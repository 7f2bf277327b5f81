"""Cloud Functions and Cloud Run: HTTP.

The guard's adapter makes a mapping of the framework's request: ``gcpTrigger`` "http", ``method``, ``url``, ``path``,
``headers`` (mapping), ``query`` (mapping of lists), ``cookies`` (mapping), ``body`` (text; base64 with
``isBase64Encoded`` true when it is no UTF-8). Anyone who can reach the service writes all of it
(https://cloud.google.com/functions/docs/writing/write-http-functions).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-http",
    title="an HTTP request (Google Cloud)",
    fields=(
        FieldSpec("body", ("base64?", "json", "form")),
        FieldSpec("query{}[]"),
        FieldSpec("cookies{}"),
        FieldSpec("headers{}"),
        FieldSpec("url", ("url",)),
        FieldSpec("path"),
        FieldSpec("method"),
    ),
    recognise=claims("gcp-http"),
    responds=True,
)
