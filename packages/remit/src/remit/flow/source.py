"""The text of one file: spans become locations, byte columns become characters."""

from remit.app.location import Location
from remit.flow import ir


class Source:
    """One file's text; code that stands in a template is shifted to its place there."""

    def __init__(self, file: str, text: str, shift: int = 0) -> None:
        self.file = file
        self._shift = shift
        self._text = text
        self._ascii = text.isascii()
        self._lines: list[str] | None = None
        self._made: dict[ir.Span, Location] = {}

    def location(self, at: ir.Span) -> Location:
        """The location of a span."""
        known = self._made.get(at)
        if known is None:
            line, column, last, end = at
            known = Location(
                self.file, line, self._column(line, column) + self._shift, last,
                self._column(last, end) + self._shift if end else 0,
            )  # fmt: skip
            self._made[at] = known
        return known

    def _column(self, line: int, column: int) -> int:
        if self._ascii:
            return column
        if self._lines is None:
            self._lines = self._text.split("\n")
        if not 0 < line <= len(self._lines):
            return column
        return len(self._lines[line - 1].encode("utf-8", "surrogatepass")[: column - 1].decode(errors="replace")) + 1
