"""Methods of texts, lists and mappings, whatever they belong to; and texts put together by formatting."""

import re
import string
from collections.abc import Callable

from remit.app.location import Location
from remit.flow import event as events
from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.taint import Taints
from remit.flow.values import (
    NONE,
    UNKNOWN,
    Atom,
    Dictionary,
    Known,
    Opaque,
    Part,
    Sequence,
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

#: A quoted or serialised text holds no raw line break.
QUOTED = frozenset((verdict.LOG,))

_SAME = frozenset((
    "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "casefold", "swapcase", "decode", "encode",
    "expandtabs", "removeprefix", "removesuffix", "zfill", "ljust", "rjust", "center", "translate", "tobytes", "as_posix",
))  # fmt: skip
_PIECES = frozenset(("split", "rsplit", "splitlines", "partition", "rpartition"))
_CLEAN = frozenset((
    "startswith", "endswith", "isdigit", "isalpha", "isalnum", "isnumeric", "isspace", "islower", "isupper", "isdecimal",
    "isidentifier", "count", "find", "rfind", "index", "rindex", "__len__", "__contains__",
))  # fmt: skip
_COMPUTED = frozenset((
    "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "replace", "removeprefix", "removesuffix", "zfill",
))  # fmt: skip


def as_text(
    machine: Machine, value: Val, at: Location, *, quoted: bool = False, taints: "Taints | None" = None
) -> Val:  # fmt: skip
    """``str(value)`` or, quoted, ``repr(value)``."""
    found = machine.taints(value, at) if taints is None else taints
    structured = any(
        isinstance(atom, Dictionary | Sequence) or (isinstance(atom, Part) and not events.is_text(atom))
        for atom in value.atoms
    )
    if quoted or structured:
        found = taint.cleaned(found, QUOTED)
    if not quoted and all(isinstance(atom, Known | Symbol) for atom in value.atoms) and value.atoms:
        return Val(tuple(known(str(atom.value)).atoms[0] if isinstance(atom, Known) and not isinstance(atom.value, bytes)
                         else atom for atom in value.atoms), found)  # fmt: skip
    why = next((atom.why for atom in value.atoms if isinstance(atom, Opaque)), "")
    return Val((Opaque(why or "a text"),), found)


def percent(machine: Machine, frame: Frame, text: str, right: Val, at: Location) -> Val:
    """``text % right``."""
    from remit.flow.expressions import join_texts

    only = right.atoms[0] if len(right.atoms) == 1 else None
    values = list(only.items) if isinstance(only, Sequence) and only.kind == "tuple" and only.rest is None else [right]
    parts: list[Val] = []
    for piece in re.split(r"(%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%])", text):
        if not piece.startswith("%") or len(piece) < 2:
            parts.append(known(piece))
        elif piece == "%%":
            parts.append(known("%"))
        else:
            name = re.match(r"%\((\w+)\)", piece)
            if name:
                from remit.flow.access import index

                value = index(machine, frame, right, known(name[1]), at)
            else:
                value = values.pop(0) if values else right
            if piece[-1] in "dioxXeEfFgGc":
                value = unknown("a number")
            elif piece[-1] in "ra":
                value = as_text(machine, value, at, quoted=True)
            parts.append(value)
    return join_texts(machine, parts, at)


def formatted(machine: Machine, frame: Frame, text: str, given: Arguments) -> Val:
    """``text.format(...)``."""
    from remit.flow.access import attribute, index
    from remit.flow.expressions import join_texts

    parts: list[Val] = []
    number = 0
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        return join_texts(machine, [known(text), *given.every()], given.at)
    for before, name, spec, conversion in fields:
        parts.append(known(before))
        if name is None:
            continue
        first, rest = _field(name)
        if first == "":
            first, number = str(number), number + 1
        value = given.get(int(first)) if first.isdigit() else given.keywords.get(first, given.rest)
        if value is None:
            value = UNKNOWN
        for is_attribute, key in rest:
            if is_attribute:
                value = attribute(machine, frame, value, str(key), given.at, calling=False)
            else:
                value = index(machine, frame, value, known(key), given.at)
        if spec and spec[-1] in "bcdeEfFgGoxX":
            value = unknown("a number")
        elif conversion in ("r", "a"):
            value = as_text(machine, value, given.at, quoted=True)
        parts.append(value)
    return join_texts(machine, parts, given.at)


def _field(name: str) -> tuple[str, list[tuple[bool, str | int]]]:
    found = re.split(r"(\.[^.\[]+|\[[^\]]*\])", name)
    rest: list[tuple[bool, str | int]] = []
    for piece in found[1:]:
        if piece.startswith("."):
            rest.append((True, piece[1:]))
        elif piece.startswith("["):
            key = piece[1:-1]
            rest.append((False, int(key) if key.isdigit() else key))
    return found[0], rest


def path_of(machine: Machine, values: list[Val], at: Location) -> Val:
    """A ``pathlib`` path put together from parts."""
    texts: list[Val] = []
    for value in values:
        inner = [
            item.facts["text"] if isinstance(item, Thing) and "text" in item.facts else None for item in value.atoms
        ]
        text = union(*(item or Val((atom,)) for item, atom in zip(inner, value.atoms, strict=True))) if inner else value
        texts.append(text.tainted(value.taints))
    joined = join_path(machine, texts, at)
    return Val((Thing("pathlib.Path", {"text": joined}),), joined.taints)


def join_path(machine: Machine, values: list[Val], at: Location) -> Val:
    """``os.path.join`` and its kin: a ``/`` between parts."""
    parts: list[Val] = []
    for number, value in enumerate(values):
        content = literal(value)
        if number and not (parts and str(literal(parts[-1]) or "").endswith("/")):
            parts.append(known("/"))
        if number and isinstance(content, str) and content.startswith("/"):
            parts = []
        parts.append(value)
    from remit.flow.expressions import join_texts

    return join_texts(machine, parts, at) if len(values) > 1 else values[0]


# -- methods -----------------------------------------------------------------------------------------------------------


def method(machine: Machine, frame: Frame, atom: Atom, name: str, given: Arguments, taints: Taints) -> Val | None:
    """A method that texts, lists or mappings have; ``None`` when no such thing has it."""
    if isinstance(atom, Dictionary):
        of_dictionary = _DICTIONARY.get(name)
        if of_dictionary is not None:
            return of_dictionary(machine, frame, atom, given)
    if isinstance(atom, Sequence):
        of_sequence = _SEQUENCE.get(name) if atom.kind not in _OTHERS else _OTHERS[atom.kind].get(name)
        if of_sequence is not None:
            return of_sequence(machine, frame, atom, given)
    if isinstance(atom, Part):
        of_part = _PART.get(name)
        if of_part is not None:
            return of_part(machine, frame, atom, given)
    return _text(machine, frame, atom, name, given, taints)


def _text(machine: Machine, frame: Frame, atom: Atom, name: str, given: Arguments, taints: Taints) -> Val | None:
    value = Val((atom,), taints)
    at = given.at
    if name in _CLEAN:
        return unknown("a property of a text")
    if isinstance(atom, Known) and isinstance(atom.value, str):
        if name == "format":
            return formatted(machine, frame, atom.value, given).tainted(taints)
        if name in _COMPUTED and all(text_of(item) is not None for item in given.args) and not given.keywords:
            try:
                return Val((Known(getattr(atom.value, name)(*[text_of(item) for item in given.args])),), taints)
            except TypeError:
                return UNKNOWN
        if name == "split" and not taints and all(text_of(item) is not None for item in given.args):
            separator = text_of(given.args[0]) if given.args else None
            if separator != "":
                return Val((machine.sequence([known(item) for item in atom.value.split(separator)[:200]]),))
    if name == "join" and len(given.args) == 1:
        return _join(machine, frame, value, given)
    if name in _SAME:
        if isinstance(atom, Part):
            return Val((atom,), taints)
        if isinstance(atom, Known | Symbol | Opaque):
            return value if not isinstance(atom, Known) else unknown("a text", taints)
        return unknown("a text", machine.taints(value, at))
    if name == "replace":
        return _replace(machine, value, given)
    if name == "format":
        from remit.flow.expressions import join_texts

        return join_texts(machine, [value, *given.every()], at)
    if name in _PIECES:
        return _pieces(machine, atom, given, taints)
    if name == "copy" and not isinstance(atom, Thing):
        return value
    return None


def _pieces(machine: Machine, atom: Atom, given: Arguments, taints: Taints) -> Val:
    """``split`` and the like: each piece is as tainted as the text."""
    whole = Val((atom,), taints)
    rest = whole if isinstance(atom, Part) else unknown("part of a text", machine.taints(whole, given.at))
    if given.args and text_of(given.args[0]) == ".":
        rest = parted(rest, given.at)
    return Val((machine.sequence([], rest),))


def shortened(value: Val, first: "int | None", last: "int | None", at: Location) -> Val:
    """A piece of a text: of very few letters, that is told, for it says little of the whole any more."""
    length = last - (first or 0) if last is not None and last > 0 else -first if first and last is None else _FEW + 1
    if not 0 < length <= _FEW:
        return value
    atoms = tuple(events.moved(atom, at, taint.PIECE) if isinstance(atom, Part) else atom for atom in value.atoms)
    return Val(atoms, taint.step(value.taints, at, taint.PIECE))


_FEW = 4


def parted(rest: Val, at: Location) -> Val:
    """The pieces of a text between its dots: what tokens are taken apart by."""
    atoms = tuple(events.moved(atom, at, taint.PARTED) if isinstance(atom, Part) else atom for atom in rest.atoms)
    return Val(atoms, taint.step(rest.taints, at, taint.PARTED))


def _replace(machine: Machine, value: Val, given: Arguments) -> Val:
    """``replace``: without line breaks a log line is safe, without slashes a path is one name; nothing else is proved."""
    own = machine.taints(value, given.at)
    more = [machine.taints(item, given.at) for item in given.args[1:2]]
    taints = taint.merge(own, *more)
    old, new = (text_of(item) for item in (*given.args[:2], UNKNOWN, UNKNOWN)[:2])
    if old in ("\n", "\r\n"):
        taints = taint.cleaned(taints, QUOTED)
    if old == "/" and new is not None and "/" not in new:
        # Without a slash a text is one name.
        taints = taint.cleaned(taints, frozenset((verdict.PATH,)))
    return unknown("a text", taints)


def _join(machine: Machine, frame: Frame, separator: Val, given: Arguments) -> Val:
    from remit.flow.access import elements
    from remit.flow.expressions import join_texts

    values = given.args[0]
    only = values.atoms[0] if len(values.atoms) == 1 else None
    if isinstance(only, Sequence) and only.rest is None and only.items:
        parts: list[Val] = []
        for item in only.items:
            parts.extend((separator, item) if parts else (item,))
        return join_texts(machine, parts, given.at)
    return join_texts(machine, [elements(machine, frame, values, given.at), separator], given.at)


# mappings


def _get(_machine: Machine, _frame: Frame, atom: Dictionary, given: Arguments) -> Val:
    from remit.flow.access import entry

    key = given.get(0, "key") or UNKNOWN
    content = literal(key)
    default = given.get(1, "default") or NONE
    if content is not None and content in atom.entries:
        return atom.entries[content]
    if content is not None and atom.rest is None:
        return default
    return union(entry(atom, content, key), default)


def _items(machine: Machine, _frame: Frame, atom: Dictionary, _given: Arguments) -> Val:
    pairs = [Val((machine.sequence([known(key) if isinstance(key, str | int) else UNKNOWN, value], kind="tuple"),))
             for key, value in atom.entries.items()]  # fmt: skip
    rest = (
        Val((machine.sequence([unknown("a key", atom.rest.taints), atom.rest], kind="tuple"),)) if atom.rest else None
    )
    return Val((machine.sequence(pairs, rest),))


def _values(machine: Machine, _frame: Frame, atom: Dictionary, _given: Arguments) -> Val:
    return Val((machine.sequence(list(atom.entries.values()), atom.rest),))


def _keys(machine: Machine, _frame: Frame, atom: Dictionary, _given: Arguments) -> Val:
    names = [known(key) if isinstance(key, str | int) else UNKNOWN for key in atom.entries]
    return Val((machine.sequence(names, unknown("a key", atom.rest.taints) if atom.rest else None),))


def _update(machine: Machine, _frame: Frame, atom: Dictionary, given: Arguments) -> Val:
    from remit.flow.access import merged, set_entry

    for value in given.args:
        other = merged(machine, [value], given.at)
        for key, item in other.entries.items():
            set_entry(machine, atom, known(key), item, given.at)  # type: ignore[arg-type]
        if other.rest is not None:
            set_entry(machine, atom, UNKNOWN, other.rest, given.at)
    for name, item in given.keywords.items():
        set_entry(machine, atom, known(name), item, given.at)
    return NONE


def _setdefault(machine: Machine, _frame: Frame, atom: Dictionary, given: Arguments) -> Val:
    from remit.flow.access import entry, set_entry

    key = given.get(0) or UNKNOWN
    default = given.get(1) or NONE
    content = literal(key)
    if content is None or content not in atom.entries:
        set_entry(machine, atom, key, default, given.at)
    return entry(atom, content, key)


def _copy_dictionary(machine: Machine, _frame: Frame, atom: Dictionary, _given: Arguments) -> Val:
    made = machine.dictionary(dict(atom.entries), atom.rest)
    made.places = dict(atom.places)
    return Val((made,))


_DICTIONARY: dict[str, Callable[[Machine, Frame, Dictionary, Arguments], Val]] = {
    "get": _get, "pop": _get, "items": _items, "values": _values, "keys": _keys, "update": _update,
    "setdefault": _setdefault, "copy": _copy_dictionary,
}  # fmt: skip


# lists


def _written(machine: Machine, frame: Frame, atom: Sequence, given: Arguments) -> Val:
    """Everything that was written into a buffer, as one text."""
    from remit.flow.access import elements
    from remit.flow.expressions import join_texts

    if atom.rest is None and atom.items:
        return join_texts(machine, list(atom.items), given.at) if len(atom.items) > 1 else atom.items[0]
    found = elements(machine, frame, Val((atom,)), given.at)
    return unknown("a text", machine.taints(found, given.at)) if found.atoms else known("")


def _append(machine: Machine, _frame: Frame, atom: Sequence, given: Arguments) -> Val:
    from remit.flow.access import add

    if given.args:
        add(machine, atom, given.args[-1])
    return NONE


def _append_first(machine: Machine, _frame: Frame, atom: Sequence, given: Arguments) -> Val:
    from remit.flow.access import add

    value = given.get(0, "item")
    if value is not None:
        add(machine, atom, value)
    return NONE


def _extend(machine: Machine, frame: Frame, atom: Sequence, given: Arguments) -> Val:
    from remit.flow.access import add, elements

    for value in given.args:
        only = value.atoms[0] if len(value.atoms) == 1 else None
        if isinstance(only, Sequence) and only.rest is None:
            for item in only.items:
                add(machine, atom, item)
        else:
            inner = elements(machine, frame, value, given.at)
            new = inner if atom.rest is None else union(atom.rest, inner)
            if new != atom.rest:
                atom.rest = new
                machine.touched(atom)
    return NONE


def _some(machine: Machine, frame: Frame, atom: Sequence, given: Arguments) -> Val:
    from remit.flow.access import elements

    found = elements(machine, frame, Val((atom,)), given.at)
    return found if found.atoms else UNKNOWN


def _copy_sequence(machine: Machine, _frame: Frame, atom: Sequence, _given: Arguments) -> Val:
    return Val((machine.sequence(list(atom.items), atom.rest, atom.kind),))


def _nothing(_machine: Machine, _frame: Frame, _atom: Sequence, _given: Arguments) -> Val:
    return NONE


_SEQUENCE: dict[str, Callable[[Machine, Frame, Sequence, Arguments], Val]] = {
    "append": _append, "insert": _append, "add": _append, "appendleft": _append, "put": _append, "extend": _extend,
    "update": _extend, "pop": _some, "popleft": _some, "__next__": _some, "copy": _copy_sequence, "sort": _nothing,
    "reverse": _nothing, "union": _copy_sequence, "remove": _nothing, "discard": _nothing, "clear": _nothing,
}  # fmt: skip


# parts of the event


def _part_get(_machine: Machine, _frame: Frame, atom: Part, given: Arguments) -> Val:
    from remit.flow.access import step_of

    key = literal(given.get(0, "key") or UNKNOWN)
    found = Val((events.below(atom, step_of(key), given.at),))
    default = given.get(1, "default")
    return union(found, default) if default is not None else found


def _part_items(machine: Machine, _frame: Frame, atom: Part, given: Arguments) -> Val:
    value = Val((events.below(atom, events.SOME, given.at),))
    key = Val((Opaque("a key"),), events.taints(events.below(atom, events.ANY_KEY, given.at), given.at))
    pair = machine.sequence([key, value], kind="tuple")
    return Val((machine.sequence([], Val((pair,))),))


def _part_values(machine: Machine, _frame: Frame, atom: Part, given: Arguments) -> Val:
    return Val((machine.sequence([], Val((events.below(atom, events.SOME, given.at),))),))


def _part_keys(machine: Machine, _frame: Frame, atom: Part, given: Arguments) -> Val:
    taints = events.taints(events.below(atom, events.ANY_KEY, given.at), given.at)
    return Val((machine.sequence([], Val((Opaque("a key"),), taints)),))


#: Methods of what is a list in our terms only.
_OTHERS: dict[str, dict[str, Callable[[Machine, Frame, Sequence, Arguments], Val]]] = {
    "queue": {"put": _append_first, "put_nowait": _append_first, "get": _some, "get_nowait": _some},
    "buffer": {
        "write": _append, "writelines": _extend, "getvalue": _written, "read": _written, "readline": _written,
        "readlines": _copy_sequence, "getbuffer": _written, "seek": _nothing, "close": _nothing, "truncate": _nothing,
    },
}  # fmt: skip


def _part_query(machine: Machine, frame: Frame, atom: Part, given: Arguments) -> Val:
    inner = events.below(atom, "queryStringParameters", given.at)
    return _part_get(machine, frame, inner, given)


def _part_header(machine: Machine, frame: Frame, atom: Part, given: Arguments) -> Val:
    return _part_get(machine, frame, events.below(atom, "headers", given.at), given)


def _part_same(_machine: Machine, _frame: Frame, atom: Part, _given: Arguments) -> Val:
    return Val((atom,))


def _part_write(_machine: Machine, _frame: Frame, _atom: Part, _given: Arguments) -> Val:
    return NONE


_PART: dict[str, Callable[[Machine, Frame, Part, Arguments], Val]] = {
    "get": _part_get, "pop": _part_get, "setdefault": _part_get, "items": _part_items, "values": _part_values,
    "keys": _part_keys,
    "get_query_string_value": _part_query,
    "get_header_value": _part_header, "copy": _part_same, "update": _part_write,
}  # fmt: skip

__all__ = ["as_text", "formatted", "method", "path_of", "percent"]
