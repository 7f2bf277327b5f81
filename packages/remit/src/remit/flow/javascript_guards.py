"""Checks as JavaScript writes them."""

from remit.flow import ir
from remit.flow.guards import Shown
from remit.flow.machine import Frame, Machine


def facts(machine: Machine, frame: Frame, test: ir.Expr) -> "tuple[Shown, Shown] | None":
    """What is shown when a condition is true, and when it is false; ``None`` where all languages agree."""
    del machine, frame, test
    return None


__all__ = ["facts"]
