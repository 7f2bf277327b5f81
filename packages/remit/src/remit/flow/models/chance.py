"""Random numbers that others can foretell: their values remember it, wherever they go."""

from remit.app.flow import CHANCE, Origin
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.taint import Taint, Taints, Trace
from remit.flow.values import Method, Val, unknown


def only(taints: Taints) -> Taints:
    """Those that tell of a random number: arithmetic makes everything else harmless."""
    return tuple(item for item in taints if item.origin.kind == CHANCE)


def _origin(given: Arguments) -> Taints:
    said = f"{given.text}() can be foretold"
    return (Taint(Origin(CHANCE, given.text, "", given.at), Trace(None, given.at, said)),)


def _number(_machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    return unknown("a random number", _origin(given))


def _one(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    from remit.flow.access import elements

    value = given.get(0, "seq", "population")
    each = elements(machine, frame, value, given.at) if value is not None else unknown("an element")
    return (each if each.atoms else unknown("an element")).tainted(_origin(given))


def _some(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    return Val((machine.sequence([], _one(machine, frame, given, receiver)),))


_NUMBER = Model(run=_number)
FUNCTIONS: dict[str, Model] = {
    "random.random": _NUMBER,
    "random.randint": _NUMBER,
    "random.randrange": _NUMBER,
    "random.uniform": _NUMBER,
    "random.getrandbits": _NUMBER,
    "random.randbytes": _NUMBER,
    "random.choice": Model(run=_one),
    "random.choices": Model(run=_some),
    "random.sample": Model(run=_some),
    "uuid.uuid1": _NUMBER,
}
METHODS: dict[str, Model] = {}
JAVASCRIPT: dict[str, Model] = {"Math.random": _NUMBER, "uuid.v1": _NUMBER}
__all__ = ["FUNCTIONS", "JAVASCRIPT", "METHODS", "only"]
