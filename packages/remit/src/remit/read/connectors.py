"""SAM connectors: "this may read that" becomes the statements, resource policies and permissions that SAM makes of it.

The pairs and their actions are those AWS documents for ``AWS::Serverless::Connector``; a pair that is not among them is
a blind spot, because a later version of the transform may well grant something for it.
"""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import Grant
from remit.app.node import Node, graft
from remit.app.noun import Struct, replace
from remit.app.report import Failure, Skip
from remit.app.value import Ref, Value, join, refs
from remit.read.draft import Declared, Draft
from remit.read.sam import TYPES

CONNECTOR = "AWS::Serverless::Connector"
_FUNCTION, _TABLE, _QUEUE = "AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::SQS::Queue"
_TOPIC, _BUCKET, _BUS, _RULE = "AWS::SNS::Topic", "AWS::S3::Bucket", "AWS::Events::EventBus", "AWS::Events::Rule"
_MACHINE, _PLACES = "AWS::StepFunctions::StateMachine", "AWS::Location::PlaceIndex"
_DATA, _GRAPH = "AWS::AppSync::DataSource", "AWS::AppSync::GraphQLApi"
_REST, _HTTP = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"

_TABLE_READ = "GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect"
_TABLE_WRITE = "PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate"
_BUCKET_READ = (
    "GetObject GetObjectAcl GetObjectLegalHold GetObjectRetention GetObjectTorrent GetObjectVersion GetObjectVersionAcl "
    "GetObjectVersionForReplication GetObjectVersionTorrent ListBucket ListBucketMultipartUploads ListBucketVersions "
    "ListMultipartUploadParts"
)
_BUCKET_WRITE = "AbortMultipartUpload DeleteObject DeleteObjectVersion PutObject PutObjectLegalHold PutObjectRetention "
_BUCKET_WRITE += "RestoreObject"


class _Rights(Struct, frozen=True):
    """Statements for one kind of access: the service, its actions, what follows the ARN of the thing.

    Args:
        service: prefix of the actions.
        actions: their names, separated by spaces.
        suffixes: endings of the ARN; ``execution`` and ``rule`` stand for ARNs of their own.
    """

    service: str
    actions: str
    suffixes: tuple[str, ...] = ("",)


#: To what the right is given on: type of the destination, kind of access, statements. The source's role gets them.
_TO: dict[str, dict[str, tuple[_Rights, ...]]] = {
    _FUNCTION: {"Write": (_Rights("lambda", "InvokeAsync InvokeFunction"),)},
    _TABLE: {
        "Read": (_Rights("dynamodb", _TABLE_READ, ("", "/index/*")),),
        "Write": (_Rights("dynamodb", _TABLE_WRITE, ("", "/index/*")),),
    },
    _BUCKET: {
        "Read": (_Rights("s3", _BUCKET_READ, ("", "/*")),),
        "Write": (_Rights("s3", _BUCKET_WRITE, ("", "/*")),),
    },
    _QUEUE: {
        "Read": (_Rights("sqs", "ReceiveMessage GetQueueAttributes"),),
        "Write": (_Rights("sqs", "DeleteMessage SendMessage ChangeMessageVisibility PurgeQueue"),),
    },
    _TOPIC: {"Write": (_Rights("sns", "Publish"),)},
    _BUS: {"Write": (_Rights("events", "PutEvents"),)},
    _PLACES: {
        "Read": (
            _Rights(
                "geo",
                "DescribePlaceIndex GetPlace SearchPlaceIndexForPosition SearchPlaceIndexForSuggestions "
                "SearchPlaceIndexForText",
            ),
        )
    },
    _MACHINE: {
        "Read": (
            _Rights("states", "DescribeStateMachine ListExecutions"),
            _Rights("states", "DescribeExecution DescribeStateMachineForExecution GetExecutionHistory", ("execution",)),
        ),
        "Write": (
            _Rights("states", "StartExecution StartSyncExecution"),
            _Rights("states", "StopExecution", ("execution",)),
        ),
    },
}
#: Pairs whose statements differ from those of their destination.
_PAIRS: dict[tuple[str, str], dict[str, tuple[_Rights, ...]]] = {
    (_RULE, _MACHINE): {"Write": (_Rights("states", "StartExecution"),)},
    (_MACHINE, _QUEUE): {"Write": (_Rights("sqs", "SendMessage"),)},
    (_MACHINE, _MACHINE): {
        "Read": (_Rights("states", "DescribeExecution", ("execution",)), _Rights("events", "DescribeRule", ("rule",))),
        "Write": (
            _Rights("states", "StartExecution"),
            _Rights("states", "StopExecution", ("execution",)),
            _Rights("events", "PutTargets PutRule", ("rule",)),
        ),
    },
    (_DATA, _FUNCTION): {"Write": (_Rights("lambda", "InvokeAsync InvokeFunction", ("", ":*")),)},
}
#: Which destinations a source's role can be given rights on.
_SOURCES: dict[str, tuple[str, ...]] = {
    _FUNCTION: (_FUNCTION, _BUCKET, _TABLE, _QUEUE, _TOPIC, _MACHINE, _BUS, _PLACES),
    _MACHINE: (_FUNCTION, _TOPIC, _QUEUE, _BUCKET, _TABLE, _MACHINE, _BUS),
    _RULE: (_BUS, _MACHINE),
    _DATA: (_TABLE, _FUNCTION, _BUS),
}
#: Pairs where the function's own role gets rights on what it is fed from.
_FED: dict[str, dict[str, tuple[_Rights, ...]]] = {
    _TABLE: {"Read": (_Rights("dynamodb", "DescribeStream GetRecords GetShardIterator ListStreams", ("/stream/*",)),)},
    _QUEUE: {
        "Read": (_Rights("sqs", "ReceiveMessage GetQueueAttributes"),),
        "Write": (_Rights("sqs", "DeleteMessage"),),
    },
}
#: Services that a permission lets invoke a function.
_INVOKERS = {
    _RULE: "events.amazonaws.com",
    _HTTP: "apigateway.amazonaws.com",
    _REST: "apigateway.amazonaws.com",
    _TOPIC: "sns.amazonaws.com",
    _BUCKET: "s3.amazonaws.com",
    _GRAPH: "appsync.amazonaws.com",
}
#: Resource policies: source and destination, type of the policy, its action.
_POLICIES = {
    (_RULE, _TOPIC): ("AWS::SNS::TopicPolicy", "Topics", "sns:Publish", "events.amazonaws.com"),
    (_RULE, _QUEUE): ("AWS::SQS::QueuePolicy", "Queues", "sqs:SendMessage", "events.amazonaws.com"),
    (_TOPIC, _QUEUE): ("AWS::SQS::QueuePolicy", "Queues", "sqs:SendMessage", "sns.amazonaws.com"),
}
_ROLES = {_FUNCTION: "Role", _MACHINE: "Role", _DATA: "ServiceRoleArn"}


