"""What locking an app brings to light."""

from dataclasses import dataclass
from pathlib import Path

from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.need import FunctionRemit
from remit.app.report import Failure, Skip
from remit.iam.excess import Excess, Missing
from remit.iam.match import Answer
from remit.lock.diff import Change


@dataclass(frozen=True, slots=True)
class Plan:
    """What to lock.

    Args:
        root: a folder, or a template file.
        today: ISO date: written grants end on their day.
        check: compare with the lock that is there, in place of writing it.
        output: where the lock goes, when not beside the template.
    """

    root: Path
    today: str
    check: bool = False
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class FunctionLock:
    """One function: its remit, and how its role compares.

    Args:
        function: the function.
        remit: what it needs; places are relative to the folder of the lock.
        role: id of its role, or ``""`` when that is not in the template: nothing was compared then.
        needed: how many different cloud actions it needs.
        granted: how many real actions its role allows on something, those of the platform not counted.
        excess: granted, not needed.
        missing: needed, not granted for sure.
        opaque: policies of the role whose content is not known here, each with its place: what they grant is in none of
            these numbers.
    """

    function: Function
    remit: FunctionRemit
    role: str = ""
    needed: int = 0
    granted: int = 0
    excess: tuple[Excess, ...] = ()
    missing: tuple[Missing, ...] = ()
    opaque: tuple[tuple[str, Location], ...] = ()

    @property
    def incomplete(self) -> bool:
        """Whether part of its code was not read."""
        return any(item.verb == "code" for item in self.remit.unresolved)

    @property
    def refused(self) -> tuple[Missing, ...]:
        """What is needed and certainly not granted."""
        return tuple(item for item in self.missing if item.decision.answer is Answer.NO)


@dataclass(frozen=True, slots=True)
class AppLock:
    """One app: the text of its lock, and how it differs from the one that was there.

    Args:
        app: the app.
        path: where the lock is.
        text: the whole lock.
        functions: in the order of the template.
        existed: whether there was a lock before.
        changes: what differs from it.
        notes: for people: grants that have ended, and the like.
    """

    app: App
    path: Path
    text: str
    functions: tuple[FunctionLock, ...]
    existed: bool = False
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The result of locking: every app, and everything that was not examined."""

    apps: tuple[AppLock, ...] = ()
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
    check: bool = False

    @property
    def differs(self) -> bool:
        """Whether code, lock and role are not the same everywhere."""
        return any(
            not item.existed or item.changes or any(function.excess or function.refused for function in item.functions)
            for item in self.apps
        )

    @property
    def incomplete(self) -> bool:
        """Whether something was not examined that should have been."""
        unread = any(function.incomplete for item in self.apps for function in item.functions)
        return bool(self.failures) or unread or any(skip.blind for skip in self.skips)

    @property
    def exit_code(self) -> int:
        """As docs/exit-codes.md says: differences (only in a check), then incompleteness, then emptiness."""
        if self.check and self.differs:
            return 1
        if self.incomplete:
            return 4
        return 0 if any(item.functions for item in self.apps) else 3
