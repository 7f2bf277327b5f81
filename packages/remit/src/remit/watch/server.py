"""Running it: the socket, the followed logs, the replayed demo, and an orderly end."""

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from pathlib import Path

from remit.app.errors import RemitError
from remit.watch.hub import Hub, Overloaded
from remit.watch.parse import Batch, log
from remit.watch.store import StoreFault
from remit.watch.tail import Tail

#: Seconds between two looks at a log that did not grow, and what the demo takes from first to last signal.
LOOK = 0.25
DEMO_SECONDS = 20.0


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Args:
        host: an address.
        port: 0 for any free one.

    Raises:
        RemitError: the address is not ours or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise RemitError(f"{host}:{port}: cannot listen there: {error.strerror}; choose another with --port") from error
    listener.setblocking(False)  # noqa: FBT003  (the standard library's signature)
    return listener


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine only.

    Raises:
        ValueError: not an address (``localhost`` counts as one).
    """
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


async def serve(
    hub: Hub,
    listener: socket.socket,
    logs: Sequence[Path] = (),
    replay: Batch | None = None,
    token: str = "",
    *,
    remote: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serves until SIGINT or SIGTERM, then stores what is still on its way and returns.

    Args:
        hub: takes the signals; stopped at the end.
        listener: from ``bind``.
        logs: files to follow.
        replay: signals to play back, in order.
        token: what callers must show, or ``""``.
        remote: whether other machines may call.
        ready: called when requests are answered.
    """
    import uvicorn

    from remit.watch.web.app import make_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # uvicorn would end the process by the signal it got; we end in order, with exit 0

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            hub.hush()  # pages that listen would otherwise keep the server waiting
            await super().shutdown(sockets)

    config = uvicorn.Config(
        make_app(hub, token, remote=remote),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 * 1024,
        limit_concurrency=256,
    )
    server = Server(config)

    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with _beside([*(follow(hub, path) for path in logs), *([play(hub, replay)] if replay else [])]):
        await server.serve([listener])


@contextlib.asynccontextmanager
async def _beside(works: list[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Runs coroutines until the block ends, then ends them."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def follow(hub: Hub, path: Path) -> None:
    """Delivers the signals of a log as it grows, for ever; what goes wrong is told to the page and tried again."""
    tail = Tail(path)
    name = str(path)
    hub.follow(name, "not there yet")
    try:
        while True:
            try:
                step = await asyncio.to_thread(tail.step)
            except OSError as error:
                hub.follow(name, f"cannot be read: {error.strerror}")
                tail.close()
                await asyncio.sleep(1)
                continue
            if tail.is_open:
                hub.follow(name, "")
            if step.lines or step.overlong:
                batch = await asyncio.to_thread(log, step.lines, hub.clock(), step.first)
                for _ in range(step.overlong):
                    batch.reject(step.first, "a line from here on is too long to be a signal")
                await _deliver(hub, batch, path.name)
            if not step.more:
                await asyncio.sleep(LOOK)
    finally:
        tail.close()


async def _deliver(hub: Hub, batch: Batch, where: str) -> None:
    """Delivers until it is taken: a log has no sender who could be told to come back."""
    while True:
        try:
            await hub.deliver(batch, where)
        except (Overloaded, StoreFault):
            batch.bad_count, batch.bad = 0, []  # counted once
            await asyncio.sleep(1)
        else:
            return


async def play(hub: Hub, recorded: Batch) -> None:
    """Plays recorded signals back as if they happened now: same order, gaps shrunk to fit ``DEMO_SECONDS``."""
    signals = sorted(recorded.signals, key=lambda one: one.time)
    if not signals:
        return
    first = signals[0].time
    span = max(signals[-1].time - first, 1)
    scale = min(1.0, DEMO_SECONDS * 1000 / span)
    start = hub.clock()
    due = 0
    for one in signals:
        # Never twice the same time: two signals that differ in nothing else would be taken for one sent again.
        due = max(start + round((one.time - first) * scale), due + 1)
        await asyncio.sleep(max(due - hub.clock(), 0) / 1000)
        one.time = due
        await hub.deliver(Batch([one]), "demo")