class _End(Struct, frozen=True):
    """One end of a connector: its type, its ARN, its own declaration when it is in this template, its role if given."""

    type: str
    arn: Value
    declared: Declared | None
    role: Value = None
    name: Value = None


class _Link(Struct, frozen=True):
    """One connector between two ends."""

    name: str
    source: Node
    destination: Node
    permissions: tuple[str, ...]
    location: Location


def add_connectors(draft: Draft) -> None:
    """Adds what connectors grant to roles, and declares the policies and permissions they make.

    The roles of the draft are known by now; resource policies are read after this.
    """
    for link in list(_links(draft)):
        source, destination = _end(draft, link, link.source), _end(draft, link, link.destination)
        if source is None or destination is None:
            continue
        pair = (source.type, destination.type)
        rights = _PAIRS.get(pair) or (_TO.get(pair[1]) if pair[1] in _SOURCES.get(pair[0], ()) else None)
        known = rights is not None
        if rights is not None:
            _give(draft, link, source, destination, rights)
        if destination.type == _FUNCTION and source.type in _FED:
            known = True
            _give(draft, link, destination, source, _FED[source.type])
        if destination.type == _FUNCTION and source.type in _INVOKERS:
            known = True
            _permit(draft, link, source, destination)
        if pair in _POLICIES:
            known = True
            _admit(draft, link, source, destination)
        if not known:
            why = f"a connector from {_short(pair[0])} to {_short(pair[1])}: what it grants is not known"
            draft.skips.append(Skip(link.name, why, link.location, blind=True))


def _links(draft: Draft) -> Iterator[_Link]:
    for item in list(draft.declared.values()):
        if item.type == CONNECTOR:
            source = item.properties.at("Source")
            yield from _split(draft, item.id, source, item.properties, item.location)
        connectors = item.attributes.at("Connectors") if item.attributes is not None else None
        for name, node in connectors.items() if connectors is not None else ():
            at = node.key or node.location
            own = Node({"Id": Node(item.id, at)}, at)
            properties = node.at("Properties")
            yield from _split(draft, f"{item.id}{name}", own, properties, at)


def _split(draft: Draft, name: str, source: Node | None, properties: Node | None, at: Location) -> Iterator[_Link]:
    ends = properties.at("Destination") if properties is not None else None
    listed = properties.at("Permissions") if properties is not None else None
    permissions = tuple(draft.word(node) for node in listed.elements()) if listed is not None else ()
    if source is None or ends is None or not permissions:
        draft.failures.append(
            Failure(draft.file, f'the connector {name} lacks "Source", "Destination" or "Permissions"', at)
        )
        return
    for end in ends.elements():
        yield _Link(name, source, end, permissions, at)


