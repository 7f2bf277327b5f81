"""Roles: who the functions run as, and everything that is granted to them."""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import Grant, Role
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Text, Value
from remit.read.draft import Declared, Draft, label
from remit.read.policy import Notes, expand_managed, expand_template, grants_of

_ROLE = "AWS::IAM::Role"
#: What SAM adds to the role it makes, by the type of an event whose source has to be polled.
_POLLING = {
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}


def read_roles(draft: Draft) -> None:
    """Adds every role of the template, with what its attached policies say."""
    for declared in draft.of_type(_ROLE):
        notes: Notes = []
        grants: list[Grant] = []
        properties = declared.properties
        for policy in _elements(properties.at("Policies")):
            grants += grants_of(policy.at("PolicyDocument"), notes)
        for policy in _elements(properties.at("ManagedPolicyArns")):
            grants += _managed(draft, policy, notes)
        grants += _attached(draft, declared.id, notes)
        draft.roles[declared.id] = Role(declared.id, tuple(grants), declared.location, (), tuple(notes))


def role_of(draft: Draft, function: Declared) -> str:
    """The id of the role a function runs as; adds the role when SAM makes it, or when it is outside the template."""
    given = function.properties.at("Role")
    if given is None and function.type == "AWS::Serverless::Function":
        return _made_by_sam(draft, function)
    if given is None:
        return ""
    found = draft.target(given.plain(), _ROLE)
    if found:
        draft.roles[found] = replace(draft.roles[found], functions=(*draft.roles[found].functions, function.id))
        return found
    id_ = f"{function.id}Role"
    note = (f"the role {_role_name(given.plain())}, which is not in this template", given.location)
    draft.roles[id_] = Role(id_, (), given.location, (function.id,), (note,))
    return id_


def _made_by_sam(draft: Draft, function: Declared) -> str:
    properties = function.properties
    notes: Notes = []
    policies = properties.at("Policies")
    grants = _basics(draft, function)
    for policy in _elements(policies):
        grants += _sam_policy(draft, policy, notes)
    id_ = f"{function.id}Role"
    location = (policies.key or policies.location) if policies else function.location
    draft.roles[id_] = Role(id_, tuple(grants), location, (function.id,), tuple(notes), implied=True)
    return id_


def _basics(draft: Draft, function: Declared) -> list[Grant]:
    """What SAM gives every role it makes, and what it adds for settings of the function."""
    properties, at = function.properties, function.location
    names: list[tuple[str, Location]] = [("service-role/AWSLambdaBasicExecutionRole", at)]
    vpc = properties.at("VpcConfig")
    if vpc is not None:
        names.append(("AWSLambdaVPCAccessExecutionRole", vpc.location))
    tracing = properties.at("Tracing")
    if tracing is not None and draft.word(tracing) in ("Active", "PassThrough"):
        names.append(("AWSXRayDaemonWriteAccess", tracing.location))
    events = properties.at("Events")
    for _, event in events.items() if events else ():
        policy = _POLLING.get(draft.word(event.at("Type")))
        if policy:
            names.append((policy, event.key or event.location))
    grants = [grant for name, place in dict.fromkeys(names) for grant in expand_managed(name, place) or ()]
    return grants + _deliveries(draft, properties)


def _deliveries(draft: Draft, properties: Node) -> list[Grant]:
    """Dead letters and destinations: SAM lets the role send to them."""
    actions = {
        "SQS": "sqs:SendMessage",
        "SNS": "sns:Publish",
        "Lambda": "lambda:InvokeFunction",
        "EventBridge": "events:PutEvents",
    }
    targets = [(properties.at("DeadLetterQueue"), "TargetArn")]
    config = properties.at("EventInvokeConfig", "DestinationConfig")
    targets += [(config.at(kind), "Destination") for kind in ("OnSuccess", "OnFailure")] if config else []
    grants = []
    for node, key in targets:
        action = actions.get(draft.word(node.at("Type"))) if node else None
        if node is not None and action:
            grants.append(Grant("Allow", (action,), (node.get(key),), node.location, origin="sam"))
    return grants


def _sam_policy(draft: Draft, policy: Node, notes: Notes) -> list[Grant]:
    """One entry of a SAM function's ``Policies``: a statement, a policy template, a name, an ARN, a reference."""
    if not isinstance(policy.value, Mapping):
        return _managed(draft, policy, notes)
    if "Statement" in policy.value or "Effect" in policy.value:
        return grants_of(policy, notes)
    grants: list[Grant] = []
    for name, given in policy.items():
        expanded = expand_template(name, given, given.key or policy.location)
        if expanded is None:
            notes.append((f"the policy template {name}, which is not known", given.key or policy.location))
        grants += expanded or []
    return grants


def _managed(draft: Draft, policy: Node, notes: Notes) -> list[Grant]:
    """A policy by name, ARN or reference."""
    value = draft.settled(policy)
    own = draft.target(policy.plain(), "AWS::IAM::ManagedPolicy")
    if own:
        return grants_of(draft.declared[own].properties.at("PolicyDocument"), notes)
    grants = expand_managed(value, policy.location)
    if grants is None:
        notes.append((_name_of(value), policy.location))
    return grants or []


def _attached(draft: Draft, role: str, notes: Notes) -> Iterator[Grant]:
    """Grants of policies that attach themselves to a role."""
    written = draft.declared[role].properties.get("RoleName")
    for policy in draft.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        roles = [node.plain() for node in _elements(policy.properties.at("Roles"))]
        roles += [node.plain() for node in _elements(policy.properties.at("RoleName"))]
        if any(draft.target(value, _ROLE) == role or (written is not None and value == written) for value in roles):
            yield from grants_of(policy.properties.at("PolicyDocument"), notes)


def _elements(node: Node | None) -> Iterator[Node]:
    return node.elements() if node is not None else iter(())


def _role_name(value: Value) -> str:
    """A role by the last word of its ARN, also where the ARN is put together; else by what it refers to."""
    last = value.parts[-1] if isinstance(value, Text) else value
    name = last.rsplit("/", 1)[-1] if isinstance(last, str) and "role/" in last else ""
    return name or label(value)


def _name_of(value: Value) -> str:
    return value.rsplit("/", 1)[-1] if isinstance(value, str) else label(value)
