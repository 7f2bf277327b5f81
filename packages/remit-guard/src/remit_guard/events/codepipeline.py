"""CodePipeline: an invoke action.

Fields as in https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html. Whoever
may change the pipeline writes ``UserParameters``; who may push decides what the artifacts hold.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="codepipeline",
    title="a job of a pipeline",
    fields=(FieldSpec("**", ("json",)),),
    recognise=claims("codepipeline"),
)
