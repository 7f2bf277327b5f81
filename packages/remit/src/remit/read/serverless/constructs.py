"""What the constructs of the plugin serverless-lift that hold data make, and what variables may ask of them.

Their logical ids end in a hash that only the plugin knows; here they go without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from remit.app.value import Ref, Value


@dataclass(frozen=True, slots=True)
class Construct:
    """What one kind of construct makes, what variables may ask of it, and what every function may then do."""

    type: str
    suffix: str
    outputs: Mapping[str, str]
    actions: tuple[str, ...]
    inside: str


KINDS = {
    "queue": Construct("AWS::SQS::Queue", "Queue", {"queueUrl": "", "queueArn": "Arn"}, ("sqs:SendMessage",), ""),
    "storage": Construct(
        "AWS::S3::Bucket",
        "Bucket",
        {"bucketName": "", "bucketArn": "Arn"},
        ("s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket"),
        "/*",
    ),
    "database/dynamodb-single-table": Construct(
        "AWS::DynamoDB::Table",
        "Table",
        {"tableName": "", "tableStreamArn": "StreamArn"},
        (
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:BatchWriteItem",
            "dynamodb:PutItem",
            "dynamodb:DeleteItem",
            "dynamodb:UpdateItem",
        ),
        "/index/*",
    ),
}


def output(kind: str, name: str, attribute: str) -> Value:
    """What ``${construct:name.attribute}`` refers to; ``None`` when it is not known here."""
    known = KINDS.get(kind)
    if known is None or attribute not in known.outputs:
        return None
    return Ref(name + known.suffix, known.outputs[attribute])
