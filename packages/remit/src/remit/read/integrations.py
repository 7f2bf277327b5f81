"""What a route of API Gateway leads to: a function, or, without one, a queue, topic, bus, table or state machine.

Such a route hands what callers send straight to the service; whoever may call it is who is behind what comes out there.
"""

import re
from collections.abc import Iterator, Mapping

from remit.app.node import Node
from remit.app.value import Ref, Text, Value, refs, spread
from remit.read.draft import Draft
from remit.read.wiring.attach import DEFAULT_BUS, flat

#: Service of an integration to the types of what it acts on.
_TYPES = {
    "sqs": ("AWS::SQS::Queue",),
    "sns": ("AWS::SNS::Topic",),
    "events": ("AWS::Events::EventBus",),
    "eventbridge": ("AWS::Events::EventBus",),
    "states": ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"),
    "stepfunctions": ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"),
    "dynamodb": ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"),
    "kinesis": ("AWS::Kinesis::Stream",),
    "firehose": ("AWS::KinesisFirehose::DeliveryStream",),
    "s3": ("AWS::S3::Bucket",),
    "lambda": ("AWS::Lambda::Function", "AWS::Serverless::Function"),
}
_WORD = re.compile(r"[\w-]+", re.ASCII)
_DOTTED = re.compile(r"[\w.-]*[.][\w.-]*", re.ASCII)
_READING = re.compile(r"action/(Get|Query|Scan|List|Describe|Receive|BatchGet)", re.ASCII)
_LISTENER, _BALANCER = "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::LoadBalancer"
#: Where an integration says what it acts on, in the words of CloudFormation and of OpenAPI.
_URI = ("Uri", "IntegrationUri", "uri")
_GIVEN = ("RequestParameters", "RequestTemplates", "requestParameters", "requestTemplates")
_SUBTYPE = ("IntegrationSubtype", "integrationSubtype", "subtype")


def receivers(draft: Draft, integration: Node | None) -> list[str]:
    """The logical ids of what an integration hands requests to; none when it leads out of the template, or only reads.

    Args:
        draft: the app so far.
        integration: of a method, of a route, or of an operation in a definition.
    """
    if integration is None:
        return []
    uris = spread(_first(integration, _URI)) or (None,)
    return list(dict.fromkeys(id_ for uri in uris for id_ in _receivers(draft, integration, uri)))


def _receivers(draft: Draft, integration: Node, uri: Value) -> list[str]:
    function = draft.function_of(uri)
    if function:
        return [function]
    listener = draft.target(uri, _LISTENER)
    if listener:
        balancer = draft.target(draft.declared[listener].properties.get("LoadBalancerArn"), _BALANCER)
        return [balancer] if balancer else []
    service, action = _service(draft, integration, uri)
    types = _TYPES.get(service, ())
    if not types or _READING.match(action) or (service == "s3" and not _writes_objects(draft, integration)):
        return []
    found = list(dict.fromkeys(_named(draft, types, [uri, *(_first(integration, (key,)) for key in _GIVEN)])))
    if not found and service in ("events", "eventbridge"):
        return [DEFAULT_BUS]
    return found


def _first(node: Node, keys: tuple[str, ...]) -> Value:
    return next((value for key in keys if (value := node.get(key)) is not None), None)


def _service(draft: Draft, integration: Node, uri: Value) -> tuple[str, str]:
    """Service and action: ``sqs`` and ``path/...`` of an ARN, ``sqs`` and ``SendMessage`` of a subtype."""
    subtype = next((word for key in _SUBTYPE if (word := draft.word(integration.at(key)))), "")
    if subtype:
        service, _, action = subtype.partition("-")
        return service.lower(), f"action/{action}"
    pieces = flat(uri).split(":", 5)
    return (pieces[4], pieces[5]) if len(pieces) == 6 and pieces[2] == "apigateway" else ("", "")


def _writes_objects(draft: Draft, integration: Node) -> bool:
    keys = ("IntegrationHttpMethod", "httpMethod")
    verb = next((word for key in keys if (word := draft.word(integration.at(key)))), "")
    return verb.upper() in ("PUT", "POST", "ANY")


def _named(draft: Draft, types: tuple[str, ...], values: list[Value]) -> Iterator[str]:
    """What references and literal names in the values mean."""
    literal = ""
    for value in values:
        for ref in refs(value):
            found = draft.target(Ref(ref.target), *types)
            if found:
                yield found
        literal += _texts(value)
    # Names have letters, digits, dashes and underscores, those of buckets dots, too.
    for word in dict.fromkeys((*_WORD.findall(literal), *_DOTTED.findall(literal))):
        found = draft.target(word, *types)
        if found:
            yield found


def _texts(value: Value) -> str:
    """Every literal text in a value, side by side."""
    if isinstance(value, str):
        return f" {value}"
    if isinstance(value, Text):
        return " " + "".join(part for part in value.parts if isinstance(part, str))
    if isinstance(value, Mapping):
        return "".join(_texts(item) for item in value.values())
    return "".join(_texts(item) for item in value) if isinstance(value, tuple) else ""
