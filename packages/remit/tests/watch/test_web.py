"""The HTTP side without a socket: what is taken, what is refused, and who may ask."""

import asyncio
import json

import pytest

pytest.importorskip("starlette")

from remit.watch.hub import Hub
from remit.watch.store import StoreFault
from remit.watch.store.memory import MemoryStore
from remit.watch.web import app as web
from remit_guard.core.signal import Signal

NOW = 1_793_337_700_000
JSON = "application/json"


def make(at: int = 0, **facts) -> Signal:
    return Signal(
        NOW - 1000 + at, "block", "shell-injection", "high", "Thumbnail", "r1", "s3", "key", "process", **facts
    )


class Client:
    """Speaks ASGI to the application, one request at a time."""

    def __init__(self, store=None, token="", *, remote=False):
        self.hub = Hub(store or MemoryStore(), clock=lambda: NOW)
        self.app = web.make_app(self.hub, token, remote=remote)

    async def ask(self, method, path, body=b"", **headers):
        headers = {"host": "127.0.0.1:7373", **{key.replace("_", "-"): value for key, value in headers.items()}}
        path, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 7373),
        }  # fmt: skip
        parts = [body[start : start + 65536] for start in range(0, len(body), 65536)] or [b""]
        sent = []

        async def receive():
            if not parts:
                await asyncio.sleep(3600)
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        answer = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], {key.decode(): value.decode() for key, value in sent[0]["headers"]}, answer, parts


def talk(*requests, **setup):
    """Statuses, headers and bodies of some requests to a fresh application."""

    async def run():
        client = Client(**setup)
        await client.hub.start()
        try:
            return [await client.ask(*request[:3], **(request[3] if len(request) > 3 else {})) for request in requests]
        finally:
            await client.hub.stop()

    return asyncio.run(run())


def post(body, **headers):
    return ("POST", "/signals", body, {"content_type": JSON, **headers})


def test_a_signal_is_stored_once():
    line = make().to_json().encode()
    first, again = talk(post(line), post(line))
    assert (first[0], json.loads(first[2])) == (200, {"stored": 1, "repeated": 0, "bad": 0, "bad_lines": []})
    assert (again[0], json.loads(again[2])["repeated"]) == (200, 1)


def test_bad_lines_are_named_and_good_ones_kept():
    ((status, _, body, _),) = talk(
        post(make().to_json().encode() + b"\n{oops\n", content_type="application/x-ndjson; charset=utf-8")
    )
    assert status == 207
    assert json.loads(body)["stored"] == 1
    assert json.loads(body)["bad_lines"][0]["line"] == 2


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_nothing_good_is_400(body):
    assert talk(post(body))[0][0] == 400


def test_a_body_too_large_is_not_read_to_its_end():
    ((status, _, _, unread),) = talk(post(b" " * (web.BODY_LIMIT * 2)))
    assert status == 413
    assert unread
    ((status, _, _, unread),) = talk(post(b"x", content_length=str(web.BODY_LIMIT + 1)))
    assert (status, len(unread)) == (413, 1)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_types_that_a_foreign_page_could_send_are_refused(kind):
    assert talk(post(make().to_json().encode(), content_type=kind))[0][0] == 415


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:7373"}, 200),
        ({"host": "[::1]:7373"}, 200),
        ({"host": "127.0.0.1"}, 200),
        ({"host": "evil.example:7373"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "localhost.evil.example"}, 421),
        ({"host": "192.168.1.5:7373"}, 421),
        ({"host": ""}, 421),
        ({"origin": "http://127.0.0.1:7373"}, 200),
        ({"origin": "http://127.0.0.1:8000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "same-origin"}, 200),
    ],
)
def test_who_may_send(headers, status):
    assert talk(post(make().to_json().encode(), **headers))[0][0] == status


