"""Methods that texts, lists, objects, maps and functions of JavaScript have, whatever they belong to."""

from collections.abc import Callable

from remit.flow import access, calls, natives, taint
from remit.flow import event as events
from remit.flow.javascript_texts import REGEX, TEXTS
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.taint import Taints
from remit.flow.values import (
    NONE,
    NOTHING,
    UNKNOWN,
    Atom,
    Closure,
    Dictionary,
    Kind,
    Known,
    Lib,
    Method,
    Opaque,
    Part,
    Partial,
    Sequence,
    Thing,
    Val,
    known,
    literal,
    union,
    unknown,
)  # fmt: skip

Native = Callable[[Machine, Frame, Val, Arguments], Val]
#: What may be called.
CALLABLE = (Closure, Partial, Kind, Lib, Method)


def functions_in(value: Val) -> list[Atom]:
    """The code's own functions among what a value may be."""
    return [atom for atom in value.atoms if isinstance(atom, Closure | Partial)]


def invoke(machine: Machine, frame: Frame, function: "Val | None", values: list[Val], given: Arguments) -> Val:
    """Calls a function that was handed over."""
    if function is None:
        return UNKNOWN
    wanted = tuple(atom for atom in function.atoms if isinstance(atom, CALLABLE))
    if not wanted:
        return UNKNOWN
    inner = Arguments(given.at, given.text, values, spans=[given.at] * len(values), places=[""] * len(values))
    return calls.call(machine, frame, Val(wanted, function.taints), inner)


# -- lists -------------------------------------------------------------------------------------------------------------


