"""Colour for terminals: a handful of ANSI styles, or none at all."""

from remit.app.noun import Struct
from remit.app.report import Severity

_CODES = {
    "critical": "1;35",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "bold": "1",
    "dim": "2",
    "good": "32",
    "mark": "31",
}


class Ink(Struct, frozen=True):
    """Puts styles on text; ``Ink(on=False)`` leaves it as it is."""

    on: bool = False

    def __call__(self, style: str, text: str) -> str:
        """The text in a style: ``bold``, ``dim``, ``good``, ``mark`` or a severity's word."""
        return f"\033[{_CODES[style]}m{text}\033[0m" if self.on and text else text

    def severity(self, severity: Severity, text: str) -> str:
        """The text in the colour of a severity."""
        return self(severity.word, text)
