"""Small questions to a template's nodes, safe on whatever shape a template has there."""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function, Resource, Role
from remit.app.node import Node, possible
from remit.app.value import Ref, Text, Value, options


def of_type(facts: Facts, *types: str) -> Iterator[Resource]:
    """The app's resources of some CloudFormation types, in template order."""
    for resource in facts.app.resources.values():
        if resource.type in types:
            yield resource


def is_true(value: Value) -> bool:
    """Whether a template means *true*: YAML writes it as a boolean or as a text."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def is_false(value: Value) -> bool:
    """Whether a template means *false*; what is missing or open is not false."""
    return value is False or (isinstance(value, str) and value.lower() == "false")


def may_be_true(node: Node | None) -> bool:
    """Whether a switch that opens something is on in any branch of an open condition."""
    return any(is_true(value) for value in possible(node))


def may_be_false(node: Node | None) -> bool:
    """Whether a switch that protects something is off in any branch of an open condition."""
    return any(is_false(value) for value in possible(node))


def text(value: Value) -> str:
    """A literal text, else ``""``."""
    return value if isinstance(value, str) else ""


def place(node: Node | None, fallback: Location) -> Location:
    """Where a node's key is written, else its value, else the fallback."""
    if node is None:
        return fallback
    return node.key or node.location


def is_everything(value: Value) -> bool:
    """Whether a resource pattern names every resource: ``*``, or an ARN that is open where names stand."""
    for option in options(value):
        if isinstance(option, Text):
            if any(not isinstance(part, str) and not _is_place(part) for part in option.parts):
                continue  # something of this template, or given when it is deployed, stands in the name
            option = "".join(part if isinstance(part, str) else "x" for part in option.parts)
        if isinstance(option, str) and _open(option):
            return True
    return False


def _is_place(part: object) -> bool:
    """Region, account and partition say where a resource is, not which one it is."""
    return isinstance(part, Ref) and part.target.startswith("AWS::")


def _open(pattern: str) -> bool:
    if pattern == "*":
        return True
    if not pattern.startswith("arn:"):
        return False
    name = pattern.split(":", 5)[-1]
    last = name.replace("*", "").strip("/:")
    return "*" in name and last in ("", "table", "function", "secret", "parameter", "key", "role", "user", "stream")


def functions_of(facts: Facts, role: Role) -> tuple[Function, ...]:
    """The functions that run as a role."""
    return tuple(function for function in facts.app.functions if function.role == role.id)
