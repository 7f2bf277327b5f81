"""What the evaluator needs to know about values: when something is wrong, what is open, how large it may become."""

from collections.abc import Mapping

from remit.app.node import Node
from remit.app.value import Choice, Ref, Text, Unknown, Value

#: Bounds on what expressions can blow a small configuration up to.
MAX_TEXT = 1_000_000
MAX_SIZE = 200_000
MAX_LEVELS = 60
MAX_OPTIONS = 20
_PER_TEXT = 100


class Wrong(Exception):  # noqa: N818
    """An expression that Terraform would refuse: what ``try`` and ``can`` catch.

    Args:
        why: a clause that names what is wrong.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


Content = Mapping[str, Node] | tuple[Node, ...]


class Sizes:
    """How large and how deep the structures made so far are when everything in them is counted.

    One structure may stand in another many times, so that a few lines can say billions of values; counting each
    structure once, when it is made, keeps that from being noticed only when somebody walks through it.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, int, int]] = {}

    def of(self, value: object) -> tuple[int, int]:
        """Size and depth of a value; a structure counts what is in it, a long text more than a short one."""
        if isinstance(value, str):
            return 1 + len(value) // _PER_TEXT, 0
        if isinstance(value, Text):
            return 1 + sum(self.of(part)[0] for part in value.parts), 0
        if not isinstance(value, Mapping | tuple):
            return 1, 0
        found = self._known.get(id(value))
        if found is None:
            found = (value, *self._counted(value))
            self._known[id(value)] = found  # it is kept, so that its identity stays its own
        return found[1], found[2]

    def bounded(self, value: Content) -> Content:
        """The structure itself.

        Raises:
            Wrong: it is too large or too deep.
        """
        size, levels = self.of(value)
        if size > MAX_SIZE or levels > MAX_LEVELS:
            raise Wrong("a value with far too much in it")
        return value

    def _counted(self, value: Content) -> tuple[int, int]:
        size, levels = 1, 0
        for item in value.values() if isinstance(value, Mapping) else value:
            inner, depth = self.of(item.value)
            size += inner
            levels = max(levels, depth)
        return size, levels + 1


def text_of(value: Value) -> str | None:
    """A scalar as Terraform writes it in a text; ``None`` for anything that is no literal scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return number_text(value)
    return None


def number_text(value: float) -> str:
    """A number without an exponent or a needless fraction."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def truth(value: Value) -> bool | None:
    """Whether a condition holds; ``None`` when that is open.

    Raises:
        Wrong: it is not a condition.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, Choice):
        truths = {truth(option) for option in value.options}
        return truths.pop() if len(truths) == 1 else None
    if isinstance(value, Ref | Unknown | Text):
        return None
    if value in ("true", "false"):
        return value == "true"
    raise Wrong("a condition that is neither true nor false")


def is_literal(value: Value) -> bool:
    """Whether nothing in a value is symbolic."""
    if isinstance(value, Mapping):
        return all(is_literal(item) for item in value.values())
    if isinstance(value, tuple):
        return all(is_literal(item) for item in value)
    return value is None or isinstance(value, str | int | float)
