"""Triggers that plain CloudFormation resources attach to functions, one small reader for each type.

A function that none of them reaches is looked for in every other resource: whatever names it may invoke it.
"""

from collections.abc import Callable, Iterator

from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.value import Ref, Text, Value, refs
from remit.read.draft import Declared, Draft, label
from remit.read.functions import CFN_FUNCTION, SAM_FUNCTION
from remit.read.sam_events import default_sender, event_sender

#: Type of a polled resource, or the service in its ARN, to the name of the event source.
_POLLED = {
    "AWS::SQS::Queue": "sqs",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Serverless::SimpleTable": "dynamodb",
    "sqs": "sqs",
    "dynamodb": "dynamodb",
}
_VERBS = {"sqs": "messages of", "dynamodb": "changes of", "sns": "messages of"}


def read(draft: Draft) -> Iterator[Trigger]:
    """Every trigger that a resource other than a SAM event attaches."""
    for item in draft.declared.values():
        reader = _READERS.get(item.type)
        if reader is not None:
            yield from reader(draft, item)
        elif item.type.startswith("Custom::"):
            yield from _custom(draft, item)


def _trigger(
    node: Node, function: str, source: str, name: str, sender: tuple[Sender, str], resource: str = ""
) -> Trigger:
    location = node.key or node.location
    return Trigger(function, source, name, location, sender[0], ((location, sender[1]),), resource, None, node)


def _mapping(draft: Draft, item: Declared) -> Iterator[Trigger]:
    function = draft.function_of(item.properties.get("FunctionName"))
    source = item.properties.at("EventSourceArn")
    if not function:
        return
    if source is None:
        why = (Sender.ACCOUNT, "records of a Kafka cluster outside this template")
        yield _trigger(_whole(item), function, "unknown", f"records through {item.id}", why)
        return
    resource = draft.target(source.plain())
    kind = _POLLED.get(draft.declared[resource].type if resource else service_of(source.plain()), "unknown")
    name = f"{_VERBS.get(kind, 'records of')} {resource or label(source.plain())}"
    yield _trigger(_whole(item), function, kind, name, default_sender(draft, source.plain()), resource)


def service_of(arn: Value) -> str:
    """The service in an ARN that is at least partly literal, or ``""``."""
    parts = arn.parts if isinstance(arn, Text) else (arn,)
    pieces = "".join(part if isinstance(part, str) else "x" for part in parts).split(":")
    return pieces[2] if len(pieces) > 2 and pieces[0] == "arn" else ""


def _url(draft: Draft, item: Declared) -> Iterator[Trigger]:
    from remit.read.triggers import url_trigger

    function = draft.function_of(item.properties.get("TargetFunctionArn"))
    if function:
        yield url_trigger(draft, function, _whole(item))


def _rule(draft: Draft, item: Declared) -> Iterator[Trigger]:
    schedule = item.properties.at("ScheduleExpression")
    for target in _each(item.properties.at("Targets")):
        function = draft.function_of(target.get("Arn"))
        if not function:
            continue
        if item.properties.at("EventPattern") is None and schedule is not None:
            name = f"schedule {draft.word(schedule) or item.id}"
            yield _trigger(_whole(item), function, "schedule", name, (Sender.PLATFORM, "only the scheduler sends"))
            continue
        bus = item.properties.at("EventBusName")
        sender = event_sender(draft, item.properties.at("EventPattern"), bus.plain() if bus else None)
        resource = draft.target(bus.plain()) if bus else ""
        yield _trigger(_whole(item), function, "eventbridge", f"events of rule {item.id}", sender, resource)


def _schedule(draft: Draft, item: Declared) -> Iterator[Trigger]:
    function = draft.function_of(item.properties.get("Target", "Arn"))
    if function:
        name = f"schedule {draft.word(item.properties.at('ScheduleExpression')) or item.id}"
        yield _trigger(_whole(item), function, "schedule", name, (Sender.PLATFORM, "only the scheduler sends"))


def _subscription(draft: Draft, item: Declared) -> Iterator[Trigger]:
    yield from _subscribed(draft, _whole(item), item.properties, item.properties.get("TopicArn"))


def _topic(draft: Draft, item: Declared) -> Iterator[Trigger]:
    for subscription in _each(item.properties.at("Subscription")):
        yield from _subscribed(draft, subscription, subscription, Ref(item.id))


