"""Who can send through a resource: its policy, its ACL, and what feeds it.

A queue that a topic feeds takes the topic's messages, a topic that a public bucket notifies takes what strangers
upload. So the widest circle travels along the wires until nothing changes.
"""

from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase

from remit.app.location import Location
from remit.app.model import Sender, Trigger
from remit.app.node import Node, possible
from remit.app.noun import replace
from remit.app.value import Value, refs
from remit.read.access import Because
from remit.read.draft import Declared, Draft
from remit.read.edges import add_edges
from remit.read.guests import guest_feeds
from remit.read.policy import grants_of
from remit.read.strangers import Part, let_in, shape
from remit.read.wiring.attach import DEFAULT_BUS
from remit.read.wiring.rule import bus_of

#: Resource type to the actions that put something into it.
_WRITES = {
    "AWS::SQS::Queue": ("sqs:SendMessage",),
    "AWS::SNS::Topic": ("sns:Publish",),
    "AWS::S3::Bucket": ("s3:PutObject",),
    "AWS::Events::EventBus": ("events:PutEvents",),
    "AWS::DynamoDB::Table": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "AWS::DynamoDB::GlobalTable": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "AWS::Kinesis::Stream": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "AWS::StepFunctions::StateMachine": ("states:StartExecution",),
}
#: Policy resource type to the properties that name what it protects.
_POLICIES = {
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::Events::EventBusPolicy": "EventBusName",
    "AWS::SecretsManager::ResourcePolicy": "SecretId",
    "AWS::SQS::QueueInlinePolicy": "Queue",
    "AWS::SNS::TopicInlinePolicy": "TopicArn",
    "AWS::Kinesis::ResourcePolicy": "ResourceARN",
}
#: Types whose policy stands in their own properties.
_INLINE = (
    ("AWS::DynamoDB::Table", "ResourcePolicy"),
    ("AWS::Events::EventBus", "Policy"),
    ("AWS::KMS::Key", "KeyPolicy"),
    ("AWS::KMS::ReplicaKey", "KeyPolicy"),
    ("AWS::ECR::Repository", "RepositoryPolicyText"),
    ("AWS::EFS::FileSystem", "FileSystemPolicy"),
    ("AWS::OpenSearchService::Domain", "AccessPolicies"),
    ("AWS::Elasticsearch::Domain", "AccessPolicies"),
    ("AWS::Backup::BackupVault", "AccessPolicy"),
    ("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument"),
    ("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument"),
    ("AWS::S3::AccessPoint", "Policy"),
)
_PUBLIC_WRITE = "PublicReadWrite"


@dataclass(frozen=True, slots=True)
class Circle:
    """Who can send, and why."""

    sender: Sender
    because: Because


def settle_senders(draft: Draft) -> None:
    """Reads resource policies, gives every trigger the widest sender that reaches it, and adds the edges of both."""
    _read_policies(draft)
    draft.feeds += guest_feeds(draft)
    functions = {function.id for function in draft.functions}
    circles = {id_: circle for id_ in (*draft.declared, DEFAULT_BUS) if (circle := _own(draft, id_)) is not None}
    _carry(circles, [*draft.triggers, *draft.feeds], functions)
    for index, trigger in enumerate(draft.triggers):
        circle = circles.get(_feeder(trigger, functions))
        if circle is not None and circle.sender > trigger.sender and _carries(trigger):
            last = f"attached to {trigger.function}"
            if trigger.resource in functions and trigger.because:
                last = trigger.because[0][1]
            because = (*circle.because, (trigger.location, last))
            draft.triggers[index] = replace(trigger, sender=circle.sender, because=because[:_LONGEST])
    add_edges(draft)


#: Reasons that are told of one sender; a chain of wires through a large template may be longer.
_LONGEST = 24
#: Before the id of a function: what comes after it, to its destinations and dead letters. Only what it is given
#: asynchronously goes there.
_AFTER = "after "


