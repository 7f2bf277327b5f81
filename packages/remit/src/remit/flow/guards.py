"""Checks: what a condition shows about places, when it holds and when it does not."""

from remit.flow import ir
from remit.flow.machine import Frame, Machine
from remit.flow.patterns import harmless
from remit.flow.places import NO_DOTS, NO_ROOT, NO_SLASH, place_of, settle
from remit.flow.taint import ALL, NORMAL
from remit.flow.values import Known, Lib, Part, Thing, Val, literal, text_of
from remit_guard.core import verdict

Shown = dict[str, frozenset[str]]
_NOTHING: tuple[Shown, Shown] = ({}, {})
_PATH = frozenset((verdict.PATH,))
_URL = frozenset((verdict.URL,))
_CHARACTERS = frozenset(("isalnum", "isdigit", "isnumeric", "isdecimal", "isalpha", "isidentifier"))
_SAFE_TYPES = frozenset(("int", "float", "bool", "Decimal", "UUID", "datetime", "date"))


def with_facts(machine: Machine, frame: Frame, test: ir.Expr, *, holds: bool) -> None:
    """Goes on knowing that a condition holds, or that it does not."""
    shown = facts_of(machine, frame, test)[0 if holds else 1]
    if shown:
        together = dict(frame.refined)
        for place, sinks in shown.items():
            together[place] = settle(together.get(place, frozenset()) | sinks)
        frame.refined = together


def facts_of(machine: Machine, frame: Frame, test: ir.Expr) -> tuple[Shown, Shown]:
    """What is shown when a condition is true, and when it is false."""
    if isinstance(test, ir.Not):
        yes, no = facts_of(machine, frame, test.value)
        return no, yes
    if isinstance(test, ir.Logic):
        return _logic(machine, frame, test)
    if isinstance(test, ir.Compare):
        return _compare(machine, frame, test)
    if isinstance(test, ir.Call):
        return _call(machine, frame, test)
    if isinstance(test, ir.Bind):
        return facts_of(machine, frame, test.value)
    if isinstance(test, ir.Await):
        return facts_of(machine, frame, test.value)
    if isinstance(test, ir.Name):
        return _match_in(frame, test)
    return _NOTHING


def _logic(machine: Machine, frame: Frame, test: ir.Logic) -> tuple[Shown, Shown]:
    parts = [facts_of(machine, frame, part) for part in test.values]
    if test.op == "and":
        return _both([yes for yes, _ in parts]), _either([no for _, no in parts])
    return _either([yes for yes, _ in parts]), _both([no for _, no in parts])


def _both(many: list[Shown]) -> Shown:
    together: Shown = {}
    for shown in many:
        for place, sinks in shown.items():
            together[place] = settle(together.get(place, frozenset()) | sinks)
    return together


def _either(many: list[Shown]) -> Shown:
    if not many:
        return {}
    return {
        place: sinks
        for place in many[0]
        if (sinks := frozenset.intersection(*(shown.get(place, frozenset()) for shown in many)))
    }


def _compare(machine: Machine, frame: Frame, test: ir.Compare) -> tuple[Shown, Shown]:
    negated = test.op in ("!=", "not in", "is not")
    shown: Shown = {}
    otherwise: Shown = {}
    if test.op in ("==", "!=", "is", "is not"):
        shown = _equal(machine, frame, test.left, test.right) or _equal(machine, frame, test.right, test.left)
    elif test.op in ("in", "not in"):
        shown, otherwise = _contained(machine, frame, test)
    elif test.op in ("<=", "<") and isinstance(test.left, ir.Call) and test.left.text == "set" and test.left.arguments:
        place = place_of(test.left.arguments[0])
        if place and trusted(machine, machine.evaluate(frame, test.right)):
            shown = {place: ALL}
    return (otherwise, shown) if negated else (shown, otherwise)


