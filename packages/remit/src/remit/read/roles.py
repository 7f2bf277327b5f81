"""Roles: who the functions run as, and everything that is granted to them."""

from collections.abc import Iterator

from remit.app.model import Grant, Role
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Text, Unknown, Value, refs
from remit.read.draft import Declared, Draft, label
from remit.read.policy import Notes, expand_managed, grants_of

_ROLE = "AWS::IAM::Role"


def read_roles(draft: Draft) -> None:
    """Adds every role of the template, with what its attached policies say."""
    for declared in draft.of_type(_ROLE):
        notes: Notes = []
        grants: list[Grant] = []
        properties = declared.properties
        for policy in elements(properties.at("Policies")):
            grants += grants_of(policy.at("PolicyDocument"), notes)
        for policy in elements(properties.at("ManagedPolicyArns")):
            grants += managed(draft, policy, notes)
        grants += attached(draft, declared.id, notes)
        trust = properties.at("AssumeRolePolicyDocument")
        draft.roles[declared.id] = Role(
            declared.id,
            tuple(grants),
            declared.location,
            (),
            tuple(notes),
            boundary=boundary(draft, properties),
            trust=tuple(grants_of(trust, [])) if trust is not None else None,
        )
    if draft.sam:
        from remit.read.sam_roles import made_roles

        for role in made_roles(draft):
            draft.roles.setdefault(role.id, role)
        if any(_connects(item) for item in draft.declared.values()):
            from remit.read.connectors import add_connectors

            add_connectors(draft)


def _connects(item: Declared) -> bool:
    """Whether a resource is a connector or has some."""
    inline = item.attributes is not None and item.attributes.at("Connectors") is not None
    return inline or item.type == "AWS::Serverless::Connector"


def role_of(draft: Draft, function: Declared) -> str:
    """The id of the role a function runs as; adds the role when SAM makes it, or when it is outside the template."""
    given = function.properties.at("Role")
    given = None if given is not None and given.value is None else given
    made = function.type == "AWS::Serverless::Function"
    if given is None and not made:
        return ""
    found = f"{function.id}Role" if given is None else _role_named(draft, given.plain())
    if found:
        draft.roles[found] = replace(draft.roles[found], functions=(*draft.roles[found].functions, function.id))
        return found
    if given is None:
        return ""
    id_ = f"{function.id}Role"
    note = (f"the role {_role_name(given.plain())}, which is not in this template", given.location)
    draft.roles[id_] = Role(id_, (), given.location, (function.id,), (note,))
    return id_


def boundary(draft: Draft, properties: Node) -> tuple[Grant, ...] | None:
    """What the permissions boundary of a role says; ``None`` when it has none.

    A boundary that is not known here may allow anything: one statement under a condition that nobody knows.
    """
    policy = properties.at("PermissionsBoundary")
    if policy is None:
        return None
    notes: Notes = []
    grants = managed(draft, policy, notes)
    if notes:
        why = Unknown("a permissions boundary that is not in this template")
        grants = [*grants, Grant("Allow", ("*",), ("*",), policy.location, conditions=why)]
    return tuple(grants)


def managed(draft: Draft, policy: Node, notes: Notes) -> list[Grant]:
    """A policy by name, ARN or reference."""
    value = draft.settled(policy)
    own = draft.target(policy.plain(), "AWS::IAM::ManagedPolicy")
    if own:
        return grants_of(draft.declared[own].properties.at("PolicyDocument"), notes)
    grants = expand_managed(value, policy.location)
    if grants is None:
        notes.append((_name_of(value), policy.location))
    return grants or []


def attached(draft: Draft, role: str, notes: Notes) -> Iterator[Grant]:
    """Grants of policies that attach themselves to a role, declared or made by SAM."""
    own = draft.declared.get(role)
    written = own.properties.get("RoleName") if own else None
    for policy in draft.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        roles = [node.plain() for node in elements(policy.properties.at("Roles"))]
        roles += [node.plain() for node in elements(policy.properties.at("RoleName"))]
        if any(_names(draft, value, role) or (written is not None and value == written) for value in roles):
            yield from grants_of(policy.properties.at("PolicyDocument"), notes)


def elements(node: Node | None) -> Iterator[Node]:
    """The elements of a list that may be missing, or a single value."""
    return node.elements() if node is not None else iter(())


def _role_named(draft: Draft, value: Value) -> str:
    """The id of the role a value names: one that is declared, or one that SAM makes; ``""`` when neither."""
    made = (ref.target for ref in refs(value) if ref.target in draft.roles)
    return draft.target(value, _ROLE) or next(made, "")


def _names(draft: Draft, value: Value, role: str) -> bool:
    return draft.target(value, _ROLE) == role or any(ref.target == role for ref in refs(value))


def _role_name(value: Value) -> str:
    """A role by the last word of its ARN, also where the ARN is put together; else by what it refers to."""
    last = value.parts[-1] if isinstance(value, Text) else value
    name = last.rsplit("/", 1)[-1] if isinstance(last, str) and "role/" in last else ""
    return name or label(value)


def _name_of(value: Value) -> str:
    return value.rsplit("/", 1)[-1] if isinstance(value, str) else label(value)