def _carry(circles: dict[str, Circle], wires: list[Trigger], functions: set[str]) -> None:
    """Lets the widest circles travel along the wires until nothing changes; a circle only ever grows."""
    out: dict[str, list[Trigger]] = {}
    for wire in wires:
        _arrive(circles, wire, Circle(wire.sender, wire.because), functions)
        feeder = _feeder(wire, functions)
        if feeder and _carries(wire):
            out.setdefault(feeder, []).append(wire)
    waiting = deque(out)
    while waiting:
        source = waiting.popleft()
        circle = circles.get(source)
        if circle is None:
            continue
        for wire in out.get(source, ()):
            text = f"{wire.resource or 'the bus'} {_VERBS.get(wire.source, 'delivers to')} {wire.function}"
            onward = Circle(circle.sender, ((wire.location, text), *circle.because)[:_LONGEST])
            waiting.extend(_arrive(circles, wire, onward, functions))


def _arrive(circles: dict[str, Circle], wire: Trigger, circle: Circle, functions: set[str]) -> list[str]:
    """Widens what a wire leads to; returns what has grown."""
    places = [wire.function]
    if wire.function in functions and wire.source not in _SYNCHRONOUS:
        places.append(_AFTER + wire.function)
    return [place for place in places if _widen(circles, place, circle)]


def _widen(circles: dict[str, Circle], id_: str, circle: Circle) -> bool:
    mine = circles.get(id_)
    if mine is not None and mine.sender >= circle.sender:
        return False
    circles[id_] = circle
    return True


def _feeder(trigger: Trigger, functions: set[str]) -> str:
    """What delivers a trigger's events; the default bus has no id of its own."""
    if not trigger.resource and trigger.source == "eventbridge" and bus_of(trigger.properties) is None:
        return DEFAULT_BUS
    if trigger.resource in functions and trigger.source == "unknown":
        return _AFTER + trigger.resource
    return trigger.resource


def _carries(trigger: Trigger) -> bool:
    """Whether what strangers send to the one end comes out at the other.

    Not of what only AWS sends by this wire; nor of a function that may invoke another: what it passes on only its code
    tells.
    """
    return trigger.sender is not Sender.PLATFORM and trigger.source != "direct" and trigger.source not in _CHECKED


#: Routes and the like: their senders are what their authorizers leave, whoever else may use the same API.
_CHECKED = frozenset(
    ("http-api", "rest-api", "websocket", "function-url", "alb", "lattice", "appsync", "cognito", "cloudfront")
)
#: Sources that wait for an answer, or poll: what a function makes of their events goes to no destination.
_SYNCHRONOUS = _CHECKED | frozenset(
    (
        "sqs", "dynamodb", "kinesis", "kafka", "rabbitmq", "activemq", "documentdb", "firehose", "step-functions", "pipe",
        "lex", "connect", "alexa", "bedrock-agent", "s3-object-lambda", "s3-batch",
    )
)  # fmt: skip
_VERBS = {"s3": "notifies", "step-functions": "invokes", "unknown": "hands on to", "pipe": "feeds"}


def _read_policies(draft: Draft) -> None:
    for type_, key in _POLICIES.items():
        for policy in draft.of_type(type_):
            document = policy.document("PolicyDocument") or policy.document("ResourcePolicy")
            if type_ == "AWS::Events::EventBusPolicy":
                document = policy.document("Statement") or _bus_statement(policy)
            grants = grants_of(document, [], f"policy:{policy.id}")
            node = policy.properties.at(key)
            if type_ == "AWS::Events::EventBusPolicy" and bus_of(policy.properties) is None:
                draft.policies.setdefault(DEFAULT_BUS, []).extend(grants)
                continue
            sure: dict[str, bool] = {}
            for protected in node.elements() if node else ():
                targets = draft.targets(protected)
                for target in targets:
                    sure[target] = sure.get(target, False) or (len(possible(protected)) == 1 and not protected.absent)
            for target in sure or (policy.id,):  # what is elsewhere goes by its policy
                mine = [grant for grant in grants if grant.effect != "Deny" or sure.get(target, True)]
                draft.policies.setdefault(target, []).extend(mine)
    for type_, key in _INLINE:
        for item in draft.of_type(type_):
            document = item.properties.at(key, "PolicyDocument") or item.properties.at(key)
            grants = grants_of(document, [], f"policy:{item.id}")
            if grants:
                draft.policies.setdefault(item.id, []).extend(grants)


