"""A service inside the network that no outsider should reach: it notes who came, and has something worth stealing."""

import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Canary:
    """Listens on 127.0.0.1; ``visits`` are the paths that were asked for."""

    def __init__(self) -> None:
        self.treasure = "treasure-" + secrets.token_hex(8)
        self.visits: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                canary.visits.append(self.path)
                body = ('{"AccessKeyId":"' + canary.treasure + '"}').encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _serve  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
