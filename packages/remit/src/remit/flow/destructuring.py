"""Assigning to patterns: ``{a, b: c = 1, ...rest} = value``."""

from remit.app.location import Location
from remit.flow import ir
from remit.flow.access import assign, attribute, index, merged
from remit.flow.machine import Frame, Machine
from remit.flow.values import Dictionary, Known, Val, literal, union


def defaulted(value: Val, other: Val) -> Val:
    """A value, or what stands in for it when there is none."""
    return union(_given(value), other) if value.atoms else other


def _given(value: Val) -> Val:
    """A value without the nothing for which a default stands in."""
    return Val(
        tuple(atom for atom in value.atoms if not (isinstance(atom, Known) and atom.value is None)), value.taints
    )


def take_apart(machine: Machine, frame: Frame, target: ir.Mapping, value: Val) -> None:
    """``{a, b: c, ...rest} = value``."""
    taken: list[object] = []
    for key, inner in target.pairs:
        at = machine.place(frame, inner.at)
        if key is None:
            assign(machine, frame, inner, Val((_without(machine, value, taken, at),), value.taints))
            continue
        name = machine.evaluate(frame, key)
        content = literal(name)
        taken.append(content)
        if isinstance(content, str):
            found = attribute(machine, frame, value, content, at, calling=False)
        else:
            found = index(machine, frame, value, name, at)
        assign(machine, frame, inner, found)


def _without(machine: Machine, value: Val, taken: list[object], at: Location) -> Dictionary:
    rest = merged(machine, [value], at)
    for name in taken:
        rest.entries.pop(name, None)
    return rest


__all__ = ["defaulted", "take_apart"]
