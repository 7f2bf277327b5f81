"""Document databases: what may bring operators into a query, and code that is put together.

Drivers are told by what their methods are called: nobody else has a ``find_one`` or a ``count_documents``. A value is a danger
where it may be a mapping: out of a parsed document, and not made a text or a number since.
"""

import re

from remit.flow import event
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.taint import HIGH, MEDIUM
from remit.flow.values import (
    Dictionary,
    Known,
    Lib,
    Method,
    Opaque,
    Part,
    Sequence,
    Symbol,
    Thing,
    Val,
    text_of,
    unknown,
)
from remit_guard.core.verdict import NOSQL

#: Methods of collections: which arguments are filters, updates or pipelines, by position and name.
_QUERIES: dict[str, tuple[tuple[int, str], ...]] = {
    "find_one": ((0, "filter"),),
    "find_raw_batches": ((0, "filter"),),
    "count_documents": ((0, "filter"),),
    "delete_one": ((0, "filter"),),
    "delete_many": ((0, "filter"),),
    "update_one": ((0, "filter"), (1, "update")),
    "update_many": ((0, "filter"), (1, "update")),
    "replace_one": ((0, "filter"),),
    "find_one_and_update": ((0, "filter"), (1, "update")),
    "find_one_and_delete": ((0, "filter"),),
    "find_one_and_replace": ((0, "filter"),),
    "aggregate_raw_batches": ((0, "pipeline"),),
    "map_reduce": ((0, "map"), (1, "reduce"), (-1, "query")),
}
#: The same of methods that others have, too: only with a mapping, or on what is called like a collection.
_SHARED: dict[str, tuple[tuple[int, str], ...]] = {
    "find": ((0, "filter"),),
    "aggregate": ((0, "pipeline"),),
    "distinct": ((1, "filter"),),
    "update": ((0, "filter"), (1, "update")),
    "remove": ((0, "filter"),),
}
_LOOKS = re.compile(r"(?i)(^|[._\]\"'])(coll|collection|mongo|mongodb|db|database)s?(\d*|\(\)|_\w+)*($|[.\[])")
#: Operators whose operand is code.
_CODE = frozenset(("$where", "$function", "$accumulator", "body", "init", "accumulate", "merge", "finalize"))
#: Operators that take whatever is below them for a value.
_VALUES = frozenset(("$eq", "$literal"))
_MAX_DEPTH = 12


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``collection.find_one(filter)`` and its kin."""
    del frame
    places = _QUERIES.get(method.name)
    if places is None:
        places = _SHARED.get(method.name)
        if places is None or not _is_collection(method, given):
            return None
    elif isinstance(method.receiver, Dictionary | Sequence | Part | Known | Symbol):
        return None
    for index, name in places:
        value = given.get(index, name)
        if value is not None:
            _query(machine, value, given, (index, name), 0, code=method.name == "map_reduce" and name != "query")
    return unknown(f"{given.text}()")


def _is_collection(method: Method, given: Arguments) -> bool:
    if not isinstance(method.receiver, Opaque | Thing | Lib | Method):
        return False
    if method.name == "update":  # of mappings, mostly
        return bool(_LOOKS.search(given.text.rsplit(".", 1)[0])) and len(given.args) > 1
    first = given.get(0)
    if first is None:
        return False
    shaped = any(
        isinstance(atom, Dictionary)
        or (
            isinstance(atom, Sequence) and any(isinstance(one, Dictionary) for item in atom.items for one in item.atoms)
        )
        for atom in first.atoms
    )
    return shaped or bool(_LOOKS.search(given.text.rsplit(".", 1)[0]))


def _query(
    machine: Machine, value: Val, given: Arguments, place: tuple[int, str], depth: int, *, code: bool = False
) -> None:
    """Everything in a query that may be a mapping, and everything that is code."""
    if depth > _MAX_DEPTH:
        return
    own = False
    for atom in value.atoms:
        if isinstance(atom, Dictionary):
            own = True
            for key, item in atom.entries.items():
                if key not in _VALUES:
                    _query(machine, item, given, place, depth + 1, code=code or key in _CODE)
            if atom.rest is not None:
                _query(machine, atom.rest, given, place, depth + 1, code=code)
        elif isinstance(atom, Sequence):
            own = True
            for item in (*atom.items, *([atom.rest] if atom.rest is not None else [])):
                _query(machine, item, given, place, depth + 1, code=code)
    if not own:
        _value(machine, value, given, place, code=code)


def _value(machine: Machine, value: Val, given: Arguments, place: tuple[int, str], *, code: bool) -> None:
    at = given.span(*place)
    if code:
        machine.sink(NOSQL, value, at, given.text, part="code")
        return
    atoms = tuple(atom for atom in value.atoms if not isinstance(atom, Known | Symbol) and not _is_text(atom))
    if not atoms:
        return
    exact = all(isinstance(atom, Part) for atom in atoms)
    made_texts = {item.origin for item in value.taints if NOSQL in item.clean}
    for item in machine.taints(Val(atoms, value.taints), at):
        if item.origin not in made_texts:
            machine.flow(NOSQL, item, at, given.text, {"part": "value"}, HIGH if exact else MEDIUM)


def _is_text(atom: object) -> bool:
    """A part of an event that is a text whoever wrote it: a query parameter, a header, a body that was not parsed."""
    if not isinstance(atom, Part) or event.INTO in atom.path:
        return False
    return any(_covers(steps, atom.path) for _, steps, _ in atom.root.fields)


def _covers(steps: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether a field map names exactly this leaf, and not everything below something."""
    return len(steps) == len(path) and "**" not in steps and all(
        step in (one, "[]", "{}") or one in ("[]", "{}") for step, one in zip(steps, path, strict=True)
    )  # fmt: skip


def _code(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``bson.Code(text)``: JavaScript."""
    del frame
    value = given.get(0, "code")
    if value is not None and text_of(value) is None:
        machine.sink(NOSQL, value, given.span(0, "code"), given.text, part="code")
    return unknown("code")


FUNCTIONS: dict[str, Model] = {
    "bson.Code": Model(run=_code),
    "bson.code.Code": Model(run=_code),
}
METHODS: dict[str, Model] = {}

__all__ = ["FUNCTIONS", "METHODS", "by_look"]
