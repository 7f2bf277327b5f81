"""Cloud Audit Logs, by Eventarc: a recorded call.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Callers choose the request, the names of resources and the user agent
(https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-audit-log",
    title="an audit log entry",
    fields=(
        FieldSpec("data.protoPayload.**", ("json",)),
        FieldSpec("protoPayload.**", ("json",)),
        FieldSpec("data.resource.**"),
        FieldSpec("resource.**"),
        FieldSpec("data.labels{}"),
        FieldSpec("labels{}"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-audit-log"),
)
