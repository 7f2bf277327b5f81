"""Code trees: the text of a function's files, read once, bounded, and handed on as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from remit.app.report import Failure, Skip


@dataclass(frozen=True, slots=True)
class CodeTree:
    """The code files under one folder.

    Args:
        root: the folder, relative to the scanned root; ``""`` for the root itself.
        files: path relative to the *scanned root* to text; only source files, vendored packages left out.
        skips: what was left out, each with its reason.
        failures: what could not be read.
    """

    root: str
    files: Mapping[str, str] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
