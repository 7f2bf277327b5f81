"""Sends signals. A destination that fails never breaks the invocation; it is told once and left alone for a while."""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from remit_guard.core.signal import Signal

#: How many signals of one rule an invocation may cause: an attacker must not fill the log with our words. Refusals are
#: counted apart from alerts, and rules apart from each other, so that none can be hidden behind a heap of others.
LIMIT = 50
#: Seconds a failed destination rests.
REST = 30.0


def to_output(line: str) -> None:
    """Writes a line to the process's own output, whatever the program made of ``sys.stdout``.

    It starts on a line of its own, where the guard's stream says that one is begun: collectors read line by line.

    Raises:
        OSError: neither descriptor takes it.
    """
    data = line.encode() + b"\n"
    stream = sys.stdout
    if stream is not None and getattr(stream, "midline", False) is True:
        stream.flush()
        setattr(stream, "midline", False)  # noqa: B010  (ours, as the attribute says, which its type does not)
        data = b"\n" + data
    try:
        _all(1, data)
    except OSError:
        _all(2, data)


def _all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


class Destination:
    """A place besides the output: a local collector's URL or a file.

    Args:
        place: ``http://host:port/path`` (plain HTTP, for use on this machine) or a file's path.
    """

    __slots__ = ("_resting", "place")

    def __init__(self, place: str) -> None:
        self.place = place
        self._resting = 0.0

    def send(self, line: str, now: float) -> "str | None":
        """Sends one line.

        Returns:
            What went wrong, once per rest; ``None`` when it was sent or the destination still rests.
        """
        if now < self._resting:
            return None
        try:
            if self.place.startswith("http://"):
                self._post(line)
            else:
                self._append(line)
        except (OSError, ValueError) as error:
            self._resting = now + REST
            return type(error).__name__
        return None

    def _append(self, line: str) -> None:
        descriptor = os.open(self.place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            _all(descriptor, line.encode() + b"\n")
        finally:
            os.close(descriptor)

    def _post(self, line: str) -> None:
        from http.client import HTTPConnection, HTTPException

        host, _, path = self.place[len("http://") :].partition("/")
        connection = None
        try:
            connection = HTTPConnection(host, timeout=1.0)
            connection.request("POST", "/" + path, line.encode(), {"content-type": "application/json"})
            status = connection.getresponse().status
        except HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            if connection is not None:
                connection.close()
        if status >= 400:
            raise OSError(f"answered {status}")


class Emitter:
    """Sends each signal to the output and to the destination, if there is one.

    Args:
        destination: where else, or ``None``.
        output: writes a line; the process's own output unless a test says otherwise.
    """

    __slots__ = ("_output", "destination")

    def __init__(self, destination: "Destination | None" = None, output: "Callable[[str], None]" = to_output) -> None:
        self.destination = destination
        self._output = output

    def send(self, signal: "Signal") -> "str | None":
        """Sends a signal; never raises.

        Returns:
            What is wrong with the destination, when that was not told yet.
        """
        line = signal.to_json()
        try:  # noqa: SIM105  (contextlib is not ours to load)
            self._output(line)
        except OSError:  # both outputs are closed: there is nobody left to tell
            pass
        return self.destination.send(line, time.monotonic()) if self.destination is not None else None
