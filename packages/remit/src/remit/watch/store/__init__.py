"""Where signals are kept: one seam, so that the embedded engine can become a cluster.

Every store passes the same conformance test (``tests/watch/test_store.py``). A store is used from one thread at a
time; the collector sees to that.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from remit.app.errors import Incomplete, RemitError
from remit_guard.core.signal import Signal


class StoreBusy(RemitError):  # noqa: N818
    """Another process has the data directory open.

    Args:
        data: the directory.
        pid: that process, or 0 when it is not known.
        url: where it answers, or ``""``.
    """

    def __init__(self, data: Path, pid: int = 0, url: str = "") -> None:
        who = f"process {pid}" if pid else "another process"
        hint = f"ask it with --url {url}" if url else "stop it, or choose another directory with --data"
        super().__init__(f"{data}: in use by {who}; {hint}")
        self.data = data
        self.pid = pid
        self.url = url


class StoreFault(Incomplete):
    """The store could not do what was asked: disk full, damaged files, no permission."""


class Store(Protocol):
    """Keeps signals, each once.

    ``where`` says for people what it is (``memory``, a directory). ``dropped`` counts signals it had to give up to stay
    within its bounds, since it was opened.
    """

    where: str
    dropped: int

    def add(self, signals: Sequence[Signal]) -> list[Signal]:
        """Stores signals that are not there yet.

        Args:
            signals: any number, in any order; the same one may be among them twice.

        Returns:
            Those that were new, in order, each once. When this returns they are kept.

        Raises:
            StoreFault: nothing is known about any of them.
        """
        ...

    def since(self, time: int, latest: int | None = None) -> Iterator[Signal]:
        """Signals not older than ``time`` (milliseconds), oldest first, read as they are asked for.

        Args:
            time: milliseconds since the epoch.
            latest: when given, no more than about so many, and those the latest.
        """
        ...

    def count(self) -> int:
        """How many signals are kept."""
        ...

    def close(self) -> None:
        """Lets go of everything; may be called twice."""
        ...


def open_store(data: Path | None) -> Store:
    """Opens the store of a directory, or one in memory.

    Args:
        data: directory, made when missing; ``None`` for a store that ends with the process.

    Raises:
        RemitError: the ``watch`` extra is not installed.
        StoreBusy: another process has it.
        StoreFault: it cannot be opened.
    """
    if data is None:
        from remit.watch.store.memory import MemoryStore

        return MemoryStore()
    from remit.watch.store.clickhouse import ClickHouseStore

    return ClickHouseStore(data)
