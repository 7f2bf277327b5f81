"""AWS IoT: messages of devices, devices that ask to be let in."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, each, whole

TYPES = ("AWS::IoT::TopicRule", "AWS::IoT::Authorizer", "AWS::IoT::ProvisioningTemplate")
_ACTIONS = (
    ("Lambda", "FunctionArn"),
    ("Sqs", "QueueUrl"),
    ("Sns", "TargetArn"),
    ("DynamoDB", "TableName"),
    ("DynamoDBv2", "PutItem", "TableName"),
    ("S3", "BucketName"),
    ("Kinesis", "StreamName"),
    ("Firehose", "DeliveryStreamName"),
    ("StepFunctions", "StateMachineName"),
    ("CloudwatchLogs", "LogGroupName"),
)
DEVICES = (Sender.AUTHENTICATED, "devices send these messages")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The triggers of one rule, authorizer or template for new devices."""
    if item.type == "AWS::IoT::Authorizer":
        who = (Sender.ANYONE, "it is asked before the device is known")
        to = item.properties.get("AuthorizerFunctionArn")
        yield from attach(draft, to, whole(item), "unknown", f"authorizer {item.id}", who)
        return
    if item.type == "AWS::IoT::ProvisioningTemplate":
        to = item.properties.get("PreProvisioningHook", "TargetArn")
        yield from attach(draft, to, whole(item), "unknown", f"provisioning of devices by {item.id}", DEVICES)
        return
    payload = item.properties.at("TopicRulePayload")
    actions = list(each(payload.at("Actions") if payload else None))
    actions += each(payload.at("ErrorAction") if payload else None)
    for action in actions:
        for path in _ACTIONS:
            name = f"IoT messages through {item.id}"
            yield from attach(draft, action.get(*path), whole(item), "iot", name, DEVICES)
