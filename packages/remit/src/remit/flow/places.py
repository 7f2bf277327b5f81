"""Places: variables and paths from variables, by the text they have, and what checks have shown about them."""

from remit.app.value import Text, Unknown, Value, join
from remit.flow import ir, taint
from remit.flow.machine import Frame
from remit.flow.taint import ALL, NORMAL
from remit.flow.values import Hole, Opaque, Part, Symbol, Thing, Val

#: Half of a check of a path: nothing alone, enough together.
NO_DOTS = "no .."
NO_SLASH = "no /"
NO_ROOT = "no leading /"
#: Joins a variable, ``+`` or ``-``, and a place: what is shown of the place if that variable is true, or false.
HELD = "\0"
_HALVES = frozenset((NO_DOTS, NO_SLASH, NO_ROOT))


def place_of(node: ir.Expr) -> str:
    """The name of a place: ``event['body']``; ``""`` for what is none. ``.get("x")`` is the same place as ``["x"]``."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Bind):
        return place_of(node.target)
    if isinstance(node, ir.Await):
        return place_of(node.value)
    if isinstance(node, ir.Attr):
        start = place_of(node.value)
        return f"{start}.{node.name}" if start else ""
    if isinstance(node, ir.Index) and isinstance(node.key, ir.Const):
        start = place_of(node.value)
        return f"{start}[{node.key.value!r}]" if start else ""
    if (
        isinstance(node, ir.Call)
        and isinstance(node.function, ir.Attr)
        and node.function.name == "get"
        and node.arguments
    ):
        first = node.arguments[0]
        start = place_of(node.function.value)
        return f"{start}[{first.value!r}]" if start and isinstance(first, ir.Const) else ""
    return ""


def base_of(place: str) -> str:
    """The variable a place starts from: ``event`` of ``event['body']``."""
    for number, character in enumerate(place):
        if character in ".[":
            return place[:number]
    return place


def refined(frame: Frame, node: ir.Expr, value: Val) -> Val:
    """The value of a place after the checks that dominate this point."""
    if not frame.refined:
        return value
    found = frame.refined.get(place_of(node))
    return clean(value, found) if found else value


def forget(frame: Frame, name: str) -> None:
    """A variable was assigned: what was shown about it and below it no longer holds."""
    if frame.refined:
        inside = (f"{name}.", f"{name}[")
        kept = {
            key: sinks
            for key, sinks in frame.refined.items()
            if not any(part == name or part.startswith(inside) for part in key.split(HELD))
        }
        if len(kept) != len(frame.refined):
            frame.refined = kept


def hold(frame: Frame, name: str, yes: dict[str, frozenset[str]], no: dict[str, frozenset[str]]) -> None:
    """A variable was bound to the outcome of a check: ``allowed = name in NAMES``."""
    more = {HELD.join((name, sign, place)): sinks for sign, shown in (("+", yes), ("-", no))
            for place, sinks in shown.items() if place != name}  # fmt: skip
    if more:
        frame.refined = {**frame.refined, **more}


def held(frame: Frame, name: str) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """What a variable that was bound to the outcome of a check shows, when it is true and when it is false."""
    found: tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]] = ({}, {})
    for key, sinks in frame.refined.items():
        if HELD in key:
            variable, sign, place = key.split(HELD)
            if variable == name:
                found[0 if sign == "+" else 1][place] = sinks
    return found


def settle(sinks: frozenset[str]) -> frozenset[str]:
    """Halves of checks that make a whole one together."""
    if NO_DOTS in sinks and (NO_SLASH in sinks or NO_ROOT in sinks):
        return sinks | {"path"}
    return sinks


def clean(value: Val, sinks: frozenset[str]) -> Val:
    """A value that is harmless for some sinks."""
    wanted = settle(sinks) - _HALVES
    if not wanted:
        return value
    atoms: list[object] = []
    taints = taint.cleaned(value.taints, wanted)
    for atom in value.atoms:
        if isinstance(atom, Part):
            from remit.flow import event

            if atom.taken is not None:
                taints = taint.merge(taints, taint.cleaned(event.taints(atom, atom.taken), wanted))
            atoms.append(Opaque("a checked value"))
        elif isinstance(atom, Symbol):
            atoms.append(Symbol(_clean_text(atom.value, wanted)))  # type: ignore[arg-type]
        elif isinstance(atom, Thing) and "text" in atom.facts:
            atoms.append(Thing(atom.kind, {**atom.facts, "text": clean(atom.facts["text"], wanted)}, atom.inner))
        else:
            atoms.append(atom)
    return Val(tuple(atoms), taints)  # type: ignore[arg-type]


def _clean_text(value: Value, sinks: frozenset[str]) -> Value:
    if isinstance(value, Hole):
        left = taint.cleaned(value.taints, sinks)
        return Hole(value.why, left) if left else Unknown(value.why)
    if isinstance(value, Text):
        return join([_clean_text(part, sinks) for part in value.parts])
    return value


__all__ = ["ALL", "NORMAL", "clean", "forget", "held", "hold", "place_of", "refined", "settle"]
