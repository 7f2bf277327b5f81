"""What is granted and not needed, as rules ask for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function, Role
from remit.app.node import Node
from remit.app.value import refs
from remit.rules._grants import looks_only

if TYPE_CHECKING:
    # Loaded only where a role has something to compare: most roles have nothing.
    from remit.iam.excess import Excess


def excess_of(facts: Facts, function: Function) -> "tuple[Excess, ...]":
    """Grants of a function's role that its code does not need; none when that is not known."""
    from remit.iam.excess import excess

    remit = facts.remits.get(function.id)
    return excess(facts.app, function, remit) if remit else ()


def excess_of_role(facts: Facts, role: Role) -> "tuple[Excess, ...]":
    """What none of the functions of a role needs; none when one of them could not be read."""
    common: dict[tuple[str, str, Location], Excess] | None = None
    for name in role.functions:
        function = facts.app.function(name)
        if function is None or name not in facts.remits:
            return ()
        mine = {(item.kind, item.action, item.grant.location): item for item in excess_of(facts, function)}
        common = mine if common is None else {key: item for key, item in common.items() if key in mine}
    return tuple((common or {}).values())


def unneeded_actions(facts: Facts, role: Role, item: "Excess") -> tuple[str, ...]:
    """The real actions behind an excess: those of its pattern that no function of the role calls."""
    from remit.iam import catalog
    from remit.iam.platform import platform_needs

    used = set()
    for name in role.functions:
        function, remit = facts.app.function(name), facts.remits.get(name)
        if function is None or remit is None:
            continue
        used |= {str(need.what).lower() for need in remit.of("calls")}
        used |= {entry.what.lower() for entry in remit.unresolved if entry.verb == "calls"}
        used |= {str(need.what).lower() for need in platform_needs(facts.app, function)}
    used |= {other.lower() for action in tuple(used) for other in catalog.dependents(action)}
    return tuple(action for action in catalog.expand(item.action) if action.lower() not in used)


def destinations(facts: Facts, role: Role) -> frozenset[str]:
    """Logical ids of where the platform sends the events that a role's functions fail on, with the functions' rights."""
    found: set[str] = set()
    for name in role.functions:
        function = facts.app.function(name)
        if function is not None and function.properties is not None:
            found |= _sent_to(function.properties, inside=False)
    for resource in facts.app.resources.values():
        if resource.type in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"):
            named = {ref.target for ref in refs(resource.properties.get("FunctionName"))}
            if named & set(role.functions):
                found |= _sent_to(resource.properties, inside=False)
    return frozenset(found)


def _sent_to(node: Node, *, inside: bool) -> set[str]:
    """References under any key that names a destination, at any depth."""
    if isinstance(node.value, Mapping):
        return set().union(*(_sent_to(item, inside=inside or key in _DESTINATIONS) for key, item in node.items()))
    if isinstance(node.value, tuple):
        return set().union(*(_sent_to(item, inside=inside) for item in node.value))
    return {ref.target for ref in refs(node.value)} if inside else set()


_DESTINATIONS = ("DestinationConfig", "DeadLetterQueue", "DeadLetterConfig")


def needs_every_resource(action: str) -> bool:
    """Whether the platform knows no narrower resource for an action than ``*``."""
    from remit.iam import catalog

    return bool(catalog.spelled(action)) and not catalog.templates(action)


def changes(action: str) -> bool:
    """Whether an action changes, starts or hands out something; what only reads does not.

    By the access level of the service authorization reference; by its name when the reference does not know it.
    """
    from remit.iam import catalog

    level = catalog.level(action)
    return level in ("write", "permissions", "tagging") if level else not looks_only(action)