def _each(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    """The elements of a list, as the functions that work on lists get them."""
    if any(isinstance(atom, Dictionary) for atom in value.atoms):
        held = [item for atom in value.atoms if isinstance(atom, Dictionary)
                for item in (*atom.entries.values(), *([atom.rest] if atom.rest else []))]  # fmt: skip
        others = Val(tuple(atom for atom in value.atoms if not isinstance(atom, Dictionary)), value.taints)
        found = [*held, *([access.elements(machine, frame, others, given.at)] if others.atoms else [])]
        return union(*found) if found else NOTHING
    return access.elements(machine, frame, value, given.at)


def _mapped(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    exact = _exact(value)
    if exact is not None and len(exact) <= 20:
        made = [invoke(machine, frame, given.get(0), [item, known(number), value], given)
                for number, item in enumerate(exact)]  # fmt: skip
        return Val((machine.sequence(made),))
    if not each.atoms:
        return Val((machine.sequence([]),))
    result = invoke(machine, frame, given.get(0), [each, unknown("an index"), value], given)
    return Val((machine.sequence([], result),))


def _exact(value: Val) -> "list[Val] | None":
    only = value.atoms[0] if len(value.atoms) == 1 else None
    return list(only.items) if isinstance(only, Sequence) and only.rest is None else None


def _flat_mapped(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    made = _mapped(machine, frame, value, given)
    return _flat(machine, frame, made, given)


def _flat(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    inner = [
        access.elements(machine, frame, Val((atom,), each.taints), given.at) if isinstance(atom, Sequence | Part)
        else Val((atom,), each.taints)
        for atom in each.atoms
    ]  # fmt: skip
    return Val((machine.sequence([], union(*inner) if inner else None),))


def _for_each(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    exact = _exact(value)
    items = exact if exact is not None and len(exact) <= 20 else [_each(machine, frame, value, given)]
    for item in items:
        if item.atoms:
            invoke(machine, frame, given.get(0), [item, unknown("an index"), value], given)
    return NONE


def _filtered(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    if not each.atoms:
        return Val((machine.sequence([]),))
    kept = _checked(machine, frame, given, each)
    invoke(machine, frame, given.get(0), [each, unknown("an index"), value], given)
    return Val((machine.sequence([], kept),))


def _checked(machine: Machine, frame: Frame, given: Arguments, each: Val) -> Val:
    """An element after the function that lets it through: what that shows when it is true."""
    from remit.flow.guards import facts_of
    from remit.flow.ir import Lambda, Return
    from remit.flow.places import clean
    from remit.flow.values import Scope

    node = given.node.arguments[0] if given.node is not None and given.node.arguments else None
    if not isinstance(node, Lambda) or len(node.code.body) != 1 or not node.code.parameters:
        return each
    only = node.code.body[0]
    if not isinstance(only, Return) or only.value is None:
        return each
    name = node.code.parameters[0].name
    outer = frame.scope
    frame.scope = Scope(outer.module, outer, {name: each}, depth=outer.depth)
    try:
        shown = facts_of(machine, frame, only.value)[0]
    finally:
        frame.scope = outer
    return clean(each, shown[name]) if name in shown else each


def _found(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    if not each.atoms:
        return NONE
    kept = _checked(machine, frame, given, each)
    invoke(machine, frame, given.get(0), [each, unknown("an index"), value], given)
    return union(kept, NONE)


def _asked(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    if each.atoms:
        invoke(machine, frame, given.get(0), [each, unknown("an index"), value], given)
    return unknown("a check")


def _reduced(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    start = given.get(1)
    so_far = start if start is not None else each
    if not each.atoms:
        return so_far
    for _ in range(2):
        result = invoke(machine, frame, given.get(0), [so_far, each, unknown("an index"), value], given)
        so_far = union(so_far, result) if so_far.atoms else result
    return so_far


def _joined(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    from remit.flow.expressions import join_texts

    separator = given.get(0) or known(",")
    exact = _exact(value)
    if exact:
        parts: list[Val] = []
        for item in exact:
            parts.extend((separator, item) if parts else (item,))
        return join_texts(machine, parts, given.at)
    return join_texts(machine, [_each(machine, frame, value, given), separator], given.at)


def _concatenated(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    from remit.flow.expressions import join_texts

    if any(
        isinstance(atom, Sequence) for atom in (*value.atoms, *(atom for item in given.args for atom in item.atoms))
    ):
        exact = [_exact(item) for item in (value, *given.args)]
        if all(item is not None for item in exact):
            return Val((machine.sequence([part for item in exact for part in item or ()]),))
        found = [access.elements(machine, frame, Val((atom,), item.taints), given.at)
                 if isinstance(atom, Sequence | Part) else Val((atom,), item.taints)
                 for item in (value, *given.args) for atom in item.atoms]  # fmt: skip
        return Val((machine.sequence([], union(*found)),))
    return join_texts(machine, [value, *given.args], given.at)


def _part_of(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    """``slice``: a piece of a text or of a list."""
    bounds = [literal(given.args[number]) if number < len(given.args) else None for number in (0, 1)]
    first, last = (item if isinstance(item, int) else None for item in bounds)
    whole = all(isinstance(item, int) or item is None for item in bounds)
    found: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            if atom.rest is None and whole:
                found.append(Val((machine.sequence(atom.items[first:last], kind=atom.kind),)))
            else:
                each = access.elements(machine, frame, Val((atom,)), given.at)
                found.append(Val((machine.sequence([], each if each.atoms else None),)))
        elif isinstance(atom, Known) and isinstance(atom.value, str) and whole and given.args:
            found.append(known(atom.value[first:last]))
        elif isinstance(atom, Part | Opaque):
            found.append(Val((atom,)))
        else:
            found.append(unknown("part of a text", machine.taints(Val((atom,), value.taints), given.at)))
    return union(*found).tainted(value.taints) if found else value


def _spliced(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            for item in given.args[2:]:
                access.add(machine, atom, item)
    return Val((machine.sequence([], _each(machine, frame, value, given)),))


def _pushed(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            for item in (*given.args, *([given.rest] if given.rest else [])):
                access.add(machine, atom, item)
    return unknown("a length")


def _some(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    return each if each.atoms else NONE


def _same(_machine: Machine, _frame: Frame, value: Val, _given: Arguments) -> Val:
    return value


def _sorted(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    each = _each(machine, frame, value, given)
    if given.args and each.atoms:
        invoke(machine, frame, given.get(0), [each, each], given)
    return value


def _filled(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    for atom in value.atoms:
        if isinstance(atom, Sequence) and given.args:
            access.add(machine, atom, given.args[0])
    return value


def _numbered(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    """``entries()`` of a list: pairs with their places; of a map or object: its pairs."""
    if any(isinstance(atom, Dictionary) for atom in value.atoms):
        return Val((machine.sequence([], access.elements(machine, frame, value, given.at)),))
    pair = machine.sequence([unknown("an index"), _each(machine, frame, value, given)])
    return Val((machine.sequence([], Val((pair,))),))


_LISTS: dict[str, Native] = {
    "map": _mapped, "flatMap": _flat_mapped, "flat": _flat, "forEach": _for_each, "filter": _filtered, "find": _found,
    "findLast": _found, "findIndex": _asked, "findLastIndex": _asked, "some": _asked, "every": _asked, "reduce": _reduced,
    "reduceRight": _reduced, "join": _joined, "concat": _concatenated, "slice": _part_of, "splice": _spliced,
    "push": _pushed, "unshift": _pushed, "pop": _some, "shift": _some, "sort": _sorted, "toSorted": _sorted,
    "reverse": _same, "toReversed": _same, "fill": _filled, "at": _some, "toArray": _same, "next": _some,
}  # fmt: skip


# -- objects, maps and sets --------------------------------------------------------------------------------------------


def _get(_machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    key = given.get(0) or UNKNOWN
    content = literal(key)
    found: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Dictionary):
            exact = atom.entries.get(content) if content is not None else None
            if exact is None and content is not None and atom.rest is None:
                found.append(NONE)
            else:
                found.append(exact if exact is not None else access.entry(atom, content, key))
        elif isinstance(atom, Part):
            found.append(Val((events.below(atom, access.step_of(content), given.at),)))
    return union(*found) if found else unknown("an entry", value.taints)


def _put(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    """``map.set(key, value)``, ``params.append(key, value)``, ``set.add(value)``."""
    for atom in value.atoms:
        if isinstance(atom, Dictionary) and len(given.args) > 1:
            access.set_entry(machine, atom, given.args[0], given.args[1], given.at)
        elif isinstance(atom, Sequence) and given.args:
            access.add(machine, atom, given.args[0])
    return value


def _values(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    return Val((machine.sequence([], _each(machine, frame, value, given)),))


def keys(machine: Machine, _frame: Frame, value: Val, given: Arguments) -> Val:
    """The names of what an object has."""
    found: list[Val] = []
    rest: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Dictionary):
            found.extend(known(key) if isinstance(key, str | int) else UNKNOWN for key in atom.entries)
            if atom.rest is not None:
                rest.append(unknown("a key", machine.taints(atom.rest, given.at)))
        elif isinstance(atom, Part):
            rest.append(unknown("a key", events.taints(events.below(atom, events.ANY_KEY, given.at), given.at)))
        else:
            rest.append(unknown("a key", value.taints))
    return Val((machine.sequence(found[:200], union(*rest) if rest else None),))


_OBJECTS: dict[str, Native] = {
    "get": _get, "getAll": _values, "set": _put, "append": _put, "add": _put, "values": _values, "keys": keys,
    "entries": _numbered,
}  # fmt: skip
_CLEAN = frozenset((
    "has", "includes", "indexOf", "lastIndexOf", "startsWith", "endsWith", "search", "localeCompare", "charCodeAt",
    "codePointAt", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "delete", "clear", "getTime", "valueOfNumber",
    "toFixed", "toPrecision", "getFullYear", "getMonth", "getDate", "getDay", "getHours", "getMinutes", "getSeconds",
    "equals", "compare", "readUInt8", "isInteger",
))  # fmt: skip


# -- promises and functions --------------------------------------------------------------------------------------------


def _then(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    """What is waited for is the value itself, so that ``then`` calls with it."""
    function = given.get(0)
    result = (
        invoke(machine, frame, function, [value], given) if function is not None and functions_of(function) else value
    )
    if len(given.args) > 1:
        result = union(result, _caught(machine, frame, given.args[1], given))
    return result


def functions_of(value: Val) -> bool:
    """Whether something in it can be called."""
    return any(isinstance(atom, CALLABLE) for atom in value.atoms)


def failure(given: Arguments, name: str = "error") -> Val:
    """What a function gets that is called when something went wrong."""
    from remit.flow import ir
    from remit.flow.models.exceptions import caught

    return caught(ir.Handler(ir.NOWHERE, None, name, []), given.at, NOTHING, own=False)


def _caught(machine: Machine, frame: Frame, function: "Val | None", given: Arguments) -> Val:
    error = failure(given)
    frame.caught.append(error)
    try:
        return invoke(machine, frame, function, [error], given)
    finally:
        frame.caught.pop()


def _catch(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    return union(value, _caught(machine, frame, given.get(0), given))


def _finally(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    invoke(machine, frame, given.get(0), [], given)
    return value


_PROMISES: dict[str, Native] = {"then": _then, "catch": _catch, "finally": _finally}


def _function(machine: Machine, frame: Frame, atom: Atom, name: str, given: Arguments) -> Val:
    """``f.call(this, ...)``, ``f.apply(this, list)``, ``f.bind(this, ...)``."""
    if isinstance(atom, Closure) and atom.code.this and given.args and given.args[0].atoms:
        first = given.args[0].atoms[0]
        atom = Closure(atom.code, atom.scope, first, atom.owner, atom.flavour, atom.defaults)
    function = Val((atom,))
    if name == "bind":
        return Val((Partial(function, tuple(given.args[1:]), ()),)) if len(given.args) > 1 else function
    values = list(given.args[1:])
    if name == "apply":
        listed = given.args[1] if len(given.args) > 1 else Val((machine.sequence([]),))
        exact = _exact(listed)
        values = exact if exact is not None else [access.elements(machine, frame, listed, given.at)]
    places = [""] * len(values)
    inner = Arguments(given.at, given.text, values, spans=[given.at] * len(values), places=places)
    return calls.call(machine, frame, function, inner)


def is_native(name: str) -> bool:
    """Whether a method of that name belongs to what every object, list, map or promise has."""
    return name in _OBJECTS or name in _LISTS or name in _PROMISES or name in _CLEAN or name in TEXTS


def method(machine: Machine, frame: Frame, atom: Atom, name: str, given: Arguments, taints: Taints) -> Val | None:
    """A method that texts, lists, objects or functions have; ``None`` when no such thing has it."""
    value = Val((atom,), taints)
    if name in ("call", "apply", "bind") and isinstance(atom, CALLABLE):
        return _function(machine, frame, atom, name, given)
    of_promise = _PROMISES.get(name)
    if of_promise is not None and (given.args or name == "then"):
        return of_promise(machine, frame, value, given)
    if isinstance(atom, Thing) and atom.kind == REGEX:
        return None
    if name in _CLEAN:
        return unknown("a property")
    if isinstance(atom, Dictionary | Part | Sequence) and name in _OBJECTS and not (
        isinstance(atom, Part) and name in ("set", "append", "add")
    ):  # fmt: skip
        return _OBJECTS[name](machine, frame, value, given)
    of_list = _LISTS.get(name)
    if of_list is not None and (isinstance(atom, Sequence | Part) or name in ("concat", "slice") or _hands(given)):
        return of_list(machine, frame, value, given)
    of_text = TEXTS.get(name)
    if of_text is not None and not isinstance(atom, Thing):
        return of_text(machine, frame, value, given)
    if name in ("toString", "valueOf", "toJSON"):
        return natives.as_text(machine, value, given.at)
    if of_list is not None and isinstance(atom, Opaque) and name in ("join", "at", "pop", "shift", "flat", "next"):
        return unknown("an element", taint.merge(taints, machine.taints(value, given.at)))
    return None


def _hands(given: Arguments) -> bool:
    return any(functions_in(value) for value in given.args)


__all__ = ["CALLABLE", "failure", "functions_in", "functions_of", "invoke", "is_native", "keys", "method"]
