"""Policy documents to grants: statements as IAM writes them, SAM's policy templates, AWS's managed policies.

Nothing is evaluated here (that is ``remit.iam``); this only reads. What cannot be read becomes an entry of
``Notes``, which ends up in ``Role.opaque``: never left out in silence.
"""

from collections.abc import Mapping, Sequence

import msgspec

from remit.app.location import Location
from remit.app.model import Grant
from remit.app.node import Node, possible
from remit.app.value import Choice, Ref, Text, Unknown, Value, join, options
from remit.read.policy_data import Policy, Statement, event_policies, managed_policies, policy_templates
from remit.read.resolve import substitute

#: What is in a policy but cannot be known: a few words and the place.
Notes = list[tuple[str, Location]]

#: Stands around the number of a symbolic part while a text is read as JSON; nobody writes it.
_MARK = "\ue000"


def grants_of(document: Node | None, notes: Notes, origin: str = "inline") -> list[Grant]:
    """The grants of a policy document.

    Args:
        document: ``{"Version": ..., "Statement": ...}``; a list of statements or one statement will do as well.
        notes: receives what cannot be read.
        origin: where it comes from, for ``Grant.origin``.
    """
    if document is None:
        return []
    document = _parsed(document)
    statements = document.at("Statement") or document
    variables = statements is document or _has_variables(document.get("Version"))
    grants = []
    for statement in statements.elements():
        if isinstance(statement.value, Mapping):
            optional = statement.absent or document.absent
            grant = grant_of(statement, notes, origin, variables=variables, optional=optional)
            grants += [grant] if grant else []
        elif statement.value != "":
            notes.append((_words(statement.plain()), statement.location))
    return grants


def _parsed(document: Node) -> Node:
    """A document written as one JSON text (CloudFormation takes both) as what it says; anything else as it is."""
    text = document.value
    if not isinstance(text, str | Text):
        return document
    parts = text.parts if isinstance(text, Text) else (text,)
    symbols = [part for part in parts if not isinstance(part, str)]
    if any(_MARK in part for part in parts if isinstance(part, str)):
        return document
    marks = iter(range(len(symbols)))
    written = "".join(part if isinstance(part, str) else f"{_MARK}{next(marks)}{_MARK}" for part in parts)
    try:
        found = msgspec.json.decode(written)
    except (msgspec.DecodeError, RecursionError):
        return document
    return _noded(found, symbols, document.location) if isinstance(found, dict | list) else document


def _noded(value: object, symbols: Sequence[Ref | Unknown | Choice], location: Location) -> Node:
    """Decoded JSON as nodes that all stand at one place, with the symbolic parts back in their texts."""
    if isinstance(value, dict):
        return Node({key: _noded(item, symbols, location) for key, item in value.items()}, location)
    if isinstance(value, list):
        return Node(tuple(_noded(item, symbols, location) for item in value), location)
    if isinstance(value, str):
        pieces = value.split(_MARK)
        known = [symbols[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)]
        return Node(join(list(known)), location)
    return Node(value if isinstance(value, int | float) else None, location)


def _has_variables(version: Value) -> bool:
    """Whether a document of a version has policy variables: one without a version is of 2008-10-17, which has none."""
    return version is not None and version != "2008-10-17"


def grant_of(
    statement: Node, notes: Notes, origin: str = "inline", *, variables: bool = True, optional: bool = False
) -> Grant | None:
    """One statement as a grant; ``None`` when it names neither actions nor their opposite.

    What an open condition decides is read the open way: an Allow holds with all it may name and without a condition that
    it may not have, a Deny only if it is certain, with what it names in every branch.

    Args:
        statement: the statement.
        notes: receives what cannot be read.
        origin: for ``Grant.origin``.
        variables: for ``Grant.variables``.
        optional: whether an open condition decides if the statement is there at all.
    """
    denies = [str(effect).lower() for effect in possible(statement.at("Effect"))] == ["deny"]
    if denies:
        sure = None if optional else _surely(statement)
        if sure is None:
            return None
        statement = sure
    else:
        statement = _widely(statement)
    actions = _actions(statement.at("Action"), notes)
    not_actions = _actions(statement.at("NotAction"), notes)
    if not actions and not not_actions:
        return None
    condition = statement.at("Condition") if denies else _without(statement.at("Condition"))
    return Grant(
        effect="Deny" if denies else "Allow",
        actions=actions,
        resources=_values(statement.at("Resource")),
        location=statement.location,
        not_actions=not_actions,
        not_resources=_values(statement.at("NotResource")),
        conditions=condition.plain() if condition else None,
        origin=origin,
        principals=_principals(statement.at("Principal"))
        if statement.at("NotPrincipal") is None
        else ("*",),  # everyone but a few is everyone
        not_principals=_principals(statement.at("NotPrincipal")),
        variables=variables,
    )


def _surely(deny: Node) -> Node | None:
    """What a Deny names in every branch: less in its lists, and all of what it leaves out; ``None`` for nothing."""
    entries = dict(deny.items())
    for name in ("Action", "Resource", "Principal"):
        node = entries.get(name)
        if node is None or node.value in ((), {}):
            continue
        entries[name] = fixed = _fixed(deny.at(name) or node)
        if fixed.value in ((), {}):
            return None
    return Node(entries, deny.location, deny.key)


