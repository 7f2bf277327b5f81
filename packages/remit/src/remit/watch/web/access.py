"""Who may talk to the server, decided before anything else sees a request.

1. The ``Host`` header names this machine by loopback or by an address (never by a name someone else could point at
   us: DNS rebinding), so a page from elsewhere cannot read signals through the visitor's browser.
2. A request that a browser sends for another site (``Origin``, ``Sec-Fetch-Site``) cannot change anything. There is no
   CORS answer at all.
3. Reachable from other machines, it wants a token: as ``Authorization: Bearer``, or once as ``?token=``, which then
   becomes a cookie that scripts cannot read and other sites cannot send.
4. Every answer carries headers that let the page load nothing but its own files.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "remit-watch"

_HEADERS = (
    (b"content-security-policy", b"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Access:
    """Stands before the application.

    Args:
        app: what it protects.
        token: what a caller must show, or ``""`` where only this machine can call.
        remote: whether addresses other than loopback are accepted as ``Host``.
    """

    def __init__(self, app: ASGI, token: str = "", *, remote: bool = False) -> None:
        self._app = app
        self._token = token
        self._remote = remote

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        cookie = b""
        if not refusal and self._token:
            shown = _query_token(scope)
            if not self._known(headers, shown):
                refusal = (401, "a token is needed: Authorization: Bearer TOKEN, or open the printed address")
            elif shown:
                cookie = f"{COOKIE}={self._token}; HttpOnly; SameSite=Strict; Path=/".encode()

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
                if cookie:
                    message["headers"].append((b"set-cookie", cookie))
            await send(message)

        if refusal:
            await _refuse(send_guarded, *refusal)
        else:
            await self._app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_ours(host):
            return 421, "this server answers only to its own address"
        if scope["method"] not in ("GET", "HEAD"):
            origin = headers.get("origin")
            if origin is not None and origin != f"{scope.get('scheme', 'http')}://{host}":
                return 403, "requests from other sites are refused"
            if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
                return 403, "requests from other sites are refused"
        return None

    def _is_ours(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.lower() == "localhost":
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return self._remote or address.is_loopback

    def _known(self, headers: dict[str, str], shown: str) -> bool:
        candidates = [shown]
        kind, _, value = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            candidates.append(value.strip())
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            morsel = None
        if morsel is not None:
            candidates.append(morsel.value)
        return any(hmac.compare_digest(one.encode("latin-1", "replace"), self._token.encode()) for one in candidates)


def _query_token(scope: Scope) -> str:
    if scope["method"] != "GET" or scope["path"] != "/":
        return ""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("token", [""])[0]


async def _refuse(send: Send, status: int, why: str) -> None:
    body = why.encode() + b"\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
