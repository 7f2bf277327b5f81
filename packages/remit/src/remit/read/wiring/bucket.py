"""Notifications of S3 buckets, as CloudFormation has them, as the CDK's custom resource does, and apart from the bucket."""

from collections.abc import Iterator

from remit.app.model import Trigger
from remit.app.node import Node
from remit.app.value import Ref, Value
from remit.read.draft import Declared, Draft, label
from remit.read.wiring.attach import attach, default_sender, each

TYPES = ("AWS::S3::Bucket", "AWS::S3::BucketNotification", "Custom::S3BucketNotifications")
#: Lists of notifications, and what names the receiver in each: CloudFormation's words, then the API's.
_LISTS = (
    ("LambdaConfigurations", "Function"),
    ("QueueConfigurations", "Queue"),
    ("TopicConfigurations", "Topic"),
    ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
    ("QueueConfigurations", "QueueArn"),
    ("TopicConfigurations", "TopicArn"),
)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The triggers that one bucket's notifications make."""
    config = item.properties.at("NotificationConfiguration")
    bucket: Value = Ref(item.id)
    if item.type != "AWS::S3::Bucket":
        bucket = item.properties.get("BucketName")
    for kind, key in _LISTS:
        for entry in each(config.at(kind) if config else None):
            yield from _notified(draft, bucket, entry, key)


def _notified(draft: Draft, bucket: Value, entry: Node, key: str) -> Iterator[Trigger]:
    if entry.at(key) is None:
        return
    resource = draft.target(bucket)
    kinds = [draft.word(node) for node in each(entry.at("Event") or entry.at("Events"))]
    event = ", ".join(kind.removesuffix(":*") for kind in kinds if kind) or "objects"
    name = f"{event} on {resource or label(bucket)}"
    yield from attach(draft, entry.get(key), entry, "s3", name, default_sender(draft, bucket), resource)
