"""What the demo says: one line per step when it is done, its progress while it works (only on a terminal)."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 64


class Step:
    """One step on the screen; ``result`` is set by whoever does it."""

    def __init__(self, number: str, name: str) -> None:
        self.number = number
        self.name = name
        self.text = ""
        self.tail = ""
        self._begun = time.monotonic()
        self._shown = 0.0

    def progress(self, text: str) -> None:
        """Shows how far it is, a few times a second at most."""
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._shown > 0.1:
            self._shown = now
            sys.stderr.write(f"\r\x1b[K {self.number:>1} {self.name:<9} {text}")
            sys.stderr.flush()

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self._begun


@contextmanager
def step(number: str, name: str) -> Iterator[Step]:
    """Times a step and prints its line at the end."""
    current = Step(number, name)
    current.progress("...")
    try:
        yield current
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
    tail = current.tail or f"{current.seconds:.1f} s"
    print(f" {number:>1} {name:<9} {current.text:<{WIDTH}} {tail}".rstrip(), flush=True)
