"""The roles that SAM makes: for functions, state machines, what starts them, deployments and the like."""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import Grant, Role
from remit.app.node import Node, possible
from remit.app.noun import replace
from remit.app.value import Choice, Ref, Text, Value, join
from remit.read.draft import Declared, Draft
from remit.read.either import each_of
from remit.read.policy import Notes, expand_event, expand_managed, expand_template, grants_of
from remit.read.roles import attached, boundary, elements, managed
from remit.read.sam import MACHINE, on_demand_destination

_FUNCTION = "AWS::Serverless::Function"
#: What SAM adds to the role it makes, by the type of an event whose source has to be polled.
_POLLING = {
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}
#: How Kafka clients prove who they are with a secret that the role has to read.
_KAFKA_SECRETS = (
    "SASL_SCRAM_256_AUTH",
    "SASL_SCRAM_512_AUTH",
    "BASIC_AUTH",
    "CLIENT_CERTIFICATE_TLS_AUTH",
    "SERVER_ROOT_CA_CERTIFICATE",
)
_X_RAY = "AWSXrayWriteOnlyAccess"
CODE_DEPLOY = "CodeDeployServiceRole"


def made_roles(draft: Draft) -> Iterator[Role]:
    """Every role that SAM makes, with what it is granted; ``functions`` is still empty."""
    for function in draft.of_type(_FUNCTION):
        given = function.properties.at("Role")
        if given is None or given.value is None or given.absent:
            yield _of_function(draft, function)
        yield from _of_schedules(draft, function, "Lambda")
    for machine in draft.of_type(MACHINE):
        if machine.properties.get("Role") is None:
            yield _of_machine(draft, machine)
        yield from _of_schedules(draft, machine, "Execution")
        yield from _of_starters(draft, machine)
    for provider in draft.of_type("AWS::Serverless::CapacityProvider"):
        if provider.properties.at("OperatorRole") is None:
            yield _named(provider, f"{provider.id}OperatorRole", "AWSLambdaManagedEC2ResourceOperator")
    for api in draft.of_type("AWS::Serverless::GraphQLApi"):
        yield from _of_graph(draft, api)
    yield from _of_deployments(draft)


def _role(draft: Draft, id_: str, grants: list[Grant], location: Location, notes: Notes) -> Role:
    grants += attached(draft, id_, notes)
    return Role(id_, tuple(grants), location, (), tuple(notes), implied=True)


def _of_function(draft: Draft, function: Declared) -> Role:
    properties = function.properties
    notes: Notes = []
    policies = properties.at("Policies")
    grants = [*_basics(draft, function, notes), *_destinations(draft, function), *_polling(draft, function, notes)]
    for policy in elements(policies):
        grants += sam_policy(draft, policy, notes)
    location = (policies.key or policies.location) if policies else function.location
    made = _role(draft, f"{function.id}Role", grants, location, notes)
    return replace(made, boundary=boundary(draft, properties), trust=_trust(properties))


def _basics(draft: Draft, function: Declared, notes: Notes) -> list[Grant]:
    """What SAM gives every role it makes, and what it adds for settings of the function."""
    properties, at = function.properties, function.location
    durable = properties.at("DurableConfig")
    basic = "AWSLambdaBasicDurableExecutionRolePolicy" if durable is not None else "AWSLambdaBasicExecutionRole"
    names: list[tuple[str, Location]] = [(basic, durable.location if durable is not None else at)]
    vpc = properties.at("VpcConfig")
    if vpc is not None and vpc.value not in (None, {}):
        names.append(("AWSLambdaVPCAccessExecutionRole", vpc.location))
    tracing = properties.at("Tracing")
    if tracing is not None and tracing.value not in (None, "") and draft.word(tracing) != "Disabled":
        names.append((_X_RAY, tracing.location))
    for _, event in _events(draft, function):
        policy = _POLLING.get(_type_of(draft, event))
        if policy:
            names.append((policy, event.key or event.location))
    given = dict(reversed(names))  # the first place counts
    return [grant for name in dict.fromkeys(name for name, _ in names) for grant in _managed(name, given[name], notes)]


