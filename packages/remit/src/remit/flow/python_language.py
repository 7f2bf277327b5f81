"""Python as the machine knows it."""

from remit.flow import access, calls
from remit.flow.guards import Shown
from remit.flow.language import Language
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import library
from remit.flow.python_modules import Loader, handler
from remit.flow.python_packages import declared, package
from remit.flow.values import Atom, Thing, Val


def _around() -> list[Val]:
    return [Val((Thing("aws.Context"),))]


def _construct(machine: Machine, frame: Frame, atom: Atom, callee: Val, given: Arguments) -> Val:
    """A class is called as a function is."""
    return calls.call(machine, frame, Val((atom,), callee.taints), given)


def _elements(_machine: Machine, _frame: Frame, _atom: Atom, _at: object) -> "Val | None":
    """What ``access.elements`` does is Python's."""
    return None


def _facts(_machine: Machine, _frame: Frame, _test: object) -> "tuple[Shown, Shown] | None":
    """The checks of ``guards`` are Python's."""
    return None


PYTHON = Language(
    name="python",
    loader=Loader,
    handler=handler,
    around=_around,
    builtin=library.builtin,
    attribute=access.python_attribute,
    index=access.python_index,
    elements=_elements,
    set_attribute=access.set_attribute,
    construct=_construct,
    function=library.call_library,
    method=library.call_method,
    thing=library.call_thing,
    unknown=library.unknown_call,
    package=package,
    declared=declared,
    facts=_facts,
)
__all__ = ["PYTHON"]
