"""The one place where signals come together while the server runs: stores, aggregates, tells the pages.

All store work happens in one thread of its own, because a store is used from one thread at a time and a slow disk must
not stop the page. What arrives while the store is busy is stored together in its next turn, so that many small
deliveries cost few inserts.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec

from remit.watch.graph import Graph
from remit.watch.incidents import HOUR
from remit.watch.live import Live
from remit.watch.parse import Batch
from remit.watch.store import Store, StoreFault
from remit_guard.core.signal import Signal

#: Signals that may wait for the store; beyond it senders are told to come back.
WAITING_LIMIT = 100_000
#: Pages that may listen at once, and seconds between two pictures while things happen.
LISTENERS_LIMIT = 32
PAUSE = 0.25
#: Signals read back from the store when the server starts, the latest ones; and stored in one turn.
RECALL_LIMIT = 200_000
TURN = 5000


class Overloaded(Exception):  # noqa: N818
    """More signals wait for the store than are allowed: try again later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a delivery: how many signals were new, and how many were there already."""

    stored: int
    repeated: int


@dataclass(slots=True)
class _Delivery:
    signals: list[Signal]
    done: "asyncio.Future[Answer]"


@dataclass(slots=True)
class Intake:
    """Counts of what came in besides good signals, by where it came from, for the page."""

    bad: int = 0
    last_bad: str = ""
    followed: dict[str, str] = field(default_factory=dict)


def now_ms() -> int:
    """The clock: milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class Hub:
    """Takes deliveries, keeps the picture, hands it to listeners.

    Args:
        store: where signals go; used and closed by the hub alone from here on.
        graph: the app's drawing, or ``None``.
        history: milliseconds that count as "now" for incidents.
        clock: milliseconds since the epoch.
    """

    def __init__(
        self, store: Store, graph: Graph | None = None, history: int = 24 * HOUR, clock: Callable[[], int] = now_ms
    ) -> None:
        self.store = store
        self.graph = graph
        self.history = history
        self.intake = Intake()
        self.clock = clock
        self.live = Live(history)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="remit-store")
        self._deliveries: deque[_Delivery] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._changed = asyncio.Event()
        self._listeners: set[asyncio.Queue[bytes]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._kept = 0
        self._fault = ""

    async def start(self) -> None:
        """Reads back recent history and begins to work."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._recall)
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._publish())]

    async def stop(self) -> None:
        """Stores what still waits, then lets go of everything."""
        self.hush()
        await self._idle.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self._thread, self.store.close)
        self._thread.shutdown()

    def hush(self) -> None:
        """Tells every listener that there is nothing more to come."""
        for queue in self._listeners:
            _offer(queue, b"")

    async def deliver(self, batch: Batch, where: str) -> Answer:
        """Stores the good signals of a batch and counts the bad lines.

        Args:
            batch: what was parsed.
            where: its origin, for people (``HTTP``, a file name).

        Raises:
            Overloaded: too much waits already; nothing of it was taken.
            StoreFault: the store failed; nothing of it was kept.
        """
        if self._waiting and self._waiting + len(batch.signals) > WAITING_LIMIT:
            raise Overloaded
        if batch.bad_count:
            self.intake.bad += batch.bad_count
            number, why = batch.bad[-1]
            self.intake.last_bad = f"{where}, line {number}: {why}"
            self._changed.set()
        if not batch.signals:
            return Answer(0, 0)
        delivery = _Delivery(batch.signals, asyncio.get_running_loop().create_future())
        self._deliveries.append(delivery)
        self._waiting += len(batch.signals)
        self._idle.clear()
        self._wake.set()
        return await delivery.done

    def follow(self, path: str, note: str) -> None:
        """Notes how following a log file goes (``""`` is well)."""
        if self.intake.followed.get(path) != note:
            self.intake.followed[path] = note
            self._changed.set()

    async def state(self) -> dict[str, Any]:
        """The picture as plain values."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._state)

    def _state(self) -> dict[str, Any]:
        state = self.live.state(self.clock())
        names = self.graph.resolve if self.graph else str
        heard: dict[str, dict[str, Any]] = {}
        for entry in state["heard"]:
            entry["id"] = names(entry["function"])
            heard.setdefault(entry["id"], entry)
        for incident in state["incidents"]:
            for stage in incident["stages"]:
                stage["id"] = names(stage["function"])
        state["silent"] = [name for name in self.graph.functions if name not in heard] if self.graph else []
        state["store"] = {"where": self.store.where, "kept": self._kept, "dropped": self.store.dropped}
        state["intake"] = {
            "bad": self.intake.bad,
            "last_bad": self.intake.last_bad,
            "followed": [{"path": path, "note": note} for path, note in sorted(self.intake.followed.items())],
            "fault": self._fault,
        }
        return state

    async def listen(self) -> "asyncio.Queue[bytes] | None":
        """A queue that always holds the newest picture and nothing older; ``None`` when too many listen.

        An empty picture means that the server stops.
        """
        if len(self._listeners) >= LISTENERS_LIMIT:
            return None
        queue: asyncio.Queue[bytes] = asyncio.Queue(maxsize=1)
        self._listeners.add(queue)
        _offer(queue, await self._picture())
        return queue

    def leave(self, queue: "asyncio.Queue[bytes]") -> None:
        """Ends what ``listen`` began."""
        self._listeners.discard(queue)

    def _recall(self) -> None:
        now = self.clock()
        recent = self.store.since(now - self.history, RECALL_LIMIT)
        while part := list(islice(recent, 1000)):
            self.live.take(part, now)
        self._kept = self.store.count()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            taken = self._turn()
            signals = [signal for delivery in taken for signal in delivery.signals]
            try:
                fresh, self._kept = await loop.run_in_executor(self._thread, self._keep, signals)
            except StoreFault as error:
                self._fault = str(error)
                for delivery in taken:
                    if not delivery.done.done():
                        delivery.done.set_exception(error)
            else:
                self._fault = ""
                new = {id(signal) for signal in fresh}
                for delivery in taken:
                    count = sum(id(signal) in new for signal in delivery.signals)
                    if not delivery.done.done():
                        delivery.done.set_result(Answer(count, len(delivery.signals) - count))
            self._waiting -= len(signals)
            if not self._waiting:
                self._idle.set()
            self._changed.set()

    def _turn(self) -> list[_Delivery]:
        """The deliveries of the next turn: at least one, and no more than about ``TURN`` signals."""
        taken: list[_Delivery] = []
        size = 0
        while self._deliveries and (not taken or size + len(self._deliveries[0].signals) <= TURN):
            taken.append(self._deliveries.popleft())
            size += len(taken[-1].signals)
        if self._deliveries:
            self._wake.set()
        return taken

    def _keep(self, signals: list[Signal]) -> tuple[list[Signal], int]:
        """In the store's thread: stores, counts, aggregates."""
        fresh = self.store.add(signals)
        self.live.take(fresh, self.clock())
        return fresh, self.store.count()

    async def _publish(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._listeners:
                picture = await self._picture()
                for queue in list(self._listeners):
                    _offer(queue, picture)
            await asyncio.sleep(PAUSE)

    async def _picture(self) -> bytes:
        """The picture as JSON; made in the store's thread, which is the only one that touches the aggregates."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: msgspec.json.encode(self._state())
        )


def _offer(queue: "asyncio.Queue[bytes]", picture: bytes) -> None:
    """Puts the newest picture in place of one that was not fetched."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(picture)