def _managed(name: str, at: Location, notes: Notes) -> list[Grant]:
    grants = expand_managed(name, at)
    if grants is None:
        notes.append((name, at))
    return grants or []


def _destinations(draft: Draft, function: Declared) -> Iterator[Grant]:
    """Dead letters and destinations: SAM lets the role send to them."""
    queue = function.properties.at("DeadLetterQueue")
    if queue is not None:
        yield from _sending(draft, queue, queue.get("TargetArn"))
    config = function.properties.at("EventInvokeConfig", "DestinationConfig")
    for kind in ("OnSuccess", "OnFailure"):
        node = config.at(kind) if config else None
        if node is None:
            continue
        given = node.at("Destination")
        made = on_demand_destination(draft, function.id, kind, node)
        values: tuple[Value, ...] = (*possible(given), *((Ref(*made),) if made else ()))
        if values:
            yield from _sending(draft, node, values[0] if len(values) == 1 else Choice(values))
    for _, event in _events(draft, function):
        failed = event.at("Properties", "DestinationConfig", "OnFailure")
        if failed is not None:
            yield from _sending(draft, failed, failed.get("Destination"))


def _sending(draft: Draft, node: Node, target: Value) -> list[Grant]:
    kind = _type_of(draft, node)
    name = "S3" if kind == "S3Bucket" else kind
    if target is None or name not in ("SQS", "SNS", "Lambda", "EventBridge", "S3"):
        return []
    return expand_event(name, {"Target": target}, node.location)


def _polling(draft: Draft, function: Declared, notes: Notes) -> Iterator[Grant]:
    """What brokers and clusters ask of whoever polls them."""
    for _, event in _events(draft, function):
        kind, at = _type_of(draft, event), event.key or event.location
        properties = event.at("Properties") or Node({}, at)
        secrets, network = _access(draft, properties)
        if kind == "SNS" and _through_queue(draft, properties):
            yield from _managed("AWSLambdaSQSQueueExecutionRole", at, notes)
        if kind == "MQ":
            yield from expand_event("Broker", {"Broker": properties.get("Broker")}, at)
        if kind == "DocumentDB":
            yield from expand_event("DocumentCluster", {"Cluster": properties.get("Cluster")}, at)
        wanted = {
            "MQ": ("BASIC_AUTH",),
            "DocumentDB": ("BASIC_AUTH",),
            "MSK": ("CLIENT_CERTIFICATE_TLS_AUTH",),
            "SelfManagedKafka": _KAFKA_SECRETS,
        }
        for type_, secret in secrets:
            if type_ in wanted.get(kind, ()):
                yield from expand_event("Secret", {"Secret": secret}, at)
        if kind == "DocumentDB" or (kind == "SelfManagedKafka" and network):
            yield from expand_event("Network", {}, at)
        key = properties.at("SecretsManagerKmsKeyId")
        if key is not None and kind in ("MQ", "DocumentDB", "SelfManagedKafka"):
            yield from expand_event("Key", {"Key": key.plain()}, at)
        if kind in ("MSK", "SelfManagedKafka"):
            yield from _registry(draft, properties.at("SchemaRegistryConfig"), at)


def _access(draft: Draft, properties: Node) -> tuple[list[tuple[str, Value]], bool]:
    """The secrets of an event's access configurations by their type, and whether it names a network."""
    found = [(_type_of(draft, item), item.get("URI")) for item in elements(properties.at("SourceAccessConfigurations"))]
    return found, {"VPC_SUBNET", "VPC_SECURITY_GROUP"} <= {type_ for type_, _ in found}


