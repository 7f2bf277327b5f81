"""CodeDeploy: a lifecycle hook of a deployment.

Fields as in https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html.
CodeDeploy writes both ids; there is nothing else in it.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="codedeploy",
    title="a deployment hook",
    fields=(
        FieldSpec("DeploymentId"),
        FieldSpec("LifecycleEventHookExecutionId"),
    ),
    recognise=claims("codedeploy"),
)