def _equal(machine: Machine, frame: Frame, side: ir.Expr, other: ir.Expr) -> Shown:
    if isinstance(side, ir.Call) and side.text.endswith(("commonpath", "commonprefix")):
        # Character-wise commonprefix is the broken one of the two.
        if side.text.endswith("commonpath") and side.arguments and isinstance(side.arguments[0], ir.Collection):
            return {place: _PATH for item in side.arguments[0].items if (place := place_of(item))}
        return {}
    host = _host_of(machine, frame, side)
    if host and trusted(machine, machine.evaluate(frame, other)):
        return {host: _URL}
    place = place_of(side)
    if isinstance(side, ir.Call) and side.arguments and side.text.endswith(("basename", "secure_filename")):
        inner = place_of(side.arguments[0])
        return {inner: _PATH} if inner and place_of(other) == inner else {}
    if not place:
        return {}
    if isinstance(other, ir.Const) and other.value is None:
        return {}
    return {place: ALL} if trusted(machine, machine.evaluate(frame, other)) else {}


def _contained(machine: Machine, frame: Frame, test: ir.Compare) -> tuple[Shown, Shown]:
    container = test.right
    if isinstance(container, ir.Attr) and container.name == "parents":
        place = place_of(container.value)
        return ({place: _PATH}, {}) if place and _normal(machine, frame, container.value) else _NOTHING
    place = place_of(container)
    if place and isinstance(test.left, ir.Const):
        # ``"/" in x`` shows nothing alone; that there is neither ".." nor "/" in x makes x one name.
        half = {"..": NO_DOTS, "/": NO_SLASH, "../": ""}.get(str(test.left.value), "")
        return ({}, {place: frozenset((half,))}) if half else _NOTHING
    value = machine.evaluate(frame, container)
    if not trusted(machine, value):
        return _NOTHING
    host = _host_of(machine, frame, test.left)
    if host:
        return {host: _URL}, {}
    left = place_of(test.left)
    if not left and isinstance(test.left, ir.Call) and isinstance(test.left.function, ir.Attr):
        # ``x.lower() in ALLOWED`` shows it of what ``x`` says, whatever its case.
        changed = test.left.function
        left = place_of(changed.value) if changed.name in ("lower", "upper", "strip", "casefold") else ""
    return ({left: ALL}, {}) if left else _NOTHING


def _host_of(machine: Machine, frame: Frame, node: ir.Expr) -> str:
    """The place of the address whose host an expression is: ``urlparse(url).hostname`` or a variable's ``.netloc``."""
    if not (isinstance(node, ir.Attr) and node.name in ("hostname", "netloc")):
        return ""
    if isinstance(node.value, ir.Call) and node.value.text.endswith(("urlparse", "urlsplit")) and node.value.arguments:
        return place_of(node.value.arguments[0])
    for atom in machine.evaluate(frame, node.value).atoms:
        if isinstance(atom, Thing) and "place" in atom.facts:
            return text_of(atom.facts["place"]) or ""
    return ""


def trusted(machine: Machine, value: Val) -> bool:
    """Whether nobody outside writes it: constants, configuration, what the code itself made."""
    from remit.app.location import Location

    if any(isinstance(atom, Part) for atom in value.atoms) or not value.atoms:
        return False
    if all(isinstance(atom, Known) and atom.value is None for atom in value.atoms):
        return False
    return not machine.taints(value, Location(""))


def _normal(machine: Machine, frame: Frame, node: ir.Expr) -> bool:
    from remit.app.location import Location

    taints = machine.taints(machine.evaluate(frame, node), Location(""))
    return all(NORMAL in taint.clean or verdict.PATH in taint.clean for taint in taints)


def _call(machine: Machine, frame: Frame, test: ir.Call) -> tuple[Shown, Shown]:
    learned = frame.verdicts.get(id(test))
    if learned is not None:
        return learned
    function = test.function
    if isinstance(function, ir.Attr):
        place = place_of(function.value)
        if function.name in _CHARACTERS and place:
            return {place: ALL}, {}
        if function.name == "startswith" and place and test.arguments:
            return _prefix(machine, frame, function.value, place, test.arguments[0])
        if function.name == "is_relative_to" and place and _normal(machine, frame, function.value):
            return {place: _PATH}, {}
        if function.name == "issubset" and isinstance(function.value, ir.Call) and function.value.text == "set":
            inner = place_of(function.value.arguments[0]) if function.value.arguments else ""
            if inner and test.arguments and trusted(machine, machine.evaluate(frame, test.arguments[0])):
                return {inner: ALL}, {}
        if function.name in ("match", "fullmatch", "search"):
            return _regex(machine, frame, test, function)
    if not isinstance(function, ir.Name | ir.Attr):
        return _NOTHING
    name = _library(machine, frame, function)
    if name == "builtins.bool" and test.arguments:
        return facts_of(machine, frame, test.arguments[0])
    if name == "builtins.isinstance" and len(test.arguments) == 2:
        place = place_of(test.arguments[0])
        return ({place: ALL}, {}) if place and _safe_types(test.arguments[1]) else _NOTHING
    if name == "builtins.all" and test.arguments and isinstance(test.arguments[0], ir.Comprehension):
        return _every_character(machine, frame, test.arguments[0])
    if name == "os.path.isabs" and test.arguments:
        place = place_of(test.arguments[0])
        return ({}, {place: frozenset((NO_ROOT,))}) if place else _NOTHING
    return _NOTHING


