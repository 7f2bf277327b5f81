"""Where something stands in the user's own files."""

from remit.app.noun import Struct


class Location(Struct, frozen=True, order=True):
    """A span of one file.

    Args:
        file: path relative to the scanned root, with forward slashes.
        line: first line, from 1; ``0`` means the file as a whole.
        column: first column, from 1.
        end_line: last line (inclusive); ``0`` means ``line``.
        end_column: column after the last character; ``0`` means the end of the line.
    """

    file: str
    line: int = 0
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file
