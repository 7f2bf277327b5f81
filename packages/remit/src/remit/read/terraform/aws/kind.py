"""The form of the tables: how one Terraform resource type becomes a CloudFormation type.

A table says only what differs. An argument that no row names keeps its name in CloudFormation's spelling
(``message_retention_seconds`` becomes ``MessageRetentionSeconds``), so nothing that is written is lost.
"""

import re
from collections.abc import Callable, Mapping

from remit.app.node import Node, maybe
from remit.app.noun import Struct, field
from remit.app.value import Choice
from remit.read.terraform.aws.documents import document
from remit.read.terraform.aws.names import camel

#: Changes the shape of one value; ``None`` when nothing is left of it.
Convert = Callable[[Node], Node | None]


class Row(Struct, frozen=True):
    """One argument: the property it becomes (dots lead into nested properties, ``""`` drops it), and how."""

    to: str
    convert: Convert | None = None


Rows = Mapping[str, "str | Row"]
#: Attribute of Terraform to the attribute of CloudFormation that names the same; ``""`` is what ``Ref`` gives.
Attributes = Mapping[str, str]


class Kind(Struct, frozen=True):
    """One resource type.

    Args:
        type: its CloudFormation type.
        rows: arguments whose property is called otherwise, or has another shape.
        attributes: attributes that references use, where they are not the same word in CloudFormation's spelling.
        into: for a resource that CloudFormation has as properties of another: the argument that names that other.
        owners: CloudFormation types of that other.
        under: with ``into``: the property of the other that receives all of it; ``[]`` at its end adds to a list.
        same: with ``into``: pairs ``argument:Property`` that agree with the other where nothing refers to it.
        beside: property to what CloudFormation has as a resource of its own: its type, its property that names this one, and
            its property that takes the value.
        shape: a last change of the properties as a whole.
    """

    type: str
    rows: Rows = field(default_factory=dict)
    attributes: Attributes = field(default_factory=dict)
    into: str = ""
    owners: tuple[str, ...] = ()
    under: str = ""
    same: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    shape: Callable[[dict[str, Node]], None] | None = None


#: Arguments of every resource that say how Terraform works, not what it makes.
META = frozenset(
    ("count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection", "timeouts", "dynamic")
)


def fill(arguments: Node, rows: Rows) -> dict[str, Node]:
    """Arguments of a resource or block as properties."""
    found: dict[str, Node] = {}
    for name, node in arguments.items():
        if node.value is None or node.value in ((), "") or name in META:
            continue  # an empty text is how the provider says that nothing is given
        row = rows.get(name)
        if row is None:
            put(found, camel(name), plain_blocks(node))
            continue
        if isinstance(row, str):
            row = Row(row, plain_blocks)
        value = row.convert(node) if row.convert else node
        if row.to and value is not None:
            put(found, row.to, value)
    return found


def put(into: dict[str, Node], path: str, node: Node) -> None:
    """Puts a property where a dotted path leads; structures that meet there are united."""
    first, _, rest = path.partition(".")
    old = into.get(first)
    if rest:
        inner = dict(old.value) if old is not None and isinstance(old.value, Mapping) else {}
        put(inner, rest, node)
        missing = old is not None and old.absent
        into[first] = Node(inner, old.location if old else node.location, old.key if old else node.key, missing)
    elif old is not None and isinstance(old.value, Mapping) and isinstance(node.value, Mapping):
        both = {**_entries(old), **_entries(node)}
        into[first] = Node(both, old.location, old.key, old.absent and node.absent)
    elif old is not None and (isinstance(old.value, tuple) or isinstance(node.value, tuple)):
        into[first] = Node((*old.elements(), *node.elements()), old.location, old.key, old.absent and node.absent)
    else:
        into[first] = node


def _entries(node: Node) -> dict[str, Node]:
    """Entries of a structure that may not be there, each of which may not be there then."""
    return {name: maybe(item) if node.absent else item for name, item in node.items()}


def plain_blocks(node: Node) -> Node:
    """Blocks inside a value in CloudFormation's spelling; a map's own keys stay as they are written."""
    if not isinstance(node.value, tuple):
        return node
    return Node(tuple(_block(item) for item in node.value), node.location, node.key, node.absent)


