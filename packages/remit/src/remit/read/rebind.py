"""References of one template put into another: the same tree with other names. Pure."""

from collections.abc import Callable, Mapping

from remit.app.node import Node, graft, maybe
from remit.app.value import Choice, Ref, Text, Unknown, Value, join
from remit.read.draft import Declared

#: What a reference becomes; ``None`` leaves it as it is.
Rename = Callable[[Ref], Value | Node | None]


def rebound(node: Node, rename: Rename) -> Node:
    """A tree with every reference renamed; what does not change stays the same object."""
    value = node.value
    if isinstance(value, Mapping):
        entries = {key: rebound(item, rename) for key, item in value.items()}
        same = all(entries[key] is item for key, item in value.items())
        return node if same else Node(entries, node.location, node.key, node.absent)
    if isinstance(value, tuple):
        items = tuple(rebound(item, rename) for item in value)
        return (
            node
            if all(new is old for new, old in zip(items, value, strict=True))
            else Node(items, node.location, node.key, node.absent)
        )
    if isinstance(value, Ref):
        found = rename(value)
        if isinstance(found, Node):
            return Node(found.value, node.location, node.key, node.absent or found.absent)
        return node if found is None else _moved(found, node)
    if isinstance(value, Text | Choice):
        new = rebound_value(value, rename)
        return node if new == value else _moved(new, node)
    return node


def _moved(value: Value, node: Node) -> Node:
    found = graft(value, node.location, node.key)
    return maybe(found) if node.absent else found


def rebound_value(value: Value, rename: Rename) -> Value:
    """A plain value with every reference renamed."""
    if isinstance(value, Ref):
        found = rename(value)
        return value if found is None else found.plain() if isinstance(found, Node) else found
    if isinstance(value, Text):
        return join([rebound_value(part, rename) for part in value.parts])
    if isinstance(value, Choice):
        return Choice(tuple(rebound_value(option, rename) for option in value.options))
    if isinstance(value, Mapping):
        return {key: rebound_value(item, rename) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(rebound_value(item, rename) for item in value)
    return value


def rebind(declared: Declared, rename: Rename) -> None:
    """Renames every reference in what a template declares."""
    declared.properties = rebound(declared.properties, rename)
    if declared.metadata is not None:
        declared.metadata = rebound(declared.metadata, rename)
    if declared.attributes is not None:
        declared.attributes = rebound(declared.attributes, rename)


def closed(values: Mapping[Ref, Value], rounds: int = 5) -> dict[Ref, Value]:
    """Values that refer to each other, filled in; what goes round in a circle becomes unknown."""
    result = dict(values)

    def known(ref: Ref) -> Value | None:
        return result.get(ref)

    for _ in range(rounds):
        changed = {ref: rebound_value(value, known) for ref, value in result.items()}
        if changed == result:
            return result
        result = {
            ref: value if _size(value) < 1_000 else Unknown("a value that grows without end")
            for ref, value in changed.items()
        }
    return {ref: Unknown("outputs that refer to each other in a circle") for ref in result}


def _size(value: Value) -> int:
    if isinstance(value, Text):
        return len(value.parts)
    return len(value) if isinstance(value, Mapping | tuple) else 1
