"""Cloud Build, by Eventarc or Pub/Sub: a build.

Binary CloudEvents are ``data`` with the attributes beside it, as ``cloudevents`` and the framework give them; the
bare data of older functions are read as well. Whoever may push or start builds chooses branches, tags, substitutions
and steps (https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds).
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="gcp-cloud-build",
    title="a build (Cloud Build)",
    fields=(
        FieldSpec("data.substitutions{}"),
        FieldSpec("substitutions{}"),
        FieldSpec("data.source.**"),
        FieldSpec("source.**"),
        FieldSpec("data.tags[]"),
        FieldSpec("tags[]"),
        FieldSpec("data.images[]"),
        FieldSpec("images[]"),
        FieldSpec("data.steps[].**"),
        FieldSpec("steps[].**"),
        FieldSpec("data.results.**"),
        FieldSpec("results.**"),
        FieldSpec("data.artifacts.**"),
        FieldSpec("artifacts.**"),
        FieldSpec("data.sourceProvenance.**"),
        FieldSpec("sourceProvenance.**"),
        FieldSpec("data.options.**"),
        FieldSpec("options.**"),
        FieldSpec("data.statusDetail"),
        FieldSpec("statusDetail"),
        FieldSpec("subject"),
    ),
    recognise=claims("gcp-cloud-build"),
)
