"""Checks: what a condition shows about places, when it holds and when it does not."""

from remit.flow import ir
from remit.flow.machine import Frame, Machine
from remit.flow.patterns import absent, harmless
from remit.flow.places import NO_DOTS, NO_ROOT, NO_SLASH, held, place_of, settle
from remit.flow.schemas import schema_facts
from remit.flow.taint import ALL, NORMAL
from remit.flow.values import Known, Lib, Part, Sequence, Thing, Val, literal, text_of
from remit_guard.core import verdict

Shown = dict[str, frozenset[str]]
_NOTHING: tuple[Shown, Shown] = ({}, {})
_PATH = frozenset((verdict.PATH,))
_URL = frozenset((verdict.URL,))
#: What a signature vouches for: that the data is of our own making; not that its texts are no one else's.
_LOADED = frozenset((verdict.DESERIALIZE, verdict.CODE))
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
    own: tuple[Shown, Shown] | None = machine.language.facts(machine, frame, test)
    if own is not None:
        return own
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
        return held(frame, test.id)
    if isinstance(test, ir.Binary):
        return {}, _left_over(machine, frame, test)
    return _NOTHING


def _left_over(machine: Machine, frame: Frame, test: ir.Binary) -> Shown:
    """``set(name) - LETTERS``: nothing is left over when every character is allowed."""
    if test.op != "-":
        return {}
    place = _characters_of(test.left)
    return {place: ALL} if place and trusted(machine, machine.evaluate(frame, test.right)) else {}


def _characters_of(node: ir.Expr) -> str:
    """The place whose characters a set is of: ``set(name)``."""
    if isinstance(node, ir.Call) and node.text in ("set", "frozenset") and len(node.arguments) == 1:
        return place_of(node.arguments[0])
    return ""


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
    if isinstance(test.right, ir.Const) and (test.right.value is None or isinstance(test.right.value, bool)):
        shown, otherwise = _outcome(machine, frame, test.left, test.right.value)
    elif test.op in ("==", "!=", "is", "is not"):
        shown = _equal(machine, frame, test.left, test.right) or _equal(machine, frame, test.right, test.left)
    elif test.op in ("in", "not in"):
        shown, otherwise = _contained(machine, frame, test)
    elif test.op in ("<=", "<"):
        place = _characters_of(test.left)
        if place and trusted(machine, machine.evaluate(frame, test.right)):
            shown = {place: ALL}
    return (otherwise, shown) if negated else (shown, otherwise)


def _outcome(machine: Machine, frame: Frame, node: ir.Expr, wanted: "bool | None") -> tuple[Shown, Shown]:
    """A check compared with ``None``, ``True`` or ``False``: what a match is to ``None``, true is to false."""
    yes, no = facts_of(machine, frame, node)
    if not yes and not no:
        return _NOTHING
    matches = _matches(machine.evaluate(frame, node))
    if wanted is None:
        return (no, yes) if matches else _NOTHING
    if matches:
        return _NOTHING
    return (yes, no) if wanted else (no, yes)


def _matches(value: Val) -> bool:
    """Whether it is what ``re.match`` gives: something true, or ``None``."""
    return bool(value.atoms) and all(
        (isinstance(atom, Thing) and atom.kind == "re.Match") or (isinstance(atom, Known) and atom.value is None)
        for atom in value.atoms
    )


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
        place = _subject(container.value)
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
        whole = place or _subject(function.value)
        if function.name == "startswith" and whole and test.arguments:
            return _prefix(machine, frame, function.value, whole, test.arguments[0])
        if function.name == "is_relative_to" and whole:
            return _below(machine, frame, test), {}
        inner = _characters_of(function.value)
        if inner and test.arguments and trusted(machine, machine.evaluate(frame, test.arguments[0])):
            if function.name == "issubset":
                return {inner: ALL}, {}
            if function.name == "difference":
                return {}, {inner: ALL}
        if function.name in ("match", "fullmatch", "search"):
            return _regex(machine, frame, test, function)
    if not isinstance(function, ir.Name | ir.Attr):
        return _NOTHING
    return _of_library(machine, frame, test, _library(machine, frame, function))


def _of_library(machine: Machine, frame: Frame, test: ir.Call, name: str) -> tuple[Shown, Shown]:
    if name == "builtins.bool" and test.arguments:
        return facts_of(machine, frame, test.arguments[0])
    if name == "builtins.isinstance" and len(test.arguments) == 2:
        place = place_of(test.arguments[0])
        return ({place: ALL}, {}) if place and _safe_types(test.arguments[1]) else _NOTHING
    if name == "builtins.all" and test.arguments and isinstance(test.arguments[0], ir.Comprehension):
        return _every_character(machine, frame, test.arguments[0], 0), {}
    if name == "builtins.any" and test.arguments and isinstance(test.arguments[0], ir.Comprehension):
        return {}, _every_character(machine, frame, test.arguments[0], 1)
    if name in ("hmac.compare_digest", "secrets.compare_digest"):
        return _signed(machine, frame, test), {}
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