def _end(draft: Draft, link: _Link, node: Node) -> _End | None:
    id_ = draft.word(node.at("Id"))
    declared = draft.declared.get(id_) if id_ else None
    if id_ and declared is None:
        why = f'the connector {link.name} names "{id_}", which this template does not declare'
        draft.failures.append(Failure(draft.file, why, node.location))
        return None
    if declared is None:
        # An API without a logical id is told by its own id, which may be a reference to one all the same.
        declared = draft.declared.get(draft.target(node.get("ResourceId")))
        id_ = declared.id if declared is not None else id_
    type_ = declared.type if declared is not None else draft.word(node.at("Type"))
    type_ = TYPES.get(type_, type_)
    arn = Ref(id_, "" if type_ in (_TOPIC, _MACHINE) else "Arn") if declared is not None else node.get("Arn")
    name = Ref(id_, "Name") if declared is not None else node.get("Name")
    if not type_ or (arn is None and type_ not in (_REST, _HTTP, _GRAPH)):
        draft.skips.append(Skip(link.name, "a connector to something that is not told", link.location, blind=True))
        return None
    return _End(type_, arn, declared, node.get("RoleName"), name)


def _give(draft: Draft, link: _Link, holder: _End, thing: _End, rights: Mapping[str, tuple[_Rights, ...]]) -> None:
    """Statements for the role of one end about the other."""
    role = _role(draft, holder, thing)
    grants: list[Grant] = []
    for permission in link.permissions:
        for right in rights.get(permission, ()):
            actions = tuple(f"{right.service}:{action}" for action in right.actions.split())
            resources = tuple(_resource(thing, suffix) for suffix in right.suffixes)
            origin = f"connector:{link.name}"
            grants.append(Grant("Allow", actions, resources, link.location, origin=origin))
        if permission not in rights:
            why = f"a connector with the permission {permission[:40]}, which this pair does not have"
            draft.skips.append(Skip(link.name, why, link.location, blind=True))
    known = draft.roles.get(role)
    if known is None:
        why = f"a connector for the role of {_short(holder.type)}, which is not in this template"
        draft.skips.append(Skip(link.name, why, link.location, blind=True))
        return
    draft.roles[role] = replace(known, grants=(*known.grants, *grants))


def _resource(thing: _End, suffix: str) -> Value:
    scope: list[Value] = [Ref("AWS::Region"), ":", Ref("AWS::AccountId")]
    if suffix == "execution":
        return join(["arn:", Ref("AWS::Partition"), ":states:", *scope, ":execution:", thing.name, ":*"])
    if suffix == "rule":
        rule = ":rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
        return join(["arn:", Ref("AWS::Partition"), ":events:", *scope, rule])
    return join([thing.arn, suffix]) if suffix else thing.arn


def _role(draft: Draft, holder: _End, other: _End) -> str:
    """The id of the role an end acts as, or ``""``."""
    declared = holder.declared
    if declared is None:
        return draft.target(holder.role, "AWS::IAM::Role") if holder.role is not None else ""
    if holder.type == _RULE:
        targets = declared.properties.at("Targets")
        for target in targets.elements() if targets is not None else ():
            wanted = {ref.target for ref in refs(other.arn)}
            if {ref.target for ref in refs(target.get("Arn"))} & wanted or target.get("Arn") == other.arn:
                return draft.target(target.get("RoleArn"), "AWS::IAM::Role")
        return ""
    key = "RoleArn" if declared.type == _MACHINE else _ROLES.get(holder.type, "Role")
    given = declared.properties.at(key)
    if given is not None:
        return draft.target(given.plain(), "AWS::IAM::Role")
    return f"{declared.id}Role" if declared.type.startswith("AWS::Serverless::") else ""


def _permit(draft: Draft, link: _Link, source: _End, destination: _End) -> None:
    made: dict[str, Value] = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": destination.arn,
        "Principal": _INVOKERS[source.type],
    }
    if source.arn is not None and source.type not in (_REST, _HTTP, _GRAPH):
        made["SourceArn"] = source.arn
    elif source.declared is not None:
        made["SourceArn"] = join(["arn:", Ref("AWS::Partition"), ":execute-api:*:*:", Ref(source.declared.id), "/*"])
    _declare(draft, f"{link.name}Permission", "AWS::Lambda::Permission", made, link.location)


def _admit(draft: Draft, link: _Link, source: _End, destination: _End) -> None:
    type_, key, action, principal = _POLICIES[source.type, destination.type]
    statement: dict[str, Value] = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": action,
        "Resource": destination.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source.arn}},
    }
    named: Value = Ref(destination.declared.id) if destination.declared is not None else destination.arn
    made: dict[str, Value] = {key: (named,), "PolicyDocument": {"Version": "2012-10-17", "Statement": (statement,)}}
    _declare(draft, f"{link.name}{key[:-1]}Policy", type_, made, link.location)


def _declare(draft: Draft, id_: str, type_: str, properties: dict[str, Value], at: Location) -> None:
    from remit.read.build import resource_of

    own, number = id_, 2
    while own in draft.declared:
        own, number = f"{id_}{number}", number + 1
    draft.declared[own] = Declared(own, type_, graft(properties, at), at)
    draft.resources[own] = replace(resource_of(draft.declared[own]), implied=True)


def _short(type_: str) -> str:
    return type_.rsplit("::", 1)[-1] or "something"
