"""Checks as JavaScript writes them: ``ALLOWED.includes(x)``, ``/^[a-z]+$/.test(x)``, ``typeof x === "number"``."""

import re

from remit.flow import ir
from remit.flow.guards import Shown, facts_of, trusted
from remit.flow.javascript_texts import pattern_of
from remit.flow.machine import Frame, Machine
from remit.flow.models.js import validators
from remit.flow.patterns import absent, harmless
from remit.flow.places import NO_DOTS, NO_ROOT, NO_SLASH, place_of
from remit.flow.taint import ALL, NORMAL
from remit.flow.values import Dictionary, Lib, Sequence, Thing, Val, literal, text_of
from remit_guard.core.verdict import PATH, URL

_NOTHING: tuple[Shown, Shown] = ({}, {})
_PATH, _URL = frozenset((PATH,)), frozenset((URL,))
_PLAIN = frozenset(("number", "boolean", "bigint", "undefined"))
_HALVES = {"..": NO_DOTS, "/": NO_SLASH, "../": "", "/..": ""}
_HOSTS = frozenset(("hostname", "host", "origin"))
#: Functions that are true only for numbers.
_NUMBERS = frozenset(("js:Number.isInteger", "js:Number.isFinite", "js:Number.isSafeInteger"))
_SAME_TEXT = frozenset(("toLowerCase", "toUpperCase", "trim", "toString", "toLocaleLowerCase"))


def facts(machine: Machine, frame: Frame, test: ir.Expr) -> "tuple[Shown, Shown] | None":
    """What is shown when a condition is true, and when it is false; ``None`` where all languages agree."""
    if isinstance(test, ir.Call):
        learned = frame.verdicts.get(id(test))
        return learned if learned is not None else _call(machine, frame, test)
    if isinstance(test, ir.Compare):
        return _compare(machine, frame, test)
    if isinstance(test, ir.Index):
        return _looked_up(machine, frame, test.value, test.key)
    if isinstance(test, ir.Comma) and test.parts:
        return facts_of(machine, frame, test.parts[-1])
    return None


def _looked_up(machine: Machine, frame: Frame, table: ir.Expr, key: ir.Expr) -> tuple[Shown, Shown]:
    """``TABLE[x]`` gives something only for the names that the table has."""
    place = _subject(key)
    if not place:
        return _NOTHING
    value = machine.evaluate(frame, table)
    held = bool(value.atoms) and all(
        isinstance(atom, Dictionary) and atom.rest is None and atom.entries for atom in value.atoms
    )
    return ({place: ALL}, {}) if held else _NOTHING


def _subject(node: ir.Expr) -> str:
    """The place a text stands at, whatever its case: ``x.toLowerCase()`` of ``x``."""
    for _ in range(4):
        if isinstance(node, ir.Call) and isinstance(node.function, ir.Attr) and node.function.name in _SAME_TEXT:
            node = node.function.value
        elif isinstance(node, ir.Call) and node.text in ("String", "decodeURIComponent") and node.arguments:
            node = node.arguments[0]
        elif isinstance(node, ir.Logic) and node.op == "or" and isinstance(node.values[-1], ir.Const):
            node = node.values[0]
        else:
            break
    return place_of(node)


# -- comparisons -------------------------------------------------------------------------------------------------------


def _compare(machine: Machine, frame: Frame, test: ir.Compare) -> "tuple[Shown, Shown] | None":
    if test.op == "in":
        return _looked_up(machine, frame, test.right, test.left)
    if test.op == "instanceof":
        return _NOTHING
    typed = _typed(test.left, test.right) or _typed(test.right, test.left)
    if typed is not None:
        return ({}, typed) if test.op == "!=" else (typed, {})
    found = _position(machine, frame, test)
    if found is not None:
        return found
    if test.op in ("==", "!="):
        host = _host_of(machine, frame, test.left)
        if host and trusted(machine, machine.evaluate(frame, test.right)):
            return ({host: _URL}, {}) if test.op == "==" else ({}, {host: _URL})
    return None


def _typed(side: ir.Expr, other: ir.Expr) -> "Shown | None":
    if not (isinstance(side, ir.Call) and side.text == "typeof" and isinstance(other, ir.Const) and side.arguments):
        return None
    place = place_of(side.arguments[0])
    return {place: ALL} if place and other.value in _PLAIN else {}


