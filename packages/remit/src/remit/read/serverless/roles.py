"""Roles the framework makes: one for all functions, or one for each that has statements of its own.

What a role gets besides the user's statements is what the framework adds: its logs, and what polling, networks,
tracing, sockets and dead letters need.
"""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Ref, Text, Value, join
from remit.read.policy import grant_of
from remit.read.serverless import ids
from remit.read.serverless.functions import provider_role
from remit.read.serverless.lift import PLUGIN as PLUGIN_OF_CONSTRUCTS
from remit.read.serverless.lift import allowed
from remit.read.serverless.service import Entry, Service, tree

PLUGIN = "serverless-iam-roles-per-function"
_PARTS = ("arn:", Ref("AWS::Partition"), ":logs:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":log-group:")
#: Event to what its role must be allowed, and the keys under which the resource is named.
_POLLING = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "dynamodb": ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"),
    "kinesis": (
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:DescribeStreamSummary",
        "kinesis:ListShards",
    ),
    "msk": ("kafka:DescribeCluster", "kafka:GetBootstrapBrokers"),
    "activemq": ("mq:DescribeBroker",),
    "rabbitmq": ("mq:DescribeBroker",),
}
_SEND = {
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}


def add_roles(service: Service) -> None:
    """Declares the roles that the framework makes for the functions."""
    per_function = service.word(service.provider.at("iam", "role", "mode")) == "perFunction"
    sharing = []
    for entry in service.entries.values():
        own = _own_statements(service, entry)
        if own is not None or per_function:
            _add_own(service, entry, own, per_function=per_function)
        elif entry.node.at("role") is None:
            sharing.append(entry)
    if sharing and provider_role(service) is None:
        _add_shared(service, sharing)


def _own_statements(service: Service, entry: Entry) -> Node | None:
    if PLUGIN in service.plugins and (node := entry.node.at("iamRoleStatements")) is not None:
        return node
    for path in (("iam", "role", "statements"), ("iam", "statements")):
        node = entry.node.at(*path)
        if node is not None:
            return node
    return None


def _inherits(service: Service, entry: Entry) -> bool:
    for path in (
        ("iamRoleStatementsInherit",),
        ("iam", "inheritStatements"),
        ("iam", "role", "inheritStatements"),
    ):
        node = entry.node.at(*path)
        if node is not None:
            return service.draft.truth(node)
    return service.draft.truth(service.config.at("custom", PLUGIN, "defaultInherit"))


def _add_own(service: Service, entry: Entry, own: Node | None, *, per_function: bool) -> None:
    statements = list(_logs(service, service.deployed_name(entry), entry.location))
    statements += _needed(service, entry)
    if own is None or _inherits(service, entry):
        statements += _given(service)
    if own is not None:
        statements += service.listed(own, "iamRoleStatements")
    at = (own.key or own.location) if own is not None else entry.location
    properties = _role(service, statements, [entry], at)
    if own is None or _inherits(service, entry) or per_function:
        properties["ManagedPolicyArns"] = [*_managed(service), *_platform_managed(service, [entry])]
    name = entry.node.at("iamRoleStatementsName")
    properties["RoleName"] = name
    service.add(f"{ids.normal(entry.name)}{ids.ROLE}", "AWS::IAM::Role", properties, at)


def _add_shared(service: Service, entries: list[Entry]) -> None:
    at = _place(service)
    statements = list(_logs(service, join([service.prefix, "*"]), at))
    for entry in entries:
        statements += _needed(service, entry)
        named = entry.node.at("name")
        if named is not None and named.value is not None:
            statements += _logs(service, named.plain(), named.location)
    statements += _given(service)
    properties = _role(service, statements, entries, at)
    properties["ManagedPolicyArns"] = [*_managed(service), *_platform_managed(service, entries)]
    properties["RoleName"] = service.provider.at("iam", "role", "name")
    properties["PermissionsBoundary"] = (
        service.provider.at("iam", "role", "permissionsBoundary")
        or service.provider.at("iam", "role", "permissionBoundary")
        or service.provider.at("rolePermissionsBoundary")
    )
    service.add(ids.ROLE, "AWS::IAM::Role", properties, at)


def _place(service: Service) -> Location:
    """Where the configuration speaks of the role: its statements, else the provider."""
    provider = service.provider
    for path in (("iamRoleStatements",), ("iam", "role", "statements"), ("iam", "role"), ("iam",)):
        node = provider.at(*path)
        if node is not None:
            return node.key or node.location
    node = service.config.at("provider")
    return (node.key or node.location) if node is not None else provider.location


def _role(service: Service, statements: list[Node], entries: list[Entry], at: Location) -> dict[str, object]:  # noqa: ARG001
    document = {"Version": "2012-10-17", "Statement": statements}
    return {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
            ],
        },
        "Policies": [{"PolicyName": join([service.prefix, "-lambda"]), "PolicyDocument": document}],
    }


def _given(service: Service) -> Iterator[Node]:
    provider = service.provider
    if PLUGIN_OF_CONSTRUCTS in service.plugins:
        for actions, resources, node in allowed(service):
            yield _allow(service, actions, resources, node.key or node.location)
    for path, name in (
        (("iamRoleStatements",), "iamRoleStatements"),
        (("iam", "role", "statements"), "iam.role.statements"),
    ):
        yield from service.listed(provider.at(*path), name)


def _managed(service: Service) -> list[Node]:
    provider = service.provider
    found = list(service.listed(provider.at("iamManagedPolicies"), "iamManagedPolicies"))
    return found + list(service.listed(provider.at("iam", "role", "managedPolicies"), "iam.role.managedPolicies"))