def _block(node: Node) -> Node:
    if isinstance(node.value, Mapping):
        return Node(fill(node, {}), node.location, node.key, node.absent)
    return node


#: Names of arguments; other keys belong to documents.
_WORD = re.compile(r"[a-z][a-z0-9_]*")
#: Maps whose keys are people's own.
_MAPS = frozenset(("variables", "tags", "request_parameters", "response_parameters", "request_templates", "parameters"))


def objects(node: Node) -> Node:
    """Objects at any depth in CloudFormation's spelling: how the provider that is made from it nests its arguments."""
    value = node.value
    if isinstance(value, tuple):
        return Node(tuple(objects(item) for item in value), node.location, node.key, node.absent)
    if not isinstance(value, Mapping):
        return node
    inner = {
        camel(name) if _WORD.fullmatch(name) else name: item if name in _MAPS else objects(item)
        for name, item in value.items()
        if name not in META
    }
    return Node(
        {name: item for name, item in inner.items() if item.value is not None}, node.location, node.key, node.absent
    )


def first(node: Node) -> Node | None:
    """A block that may be written once, also where it is given as an object."""
    if isinstance(node.value, tuple):
        inner = node.value[0] if node.value else None
        return (
            None
            if inner is None
            else Node(inner.value, inner.location, node.key or inner.key, node.absent or inner.absent)
        )
    return node


def one(to: str, rows: Rows | None = None) -> Row:
    """A block that is written at most once: a mapping."""

    def convert(node: Node) -> Node | None:
        block = first(node)
        if block is None or not isinstance(block.value, Mapping):
            return block
        return Node(fill(block, rows or {}), block.location, block.key, block.absent)

    return Row(to, convert)


def many(to: str, rows: Rows | None = None) -> Row:
    """Blocks that may repeat: a list of mappings."""

    def convert(node: Node) -> Node:
        blocks = node.value if isinstance(node.value, tuple) else (node,)
        filled = (
            Node(fill(block, rows or {}), block.location, None, block.absent)
            if isinstance(block.value, Mapping)
            else block
            for block in blocks
        )
        return Node(tuple(filled), node.location, node.key, node.absent)

    return Row(to, convert)


def json(to: str) -> Row:
    """A text that holds JSON, as the structure it says."""
    return Row(to, document)


def verbatim(to: str) -> Row:
    """A value as it is: a map of names that people choose."""
    return Row(to)


def listed(to: str) -> Row:
    """A single value where CloudFormation wants a list."""
    return Row(
        to, lambda node: node if isinstance(node.value, tuple) else Node((node,), node.location, node.key, node.absent)
    )


def element(to: str) -> Row:
    """A list that Terraform allows one element in, where CloudFormation has that element alone."""
    return Row(to, first)


def worded(to: str, words: Mapping[str, str]) -> Row:
    """A word that the two spell differently."""

    def convert(node: Node) -> Node:
        value = node.value
        if isinstance(value, Choice):
            either = tuple(words.get(option, option) if isinstance(option, str) else option for option in value.options)
            return Node(Choice(either), node.location, node.key, node.absent)
        return Node(words.get(value, value), node.location, node.key, node.absent) if isinstance(value, str) else node

    return Row(to, convert)


def switch(to: str, on: str, off: str = "") -> Row:
    """A boolean that CloudFormation says in words; nothing when it is off and there is no word for that."""

    def said(value: object) -> str | None:
        return on if value in (True, "true") else off if value in (False, "false") else None

    def convert(node: Node) -> Node | None:
        if isinstance(node.value, Choice):
            either = tuple(dict.fromkeys(said(option) or None for option in node.value.options))
            return Node(Choice(either), node.location, node.key, node.absent)
        word = said(node.value)
        if word is None:
            return node
        return Node(word, node.location, node.key, node.absent) if word else None

    return Row(to, convert)


def constant(value: str | bool) -> "Callable[[Node], Node]":
    """Whatever is given, this is what it says."""
    return lambda node: Node(value, node.location, node.key, node.absent)


DROP = Row("")
