"""What the platform needs of a role for the function to run at all: neutral, neither excess nor a need of the code.

Source: the Lambda developer guide, "Defining Lambda function permissions with an execution role" and the page of each
event source mapping.
"""

from collections.abc import Mapping

from remit.app.model import App, Function
from remit.app.need import FunctionRemit, Need
from remit.app.value import Ref, Text, Value, refs
from remit.iam.calls import value_at

_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_POLLING = {
    "sqs": ("poll the queue", tuple(
        f"sqs:{name}" for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility")
    )),
    "dynamodb": ("read the stream", tuple(
        f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    )),
    "kinesis": ("read the stream", (
        "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator",
        "kinesis:ListShards", "kinesis:ListStreams", "kinesis:SubscribeToShard",
    )),
    "kafka": ("read the topic", (
        "kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", "kafka:ListScramSecrets",
        "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DeleteNetworkInterface",
        "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
    )),
}  # fmt: skip
#: What polls, by the type of an event in a SAM function.
_EVENTS = {"SQS": "sqs", "DynamoDB": "dynamodb", "Kinesis": "kinesis", "MSK": "kafka"}
_XRAY = tuple(
    f"xray:{name}"
    for name in (
        "PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets",
        "GetSamplingStatisticSummaries",
    )
)  # fmt: skip
_VPC = (
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
)  # fmt: skip
#: A durable function writes a checkpoint after each step (developer guide, "Durable functions: security").
_DURABLE = ("lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState")
_INSIGHTS = ("logs:DescribeLogStreams", "logs:DescribeLogGroups")
#: Where a failed asynchronous event goes, by the service in the target.
_FAILURE = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}


_TARGETS = (
    "DeadLetterConfig.TargetArn",
    "DeadLetterQueue.TargetArn",
    "EventInvokeConfig.DestinationConfig.OnFailure.Destination",
    "EventInvokeConfig.DestinationConfig.OnSuccess.Destination",
)


def platform_needs(app: App, function: Function, remit: FunctionRemit | None = None) -> tuple[Need, ...]:
    """What the platform does with the function's role, each with a note that says why.

    Args:
        app: its triggers say what has to be polled.
        function: its properties say whether it is traced and stands in a VPC.
        remit: with it, also the keys of the encrypted resources that the function uses: the service asks for them in
            the name of the role.
    """
    found = [_need(function, action, "*", "to write its log") for action in (*_LOGS, *_INSIGHTS)]
    properties = function.properties.plain() if function.properties is not None else {}
    touched = {ref.target for need in (remit.of("calls") if remit else ()) for ref in refs(need.on)}
    for trigger in app.triggers_of(function.id):
        why, actions = _POLLING.get(_polled(app, trigger.source, trigger.resource), ("", ()))
        on: Value = Ref(trigger.resource, "Arn") if trigger.resource and trigger.source != "dynamodb" else "*"
        found.extend(_need(function, action, on, f"to {why}") for action in actions)
        if actions:
            touched.add(trigger.resource)
    for why, actions in (_POLLING[service] for service in sorted(_sources(app, function, properties))):
        found.extend(_need(function, action, "*", f"to {why}") for action in actions)
    if value_at(properties, "TracingConfig.Mode") == "Active" or value_at(properties, "Tracing") == "Active":
        found.extend(_need(function, action, "*", "to trace") for action in _XRAY)
    if isinstance(properties, Mapping) and properties.get("VpcConfig"):
        found.extend(_need(function, action, "*", "to join its network") for action in _VPC)
    found.extend(_need(function, action, "*", "to hand on failed events") for action in _failures(app, properties))
    if isinstance(properties, Mapping) and properties.get("DurableConfig"):
        found.extend(_need(function, action, "*", "to keep the state of its executions") for action in _DURABLE)
    if value_at(properties, "KmsKeyArn") is not None:
        found.append(_need(function, "kms:Decrypt", "*", "to read its environment"))
    for name in sorted(touched):
        if _is_encrypted(app, name):
            found.extend(_need(function, action, "*", f"to use the key of {name}") for action in _KEYS)
    return tuple(found)


_KEYS = tuple(
    f"kms:{name}"
    for name in (
        "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
        "DescribeKey",
    )
)  # fmt: skip


def _is_encrypted(app: App, name: str) -> bool:
    """Whether a resource names a key of its own anywhere in its properties (every type spells the property its way)."""
    resource = app.resources.get(name)
    return resource is not None and _names_key(resource.properties.plain())


def _names_key(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(
            (key.lower().startswith("kms") and "key" in key.lower() and isinstance(item, str | Ref | Text))
            or (key == "StreamEncryption")
            or _names_key(item)
            for key, item in value.items()
        )
    return isinstance(value, tuple) and any(_names_key(item) for item in value)


def _sources(app: App, function: Function, properties: Value) -> set[str]:
    """What is polled from outside the template: the events of the function, and mappings onto it, that name an ARN."""
    found = set()
    events = value_at(properties, "Events")
    for event in events.values() if isinstance(events, Mapping) else ():
        kind = value_at(event, "Type")
        place = value_at(event, "Properties")
        arns = [value_at(place, name) for name in ("Stream", "Queue")]
        if isinstance(kind, str) and kind in _EVENTS and not any(_is_own(app, arn) for arn in arns):
            found.add(_EVENTS[kind])
    for resource in app.resources.values():
        if resource.type != "AWS::Lambda::EventSourceMapping":
            continue
        mapping = resource.properties.plain()
        arn = value_at(mapping, "EventSourceArn")
        if function.id in {ref.target for ref in refs(value_at(mapping, "FunctionName"))} and not _is_own(app, arn):
            found |= {service for service in _POLLING if f":{service}:" in str(arn)}
    return found


def _is_own(app: App, value: Value) -> bool:
    """Whether it is a resource of the app that a rule for its type polls already."""
    resource = app.resource_of(value) if value is not None else None
    return resource is not None and resource.type != "AWS::MSK::Cluster"


def _polled(app: App, source: str, resource: str) -> str:
    if source in _POLLING:
        return source
    known = app.resources.get(resource)
    return "kinesis" if known is not None and known.type == "AWS::Kinesis::Stream" else ""


def _failures(app: App, properties: Value) -> set[str]:
    targets = [value_at(properties, path) for path in _TARGETS]
    found = set()
    for target in targets:
        resource = app.resource_of(target) if target is not None else None
        service = resource.type.split("::")[1].lower() if resource else str(target).split(":")[2:3]
        action = _FAILURE.get(service if isinstance(service, str) else "".join(service))
        if action:
            found.add(action)
    return found


def _need(function: Function, action: str, on: Value, why: str) -> Need:
    return Need("calls", action, on, (function.location,), note=f"needed by the platform {why}")
