"""Readers of dependency files: one module per format, each with ``read(text, file) -> Locked``; pure."""

from dataclasses import dataclass

from remit.app.facts import Dependency
from remit.app.report import Failure, Skip


@dataclass(frozen=True, slots=True)
class Locked:
    """What one dependency file says.

    Args:
        dependencies: in the order of the file.
        skips: entries that name something no advisory data can know (a path, a repository), each with its reason.
        failures: entries that could not be read.
        includes: other files it names (``-r``, ``-c``), relative to its own folder.
    """

    dependencies: tuple[Dependency, ...] = ()
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
    includes: tuple[str, ...] = ()