def _every_character(machine: Machine, frame: Frame, node: ir.Comprehension, when: int) -> Shown:
    """What a test of each character shows of the whole text, when all are true (0) or none is (1)."""
    if len(node.clauses) != 1 or not isinstance(node.clauses[0][0], ir.Name) or node.clauses[0][2]:
        return {}
    target, iterable, _ = node.clauses[0]
    place = place_of(iterable)
    shown = facts_of(machine, frame, node.elements[0])[when]
    if place and isinstance(target, ir.Name) and shown.get(target.id):
        return {place: shown[target.id]}
    return {}


def _signed(machine: Machine, frame: Frame, test: ir.Call) -> Shown:
    """Whoever made a text whose signature is right holds the key: it is data of our own, fit to be loaded."""
    shown: Shown = {}
    for node in test.arguments:
        for atom in machine.evaluate(frame, node).atoms:
            if isinstance(atom, Thing) and atom.kind == "hmac" and "place" in atom.facts:
                place = text_of(atom.facts["place"]) or ""
                now = frame.scope.vars.get(place)
                if place and (now is None or now == atom.facts["subject"]):
                    shown[place] = _LOADED
    return shown


#: Callables whose result is the same path as their argument, without ``..`` or as a text.
_SAME_PATH = frozenset(("str", "fspath", "realpath", "abspath", "normpath", "Path", "PurePath", "PosixPath"))


def _subject(node: ir.Expr) -> str:
    """The place that a path was made of: ``str(p)``, ``Path(p).resolve()``, ``os.path.realpath(os.path.join(BASE, p))``."""
    for _ in range(6):
        if isinstance(node, ir.Binary) and node.op == "/":
            node = node.right
            continue
        if not isinstance(node, ir.Call):
            break
        function = node.function
        last = node.text.rsplit(".", 1)[-1]
        if isinstance(function, ir.Attr) and last in ("resolve", "as_posix") and not node.arguments:
            node = function.value
        elif last in _SAME_PATH and len(node.arguments) == 1:
            node = node.arguments[0]
        elif last in ("join", "joinpath", "Path") and len(node.arguments) > (last != "joinpath"):
            node = node.arguments[-1]
        else:
            break
    return place_of(node)


def _below(machine: Machine, frame: Frame, test: ir.Call) -> Shown:
    """``p.is_relative_to(BASE)``, or ``p.relative_to(BASE)`` without an exception, for a path without ``..``."""
    function = test.function
    assert isinstance(function, ir.Attr)  # noqa: S101  (the caller looked)
    place = _subject(function.value)
    if not place or not test.arguments or not _normal(machine, frame, function.value):
        return {}
    return {place: _PATH} if trusted(machine, machine.evaluate(frame, test.arguments[0])) else {}


_PROVES = frozenset((
    "builtins.int", "builtins.float", "uuid.UUID", "decimal.Decimal", "ipaddress.ip_address", "ipaddress.ip_network",
    "ipaddress.IPv4Address", "ipaddress.IPv6Address", "datetime.datetime.fromisoformat", "datetime.date.fromisoformat",
))  # fmt: skip


def proved(machine: Machine, frame: Frame, node: ir.Expr) -> Shown:
    """What holds after an expression that raises otherwise: ``int(x)``, ``p.relative_to(BASE)``, ``NAMES.index(x)``."""
    if not isinstance(node, ir.Call) or not node.arguments:
        return {}
    function = node.function
    if isinstance(function, ir.Attr) and function.name == "relative_to":
        return _below(machine, frame, node)
    place = place_of(node.arguments[0])
    if not place or not isinstance(function, ir.Name | ir.Attr):
        return {}
    if isinstance(function, ir.Attr) and function.name == "index" and place_of(function.value):
        value = machine.evaluate(frame, function.value)
        listed = bool(value.atoms) and all(isinstance(atom, Sequence) for atom in value.atoms)
        return {place: ALL} if listed and trusted(machine, value) else {}
    name = _library(machine, frame, function)
    if name in _PROVES and len(node.arguments) == 1:
        return {place: ALL}
    if name in ("jsonschema.validate", "jsonschema.validators.validate") and len(node.arguments) > 1:
        return schema_facts(machine.evaluate(frame, node.arguments[1]), place)
    return {}


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
    without = absent(pattern) if function.name == "search" else frozenset()
    return {place: sinks} if sinks else {}, {place: without} if without else {}


__all__ = ["facts_of", "proved", "trusted", "with_facts"]
