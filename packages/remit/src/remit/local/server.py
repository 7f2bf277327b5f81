"""The Runtime API over HTTP: one small server per function, on 127.0.0.1 only.

``next`` waits as long as it takes, as on Lambda. What is allowed when is decided in ``protocol``.
"""

import contextlib
import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import cast

from remit.local.protocol import PREFIX, Answer, Delivery, Environment, refusal
from remit.local.spec import MAX_RESPONSE

#: A body that is longer than this is not read to its end: nothing the client could mean by it is allowed.
MAX_BODY = 4 * MAX_RESPONSE


class RuntimeApi(socketserver.ThreadingTCPServer):
    """Serves one function's environments, one after the other.

    ``changed`` is notified whenever ``environment`` moves; its lock guards ``environment`` and the delivery.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.changed = threading.Condition()
        self.environment = Environment()
        self.waiting: Delivery | None = None
        self.closing = False
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="remit-runtime-api", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """``127.0.0.1:PORT``, the value of AWS_LAMBDA_RUNTIME_API."""
        return f"127.0.0.1:{self.server_address[1]}"

    def begin(self) -> Environment:
        """A fresh environment for a new child; whatever the old one still asks for is refused."""
        with self.changed:
            self.environment = Environment()
            self.waiting = None
            self.changed.notify_all()
            return self.environment

    def deliver(self, delivery: Delivery) -> None:
        """Puts an event where the child's next request finds it; the caller holds ``changed``."""
        self.environment.outcome = None
        self.waiting = delivery
        self.changed.notify_all()

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Waits until ``done`` holds; the caller holds ``changed``."""
        return self.changed.wait_for(done, max(seconds, 0.0))

    def next(self) -> Answer:
        """Answers the child's request for work, when there is some."""
        with self.changed:
            mine = self.environment
            mine.asked_for_next()
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.waiting is not None or self.closing or self.environment is not mine)
            if self.closing or self.environment is not mine or self.waiting is None:
                return refusal(410, "EnvironmentGone", "this environment has been shut down")
            delivery, self.waiting = self.waiting, None
            return mine.hand_out(delivery)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Answers a POST of the child and wakes who waits for it."""
        with self.changed:
            answer = self.environment.post(path, body, headers)
            self.changed.notify_all()
            return answer

    def stop(self) -> None:
        """Ends the server and every waiting request."""
        with self.changed:
            self.closing = True
            self.changed.notify_all()
        self.shutdown()
        self.server_close()
        self._thread.join(2.0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "remit"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65536  # one packet per answer

    def do_GET(self) -> None:
        api = cast("RuntimeApi", self.server)
        if self.path == PREFIX + "invocation/next":
            self._answer(api.next())
        else:
            self._answer(refusal(404, "NotFound", "there is nothing at this path"))

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._answer(refusal(400, "InvalidRequest", "the body's length is missing or too large"))
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer(cast("RuntimeApi", self.server).post(self.path, body, headers))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Requests are not logged: the child's own output is what people read."""

    def handle(self) -> None:
        # The child is killed at will, so a connection may end at any byte.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().finish()

    def _body(self) -> bytes | None:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunked()
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return None
        return self.rfile.read(int(length))

    def _chunked(self) -> bytes | None:
        # The native client streams large responses in chunks.
        parts: list[bytes] = []
        total = 0
        while True:
            try:
                size = int(self.rfile.readline(100).split(b";")[0], 16)
            except ValueError:
                return None
            total += size
            if total > MAX_BODY:
                return None
            if size == 0:
                while self.rfile.readline(65536).strip():
                    pass
                return b"".join(parts)
            parts.append(self.rfile.read(size))
            self.rfile.readline(10)

    def _answer(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()