def _registry(draft: Draft, config: Node | None, at: Location) -> Iterator[Grant]:
    """A schema registry: the secrets to reach it, and the registry itself when it is one of Glue."""
    if config is None:
        return
    for item in elements(config.at("AccessConfigs")):
        if _type_of(draft, item) in _KAFKA_SECRETS and item.at("URI") is not None:
            yield from expand_event("Secret", {"Secret": item.get("URI")}, at)
    registry = config.get("SchemaRegistryURI")
    last = registry.parts[-1] if isinstance(registry, Text) else registry
    text = "".join(part for part in registry.parts if isinstance(part, str)) if isinstance(registry, Text) else last
    if isinstance(text, str) and ":glue:" in text and isinstance(last, str) and ":registry/" in last:
        name = last.rsplit(":registry/", 1)[1]
        schemas = join(["arn:", Ref("AWS::Partition"), ":glue:", Ref("AWS::Region"), ":", Ref("AWS::AccountId")])
        yield Grant("Allow", ("glue:GetRegistry",), (registry,), at, origin="sam")
        yield Grant("Allow", ("glue:GetSchemaVersion",), (join([schemas, f":schema/{name}/*"]),), at, origin="sam")


def _through_queue(draft: Draft, properties: Node) -> bool:
    node = properties.at("SqsSubscription")
    return node is not None and (isinstance(node.value, Mapping) or draft.truth(node))


def sam_policy(draft: Draft, policy: Node, notes: Notes) -> list[Grant]:
    """One entry of a SAM resource's ``Policies``: a statement, a policy template, a name, an ARN, a reference.

    Args:
        draft: the app so far.
        policy: the entry.
        notes: receives what is not known here.
    """
    if not isinstance(policy.value, Mapping):
        return managed(draft, policy, notes)
    if "Statement" in policy.value or "Effect" in policy.value:
        return grants_of(policy, notes)
    grants: list[Grant] = []
    for name, given in policy.items():
        expanded = expand_template(name, given, given.key or policy.location)
        if expanded is None:
            notes.append((f"the policy template {name}, which is not known", given.key or policy.location))
        grants += expanded or []
    return grants


def _of_machine(draft: Draft, machine: Declared) -> Role:
    notes: Notes = []
    policies = machine.properties.at("Policies")
    grants = [grant for policy in elements(policies) for grant in sam_policy(draft, policy, notes)]
    tracing = machine.properties.at("Tracing", "Enabled")
    if tracing is not None and draft.truth(tracing):
        grants += _managed(_X_RAY, tracing.location, notes)
    location = (policies.key or policies.location) if policies else machine.location
    made = _role(draft, f"{machine.id}Role", grants, location, notes)
    return replace(made, boundary=boundary(draft, machine.properties))


def _trust(properties: Node) -> tuple[Grant, ...] | None:
    """Who may use the role of a function where its template says so; else Lambda alone, which nobody needs to write."""
    document = properties.at("AssumeRolePolicyDocument")
    return tuple(grants_of(document, [])) if document is not None else None


def _of_schedules(draft: Draft, owner: Declared, kind: str) -> Iterator[Role]:
    """The roles with which the scheduler calls what it is told to."""
    for name, event in _events(draft, owner):
        if _type_of(draft, event) == "ScheduleV2" and event.at("Properties", "RoleArn") is None:
            at = event.key or event.location
            target = Ref(owner.id, "Arn" if kind == "Lambda" else "")
            grants = expand_event(kind, {"Target": target}, at)
            queue = dead_letters(draft, owner.id, name, event)
            if queue is not None:
                grants += expand_event("SQS", {"Target": queue}, at)
            yield _role(draft, f"{owner.id}{name}Role", grants, at, [])


def dead_letters(draft: Draft, owner: str, name: str, event: Node) -> Value:
    """Where an event that could not be delivered goes: the ARN of a queue, SAM's own if it makes one; or ``None``."""
    config = event.at("Properties", "DeadLetterConfig")
    if config is None:
        return None
    given = config.at("Arn")
    if given is not None:
        return given.plain()
    return Ref(draft.word(config.at("QueueLogicalId")) or f"{owner}{name}Queue", "Arn")


