"""Type constraints of variables: what they change about a value."""

from collections.abc import Mapping

from remit.app.node import Node
from remit.app.value import Value
from remit.read.terraform.evaluate import Evaluator
from remit.read.terraform.known import text_of
from remit.read.terraform.syntax import Call, Expr, Literal, Name, Object
from remit.read.terraform.things import Frame


def conform(node: Node, type_: Expr | None, evaluator: Evaluator, frame: Frame) -> Node:
    """A value as its type constraint makes it: scalars converted, optional attributes filled in.

    Args:
        node: the value.
        type_: the constraint, if there is one.
        evaluator: finds defaults.
        frame: where the constraint stands.
    """
    value = node.value
    if isinstance(type_, Name | Literal):
        return _scalar(node, type_.name if isinstance(type_, Name) else str(type_.value))
    if not isinstance(type_, Call) or not type_.arguments:
        return node
    inner = type_.arguments[0]
    if type_.name in ("list", "set", "tuple") and isinstance(value, tuple):
        items = value
        if type_.name != "tuple":
            items = tuple(conform(item, inner, evaluator, frame) for item in value)
        return Node(items, node.location, node.key, node.absent)
    if type_.name == "map" and isinstance(value, Mapping):
        entries = {name: conform(item, inner, evaluator, frame) for name, item in value.items()}
        return Node(entries, node.location, node.key, node.absent)
    if type_.name == "object" and isinstance(value, Mapping) and isinstance(inner, Object):
        return _object(node, value, inner, evaluator, frame)
    if type_.name == "optional":
        return conform(node, inner, evaluator, frame)
    return node


def _object(node: Node, value: Mapping[str, Node], type_: Object, evaluator: Evaluator, frame: Frame) -> Node:
    found = dict(value)
    for item in type_.items:
        name = str(item.key.value) if isinstance(item.key, Literal) else ""
        mine = found.get(name)
        if mine is not None and mine.value is not None:
            found[name] = conform(mine, item.value, evaluator, frame)
        elif isinstance(item.value, Call) and item.value.name == "optional":
            arguments = item.value.arguments
            default = evaluator.safe(arguments[1], frame) if len(arguments) > 1 else Node(None, node.location)
            found[name] = conform(default, arguments[0] if arguments else None, evaluator, frame)
    return Node(found, node.location, node.key, node.absent)


def _scalar(node: Node, type_: str) -> Node:
    value: Value = node.value if not isinstance(node.value, Mapping | tuple) else None
    text = text_of(value)
    if text is None or value is None:
        return node
    if type_ == "string" and not isinstance(value, str):
        return Node(text, node.location, node.key, node.absent)
    if type_ == "bool" and value in ("true", "false"):
        return Node(value == "true", node.location, node.key, node.absent)
    if type_ == "number" and isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return node
        return Node(
            int(number) if number.is_integer() and abs(number) < 1e15 else number, node.location, node.key, node.absent
        )
    return node
