"""Following a log file as it grows, is rotated or truncated: what ``tail -F`` does, one step at a time."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from remit.watch.parse import LINE_LIMIT

#: Bytes read in one step, so that a big log neither fills memory nor keeps other work waiting.
STEP = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Lines:
    """What one step brought.

    Args:
        lines: whole lines without their ends.
        first: number of the first of them, counted from where following began.
        overlong: lines that were too long to be kept, and dropped.
        more: there is more to read right now.
        note: something people should know (``rotated``), or ``""``.
    """

    lines: list[bytes]
    first: int
    overlong: int = 0
    more: bool = False
    note: str = ""


class Tail:
    """One followed file.

    Args:
        path: the file; it may appear later.
        from_end: start at the end of what is there now, as ``tail -F -n 0`` does; else at its beginning.
    """

    def __init__(self, path: Path, *, from_end: bool = False) -> None:
        self.path = path
        self._from_end = from_end
        self._file: BinaryIO | None = None
        self._rest = b""
        self._skipping = False
        self._number = 1

    @property
    def is_open(self) -> bool:
        """Whether there is a file being read."""
        return self._file is not None

    def step(self) -> Lines:
        """Reads what has been added since the last step.

        Raises:
            OSError: the file is there and cannot be read.
        """
        note = ""
        file = self._file or self._open()
        if file is None:
            return Lines([], self._number)
        if os.fstat(file.fileno()).st_size < file.tell():
            # Truncated in place (``copytruncate``): what we had of a line is gone with the rest.
            file.seek(0)
            self._rest, self._skipping, note = b"", False, "truncated"
        data = file.read(STEP)
        if not data and self._moved(file):
            # Only after the old file is read to its end: rotation loses nothing.
            self.close()
            ended = self._split(b"\n") if self._rest else Lines([], self._number)
            return Lines(ended.lines, ended.first, ended.overlong, more=self._open() is not None, note="rotated")
        step = self._split(data)
        return Lines(step.lines, step.first, step.overlong, more=len(data) == STEP, note=note)

    def close(self) -> None:
        """Lets go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO | None:
        from_end, self._from_end = self._from_end, False  # a file that appears later is new from its first byte
        try:
            self._file = self.path.open("rb")
        except FileNotFoundError:
            return None
        if from_end:
            self._file.seek(0, os.SEEK_END)
        return self._file

    def _moved(self, file: BinaryIO) -> bool:
        """Whether another file now has the name of the one that is open."""
        try:
            there = self.path.stat()
        except FileNotFoundError:
            return False  # moved away, its successor not there yet: keep reading the old one
        here = os.fstat(file.fileno())
        return (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)

    def _split(self, data: bytes) -> Lines:
        first, overlong = self._number, 0
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if self._skipping and lines:
            lines.pop(0)  # the end of a line whose beginning was dropped
            self._skipping = False
            self._number += 1
            first = self._number
        kept = []
        for line in lines:
            self._number += 1
            kept.append(line if len(line) <= LINE_LIMIT else b"")
            overlong += len(line) > LINE_LIMIT
        if len(self._rest) > LINE_LIMIT:
            overlong += not self._skipping
            self._rest, self._skipping = b"", True
        elif self._skipping:
            self._rest = b""
        return Lines(kept, first, overlong)