def _position(machine: Machine, frame: Frame, test: ir.Compare) -> "tuple[Shown, Shown] | None":
    """``ALLOWED.indexOf(x) !== -1`` and its kin are ``includes``."""
    left, right = test.left, test.right
    if not (isinstance(left, ir.Call) and isinstance(left.function, ir.Attr) and isinstance(right, ir.Const)):
        return None
    name = left.function.name
    if name in ("indexOf", "search", "findIndex", "lastIndexOf") and right.value in (-1, 0):
        yes, no = _contains(machine, frame, left.function.value, left.arguments[0]) if left.arguments else _NOTHING
        if name == "indexOf" and right.value == 0 and test.op in ("==", "!="):
            yes, no = _prefix(machine, frame, left.function.value, left.arguments[0]) if left.arguments else _NOTHING
            return (yes, no) if test.op == "==" else (no, yes)
        if (test.op, right.value) in ((">", -1), ("!=", -1), (">=", 0)):
            return yes, no
        return (no, yes) if (test.op, right.value) in (("==", -1), ("<", 0)) else _NOTHING
    return None


# -- calls -------------------------------------------------------------------------------------------------------------


def _call(machine: Machine, frame: Frame, test: ir.Call) -> tuple[Shown, Shown]:
    function = test.function
    if not isinstance(function, ir.Attr):
        return _of_library(machine, frame, test)
    first = test.arguments[0] if test.arguments else None
    if first is None:
        return _NOTHING
    if function.name == "includes":
        return _contains(machine, frame, function.value, first)
    if function.name in ("has", "hasOwnProperty"):
        return _member(machine, frame, function.value, first)
    if function.name == "startsWith":
        return _prefix(machine, frame, function.value, first)
    if function.name in ("test", "exec"):
        return _regex(machine, frame, function.value, first)
    if function.name in ("match", "search"):
        return _regex(machine, frame, first, function.value)
    if function.name in ("some", "find") and isinstance(first, ir.Lambda):
        return _one_of(machine, frame, function.value, first), {}
    if function.name == "every" and isinstance(first, ir.Lambda):
        return _NOTHING
    if test.text.endswith("hasOwnProperty.call") and len(test.arguments) > 1:
        return _member(machine, frame, first, test.arguments[1])
    return _of_library(machine, frame, test)


def _contains(machine: Machine, frame: Frame, container: ir.Expr, item: ir.Expr) -> tuple[Shown, Shown]:
    """``ALLOWED.includes(x)``; or ``x.includes("..")``, where the text is the container."""
    place = place_of(container)
    if isinstance(item, ir.Const) and place:
        half = _HALVES.get(str(item.value), "")
        if half:
            return {}, {place: frozenset((half,))}
    value = machine.evaluate(frame, container)
    if not _listed(value) or not trusted(machine, value):
        return _NOTHING
    host = _host_of(machine, frame, item)
    if host:
        return {host: _URL}, {}
    left = _subject(item)
    return ({left: ALL}, {}) if left else _NOTHING


def _listed(value: Val) -> bool:
    """Whether it is a list rather than a text, for a piece of an allowed text may be anything."""
    return bool(value.atoms) and not any(isinstance(literal(Val((atom,))), str) for atom in value.atoms)


def _member(machine: Machine, frame: Frame, container: ir.Expr, item: ir.Expr) -> tuple[Shown, Shown]:
    """``ALLOWED.has(x)``, ``TABLE.hasOwnProperty(x)``."""
    value = machine.evaluate(frame, container)
    known = bool(value.atoms) and all(isinstance(atom, Dictionary | Sequence) for atom in value.atoms)
    sure = known and all(not isinstance(atom, Dictionary) or atom.rest is None for atom in value.atoms)
    lists = all(isinstance(atom, Dictionary) for atom in value.atoms) or trusted(machine, value)
    host = _host_of(machine, frame, item)
    left = host or _subject(item)
    return ({left: _URL if host else ALL}, {}) if left and sure and lists else _NOTHING


