"""S3 Object Lambda: requests for objects that a function changes on their way out."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, each, whole

TYPES = ("AWS::S3ObjectLambda::AccessPoint",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The functions of one access point."""
    who = (Sender.ACCOUNT, "whoever may read through the access point")
    for node in each(item.properties.at("ObjectLambdaConfiguration", "TransformationConfigurations")):
        to = node.get("ContentTransformation", "AwsLambda", "FunctionArn")
        yield from attach(draft, to, whole(item), "s3-object-lambda", f"reads through {item.id}", who, item.id)
