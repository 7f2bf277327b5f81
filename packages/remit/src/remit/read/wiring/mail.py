"""Mail that SES receives."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, each, whole

TYPES = ("AWS::SES::ReceiptRule",)
_ACTIONS = (
    ("LambdaAction", "FunctionArn"),
    ("SNSAction", "TopicArn"),
    ("S3Action", "BucketName"),
    ("S3Action", "TopicArn"),
    ("LambdaAction", "TopicArn"),
    ("BounceAction", "TopicArn"),
)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The triggers of one rule: strangers write the mail."""
    who = (Sender.ANYONE, "whoever sends mail to it")
    for action in each(item.properties.at("Rule", "Actions")):
        for path in _ACTIONS:
            yield from attach(draft, action.get(*path), whole(item), "ses", f"mail through {item.id}", who)
