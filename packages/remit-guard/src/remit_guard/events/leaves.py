"""The values a walk found, without the noun for each: an invocation looks through all of them and names almost none.

A ``Field`` with its path is made when somebody asks for that one; until then a value is a tuple that points to where it was.
"""

from remit_guard.core.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    #: A step into a document: its parent (``None`` at the top) and a key, an index, ``ARROW`` or, below 0, a key's number.
    Node = tuple["Node | None", str | int]
    #: A value, the node above it, the last step to it, and what it shares with the other values of its document.
    Leaf = tuple[Any, Node | None, str | int, "Place"]

ARROW = "→"
#: Decodings of texts that how they begin tells.
_UNCODED = frozenset(((), ("json",), ("event", "json")))


class Place:
    """What the values of one document have in common: where it came from and how its texts are encoded.

    Args:
        chain: the sources it came through.
        record: the index of its record in a batch, -1 outside.
        nesting: in how many documents it is.
        how: the decodings of its texts.
    """

    __slots__ = ("chain", "coded", "decode", "nesting", "record")

    def __init__(self, chain: str, record: int, nesting: int = 0, how: "tuple[str, ...]" = ()) -> None:
        self.chain = chain
        self.record = record
        self.nesting = nesting
        self.decode = how
        #: Whether its texts need more than a look at how they begin.
        self.coded = how not in _UNCODED

    def inside(self, how: "tuple[str, ...]" = ("json",), chain: str = "") -> "Place":
        """The place of a document inside a text of this one."""
        return Place(chain or self.chain, self.record, self.nesting + 1, how)


class Leaves:
    """The untrusted values of one event.

    Iterating gives its fields, outer before inner.
    """

    __slots__ = ("_fields", "_made", "_others", "_texts", "documents")

    def __init__(self, texts: "list[Leaf]", others: "list[tuple[int, Leaf]]", documents: "frozenset[int]") -> None:
        """Takes what a walk collected.

        Args:
            texts: the texts, in order.
            others: numbers and truth values, each after how many texts.
            documents: numbers of the texts that are JSON documents whose own values follow.
        """
        self._texts = texts
        self._others = others
        self._made: dict[int, Field] = {}
        self._fields: list[Field] | None = None
        self.documents = documents

    def values(self) -> "list[str]":
        """The texts, by number."""
        return [leaf[0] for leaf in self._texts]

    def field(self, number: int) -> Field:
        """The field of one text; the same object each time."""
        field = self._made.get(number)
        if field is None:
            field = self._made[number] = _field(self._texts[number])
        return field

    def fields(self) -> "list[Field]":
        """All fields, numbers too; the same list each time."""
        if self._fields is None:
            found = []
            begun = 0
            for after, leaf in self._others:
                found += [self.field(number) for number in range(begun, after)]
                begun = after
                found.append(_field(leaf))
            found += [self.field(number) for number in range(begun, len(self._texts))]
            self._fields = found
        return self._fields

    def chains(self) -> "set[str]":
        """The chains of sources the values came through."""
        places = {leaf[3] for leaf in self._texts}
        places.update(leaf[3] for _, leaf in self._others)
        return {place.chain for place in places}

    def __iter__(self) -> "Iterator[Field]":
        return iter(self.fields())


class Given(Leaves):
    """Fields that somebody made.

    Args:
        fields: any number of them; they may hold values of every kind.
    """

    __slots__ = ()

    def __init__(self, fields: "Iterable[Field]") -> None:
        made = list(fields)
        held = [field for field in made if isinstance(field.value, str)]
        texts: list[Any] = [(field.value, None, "", None) for field in held]  # their fields are there already
        super().__init__(texts, [], frozenset())
        self._made = dict(enumerate(held))
        self._fields = made


def _field(leaf: "Leaf") -> Field:
    value, node, step, place = leaf
    return Field(path_of(node, step), value, place.chain, place.record)


def path_of(node: "Node | None", step: "str | int") -> str:
    """The path to a value, as people read it: ``Records[0].body→order.id``."""
    steps = [step]
    while node is not None:
        node, step = node
        steps.append(step)
    path = ""
    for step in reversed(steps):
        if isinstance(step, int):
            path += f"[{step}]" if step >= 0 else f"{{{-1 - step}}}"
        elif step == ARROW or not path or path[-1] == ARROW:
            path += step
        else:
            path += f".{step}"
    return path