def _subscribed(draft: Draft, node: Node, properties: Node, topic: Value) -> Iterator[Trigger]:
    function = draft.function_of(properties.get("Endpoint"))
    if function and draft.word(properties.at("Protocol")) in ("lambda", ""):
        resource = draft.target(topic)
        name = f"messages of {resource or label(topic)}"
        yield _trigger(node, function, "sns", name, default_sender(draft, topic), resource)


def _bucket(draft: Draft, item: Declared) -> Iterator[Trigger]:
    for entry in _each(item.properties.at("NotificationConfiguration", "LambdaConfigurations")):
        function = draft.function_of(entry.get("Function"))
        if function:
            event = draft.word(entry.at("Event")).removesuffix(":*") or "objects"
            yield _trigger(entry, function, "s3", f"{event} on {item.id}", default_sender(draft, Ref(item.id)), item.id)


def _logs(draft: Draft, item: Declared) -> Iterator[Trigger]:
    function = draft.function_of(item.properties.get("DestinationArn"))
    if function:
        group = item.properties.get("LogGroupName")
        resource = draft.target(group)
        name = f"log lines of {resource or label(group)}"
        yield _trigger(_whole(item), function, "unknown", name, default_sender(draft, group), resource)


def _pool(draft: Draft, item: Declared) -> Iterator[Trigger]:
    config = item.properties.at("LambdaConfig")
    for kind, node in config.items() if config else ():
        value = node.get("LambdaArn") if node.at("LambdaArn") else node.plain()
        function = draft.function_of(value)
        if function:
            sender = (Sender.ANYONE, "whoever signs up or signs in")
            yield _trigger(node, function, "unknown", f"{kind} of {item.id}", sender, item.id)


def _graph_source(draft: Draft, item: Declared) -> Iterator[Trigger]:
    function = draft.function_of(item.properties.get("LambdaConfig", "LambdaFunctionArn"))
    if function:
        api = draft.target(item.properties.get("ApiId"))
        yield _trigger(_whole(item), function, "unknown", f"GraphQL through {item.id}", _graph_sender(draft, api), api)


def _graph_sender(draft: Draft, api: str) -> tuple[Sender, str]:
    kind = draft.word(draft.declared[api].properties.at("AuthenticationType")) if api else ""
    if kind == "AWS_IAM":
        return Sender.ACCOUNT, "IAM checks the caller of the GraphQL API"
    if kind in ("AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT", "AWS_LAMBDA"):
        return Sender.AUTHENTICATED, f"{kind} checks the caller of the GraphQL API"
    return Sender.ANYONE, "the GraphQL API asks for nothing but its key, which every client knows"


def _target_group(draft: Draft, item: Declared) -> Iterator[Trigger]:
    for target in _each(item.properties.at("Targets")):
        function = draft.function_of(target.get("Id"))
        if function:
            sender = (Sender.ANYONE, "whoever reaches the load balancer")
            yield _trigger(_whole(item), function, "unknown", f"load balancer target {item.id}", sender, item.id)


def _custom(draft: Draft, item: Declared) -> Iterator[Trigger]:
    function = draft.function_of(item.properties.get("ServiceToken"))
    if function:
        sender = (Sender.PLATFORM, "CloudFormation calls it when the stack is deployed")
        yield _trigger(_whole(item), function, "unknown", f"custom resource {item.id}", sender, item.id)


def _rotation(draft: Draft, item: Declared) -> Iterator[Trigger]:
    function = draft.function_of(item.properties.get("RotationLambdaARN"))
    if function:
        sender = (Sender.PLATFORM, "Secrets Manager calls it to rotate a secret")
        yield _trigger(_whole(item), function, "unknown", f"rotation {item.id}", sender)


def _receipt(draft: Draft, item: Declared) -> Iterator[Trigger]:
    for action in _each(item.properties.at("Rule", "Actions")):
        function = draft.function_of(action.get("LambdaAction", "FunctionArn"))
        if function:
            sender = (Sender.ANYONE, "whoever sends mail to it")
            yield _trigger(_whole(item), function, "unknown", f"mail through {item.id}", sender)


