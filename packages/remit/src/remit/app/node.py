"""A resolved template tree that remembers where everything was written."""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.noun import Struct
from remit.app.value import Choice, Ref, Scalar, Text, Unknown, Value


class Node(Struct, frozen=True):
    """One value of a template after intrinsics were resolved, with its place in the file.

    Args:
        value: a scalar, a symbolic value, a mapping of nodes or a tuple of nodes.
        location: where it is written (the value's span; for a resolved ``Ref`` the place of the ``Ref``).
        key: where its key is written, when it is the value of a mapping.
    """

    value: "Scalar | Ref | Unknown | Text | Choice | Mapping[str, Node] | tuple[Node, ...]"
    location: Location
    key: Location | None = None

    def at(self, *path: str | int) -> "Node | None":
        """The node under a path of keys and indexes, or ``None`` where there is none."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            value = node.value
            if isinstance(step, str) and isinstance(value, Mapping):
                node = value.get(step)
            elif isinstance(step, int) and isinstance(value, tuple) and -len(value) <= step < len(value):
                node = value[step]
            else:
                return None
        return node

    def get(self, *path: str | int) -> Value:
        """The plain value under a path; ``None`` where there is none."""
        node = self.at(*path)
        return None if node is None else node.plain()

    def plain(self) -> Value:
        """The value without positions."""
        value = self.value
        if isinstance(value, Mapping):
            return {key: item.plain() for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(item.plain() for item in value)
        return value

    def items(self) -> "Iterator[tuple[str, Node]]":
        """Keys and nodes of a mapping; nothing for anything else."""
        if isinstance(self.value, Mapping):
            yield from self.value.items()

    def elements(self) -> "Iterator[Node]":
        """Elements of a list; a single value counts as a list of one, as policies allow; nothing for ``None``."""
        if isinstance(self.value, tuple):
            yield from self.value
        elif self.value is not None:
            yield self