def _of_starters(draft: Draft, machine: Declared) -> Iterator[Role]:
    """The roles with which rules and APIs start a state machine."""
    for name, event in _events(draft, machine):
        kind = _type_of(draft, event)
        own = event.at("Properties", "RoleArn") if kind == "Schedule" else None
        if kind in ("Schedule", "EventBridgeRule", "CloudWatchEvent", "Api") and own is None:
            at = event.key or event.location
            grants = expand_event("Execution", {"Target": Ref(machine.id)}, at)
            yield _role(draft, f"{machine.id}{name}Role", grants, at, [])


def _of_graph(draft: Draft, api: Declared) -> Iterator[Role]:
    logging = api.properties.at("Logging")
    off = logging is not None and draft.word(logging) == "false"
    if not off and (logging is None or logging.at("CloudWatchLogsRoleArn") is None):
        yield _named(api, f"{api.id}CloudWatchRole", "AWSAppSyncPushToCloudWatchLogs")
    sources = api.properties.at("DataSources", "Lambda")
    for name, source in sources.items() if sources else ():
        if source.at("ServiceRoleArn") is None:
            at = source.key or source.location
            function = source.get("FunctionArn")
            both: tuple[Value, ...] = (function, join([function, ":*"]))
            grant = Grant("Allow", ("lambda:InvokeAsync", "lambda:InvokeFunction"), both, at, origin="sam")
            yield _role(draft, f"{api.id}{name}LambdaDataSourceRole", [grant], at, [])
    yield from _of_tables(draft, api)


def _of_tables(draft: Draft, api: Declared) -> Iterator[Role]:
    """The roles with which a GraphQL API reaches its tables."""
    sources = api.properties.at("DataSources", "DynamoDb")
    for name, source in sources.items() if sources else ():
        if source.at("ServiceRoleArn") is not None:
            continue
        at = source.key or source.location
        region: Value = source.get("Region") or Ref("AWS::Region")
        head: list[Value] = ["arn:", Ref("AWS::Partition"), ":dynamodb:", region, ":", Ref("AWS::AccountId"), ":table/"]
        table = source.get("TableArn") or join([*head, source.get("TableName")])
        asked = source.at("Permissions")
        kinds = [draft.word(node) for node in asked.elements()] if asked is not None else ["Read", "Write"]
        grants = [
            grant
            for kind in kinds
            if kind in ("Read", "Write")
            for grant in expand_event(f"Table{kind}", {"Table": table}, at)
        ]
        yield _role(draft, f"{api.id}{name}DynamoDBDataSourceRole", grants, at, [])


def _of_deployments(draft: Draft) -> Iterator[Role]:
    """The role with which CodeDeploy shifts traffic, when a function asks for that and brings none."""
    for function in draft.of_type(_FUNCTION):
        preference = function.properties.at("DeploymentPreference")
        if preference is None or preference.at("Role") is not None:
            continue
        enabled = preference.at("Enabled")
        if enabled is None or draft.word(enabled) != "false":
            at = Declared(function.id, function.type, function.properties, preference.key or preference.location)
            yield _named(at, CODE_DEPLOY, "AWSCodeDeployRoleForLambda")
            return


def _named(owner: Declared, id_: str, policy: str) -> Role:
    """A role that has one managed policy and nothing else."""
    notes: Notes = []
    grants = _managed(policy, owner.location, notes)
    return Role(id_, tuple(grants), owner.location, (), tuple(notes), implied=True)


def _events(draft: Draft, owner: Declared) -> Iterator[tuple[str, Node]]:
    events = owner.properties.at("Events")
    for name, event in events.items() if events is not None else ():
        for one in each_of(draft, event, "Type"):
            yield name, one


def _type_of(draft: Draft, node: Node) -> str:
    return draft.word(node.at("Type"))