def _thing(draft: Draft, item: Declared) -> Iterator[Trigger]:
    for action in _each(item.properties.at("TopicRulePayload", "Actions")):
        function = draft.function_of(action.get("Lambda", "FunctionArn"))
        if function:
            sender = (Sender.AUTHENTICATED, "devices send these messages")
            yield _trigger(_whole(item), function, "unknown", f"IoT messages through {item.id}", sender)


def _permission(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """Only what opens a function to people: what a service may do shows where that service is set up."""
    function = draft.function_of(item.properties.get("FunctionName"))
    principal = item.properties.at("Principal")
    if not function or principal is None or item.properties.at("FunctionUrlAuthType") is not None:
        return
    restricted = [
        item.properties.at(key) for key in ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
    ]
    who = draft.settled(principal)
    if who == "*" and not any(restricted):
        sender = (Sender.ANYONE, "this permission lets everyone invoke it")
    elif who == "*" or (isinstance(who, str) and (who.isdecimal() or who.startswith("arn:"))):
        sender = (Sender.OTHER_ACCOUNT, f"this permission lets {'others' if who == '*' else who} invoke it")
    else:
        return
    yield _trigger(_whole(item), function, "direct", f"invocation allowed by {item.id}", sender)


def leftovers(draft: Draft, function: str) -> Iterator[Trigger]:
    """Triggers of a function that nothing known is attached to: whatever else in the template names it."""
    for item in draft.declared.values():
        if item.id == function or item.type.startswith(_NO_INVOKERS):
            continue
        if not any(ref.target == function for ref in refs(item.properties.plain())):
            continue
        if item.type in (SAM_FUNCTION, CFN_FUNCTION):
            sender = (Sender.APP, f"{item.id} knows its name and may invoke it")
            yield _trigger(_whole(item), function, "direct", f"invocation by {item.id}", sender, item.id)
        elif item.type in _STATE_MACHINES:
            yield _trigger(_whole(item), function, "direct", f"task of {item.id}", _runner(draft, item.id), item.id)
        else:
            sender = (Sender.ACCOUNT, f"{item.id} ({item.type}) names it")
            yield _trigger(_whole(item), function, "unknown", f"{item.type} {item.id}", sender, item.id)


def _runner(draft: Draft, machine: str) -> tuple[Sender, str]:
    """Who can start a state machine: its own events, which are among the triggers by now."""
    started = [trigger for trigger in draft.feeds if trigger.function == machine]
    widest = max(started, key=lambda trigger: trigger.sender, default=None)
    if widest is None:
        return Sender.APP, f"{machine} invokes it"
    return widest.sender, f"{machine}, started by {widest.name}, invokes it"


def _pipe(draft: Draft, item: Declared) -> Iterator[Trigger]:
    source = item.properties.get("Source")
    for key in ("Enrichment", "Target"):
        function = draft.function_of(item.properties.get(key))
        if function:
            # A pipe hands over a bare list of records: no module recognises that shape.
            resource = draft.target(source)
            name = f"pipe {item.id} from {resource or label(source)}"
            yield _trigger(_whole(item), function, "unknown", name, default_sender(draft, source), resource)


def _whole(item: Declared) -> Node:
    return Node(item.properties.value, item.location)


def _each(node: Node | None) -> Iterator[Node]:
    return node.elements() if node is not None else iter(())


_STATE_MACHINES = ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")
#: What names a function without ever invoking it.
_NO_INVOKERS = (
    "AWS::IAM::",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Logs::LogGroup",
    "AWS::CloudWatch::",
    "AWS::SSM::Parameter",
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
    "AWS::ApplicationAutoScaling::",
    "AWS::CodeDeploy::",
)

_READERS: dict[str, Callable[[Draft, Declared], Iterator[Trigger]]] = {
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Url": _url,
    "AWS::Lambda::Permission": _permission,
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SNS::Topic": _topic,
    "AWS::S3::Bucket": _bucket,
    "AWS::Logs::SubscriptionFilter": _logs,
    "AWS::Cognito::UserPool": _pool,
    "AWS::AppSync::DataSource": _graph_source,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
    "AWS::CloudFormation::CustomResource": _custom,
    "AWS::SecretsManager::RotationSchedule": _rotation,
    "AWS::SES::ReceiptRule": _receipt,
    "AWS::IoT::TopicRule": _thing,
    "AWS::Pipes::Pipe": _pipe,
}
