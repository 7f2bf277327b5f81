"""The HTTP rim of the local cloud: the app's API in front, and the door through which deliveries come in.

Both listen on 127.0.0.1 only. Tokens are handles that ``issue`` gave out: the front stands for an authorizer that works,
it does not check signatures.
"""

import contextlib
import json
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from remit.local.http_events import Request, Response, Route, failure, match, now, refused, to_event, to_response
from remit.local.spec import MAX_REQUEST, Invocation

Invoke = Callable[[str, object, str], Invocation]


class Door(ThreadingHTTPServer):
    """A threaded server on a free local port that answers with a function of the request."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[Request], Response], name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name=name, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def stop(self) -> None:
        """Ends the server."""
        self.shutdown()
        self.server_close()
        self._thread.join(2.0)


class Gateway:
    """Turns requests for the app's routes into invocations.

    Args:
        routes: the app's routes.
        invoke: ``(function, event, request id)`` to an invocation.
    """

    def __init__(self, routes: tuple[Route, ...], invoke: Invoke) -> None:
        self._routes = routes
        self._invoke = invoke
        self._tokens: dict[str, dict[str, str]] = {}

    def issue(self, claims: Mapping[str, str]) -> str:
        """A token that authorizers accept; its claims reach the function."""
        token = "local-" + secrets.token_urlsafe(16)
        self._tokens[token] = dict(claims)
        return token

    def answer(self, request: Request) -> Response:
        """What the app answers."""
        found = match(self._routes, request.method, request.path)
        if found is None:
            return refused(404, "Not Found")
        route, parameters = found
        claims: Mapping[str, str] = {}
        if route.authorizer:
            token = request.header("authorization").removeprefix("Bearer ").strip()
            if token not in self._tokens:
                return refused(401, "Unauthorized")
            claims = self._tokens[token]
        if len(request.body) > MAX_REQUEST:
            return refused(413, "Request Too Long")
        request_id = str(uuid.uuid4())
        event = to_event(request, route, parameters, now(request_id, claims, time.time()))
        result = self._invoke(route.function, event, request_id)
        return failure(route.source) if result.error is not None else to_response(route.source, result.payload)


def deliveries(invoke: Invoke) -> Callable[[Request], Response]:
    """The answer function of the door that the local cloud posts events to: ``/FUNCTION``, the event as body."""

    def answer(request: Request) -> Response:
        function = request.path.strip("/")
        try:
            event = json.loads(request.body)
        except ValueError:
            return refused(400, "the event is not JSON")
        result = invoke(function, event, request.header("x-amzn-lambda-request-id") or str(uuid.uuid4()))
        kind = (("content-type", "application/json"),)
        # Anything but 2xx counts as a failed invocation there, so that retries and dead letters work.
        return Response(500 if result.error is not None else 200, kind, result.body)

    return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "remit"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65536
    timeout = 60

    def _serve(self) -> None:
        length = self.headers.get("content-length", "0")
        size = int(length) if length.isdigit() else -1
        if not 0 <= size <= 2 * MAX_REQUEST:
            self._send(refused(413, "Request Too Long"))
            self.close_connection = True
            return
        path, _, query = self.path.partition("?")
        request = Request(
            self.command, path, query, tuple(self.headers.items()), self.rfile.read(size), self.client_address[0]
        )
        server = self.server
        if isinstance(server, Door):
            self._send(server.answer(request))

    # Names that http.server looks up.
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers:
            if name != "content-length":
                self.send_header(name, value.encode("latin-1", "replace").decode("latin-1"))
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Requests are not logged."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().finish()
