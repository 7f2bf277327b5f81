"""Policies that a template writes for resources it does not declare: a bucket or queue that exists already."""

from remit.app.model import Sender
from remit.app.value import Value
from remit.read.draft import Draft, label
from remit.read.policy import grants_of
from remit.read.strangers import let_in, shape

#: Policy resource -> the property that names what it protects, the document, and the actions that put something in.
_POLICIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument", ("s3:PutObject",)),
    "AWS::SQS::QueuePolicy": ("Queues", "PolicyDocument", ("sqs:SendMessage",)),
    "AWS::SQS::QueueInlinePolicy": ("Queue", "PolicyDocument", ("sqs:SendMessage",)),
    "AWS::SNS::TopicPolicy": ("Topics", "PolicyDocument", ("sns:Publish",)),
    "AWS::SNS::TopicInlinePolicy": ("TopicArn", "PolicyDocument", ("sns:Publish",)),
    "AWS::Kinesis::ResourcePolicy": ("ResourceARN", "ResourcePolicy", ("kinesis:PutRecord", "kinesis:PutRecords")),
    "AWS::Events::EventBusPolicy": ("EventBusName", "Statement", ("events:PutEvents",)),
}


def opened(draft: Draft, value: Value) -> tuple[Sender, str] | None:
    """Who can send through a resource outside the template, by a policy inside it; ``None`` when none says so.

    Args:
        draft: the app so far.
        value: what names the resource: a name, an ARN, a URL.
    """
    return draft.once("policies of what is outside", lambda: _all(draft)).get(_called(value))


def _all(draft: Draft) -> dict[str, tuple[Sender, str]]:
    found: dict[str, tuple[Sender, str]] = {}
    for type_, (named, document, actions) in _POLICIES.items():
        for policy in draft.of_type(type_):
            circle = let_in(grants_of(policy.properties.at(document), []), actions, _whole)
            node = policy.properties.at(named)
            for protected in node.elements() if node is not None and circle is not None else ():
                name = _called(protected.plain())
                if circle is None or not name or draft.target(protected.plain()):
                    continue
                who = "everyone" if circle[0] is Sender.ANYONE else "other accounts"
                if name not in found or found[name][0] < circle[0]:
                    found[name] = (circle[0], f"the policy {policy.id} lets {who} write to {name}")
    return found


def _called(value: Value) -> str:
    """The last piece of a name, ARN or URL; that of a symbol is its own."""
    return label(value).rsplit("/", 1)[-1].removesuffix("/*") if value is not None else ""


def _whole(value: Value) -> str | None:
    """What a statement's resource means: objects by their keys, anything else as a whole."""
    text = shape(value)
    if text.startswith("arn:") and ":s3:::" in text:
        _, slash, key = text.partition("/")
        return key if slash else "*" if text.endswith("*") else None
    return "*"