def _one_of(machine: Machine, frame: Frame, container: ir.Expr, test: ir.Lambda) -> Shown:
    """``ALLOWED.some(one => one === x)``."""
    body = test.code.body
    if len(body) != 1 or not isinstance(body[0], ir.Return) or not test.code.parameters:
        return {}
    compared = body[0].value
    if not isinstance(compared, ir.Compare) or compared.op != "==":
        return {}
    name = test.code.parameters[0].name
    sides = [compared.left, compared.right]
    others = [side for side in sides if not (isinstance(side, ir.Name) and side.id == name)]
    if len(others) != 1 or not trusted(machine, machine.evaluate(frame, container)):
        return {}
    place = _subject(others[0])
    return {place: ALL} if place else {}


def _prefix(machine: Machine, frame: Frame, node: ir.Expr, prefix: ir.Expr) -> tuple[Shown, Shown]:
    place = place_of(node) or _joined(node)
    if not place:
        return _NOTHING
    value = machine.evaluate(frame, prefix)
    content = literal(value)
    if content == "/":
        return {}, {place: frozenset((NO_ROOT,))}
    if isinstance(content, str) and content.lower().startswith(("http://", "https://")):
        # The host is fixed only when it has ended.
        return ({place: _URL}, {}) if "/" in content.split("//", 1)[1] else _NOTHING
    from remit.app.location import Location

    taints = machine.taints(machine.evaluate(frame, node), Location(""))
    normal = all(NORMAL in item.clean or PATH in item.clean for item in taints)
    return ({place: _PATH}, {}) if normal and trusted(machine, value) else _NOTHING


def _joined(node: ir.Expr) -> str:
    """The place a path was made of: ``path.resolve(BASE, x)``."""
    for _ in range(4):
        if not (isinstance(node, ir.Call) and node.arguments and node.text.endswith(("resolve", "join", "normalize"))):
            break
        node = node.arguments[-1]
    return place_of(node)


def _regex(machine: Machine, frame: Frame, pattern: ir.Expr, subject: ir.Expr) -> tuple[Shown, Shown]:
    place = _subject(subject)
    found = pattern_of(machine.evaluate(frame, pattern)) if place else None
    if found is None or not found[0]:
        return _NOTHING
    sinks, without = harmless(found[0], "search"), absent(found[0])
    return {place: sinks} if sinks else {}, {place: without} if without else {}


def _host_of(machine: Machine, frame: Frame, node: ir.Expr) -> str:
    """The place of the address whose host an expression is: ``new URL(url).hostname``."""
    if not (isinstance(node, ir.Attr) and node.name in _HOSTS):
        return ""
    for atom in machine.evaluate(frame, node.value).atoms:
        if isinstance(atom, Thing) and "place" in atom.facts:
            return text_of(atom.facts["place"]) or ""
    return ""


def _of_library(machine: Machine, frame: Frame, test: ir.Call) -> tuple[Shown, Shown]:
    """Functions of validators; ``isNaN`` and its kin; a schema that was compiled."""
    if not test.arguments or not isinstance(test.function, ir.Name | ir.Attr):
        return _NOTHING
    place = _subject(test.arguments[0])
    for atom in machine.evaluate(frame, test.function).atoms if place or len(test.arguments) > 1 else ():
        if isinstance(atom, Lib):
            if atom.name in _NUMBERS and place:
                return {place: ALL}, {}
            if atom.name in ("js:isNaN", "js:Number.isNaN") and place:
                return {}, {place: ALL}
            if atom.name == "js:Object.hasOwn" and len(test.arguments) > 1:
                return _member(machine, frame, test.arguments[0], test.arguments[1])
            if atom.name == "js:path.isAbsolute" and place:
                return {}, {place: frozenset((NO_ROOT,))}
            sinks = validators.shown(atom.name.removeprefix("js:"))
            if sinks and place:
                return {place: sinks}, {}
        elif isinstance(atom, Thing) and atom.kind == validators.COMPILED and place:
            return _spelled(validators.compiled(atom, place)), {}
    return _NOTHING


def _spelled(shown: Shown) -> Shown:
    """Places as JavaScript says them: ``body.name`` for ``body['name']``."""
    return {re.sub(r"\['(\w+)'\]", r".\1", place): sinks for place, sinks in shown.items()}


__all__ = ["facts"]
