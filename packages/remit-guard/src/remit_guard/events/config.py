"""AWS Config: a custom rule that evaluates a changed resource.

Fields as in
https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html. The
changed resource, its names and tags, comes as a JSON text in ``invokingEvent``: whoever may change resources writes
it.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="config",
    title="a Config rule",
    fields=(
        FieldSpec("invokingEvent", ("event", "json")),
        FieldSpec("ruleParameters", ("json",)),
    ),
    recognise=claims("config"),
)
