"""What a function gets to work with, and how it looks at its arguments."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Choice, Ref, Text, Unknown, Value
from remit.read.terraform.known import Wrong, text_of

if TYPE_CHECKING:
    from remit.read.terraform.evaluate import Evaluator
    from remit.read.terraform.functions import Functions
    from remit.read.terraform.things import Frame


class Context(NamedTuple):
    """Where a function is called."""

    evaluator: "Evaluator"
    frame: "Frame"
    at: Location
    functions: "Functions"


def open_(value: object) -> bool:
    """Whether only the deployment knows a value as a whole."""
    return isinstance(value, Ref | Unknown | Choice | Text)


def listed(node: Node) -> tuple[Node, ...]:
    """The elements of a list, set or mapping's values.

    Raises:
        Wrong: it has none; ``Open`` when only the deployment knows them.
    """
    value = node.value
    if isinstance(value, tuple):
        return value
    if isinstance(value, Mapping):
        return tuple(value[name] for name in sorted(value))
    raise _none(value, "a list")


def mapped(node: Node) -> Mapping[str, Node]:
    """The entries of a mapping.

    Raises:
        Wrong: it has none; ``Open`` when only the deployment knows them.
    """
    if isinstance(node.value, Mapping):
        return node.value
    raise _none(node.value, "a mapping")


def _none(value: Value | tuple[Node, ...], what: str) -> Wrong:
    from remit.read.terraform.evaluate import Open

    if isinstance(value, Ref | Unknown | Choice | Text):
        return Open(value)
    return Wrong(f"a value that is not {what}")


def word(value: Value) -> str:
    """A literal text.

    Raises:
        Wrong: it is none.
    """
    text = text_of(value)
    if text is None:
        raise Wrong("a value that is not a text")
    return text


def whole(value: Value) -> int:
    """A literal whole number.

    Raises:
        Wrong: it is none.
    """
    text = word(value)
    try:
        return int(text) if len(text) < 20 else int(float(text))
    except (ValueError, OverflowError):
        raise Wrong("a value that is not a whole number") from None
