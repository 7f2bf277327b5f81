"""The form of a model: what one function or method of a library does with its arguments."""

from collections.abc import Callable

from remit.app.noun import Struct, field
from remit.flow import taint
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.values import NONE, Method, Thing, Val, unknown

#: A model in code: machine, frame, arguments, and the method's receiver when it is a method.
Run = Callable[[Machine, Frame, Arguments, "Method | None"], Val]

ARGUMENTS = "arguments"
NOTHING = "nothing"
FIRST = "first"


class Sink(Struct, frozen=True):
    """An argument that becomes an effect: its position (``-1`` for by name only), its names, the kind of sink."""

    kind: str
    index: int
    names: tuple[str, ...] = ()
    detail: tuple[tuple[str, str], ...] = ()


class Model(Struct, frozen=True):
    """One function or method.

    Args:
        sinks: arguments that become effects.
        gives: kind of the thing it returns, or ``""``.
        keeps: which taints the result has: those of all ``arguments``, ``nothing``, or it *is* the ``first`` argument.
        cleans: sinks for which the result is harmless.
        run: does all of it in code instead.
    """

    sinks: tuple[Sink, ...] = ()
    gives: str = ""
    keeps: str = NOTHING
    cleans: frozenset[str] = field(default_factory=frozenset)
    run: Run | None = None


def sink(kind: str, index: int, *names: str, gives: str = "", **detail: str) -> Model:
    """A model with one sink."""
    return Model((Sink(kind, index, names, tuple(detail.items())),), gives)


def apply(machine: Machine, frame: Frame, model: Model, given: Arguments, receiver: "Method | None") -> Val:
    """What a call of something modelled does and returns."""
    if model.run is not None:
        return model.run(machine, frame, given, receiver)
    for item in model.sinks:
        value = given.get(item.index, *item.names)
        machine.sink(item.kind, value, given.span(item.index, *item.names), given.text, **dict(item.detail))
    if model.keeps == FIRST:
        return given.args[0] if given.args else NONE
    taints: taint.Taints = ()
    if model.keeps == ARGUMENTS:
        values = [machine.taints(value, given.at) for value in given.every()]
        taints = taint.merge(receiver.taints if receiver else (), *values)
        if model.cleans:
            taints = taint.cleaned(taints, model.cleans)
    if model.gives:
        return Val((Thing(model.gives),), taints)
    return unknown(f"{given.text}()", taints)
