"""CodeBuild: changes of state and phase, by EventBridge.

Fields as in https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html. Whoever may
start builds chooses source version, environment variables and names; phases quote what commands printed.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="codebuild",
    title="a build",
    fields=(
        FieldSpec("detail.**", ("event", "json")),
        FieldSpec("detail-type"),
        FieldSpec("source"),
        FieldSpec("resources[]"),
    ),
    recognise=claims("codebuild"),
)
