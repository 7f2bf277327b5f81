"""The remit of a function as the tool derives it: needs, each with the reason it is there.

``remit.lock`` is these, written down; ``remit_guard.core.remit.Remit`` is these, compiled for the guard.
"""

from remit.app.location import Location
from remit.app.noun import Struct
from remit.app.value import Value

#: The verbs of a remit, in the order in which the lock writes them.
VERBS = ("receives", "calls", "reaches", "runs", "reads", "writes", "secrets", "returns")

DERIVED = "derived"
OBSERVED = "observed"
WRITTEN = "written"


class Need(Struct, frozen=True):
    """One line of a remit.

    Args:
        verb: out of ``VERBS``.
        what: the action (``dynamodb:PutItem``), host, program, path, secret or trigger name.
        on: for ``calls`` the exact resource (an ARN, symbolic); for ``receives`` who may send; else ``None``.
        because: where the code or template says so.
        provenance: ``derived``, ``observed`` or ``written``.
        note: for people, e.g. ``needed by the platform to poll the queue``.
    """

    verb: str
    what: Value
    on: Value
    because: tuple[Location, ...]
    provenance: str = DERIVED
    note: str = ""


class Unresolved(Struct, frozen=True):
    """Something the function does that could not be pinned down: never left out, never widened in silence."""

    verb: str
    what: str
    why: str
    because: Location


class FunctionRemit(Struct, frozen=True):
    """Everything one function needs, in stable order."""

    function: str
    needs: tuple[Need, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    def of(self, verb: str) -> tuple[Need, ...]:
        """The needs under one verb."""
        return tuple(need for need in self.needs if need.verb == verb)
