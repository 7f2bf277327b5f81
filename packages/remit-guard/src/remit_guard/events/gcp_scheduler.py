"""Cloud Scheduler, by Eventarc: a constant of the job.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Whoever may change the job writes ``customData``
(https://cloud.google.com/scheduler/docs).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-scheduler",
    title="a job (Cloud Scheduler)",
    fields=(
        FieldSpec("data.customData", ("base64", "event", "json")),
        FieldSpec("customData", ("base64", "event", "json")),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-scheduler"),
)
