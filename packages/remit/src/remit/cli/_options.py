"""What options mean, for commands that share them: every option can also be given as a ``REMIT_*`` variable."""

import os
import sys
from pathlib import Path

from remit.app.errors import RemitError
from remit.app.scale import Persona, Severity

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "html")
SEVERITIES = tuple(severity.word for severity in sorted(Severity))
PERSONAS = tuple(persona.word for persona in Persona)


def severity(word: str) -> Severity | None:
    """The severity that a word names; ``None`` for ``never``."""
    return None if word == "never" else Severity[word.upper()]


def persona(word: str) -> Persona:
    """The persona that a word names."""
    return Persona[word.upper()]


def colour_wanted(*, no_color: bool) -> bool:
    """Whether to colour what goes to stdout: only on a terminal, and never against ``NO_COLOR`` (no-color.org)."""
    if no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def width() -> int:
    """Columns to write for: the terminal's, at most 140; where there is none, ``COLUMNS`` or 100."""
    if not sys.stdout.isatty():
        columns = os.environ.get("COLUMNS", "")
        return min(int(columns), 140) if columns.isascii() and columns.isdigit() and int(columns) else 100
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, 140)


def write_result(text: str, output: Path | None) -> None:
    """Writes a result to a file, or to stdout.

    Raises:
        RemitError: the file cannot be written.
    """
    if output is None:
        # Bytes: names of files may hold what the terminal's encoding cannot say.
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise RemitError(f"{output}: cannot be written: {error.strerror}") from error
