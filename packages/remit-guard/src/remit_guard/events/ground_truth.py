"""SageMaker Ground Truth: before and after a task for people.

Fields as in https://docs.aws.amazon.com/sagemaker/latest/dg/sms-custom-templates-step3-lambda-requirements.html. What
is to be labelled came from the owner of the data set; answers from workers.
"""

from remit_guard.core.source import EventSource, FieldSpec
from remit_guard.events.shapes import claims

SOURCE = EventSource(
    name="ground-truth",
    title="a labelling task",
    fields=(
        FieldSpec("dataObject.**"),
        FieldSpec("payload.**"),
        FieldSpec("labelAttributeName"),
    ),
    recognise=claims("ground-truth"),
)
