"""Texts of JavaScript and their regular expressions."""

import re
from collections.abc import Callable

from remit.flow import natives, taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.patterns import absent
from remit.flow.values import (
    NONE,
    Dictionary,
    Known,
    Opaque,
    Part,
    Symbol,
    Thing,
    Val,
    known,
    literal,
    text_of,
    union,
    unknown,
)  # fmt: skip
from remit_guard.core import verdict

Native = Callable[[Machine, Frame, Val, Arguments], Val]
#: The kind of a regular expression; its facts are ``pattern`` and ``flags``.
REGEX = "js.RegExp"
_COMPUTED: dict[str, Callable[[str], str]] = {
    "trim": str.strip, "trimStart": str.lstrip, "trimEnd": str.rstrip, "toLowerCase": str.lower, "toUpperCase": str.upper,
    "toLocaleLowerCase": str.lower, "toLocaleUpperCase": str.upper, "toString": str, "normalize": str, "valueOf": str,
}  # fmt: skip
_NAMED = re.compile(r"\(\?<(?![=!])")


def python_pattern(pattern: str, flags: str) -> str:
    """A pattern of JavaScript as one that Python reads; ``""`` when it works line by line."""
    if "m" in flags:
        return ""
    said = _NAMED.sub("(?P<", pattern).replace("[^]", r"[\s\S]").replace(r"\/", "/")
    return f"(?i){said}" if "i" in flags else said


def pattern_of(value: Val) -> "tuple[str, str] | None":
    """Pattern and flags of a regular expression that is known."""
    for atom in value.atoms:
        if isinstance(atom, Thing) and atom.kind == REGEX:
            pattern, flags = (text_of(atom.facts[name]) for name in ("pattern", "flags"))
            if pattern is not None:
                return python_pattern(pattern, flags or ""), flags or ""
    return None


def _changed(change: Callable[[str], str]) -> Native:
    def run(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
        found: list[Val] = []
        for atom in value.atoms:
            if isinstance(atom, Known) and isinstance(atom.value, str):
                found.append(known(change(atom.value)))
            elif isinstance(atom, Thing) and "text" in atom.facts:
                found.append(atom.facts["text"])
            elif isinstance(atom, Part | Symbol | Opaque | Thing):
                found.append(Val((atom,)))
            else:
                found.append(natives.as_text(machine, Val((atom,), value.taints), given.at))
        return union(*found).tainted(value.taints) if found else value

    return run


def _replaced(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    """``replace``: what is taken out everywhere cannot be in the result."""
    from remit.flow.javascript_natives import functions_in, invoke

    own = machine.taints(value, given.at)
    old, new = given.get(0), given.get(1)
    if new is not None and functions_in(new):
        put = invoke(machine, frame, new, [unknown("a match", own)], given)
        return unknown("a text", taint.merge(own, machine.taints(put, given.at)))
    more = machine.taints(new, given.at) if new is not None else ()
    text = text_of(new) if new is not None else None
    taints = taint.merge(own, more)
    if old is None or text is None:
        return unknown("a text", taints)
    return unknown("a text", taint.cleaned(taints, _taken_out(old, text, everywhere=given.text.endswith("All"))))


def _taken_out(old: Val, new: str, *, everywhere: bool) -> frozenset[str]:
    """The sinks for which a text is harmless after a replacement."""
    found = pattern_of(old)
    if found is None:
        content = text_of(old)
        if not everywhere or content is None:
            return frozenset()
        return frozenset((verdict.PATH,)) if content == "/" and "/" not in new else frozenset()
    pattern, flags = found
    if "g" not in flags or not pattern or re.search(r"[^\w .:@,=+-]", new):
        return frozenset()
    shown = set(absent(pattern))
    if re.sub(r"[\[\]()|+*?:\\]", "", pattern) in ("rn", "nr", "n"):
        shown.add(verdict.LOG)
    return frozenset(shown)


def _split(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    found: list[Val] = []
    separator = text_of(given.args[0]) if given.args else None
    for atom in value.atoms:
        if isinstance(atom, Known) and isinstance(atom.value, str) and separator:
            found.append(Val((machine.sequence([known(item) for item in atom.value.split(separator)[:200]]),)))
        else:
            rest = Val((atom,), value.taints)
            if not isinstance(atom, Part):
                rest = unknown("part of a text", machine.taints(rest, given.at))
            if separator == ".":
                rest = natives.parted(rest, given.at)
            found.append(Val((machine.sequence([], rest),)))
    return union(*found) if found else value


def _matched(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    """``match``: groups of the text, or nothing."""
    return union(groups(machine, value, given.get(0), given), NONE)


def groups(machine: Machine, value: Val, pattern: "Val | None", given: Arguments) -> Val:
    """What a match holds: pieces of the text, of which it is known what the pattern lets through."""
    del pattern
    piece = unknown("part of a text", machine.taints(value, given.at))
    return Val((Thing("re.Match", {"*": piece, "[]": piece, "groups": Val((Thing("js.Groups", {"*": piece}),))}),))


def _all_matched(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    del frame
    return Val((machine.sequence([], groups(machine, value, given.get(0), given)),))


def _piece(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    ends = [literal(item) for item in given.args[:2]]
    first = ends[0] if ends and isinstance(ends[0], int) else None
    last = ends[1] if len(ends) > 1 and isinstance(ends[1], int) else None
    if last is not None and given.text.endswith("substr"):
        last += first or 0
    if all(isinstance(atom, Part | Opaque) for atom in value.atoms):
        return natives.shortened(value, first, last, given.at)
    return natives.shortened(unknown("part of a text", machine.taints(value, given.at)), first, last, given.at)


def _padded(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    from remit.flow.expressions import join_texts

    return join_texts(machine, [*given.args[1:2], value], given.at) if len(given.args) > 1 else value


def _repeated(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    return unknown("a text", machine.taints(value, given.at))


TEXTS: dict[str, Native] = {
    **{name: _changed(change) for name, change in _COMPUTED.items()},
    "replace": _replaced, "replaceAll": _replaced, "split": _split, "match": _matched, "matchAll": _all_matched,
    "substring": _piece, "substr": _piece, "charAt": _piece, "padStart": _padded, "padEnd": _padded, "repeat": _repeated,
}  # fmt: skip


def text(machine: Machine, value: Val, given: Arguments) -> Val:
    """``String(value)``: texts and numbers stay what they are; an object becomes the word for one."""
    structured = all(isinstance(atom, Dictionary) for atom in value.atoms) and bool(value.atoms)
    if structured:
        return known("[object Object]")
    if value.atoms and all(isinstance(atom, Part) for atom in value.atoms):
        return value
    return natives.as_text(machine, value, given.at)


__all__ = ["REGEX", "TEXTS", "groups", "pattern_of", "python_pattern", "text"]
