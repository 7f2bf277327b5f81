"""Signals in memory: for looking around (``--memory``, ``--demo``), gone when the process ends."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from remit.watch.incidents import identity
from remit_guard.core.signal import Signal

#: Signals kept; about 100 MB. Beyond it the oldest go, and are counted.
CAPACITY = 100_000


class MemoryStore:
    """A bounded store without files.

    Args:
        capacity: how many signals it keeps.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.where = "memory"
        self.dropped = 0
        self._capacity = capacity
        self._kept: dict[tuple[int, str], Signal] = {}
        self._order: list[tuple[int, str]] = []

    def add(self, signals: Sequence[Signal]) -> list[Signal]:
        """See ``Store.add``. A signal that is older than everything in a full store is new, and dropped at once."""
        fresh = []
        for signal in signals:
            key = (signal.time, identity(signal))
            if key not in self._kept:
                self._kept[key] = signal
                insort(self._order, key)
                fresh.append(signal)
        excess = len(self._order) - self._capacity
        if excess > 0:
            for key in self._order[:excess]:
                del self._kept[key]
            del self._order[:excess]
            self.dropped += excess
        return fresh

    def since(self, time: int, latest: int | None = None) -> Iterator[Signal]:
        """See ``Store.since``."""
        start = bisect_left(self._order, (time, ""))
        if latest is not None:
            start = max(start, len(self._order) - latest)
        for key in self._order[start:]:
            yield self._kept[key]

    def count(self) -> int:
        """See ``Store.count``."""
        return len(self._order)

    def close(self) -> None:
        """See ``Store.close``."""
        self._kept.clear()
        self._order.clear()
