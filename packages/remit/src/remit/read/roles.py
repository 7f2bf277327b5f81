"""Roles: who the functions run as, and everything that is granted to them."""

from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import Grant, Role
from remit.app.node import Node, certain, maybe, possible
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
            document = policy.at("PolicyDocument")
            grants += grants_of(maybe(document) if document is not None and policy.absent else document, notes)
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
    either = _either(draft, function, given) if given is not None else None
    if either is not None:
        draft.roles[either.id] = either
        return either.id
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


def _either(draft: Draft, function: Declared, given: Node) -> Role | None:
    """The role of a function that has one or another, as a condition says that is open: it may do what any of them may."""
    listed = list(possible(given))
    own = f"{function.id}Role"
    names = [_role_named(draft, value) for value in listed]
    if given.absent and own in draft.roles:
        names.append(own)
    known = [draft.roles[name] for name in dict.fromkeys(names) if name]
    if len(listed) + (own in names) < 2 or not known:
        return None
    notes = [
        (f"the role {_role_name(value)}, which is not in this template", given.location)
        for value, name in zip(listed, names, strict=False)
        if not name
    ]
    bounds = [role.boundary for role in known]
    bounded = tuple(grant for bound in bounds for grant in bound or ()) if None not in bounds and not notes else None
    return Role(
        own,
        tuple(
            grant
            for role in known
            for grant in role.grants
            if grant.effect != "Deny" or (not notes and _in_all(grant, known))
        ),
        given.location,
        (function.id,),
        (*(note for role in known for note in role.opaque), *notes),
        boundary=bounded,
    )


def _in_all(denied: Grant, roles: list[Role]) -> bool:
    """Whether every one of some roles denies this: else there is one that may."""
    said = (denied.actions, denied.not_actions, denied.resources, denied.not_resources, denied.conditions)
    return all(
        any(
            grant.effect == "Deny"
            and said == (grant.actions, grant.not_actions, grant.resources, grant.not_resources, grant.conditions)
            for grant in role.grants
        )
        for role in roles
    )


def boundary(draft: Draft, properties: Node) -> tuple[Grant, ...] | None:
    """What the permissions boundary of a role says; ``None`` when it has none.

    A boundary that is not known here may allow anything: one statement under a condition that nobody knows. One that an
    open condition may leave out bounds nothing; of two that it may be, what either allows.
    """
    policy = certain(properties.at("PermissionsBoundary"))
    if policy is None:
        return None
    notes: Notes = []
    grants = managed(draft, policy, notes)
    if notes:
        why = Unknown("a permissions boundary that is not in this template")
        grants = [*grants, Grant("Allow", ("*",), ("*",), policy.location, conditions=why)]
    return tuple(grants)


def managed(draft: Draft, policy: Node, notes: Notes) -> list[Grant]:
    """A policy by name, ARN or reference; every one, where an open condition decides which: a Deny only of a sure one."""
    values = possible(policy)
    found = [grant for value in values for grant in _managed_by(draft, value, policy.location, notes)]
    sure = len(values) == 1 and not policy.absent
    return found if sure else [grant for grant in found if grant.effect != "Deny"]


def _managed_by(draft: Draft, named: Value, location: Location, notes: Notes) -> list[Grant]:
    value = draft.resolver.settled(named)
    own = draft.target(named, "AWS::IAM::ManagedPolicy")
    if own:
        return grants_of(draft.declared[own].document("PolicyDocument"), notes)
    grants = expand_managed(value, location)
    if grants is None:
        notes.append((_name_of(value), location))
    return grants or []


def attached(draft: Draft, role: str, notes: Notes) -> Iterator[Grant]:
    """Grants of policies that attach themselves to a role, declared or made by SAM."""
    own = draft.declared.get(role)
    written = own.properties.get("RoleName") if own else None
    for policy in draft.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        named = [*elements(policy.properties.at("Roles")), *elements(policy.properties.at("RoleName"))]
        values = [(value, node) for node in named for value in possible(node)]
        mine = [
            node for value, node in values if _names(draft, value, role) or (written is not None and value == written)
        ]
        if mine:
            document = policy.document("PolicyDocument")
            sure = any(not node.absent and len(possible(node)) == 1 for node in mine)
            yield from grants_of(document if sure or document is None else maybe(document), notes)


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
