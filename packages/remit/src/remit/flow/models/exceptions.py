"""Exceptions: what is caught, and the texts one can make of it."""

from remit.app.flow import EXCEPTION, Origin
from remit.app.location import Location
from remit.flow import ir, taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.taint import HIGH, Taint, Taints, Trace
from remit.flow.values import Caught, Instance, Method, Opaque, Val, unknown


def caught(handler: ir.Handler, at: Location, thrown: Val, *, own: bool) -> Val:
    """What ``except ... as name`` binds: the exception, with what the code itself put in when it raised one of its own."""
    at = Location(at.file, at.line, at.column, at.line)
    origin = Origin(EXCEPTION, handler.name or "exception", "", at)
    taints = (Taint(origin, Trace(None, at, "the exception is caught"), HIGH),)
    known = tuple(atom for atom in thrown.atoms if isinstance(atom, Instance))
    if own:
        return Val(known or (Caught(handler.name or "exception"),), thrown.taints)
    return Val((Caught(handler.name or "exception"), *known), taint.merge(taints, thrown.taints))


def made(machine: Machine, name: str, given: Arguments) -> Val:
    """An exception the code makes: it says what it is given."""
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.every()))
    return Val((Opaque(name.removeprefix("builtins.")),), taints)


def text(_receiver: Caught, taints: Taints, at: Location) -> Val:
    """A text made of an exception by one of its methods."""
    return unknown("the text of an exception", taint.step(taints, at, "text of the exception"))


def _trace(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``traceback.format_exc()`` and the like: the exception now handled, with the way it came."""
    found = [value.taints for value in frame.caught[-1:]] + [machine.taints(value, given.at) for value in given.every()]
    taints = taint.merge(*found)
    own = [item for item in taints if item.origin.kind == EXCEPTION]
    base = own[0].origin.location if own else given.at
    origin = Origin(EXCEPTION, "trace", "", base)
    return unknown("a stack trace", (Taint(origin, Trace(None, given.at, "the stack trace as text")),))


def _info(machine: Machine, frame: Frame, _given: Arguments, _receiver: "Method | None") -> Val:
    current = frame.caught[-1] if frame.caught else unknown("the exception")
    return Val((machine.sequence([unknown("a class"), current, current], kind="tuple"),))


_TRACE = Model(run=_trace)
FUNCTIONS = {
    "traceback.format_exc": _TRACE,
    "traceback.format_exception": _TRACE,
    "traceback.format_tb": _TRACE,
    "traceback.format_stack": _TRACE,
    "traceback.format_exception_only": _TRACE,
    "sys.exc_info": Model(run=_info),
}
METHODS: dict[str, Model] = {}
__all__ = ["FUNCTIONS", "METHODS", "caught", "made", "text"]
