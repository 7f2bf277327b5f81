"""What a handler returns to an HTTP sender: pages, headers, texts of exceptions."""

from remit.app.flow import EVENT, EXCEPTION, FIELD, SECRET
from remit.app.location import Location
from remit.flow.machine import Machine
from remit.flow.taint import HANDED, Taint, Trace
from remit.flow.values import Atom, Dictionary, Known, Symbol, Thing, Val, pieces
from remit_guard.core.verdict import RESPONSE


def answered(machine: Machine, value: Val, at: Location) -> None:
    """A value goes back to the sender."""
    for atom in value.atoms:
        if isinstance(atom, Dictionary) and ("statusCode" in atom.entries or "body" in atom.entries):
            _http(machine, atom, at)
        else:
            _leaks(machine, Val((atom,), value.taints), at)


def _http(machine: Machine, answer: Dictionary, at: Location) -> None:
    headers = answer.entries.get("headers") or answer.entries.get("multiValueHeaders")
    page = headers is not None and _is_page(headers)
    for name, value in answer.entries.items():
        place = answer.places.get(name, at)
        _leaks(machine, value, place)
        if name == "body" and page:
            _tainted(machine, value, place, {"content": "html"})
    for atom in headers.atoms if headers is not None else ():
        if isinstance(atom, Dictionary):
            for name, value in atom.entries.items():
                if isinstance(name, str) and name.lower() == "location" and _from_start(value):
                    _tainted(machine, value, atom.places.get(name, at), {"part": "location"})


def _leaks(machine: Machine, value: Val, at: Location, depth: int = 0) -> None:
    """The entry that holds a text is where one would mend it, not the helper that puts it into an envelope."""
    documents = 0
    for atom in value.atoms:
        inner: tuple[Atom, ...] = (atom,)
        if isinstance(atom, Thing) and "document" in atom.facts:
            inner = atom.facts["document"].atoms
            documents += 1
        for item in inner:
            if isinstance(item, Dictionary) and depth < 6:
                for name, entry in item.entries.items():
                    _leaks(machine, entry, item.places.get(name, at), depth + 1)
                if item.rest is not None:
                    _leaks(machine, item.rest, at, depth + 1)
            else:
                _leak(machine, Val((item,)), at)
    if not documents:
        _leak(machine, Val((), value.taints), at)


def _leak(machine: Machine, value: Val, at: Location) -> None:
    for item in machine.taints(value, at):
        if item.origin.kind in (EXCEPTION, SECRET):
            detail = {"trace": "true"} if item.origin.path == "trace" else {}
            machine.flow(RESPONSE, item, _mended(item, at), "return", detail)


def _mended(item: Taint, at: Location) -> Location:
    """An answer is often put together by a helper, far from where its text is chosen: there is the place."""
    way: list[Trace] = []
    trace = item.trace
    while trace is not None:
        way.insert(0, trace)
        trace = trace.before
    for number, step in enumerate(way):
        if step.text.startswith(HANDED):
            return way[number - 1].location if number > 1 else step.location
    return at


def _tainted(machine: Machine, value: Val, at: Location, detail: dict[str, str]) -> None:
    for item in machine.taints(value, at):
        if item.origin.kind in (FIELD, EVENT):
            machine.flow(RESPONSE, item, at, "return", detail)


def _is_page(headers: Val) -> bool:
    for atom in headers.atoms:
        if isinstance(atom, Dictionary):
            for name, value in atom.entries.items():
                if isinstance(name, str) and name.lower() == "content-type":
                    return any("html" in str(getattr(item, "value", "")).lower() for item in value.atoms)
    return False


def _from_start(value: Val) -> bool:
    """Whether the sender's text stands where the host does: ``/login?next=`` before it keeps the browser here."""
    if not all(isinstance(atom, Known | Symbol) for atom in value.atoms):
        return not any(isinstance(atom, Thing) for atom in value.atoms)
    first = pieces(value)[0] if value.atoms else ""
    return not isinstance(first, str) or (first.startswith(("http://", "https://")) and "/" not in first.split("//", 1)[1]) or (
        first in ("", "//")
    )  # fmt: skip
