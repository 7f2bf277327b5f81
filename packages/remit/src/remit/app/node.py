"""A resolved template tree that remembers where everything was written, and what may not be there.

An open condition (``Fn::If`` that only a deployment decides, ``var.x ? a : b``) leaves both branches in the tree: what
only one of them has is ``absent`` in the other. Two readers choose deliberately: ``certain`` for whatever protects (it
counts only if every branch says it), ``possible`` for whatever opens, grants, delivers or reaches (every branch counts).
A plain value says the same: what may be missing is a ``Choice`` with ``None`` in it, so it equals no setting.
"""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.noun import Struct
from remit.app.value import Choice, Ref, Scalar, Text, Unknown, Value, options


class Node(Struct, frozen=True):
    """One value of a template after intrinsics were resolved, with its place in the file.

    Args:
        value: a scalar, a symbolic value, a mapping of nodes or a tuple of nodes.
        location: where it is written (the value's span; for a resolved ``Ref`` the place of the ``Ref``).
        key: where its key is written, when it is the value of a mapping.
        absent: whether an open condition decides if it is there at all; it, or something on the way to it.
        entered: whether somebody goes through it as an element or entry: what is inside is read as if it were there, and
            ``absent`` still tells that it may not be.
    """

    value: "Scalar | Ref | Unknown | Text | Choice | Mapping[str, Node] | tuple[Node, ...]"
    location: Location
    key: Location | None = None
    absent: bool = False
    entered: bool = False

    def at(self, *path: str | int) -> "Node | None":
        """The node under a path of keys and indexes, or ``None`` where there is none.

        Under a choice between structures it is what any of them has there.
        """
        if not path:
            return self
        node: Node | None = self
        missing = self.absent and not self.entered
        for step in path:
            if node is None:
                return None
            missing = missing or (node.absent and node is not self)
            value = node.value
            if isinstance(step, str) and isinstance(value, Mapping):
                node = value.get(step)
            elif isinstance(step, int) and isinstance(value, tuple) and -len(value) <= step < len(value):
                node = value[step]
            elif isinstance(value, Choice):
                node = _under(node, value, step)
            else:
                return None
        return maybe(node) if node is not None and (missing or node.absent) else node

    def get(self, *path: str | int) -> Value:
        """The plain value under a path; ``None`` where there is none."""
        node = self.at(*path)
        return None if node is None else node.plain()

    def plain(self) -> Value:
        """The value without positions; a scalar that may not be there is a ``Choice`` of it and ``None``."""
        value = self.value
        if isinstance(value, Mapping):
            return {key: (maybe(item) if item.absent else item).plain() for key, item in value.items()}
        if isinstance(value, tuple):
            # An element that may be missing is still all that can stand there.
            return tuple(item.plain() if not item.absent else _marked(item, entered=True).plain() for item in value)
        if self.absent and not self.entered and value is not None:
            return Choice((*options(value), None))
        return value

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Keys and nodes of a mapping, in every branch; nothing for anything else."""
        missing = self.absent and not self.entered
        if isinstance(self.value, Mapping):
            for key, item in self.value.items():
                yield key, _marked(item, entered=True) if missing or item.absent else item
        elif isinstance(self.value, Choice):
            for option in options(self.value):
                if isinstance(option, Mapping):
                    yield from Node(graft(option, self.location).value, self.location, self.key, absent=True).items()

    def elements(self) -> "Iterator[Node]":
        """Elements of a list, in every branch; a single value counts as a list of one, as policies allow.

        Nothing for ``None``.
        """
        missing = self.absent and not self.entered
        if isinstance(self.value, tuple):
            for item in self.value:
                yield _marked(item, entered=True) if missing or item.absent else item
        elif isinstance(self.value, Choice) and any(
            isinstance(option, tuple | Mapping) for option in options(self.value)
        ):
            for option in options(self.value):
                yield from Node(graft(option, self.location).value, self.location, self.key, absent=True).elements()
        elif self.value is not None:
            yield _marked(self, entered=True) if missing else self


def certain(node: Node | None) -> Node | None:
    """A node that is there in every branch, for what protects; ``None`` for one that may be missing.

    Its value may still be a ``Choice``: ask each of its ``options``.
    """
    return (
        None if node is None or node.absent or (isinstance(node.value, Choice) and None in node.value.options) else node
    )


def possible(node: Node | None) -> tuple[Value, ...]:
    """Every plain value a node can have where it is there, for what opens; nothing for what is never there."""
    if node is None:
        return ()
    return tuple(option for option in options(node.plain()) if option is not None)


def graft(value: Value, location: Location, key: Location | None = None) -> Node:
    """A plain value as nodes that all stand at one place."""
    if isinstance(value, Mapping):
        return Node({name: graft(item, location) for name, item in value.items()}, location, key)
    if isinstance(value, tuple):
        return Node(tuple(graft(item, location) for item in value), location, key)
    return Node(value, location, key)


def unite(first: Node, second: Node, location: Location, key: Location | None) -> Node:
    """Both branches of an open choice as one node: structures united, anything else a ``Choice``.

    What only one branch has is ``absent``. Elements of lists are compared where that is quick, as texts and numbers
    are; a structure that stands in both lists counts as two that may be missing.
    """
    one, two = first.value, second.value
    missing = first.absent or second.absent
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        entries = {name: item if name in two else maybe(item) for name, item in one.items()}
        for name, item in two.items():
            mine = entries.get(name)
            entries[name] = maybe(item) if mine is None else unite(mine, item, item.location, item.key)
        return Node(entries, first.location, key, missing)
    if isinstance(one, tuple) and isinstance(two, tuple):
        here, there = _said(one), _said(two)
        mine_too = [item if _quick(item) and item.value in there else maybe(item) for item in one]
        new = [maybe(item) for item in two if not _quick(item) or item.value not in here]
        return Node((*mine_too, *new), first.location, key, missing)
    seen: list[Value] = []
    for value in (*options(Node(one, location).plain()), *options(Node(two, location).plain())):
        if value not in seen:
            seen.append(value)
    united = graft(seen[0], location, key) if len(seen) == 1 else Node(Choice(tuple(seen)), location, key)
    return maybe(united) if missing else united


def maybe(node: Node) -> Node:
    """The same node, which an open condition may leave out."""
    return _marked(node, entered=False)


def _marked(node: Node, *, entered: bool) -> Node:
    if node.absent and node.entered == entered:
        return node
    return Node(node.value, node.location, node.key, absent=True, entered=entered)


def _under(node: Node, choice: Choice, step: str | int) -> Node | None:
    """What stands under a key of any structure that may be here; one that has no such key makes it absent."""
    found: Node | None = None
    missing = False
    for option in options(choice):
        inner = graft(option, node.location).at(step) if isinstance(option, Mapping | tuple) else None
        if inner is None:
            missing = True
        else:
            found = inner if found is None else unite(found, inner, node.location, None)
    return maybe(found) if found is not None and missing else found


def _quick(item: Node) -> bool:
    return isinstance(item.value, str | int | Ref)


def _said(items: tuple[Node, ...]) -> "set[Value]":
    return {item.value for item in items if isinstance(item.value, str | int | Ref)}
