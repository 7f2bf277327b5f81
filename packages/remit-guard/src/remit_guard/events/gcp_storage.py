"""Cloud Storage, by Eventarc: an object.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Whoever may write objects chooses name and metadata
(https://cloud.google.com/storage/docs/json_api/v1/objects).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-storage",
    title="an object (Cloud Storage)",
    fields=(
        FieldSpec("data.name"),
        FieldSpec("name"),
        FieldSpec("data.metadata{}"),
        FieldSpec("metadata{}"),
        FieldSpec("data.contentType"),
        FieldSpec("contentType"),
        FieldSpec("data.contentDisposition"),
        FieldSpec("contentDisposition"),
        FieldSpec("data.contentEncoding"),
        FieldSpec("contentEncoding"),
        FieldSpec("data.contentLanguage"),
        FieldSpec("contentLanguage"),
        FieldSpec("data.cacheControl"),
        FieldSpec("cacheControl"),
        FieldSpec("data.id"),
        FieldSpec("id"),
        FieldSpec("data.selfLink"),
        FieldSpec("selfLink"),
        FieldSpec("data.mediaLink"),
        FieldSpec("mediaLink"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-storage"),
)