@pytest.mark.parametrize("path", ["/", "/state", "/graph", "/app.js", "/app.css", "/draw.js", "/icon.svg", "/nothing"])
def test_every_answer_is_closed_to_others(path):
    good, rebound = talk(("GET", path, b""), ("GET", path, b"", {"host": "evil.example"}))
    assert good[0] == (404 if path == "/nothing" else 200)
    assert rebound[0] == 421
    for _, headers, _, _ in (good, rebound):
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert not [name for name in headers if name.startswith("access-control")]


def test_reading_changes_nothing():
    answers = talk(
        ("GET", "/signals", b""), ("DELETE", "/signals", b""), ("OPTIONS", "/signals", b""), ("POST", "/state", b"")
    )
    assert [status for status, *_ in answers] == [405] * 4


def test_the_picture_tells_the_incident():
    _, (status, _, body, _) = talk(post(make().to_json().encode()), ("GET", "/state", b""))
    state = json.loads(body)
    assert status == 200
    assert state["incidents"][0]["story"] == "Someone used uploads to run commands in Thumbnail; stopped at the sink"
    assert state["store"] == {"where": "memory", "kept": 1, "dropped": 0}


def test_other_machines_need_the_token():
    token = "x" * 24
    address = {"host": "192.168.1.5:7373"}
    answers = talk(
        ("GET", "/state", b"", address),
        ("GET", "/state", b"", {**address, "authorization": "Bearer wrong"}),
        ("GET", "/state", b"", {**address, "authorization": f"Bearer {token}"}),
        ("GET", f"/state?token={token}", b"", address),
        ("GET", f"/?token={token}", b"", address),
        ("GET", "/state", b"", {**address, "cookie": f"a=b; remit-watch={token}"}),
        ("GET", "/state", b"", {**address, "cookie": "remit-watch=wrong"}),
        ("GET", "/state", b"", {"host": "evil.example", "authorization": f"Bearer {token}"}),
        token=token,
        remote=True,
    )
    assert [status for status, *_ in answers] == [401, 401, 200, 401, 200, 200, 401, 421]
    assert "HttpOnly; SameSite=Strict" in answers[4][1]["set-cookie"]


def test_a_store_that_fails_is_told_to_the_sender_and_the_page():
    class Full(MemoryStore):
        def add(self, signals):
            raise StoreFault("disk full")

    sent, (_, _, body, _) = talk(post(make().to_json().encode()), ("GET", "/state", b""), store=Full())
    assert (sent[0], sent[1]["retry-after"]) == (503, "10")
    assert json.loads(body)["intake"]["fault"] == "disk full"
    assert json.loads(body)["incidents"] == []


def test_too_much_waiting_is_told(monkeypatch):
    from remit.watch import hub

    monkeypatch.setattr(hub, "WAITING_LIMIT", 3)

    async def run():
        client = Client()
        await client.hub.start()
        bodies = [b"\n".join(make(10 * n + k).to_json().encode() for k in range(2)) for n in range(4)]
        answers = await asyncio.gather(*(client.ask(*post(body)[:3], content_type=JSON) for body in bodies))
        kept = client.hub.store.count()
        await client.hub.stop()
        return [status for status, *_ in answers], kept

    statuses, kept = asyncio.run(run())
    assert set(statuses) <= {200, 503}
    assert 503 in statuses
    assert kept == 2 * statuses.count(200)


def test_what_is_stored_is_remembered_by_the_next_server():
    store = MemoryStore()
    store.add([make(), make(5)])
    ((_, _, body, _),) = talk(("GET", "/state", b""), store=store)
    assert json.loads(body)["incidents"][0]["count"] == 2


def test_many_signals_make_one_small_picture():
    parts = [
        b"\n".join(
            make(-n, sender=f"10.0.{n % 256}.{n % 251}", trace=f"t{n}").to_json().encode()
            for n in range(start, start + 2000)
        )
        for start in range(0, 20_000, 2000)
    ]
    *sent, (_, _, body, _) = talk(*(post(part) for part in parts), ("GET", "/state", b""))
    assert [status for status, *_ in sent] == [200] * 10
    state = json.loads(body)
    assert state["incidents"][0]["count"] == 20_000
    assert len(body) < 50_000
