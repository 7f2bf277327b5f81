"""What looks have in common: their form, and getting at options."""

from collections.abc import Callable

from remit.app.location import Location
from remit.flow.machine import Arguments, Machine
from remit.flow.taint import Trace
from remit.flow.values import Dictionary, Known, Sequence, Val, literal

Call = Callable[[Machine, Arguments], None]
Name = Callable[[Machine, str, Val, Location], None]


def option(value: "Val | None", name: str) -> "Val | None":
    """What stands under a name in options that are a mapping; ``None`` when nothing does."""
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Dictionary) and name in atom.entries:
            return atom.entries[name]
    return None


def is_false(value: "Val | None") -> bool:
    """Whether a value is ``False`` for sure."""
    return value is not None and literal(value) is False


def texts(value: "Val | None") -> list[str]:
    """The texts that a value, or what a list holds, may be."""
    found: list[str] = []
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Known) and isinstance(atom.value, str | bytes):
            found.append(atom.value if isinstance(atom.value, str) else atom.value.decode("latin-1"))
        elif isinstance(atom, Sequence):
            found.extend(text for item in atom.items for text in texts(item))
    return found


def said(trace: "Trace | None", text: str) -> bool:
    """Whether one of the steps of a way says something."""
    while trace is not None:
        if text in trace.text:
            return True
        trace = trace.before
    return False


__all__ = ["Call", "Name", "is_false", "option", "said", "texts"]
