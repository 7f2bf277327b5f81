"""Step Functions: a task's input.

A task gets what its state machine passes on, which looks like a direct invocation, unless the context object
(https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html) or a caught error is passed on
with it. Whoever starts executions writes the input; results of earlier tasks carry what they read.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="step-functions",
    title="a task of a state machine",
    fields=(FieldSpec("**", ("event", "json")),),
    recognise=claims("step-functions"),
)
