"""What a handler returns to an HTTP sender: pages, headers, texts of exceptions."""

from remit.app.flow import EVENT, EXCEPTION, FIELD, SECRET
from remit.app.location import Location
from remit.flow.machine import Machine
from remit.flow.values import Dictionary, Known, Symbol, Thing, Val, pieces
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


def _leaks(machine: Machine, value: Val, at: Location) -> None:
    for item in machine.taints(value, at):
        if item.origin.kind in (EXCEPTION, SECRET):
            detail = {"trace": "true"} if item.origin.path == "trace" else {}
            machine.flow(RESPONSE, item, at, "return", detail)


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