def _platform_managed(service: Service, entries: list[Entry]) -> list[Node]:
    vpc = next(
        (node for entry in entries if (node := entry.node.at("vpc") or service.provider.at("vpc")) is not None), None
    )
    if vpc is None or not isinstance(vpc.value, Mapping):
        return []
    name = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    return [tree(name, vpc.key or vpc.location)]


def _logs(service: Service, name: Value, at: Location) -> Iterator[Node]:
    if service.draft.truth(service.provider.at("disableLogs")):
        return
    group = join([*_PARTS, "/aws/lambda/", name])
    yield _allow(
        service, ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"), [join([group, ":*"])], at
    )
    yield _allow(service, ("logs:PutLogEvents",), [join([group, ":*:*"])], at)


def _allow(service: Service, actions: tuple[str, ...], resources: "list[object]", at: Location) -> Node:
    statement = tree({"Effect": "Allow", "Action": list(actions), "Resource": resources}, at)
    service.added.append(statement)
    return statement


def mark_added(service: Service) -> None:
    """Tells the grants that the framework adds from those that somebody wrote."""
    added = {(grant.location, grant.actions) for node in service.added if (grant := grant_of(node, []))}
    for id_, role in service.draft.roles.items():
        if any((grant.location, grant.actions) in added for grant in role.grants):
            grants = [
                replace(grant, origin="sam") if (grant.location, grant.actions) in added else grant
                for grant in role.grants
            ]
            service.draft.roles[id_] = replace(role, grants=tuple(grants))


def _needed(service: Service, entry: Entry) -> Iterator[Node]:
    """What the framework adds for the events and settings of one function."""
    node = entry.node
    for event in _events(node):
        for kind, given in event.items():
            yield from _for_event(service, kind, given)
    mode = node.at("tracing") or service.provider.at("tracing", "lambda")
    if mode is not None and service.word(mode) not in ("", "false"):
        yield _allow(service, ("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ["*"], mode.location)
    key = node.at("kmsKeyArn") or node.at("awsKmsKeyArn")
    if key is not None and key.value is not None:
        yield _allow(service, ("kms:Decrypt",), [key], key.location)
    error = node.at("onError")
    if error is not None and error.value is not None:
        yield _allow(service, (_send_action(error.plain()),), [error], error.location)
    for side in ("onSuccess", "onFailure"):
        target = node.at("destinations", side)
        if target is not None and target.value is not None:
            yield _delivery(service, target)


def _delivery(service: Service, target: Node) -> Node:
    where = target.at("arn") if isinstance(target.value, Mapping) else target
    kind = service.word(target.at("type")) if isinstance(target.value, Mapping) else ""
    value = where.plain() if where else None
    function = service.function(value) if isinstance(value, str | Ref) else ""
    resource: object = Ref(function, "Arn") if function else where
    action = "lambda:InvokeFunction" if function else _SEND.get(kind, _send_action(value))
    return _allow(service, (action,), [resource], target.location)


def _send_action(value: Value) -> str:
    """What delivering to an ARN needs: the service is in its text."""
    pieces = value.parts if isinstance(value, Text) else (value,)
    text = "".join(piece if isinstance(piece, str) else "x" for piece in pieces)
    for word, action in (("sqs", "sqs"), ("lambda", "lambda"), ("events", "events")):
        if f":{word}:" in text:
            return _SEND[action]
    if isinstance(value, Ref) and "queue" in value.target.lower():
        return _SEND["sqs"]
    return _SEND["sns"]


def _events(node: Node) -> Iterator[Node]:
    events = node.at("events")
    if events is not None and isinstance(events.value, tuple):
        yield from (event for event in events.value if isinstance(event.value, Mapping))


def _for_event(service: Service, kind: str, given: Node) -> Iterator[Node]:
    at = given.key or given.location
    if kind == "websocket":
        arn = join(["arn:", Ref("AWS::Partition"), ":execute-api:*:*:*/@connections/*"])
        yield _allow(service, ("execute-api:ManageConnections",), [arn], at)
        return
    resource = given.at("arn") if isinstance(given.value, Mapping) else given
    if kind == "stream":
        kind = stream_kind(service, given)
    if kind in _POLLING and resource is not None:
        yield _allow(service, _POLLING[kind], [resource], at)
    if kind in ("msk", "activemq", "rabbitmq"):
        actions: tuple[str, ...] = ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs")
        actions += ("ec2:DeleteNetworkInterface", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups")
        yield _allow(service, actions, ["*"], at)
    secret = given.at("basicAuthArn") if isinstance(given.value, Mapping) else None
    if secret is not None:
        yield _allow(service, ("secretsmanager:GetSecretValue",), [secret], secret.location)


def stream_kind(service: Service, given: Node) -> str:
    """``dynamodb`` or ``kinesis``: said, or told by the ARN; a reference tells it by what it refers to."""
    kind = service.word(given.at("type")) if isinstance(given.value, Mapping) else ""
    if kind in ("dynamodb", "kinesis"):
        return kind
    value = given.get("arn") if isinstance(given.value, Mapping) else given.plain()
    pieces = value.parts if isinstance(value, Text) else (value,)
    if any(isinstance(piece, str) and ":kinesis:" in piece for piece in pieces):
        return "kinesis"
    if any(isinstance(piece, str) and ":dynamodb:" in piece for piece in pieces):
        return "dynamodb"
    return "kinesis" if service.draft.target(value, "AWS::Kinesis::Stream") else "dynamodb"
