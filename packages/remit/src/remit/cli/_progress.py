"""Talk while work is done: one line on stderr that replaces itself, and only on a terminal."""

import sys
from types import TracebackType
from typing import Self

_CLEAR = "\r\033[K"


class Progress:
    """A context in which ``tell`` shows what is being done; everything is wiped when it ends.

    Args:
        quiet: show nothing.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.on = not quiet and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.on:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()

    def tell(self, text: str) -> None:
        """Shows one line in place of the one before."""
        if self.on:
            sys.stderr.write(_CLEAR + "".join(char for char in text if char.isprintable())[:100])
            sys.stderr.flush()
