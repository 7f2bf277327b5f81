"""What makes a language: how its source is read, how its modules are found, what its names, members and calls mean.

The machine runs the IR; wherever languages disagree about it, it asks the ``Language`` of the function under analysis.
"""

from collections.abc import Callable
from typing import Any

from remit.app.noun import Struct

#: Suffixes of files in JavaScript and TypeScript, in the order in which a module without one is looked for.
SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")


class Language(Struct, frozen=True, eq=False):
    """One language; the functions work on the machine's nouns, which cannot be named here without a circle.

    Args:
        name: as ``Function.language`` says it.
        loader: what finds, reads and runs modules: parsed files by name, the code tree -> ``Machine.load``.
        handler: module and value of a handler: ``(machine, function) -> (Module, Val, name)``, or ``None`` with a skip.
        around: what a handler is given besides the event: ``() -> list[Val]``.
        builtin: a name that no scope binds: ``(machine, frame, name) -> Val``.
        attribute: ``(machine, frame, value, atom, name, at, calling) -> Val``.
        index: ``(machine, frame, value, atom, key, content, at) -> Val``.
        elements: what iterating over one atom gives, where this language differs; ``None`` otherwise.
        set_attribute: ``(machine, frame, atom, name, value, alone, at) -> None``.
        construct: ``(machine, frame, atom, callee, given) -> Val`` for ``new``.
        function: a call of something of a library by its full name: ``(machine, frame, name, given) -> Val``.
        method: a call of a method that is not the code's own: ``(machine, frame, method, given) -> Val``.
        thing: a call of an instance of a library's class: ``(machine, frame, thing, given) -> Val``.
        unknown: a call of what nobody knows: ``(machine, frame, callee, given) -> Val``.
        package: the package that a module belongs to: ``(module) -> str``.
        declared: whether the code asks for a package: ``(machine, package) -> bool``; ``None`` for one that is the
            platform's or that models speak of.
        facts: what a condition shows in ways that only this language has: ``(machine, frame, test)``, or ``None``.
    """

    name: str
    loader: Callable[..., Any]
    handler: Callable[..., Any]
    around: Callable[..., Any]
    builtin: Callable[..., Any]
    attribute: Callable[..., Any]
    index: Callable[..., Any]
    elements: Callable[..., Any]
    set_attribute: Callable[..., Any]
    construct: Callable[..., Any]
    function: Callable[..., Any]
    method: Callable[..., Any]
    thing: Callable[..., Any]
    unknown: Callable[..., Any]
    package: Callable[[str], str]
    declared: Callable[..., "bool | None"]
    facts: Callable[..., Any]


__all__ = ["SUFFIXES", "Language"]