def _widely(allow: Node) -> Node:
    """What an Allow leaves out in every branch; where that is nothing, it leaves out nothing."""
    entries = dict(allow.items())
    for name in ("NotAction", "NotResource"):
        node = allow.at(name)
        if node is None or not _is_open(node):
            continue
        entries[name] = fixed = _fixed(node)
        if fixed.value == ():
            del entries[name]
            entries[name.removeprefix("Not")] = Node("*", node.location, node.key)
    return Node(entries, allow.location, allow.key)


def _is_open(node: Node) -> bool:
    inner = node.value if isinstance(node.value, tuple) else ()
    return node.absent or isinstance(node.value, Choice) or any(_is_open(item) for item in inner)


def _fixed(node: Node) -> Node:
    """A list, or the lists of a mapping, without what may not be there."""
    if node.absent or isinstance(node.value, Choice):
        return Node((), node.location, node.key)
    if isinstance(node.value, Mapping):
        return Node({key: _fixed(item) for key, item in node.value.items()}, node.location, node.key)
    if isinstance(node.value, tuple):
        sure = tuple(item for item in node.value if not item.absent and not isinstance(item.value, Choice))
        return Node(sure, node.location, node.key)
    return node


def _without(condition: Node | None) -> Node | None:
    """The conditions that an Allow has in every branch; ``None`` when there is none."""
    if condition is None or condition.absent:
        return None
    if not isinstance(condition.value, Mapping):
        return condition
    kept: dict[str, Node] = {}
    for operator, block in condition.value.items():
        if block.absent:
            continue
        keys = {key: node for key, node in block.items() if not node.absent}
        if keys or not isinstance(block.value, Mapping):
            kept[operator] = Node(keys, block.location, block.key) if isinstance(block.value, Mapping) else block
    return Node(kept, condition.location, condition.key) if kept else None


def expand_template(name: str, given: Node, location: Location) -> list[Grant] | None:
    """A SAM policy template with its parameters filled in; ``None`` when SAM has no template of that name."""
    policy = policy_templates().get(name)
    if policy is None:
        return None
    names: dict[str, Value] = {key: node.plain() for key, node in given.items()}
    for parameter in policy.parameters:
        names.setdefault(parameter, Unknown(f"{parameter} of {name}, which is not given"))
    return _expand(policy, names, f"template:{name}", location)


def expand_event(name: str, names: Mapping[str, Value], location: Location) -> list[Grant]:
    """What SAM grants for an event source or destination of some kind.

    Args:
        name: an entry of ``event_policies``.
        names: the values of its parameters.
        location: the event or destination.
    """
    return _expand(event_policies()[name], names, "sam", location)


def expand_managed(policy: Value, location: Location) -> list[Grant] | None:
    """A managed policy of AWS by its name or ARN; ``None`` when it is not one whose content is known here."""
    text = policy if isinstance(policy, str) else policy.parts[-1] if isinstance(policy, Text) else ""
    if not isinstance(text, str) or not is_aws_managed(policy):
        return None
    name = text.rsplit("/", 1)[-1]
    common = managed_policies().get(name)
    if common is not None:
        return _expand(common, {}, f"managed:{name}", location)
    from remit.read import managed

    document = managed.statements(name, location)
    return None if document is None else grants_of(document, [], f"managed:{name}")


def is_aws_managed(policy: Value) -> bool:
    """Whether a name or ARN is one of AWS's own policies: a bare name, or an ARN of the account ``aws``."""
    if isinstance(policy, str):
        return ":" not in policy or ":iam::aws:policy/" in policy
    return isinstance(policy, Text) and any(
        isinstance(part, str) and ":iam::aws:policy/" in part for part in policy.parts
    )


def _expand(policy: Policy, names: Mapping[str, Value], origin: str, location: Location) -> list[Grant]:
    return [_filled(statement, names, origin, location) for statement in policy.statements]


def _filled(statement: Statement, names: Mapping[str, Value], origin: str, location: Location) -> Grant:
    conditions: Value = {
        operator: {key: tuple(substitute(item, names) for item in items) for key, items in block.items()}
        for operator, block in statement.conditions.items()
    }
    return Grant(
        effect="Allow",
        actions=tuple(statement.actions),
        resources=tuple(item for resource in statement.resources for item in options(substitute(resource, names))),
        location=location,
        not_actions=tuple(statement.not_actions),
        conditions=conditions or None,
        origin=origin,
    )


def _actions(node: Node | None, notes: Notes) -> tuple[str, ...]:
    found = []
    for element in node.elements() if node else ():
        for value in possible(element):
            if isinstance(value, str):
                service, colon, action = value.strip().partition(":")
                found.append(service.lower() + colon + action)
            elif isinstance(value, tuple):
                found += [item for item in value if isinstance(item, str)]
            else:
                notes.append((f"an action that is not written out: {_words(value)}", element.location))
    return tuple(found)


def _values(node: Node | None) -> tuple[Value, ...]:
    found: list[Value] = []
    for element in node.elements() if node else ():
        for value in possible(element):
            found += value if isinstance(value, tuple) else [value]
    return tuple(found)


def _principals(principal: Node | None) -> tuple[Value, ...]:
    if principal is None:
        return ()
    if isinstance(principal.value, Mapping):
        found: list[Value] = []
        for node in principal.value.values():
            found += _values(node)
        return tuple(found)
    return _values(principal)


def _words(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.why
    if isinstance(value, Ref):
        return f"the value of {value.target}"
    return str(value)
