"""What a child writes, cut into invocations: one pipe, read all the time, with marks that we write into it ourselves.

A mark goes through the same pipe as the child's output, so everything the child wrote before it is read before it: that
is how lines are told apart by invocation without asking the child for anything.
"""

import contextlib
import os
import threading

#: Bytes kept per invocation; what comes after is counted and dropped, so that a runaway function cannot fill memory.
MAX_BYTES = 1_000_000
_MARK = b"\x00remit-mark\x00\n"
_QUIT = b"\x00remit-quit\x00\n"


class LogPipe:
    """The write end for a child and a reader that keeps its lines."""

    def __init__(self) -> None:
        self._read, self.write = os.pipe()
        self._lines: list[bytes] = []
        self._size = 0
        self._dropped = 0
        self._marks = 0
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._pump, name="remit-log", daemon=True)
        self._thread.start()

    def take(self, wait: float = 2.0) -> tuple[str, ...]:
        """Everything written since the last call, in order.

        Args:
            wait: seconds to wait for the reader; it is only slow when the machine is.
        """
        with self._changed:
            wanted = self._marks + 1
        try:
            os.write(self.write, _MARK)
        except OSError:
            wanted = 0
        with self._changed:
            self._changed.wait_for(lambda: self._marks >= wanted, wait)
            lines, self._lines, self._size = self._lines, [], 0
            dropped, self._dropped = self._dropped, 0
        texts = [line.decode("utf-8", "replace") for line in lines]
        if dropped:
            texts.append(f"[{dropped} more bytes were dropped]")
        return tuple(texts)

    def close(self) -> None:
        """Ends the reader, which closes its own end. Output of a process that still holds the pipe is lost."""
        with contextlib.suppress(OSError):
            os.write(self.write, b"\n" + _QUIT)
            os.close(self.write)
        self._thread.join(2.0)

    def _pump(self) -> None:
        rest = b""
        open_ = True
        while open_:
            block = os.read(self._read, 65536)
            *lines, rest = (rest + block).split(b"\n")
            if len(rest) > MAX_BYTES:
                lines, rest = [*lines, rest], b""
            open_ = bool(block) and _QUIT[:-1] not in lines
            with self._changed:
                for line in lines:
                    self._keep(line)
                self._changed.notify_all()
        os.close(self._read)

    def _keep(self, line: bytes) -> None:
        mark = _MARK[:-1]
        if line.endswith(mark):
            self._marks += 1
            line = line[: -len(mark)]  # what was written without a newline stands before the mark
            if not line:
                return
        if self._size + len(line) > MAX_BYTES:
            self._dropped += len(line) + 1
            return
        self._size += len(line)
        self._lines.append(line)
