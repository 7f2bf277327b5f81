"""CloudFormation: custom resources, macros and hooks.

Fields as in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requests.html. Whoever
may deploy writes the properties, the fragment and the parameters. ``ResponseURL``, where the answer is put, is
CloudFormation's, unless the event is an imitation.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="custom-resource",
    title="a custom resource",
    fields=(
        FieldSpec("ResourceProperties.**"),
        FieldSpec("OldResourceProperties.**"),
        FieldSpec("PhysicalResourceId"),
        FieldSpec("LogicalResourceId"),
        FieldSpec("fragment.**"),
        FieldSpec("params.**"),
        FieldSpec("templateParameterValues.**"),
        FieldSpec("requestData.**"),
    ),
    recognise=claims("custom-resource"),
)