def _bus_statement(policy: Declared) -> Node | None:
    """An event bus policy in its old form: one action and one principal, without a document."""
    properties = policy.properties
    if properties.at("Principal") is None or properties.at("Condition") is not None:
        return None
    entries = {key: node for key in ("Action", "Principal") if (node := properties.at(key)) is not None}
    return Node(entries, policy.location)


def _own(draft: Draft, id_: str) -> Circle | None:
    """Who can send to a resource by itself; ``None`` for what nobody sends to."""
    item = draft.declared.get(id_)
    type_ = draft.resources[id_].type if item is not None else "AWS::Events::EventBus"
    if type_ not in _WRITES:
        return None
    where = item.location if item is not None else Location(draft.file)
    base = (Sender.APP, f"{id_} is part of this app") if item is not None else (Sender.ACCOUNT, "anyone in the account")
    circle = Circle(base[0], ((where, base[1]),))
    opened = _by_acl(draft, item) if item is not None else None
    if opened is not None:
        return opened
    grants = draft.policies.get(id_, [])
    if item is not None and _blocked(draft, item, "RestrictPublicBuckets", "BlockPublicPolicy"):
        grants = [grant for grant in grants if grant.effect == "Deny" or "*" not in grant.principals]
    opened_by = let_in(grants, _WRITES[type_], *_parts_of(draft, id_, type_))
    if opened_by is None or opened_by[0] <= circle.sender:
        return circle
    who = "everyone" if opened_by[0] is Sender.ANYONE else "other accounts"
    name = id_ if item is not None else "the default bus"
    return Circle(opened_by[0], ((opened_by[1].location, f"the policy of {name} lets {who} write to it"),))


def _parts_of(draft: Draft, id_: str, type_: str) -> tuple[Part, Part]:
    """What the resources of a policy's statements mean of what it protects: perhaps, and certainly."""
    bucket = type_ == "AWS::S3::Bucket"
    resource = draft.resources.get(id_)

    def given(value: Value) -> str | None:
        text = shape(value)
        if not bucket or text == "*":
            return "*"
        _, slash, key = text.partition("/")
        return key if slash else "*" if text.endswith("*") else None  # a bucket's ARN alone means no objects

    def taken(value: Value) -> str | None:
        if value == "*" or any(ref.target == id_ for ref in refs(value)):
            return given(value)
        name = resource.name if resource is not None else None
        written = shape(value).partition("/")[0].rsplit(":", 1)[-1]
        if isinstance(name, str) and isinstance(value, str) and fnmatchcase(name, written):
            return given(value)
        return None

    return given, taken


def _by_acl(draft: Draft, item: Declared) -> Circle | None:
    """A bucket that everyone may write to by its access control list."""
    acl = item.properties.at("AccessControl")
    if acl is None or _PUBLIC_WRITE not in possible(acl):
        return None
    if _blocked(draft, item, "BlockPublicAcls", "IgnorePublicAcls"):
        return None
    return Circle(Sender.ANYONE, ((acl.key or acl.location, f"{item.id} is writable by everyone"),))


def _blocked(draft: Draft, item: Declared, *settings: str) -> bool:
    """Whether a bucket's public access block has one of these settings on, so that opening it has no effect."""
    block = item.properties.at("PublicAccessBlockConfiguration")
    return block is not None and any(draft.truth(block.at(setting)) for setting in settings)