def _library(machine: Machine, frame: Frame, function: ir.Expr) -> str:
    if isinstance(function, ir.Attr) and not place_of(function.value):
        return ""
    value = machine.evaluate(frame, function)
    return value.atoms[0].name if len(value.atoms) == 1 and isinstance(value.atoms[0], Lib) else ""


def _safe_types(node: ir.Expr) -> bool:
    if isinstance(node, ir.Collection):
        return all(_safe_types(item) for item in node.items)
    name = node.id if isinstance(node, ir.Name) else node.name if isinstance(node, ir.Attr) else ""
    return name in _SAFE_TYPES


def _every_character(machine: Machine, frame: Frame, node: ir.Comprehension) -> tuple[Shown, Shown]:
    if len(node.clauses) != 1 or not isinstance(node.clauses[0][0], ir.Name):
        return _NOTHING
    target, iterable, _ = node.clauses[0]
    place = place_of(iterable)
    yes, _ = facts_of(machine, frame, node.elements[0])
    if place and isinstance(target, ir.Name) and yes.get(target.id):
        return {place: yes[target.id]}, {}
    return _NOTHING


def _prefix(machine: Machine, frame: Frame, node: ir.Expr, place: str, prefix: ir.Expr) -> tuple[Shown, Shown]:
    value = machine.evaluate(frame, prefix)
    content = literal(value)
    if content == "/":
        return {}, {place: frozenset((NO_ROOT,))}
    if isinstance(content, str) and content.lower().startswith(("http://", "https://")):
        # The host is fixed only when it has ended: ``https://api.example`` is also a prefix of ``https://api.example.evil``.
        return ({place: _URL}, {}) if "/" in content.split("//", 1)[1] else _NOTHING
    if trusted(machine, value) and _normal(machine, frame, node):
        return {place: _PATH}, {}
    return _NOTHING


def _regex(machine: Machine, frame: Frame, test: ir.Call, function: ir.Attr) -> tuple[Shown, Shown]:
    pattern: str | None = None
    subject: ir.Expr | None = None
    for atom in machine.evaluate(frame, function.value).atoms:
        if isinstance(atom, Lib) and atom.name in ("re", "regex") and len(test.arguments) >= 2:
            pattern = text_of(machine.evaluate(frame, test.arguments[0]))
            subject = test.arguments[1]
        elif isinstance(atom, Thing) and atom.kind == "re.Pattern" and test.arguments:
            pattern = text_of(atom.facts["pattern"])
            subject = test.arguments[0]
    place = place_of(subject) if subject is not None else ""
    if pattern is None or not place:
        return _NOTHING
    sinks = harmless(pattern, function.name)
    return ({place: sinks}, {}) if sinks else _NOTHING


def _match_in(frame: Frame, test: ir.Name) -> tuple[Shown, Shown]:
    """``m = PATTERN.fullmatch(x)`` and later ``if m``."""
    value = frame.scope.vars.get(test.id)
    for atom in value.atoms if value else ():
        if isinstance(atom, Thing) and atom.kind == "re.Match" and "place" in atom.facts:
            place, sinks = text_of(atom.facts["place"]), text_of(atom.facts["sinks"])
            if place and sinks:
                return {place: frozenset(sinks.split())}, {}
    return _NOTHING


__all__ = ["facts_of", "trusted", "with_facts"]
