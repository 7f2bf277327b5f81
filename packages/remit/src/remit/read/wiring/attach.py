"""What the readers of event sources share: from "this delivers to that" to a trigger, and who can send by default."""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import Authorizer, Sender, Trigger
from remit.app.node import Node
from remit.app.value import Text, Value, spread
from remit.read.draft import Declared, Draft, label

#: Who can send, and why.
Who = tuple[Sender, str]
#: The account's default bus, which no template declares.
DEFAULT_BUS = "AWS::Events::DefaultBus"
SCHEDULER = (Sender.PLATFORM, "only the scheduler sends")


def attach(
    draft: Draft, to: Value, node: Node, source: str, name: str, who: Who, resource: str = ""
) -> Iterator[Trigger]:
    """The trigger of the part that a value names: a function, or whatever else of this template takes the events.

    Where an open condition decides which part that is, each of them takes them.

    Args:
        draft: the app so far.
        to: what names the receiver: an ARN, a name, a URL, a reference.
        node: the template's own node of it; the trigger stands where its key does.
        source: name of the event source.
        name: what people call it.
        who: the widest circle that sends, as far as this place tells.
        resource: logical id of what delivers.
    """
    for id_ in dict.fromkeys(receiver(draft, one) for one in spread(to)):
        if id_ and id_ != resource:
            yield made(id_, node, source, name, who, resource)


def made(
    function: str,
    node: Node,
    source: str,
    name: str,
    who: Who,
    resource: str = "",
    authorizer: Authorizer | None = None,
) -> Trigger:
    """A trigger that stands where a node does."""
    location = place_of(node)
    return Trigger(function, source, name, location, who[0], ((location, who[1]),), resource, authorizer, node)


def receiver(draft: Draft, to: Value) -> str:
    """The logical id of the part that a value names, a function first; ``""`` for what is not in this template."""
    return draft.function_of(to) or draft.target(to)


def place_of(node: Node) -> Location:
    """Where a node's key stands, or the node itself."""
    return node.key or node.location


def whole(item: Declared) -> Node:
    """A declared resource as one node, which stands where its logical id does."""
    return Node(item.properties.value, item.location)


def each(node: Node | None) -> Iterator[Node]:
    """Elements of what may not be there."""
    return node.elements() if node is not None else iter(())


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Entries of what may not be there."""
    return node.items() if node is not None else iter(())


def default_sender(draft: Draft, value: Value) -> Who:
    """Who can send through a resource before its policy is looked at: this app, or anyone in the account."""
    resource = draft.target(value)
    if resource:
        return Sender.APP, f"{resource} is part of this app"
    from remit.read.outside import opened

    return opened(draft, value) or (Sender.ACCOUNT, f"{label(value)} is outside this template")


def service_of(arn: Value) -> str:
    """The service in an ARN that is at least partly literal, or ``""``."""
    return piece_of(arn, 2)


def piece_of(arn: Value, number: int) -> str:
    """One of the parts between the colons of an ARN; ``""`` for what is none."""
    pieces = flat(arn).split(":")
    return pieces[number] if len(pieces) > number and pieces[0] == "arn" else ""


def flat(value: Value) -> str:
    """A text in which every symbolic part is one letter, for looking at its shape only."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part if isinstance(part, str) else "x" for part in parts)


def found_under(node: Node, key: str, depth: int = 12) -> Iterator[Node]:
    """Every node under a key, at any depth: for settings that services nest in ever new ways."""
    if depth <= 0:
        return
    if isinstance(node.value, Mapping):
        for name, item in node.value.items():
            if name == key:
                yield item
            else:
                yield from found_under(item, key, depth - 1)
    elif isinstance(node.value, tuple):
        for item in node.value:
            yield from found_under(item, key, depth - 1)
