"""The application: ``POST /signals`` in, the page and its live picture out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from remit.watch.hub import Hub, Overloaded
from remit.watch.parse import body as parse_body
from remit.watch.store import StoreFault
from remit.watch.web.access import ASGI, Access

#: Bytes of one delivery, and deliveries that are read at the same time.
BODY_LIMIT = 8 * 1024 * 1024
READERS = 8
#: Seconds between signs of life to a page that has nothing new to see.
HEARTBEAT = 15

#: Only types that a browser never sends to another site without asking first.
_SIGNAL_TYPES = ("application/json", "application/x-ndjson", "application/jsonl")
_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/app.css": ("app.css", "text/css; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
    "/draw.js": ("draw.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}


def make_app(hub: Hub, token: str = "", *, remote: bool = False) -> ASGI:
    """The application around a hub.

    Args:
        hub: started and stopped with the application.
        token: what callers must show, or ``""``.
        remote: whether other machines may call.
    """
    site = _Site(hub)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await hub.start()
        try:
            yield
        finally:
            await hub.stop()

    routes = [Route(path, _file(name, kind)) for path, (name, kind) in _FILES.items()]
    routes += [
        Route("/signals", site.signals, methods=["POST"]),
        Route("/events", site.events),
        Route("/state", site.state),
        Route("/graph", site.graph),
    ]
    return Access(Starlette(routes=routes, lifespan=lifespan), token, remote=remote)


class _Site:
    """The answers that need the hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._readers = asyncio.Semaphore(READERS)

    async def signals(self, request: Request) -> Response:
        """Takes one JSON signal, a list of them, or one a line.

        200 all kept; 207 some lines were bad; 400 all were; 413 too large; 415 wrong type; 503 come back later.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _SIGNAL_TYPES:
            return _json({"error": f"content-type must be one of {', '.join(_SIGNAL_TYPES)}"}, 415)
        async with self._readers:
            data = await _read(request)
            if data is None:
                return _json({"error": f"larger than {BODY_LIMIT:,} bytes: send it in parts"}, 413)
            batch = await asyncio.to_thread(parse_body, data, self._hub.clock())
            del data
            try:
                answer = await self._hub.deliver(batch, "HTTP")
            except Overloaded:
                return _json({"error": "too many signals are waiting: send this again"}, 503, {"retry-after": "1"})
            except StoreFault as fault:
                return _json({"error": str(fault)}, 503, {"retry-after": "10"})
        report = {
            "stored": answer.stored,
            "repeated": answer.repeated,
            "bad": batch.bad_count,
            "bad_lines": [{"line": number, "why": why} for number, why in batch.bad],
        }
        if not batch.bad_count:
            return _json(report, 200 if batch.signals else 400)
        return _json(report, 207 if batch.signals else 400)

    async def state(self, _: Request) -> Response:
        """The picture once, for the terminal and for programs."""
        return _json(await self._hub.state())

    async def graph(self, _: Request) -> Response:
        """The app's drawing; ``null`` when no app was given."""
        return _json(self._hub.graph.to_dict() if self._hub.graph else None)

    async def events(self, _: Request) -> Response:
        """The picture whenever it changes, as server-sent events."""
        queue = await self._hub.listen()
        if queue is None:
            return _json({"error": "too many pages are open"}, 503)

        async def stream() -> AsyncIterator[bytes]:
            try:
                yield b"retry: 1000\n\n"
                while True:
                    try:
                        picture = await asyncio.wait_for(queue.get(), HEARTBEAT)
                    except TimeoutError:
                        yield b": alive\n\n"
                        continue
                    if not picture:
                        return
                    yield b"data: " + picture + b"\n\n"  # JSON has no raw line ends
            finally:
                self._hub.leave(queue)

        return StreamingResponse(stream(), media_type="text/event-stream")


async def _read(request: Request) -> bytes | None:
    """The body, or ``None`` when it is larger than allowed; reads no further than that."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > BODY_LIMIT:
        return None
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > BODY_LIMIT:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""
    return b"".join(parts)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def _file(name: str, kind: str) -> Any:
    content = resources.files("remit.watch.web").joinpath("static", name).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(content, media_type=kind)

    return answer
