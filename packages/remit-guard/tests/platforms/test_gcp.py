"""Google Cloud functions by the real functions framework: HTTP, CloudEvents, background events, typed ones; side by side."""

import base64
import json
import sqlite3
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

functions_framework = pytest.importorskip(
    "functions_framework", reason="functions-framework is not installed: make setup"
)

from remit_guard.platforms import start  # noqa: E402
from remit_guard.signals.emit import Emitter  # noqa: E402

ATTACK = "x' or '1'='1"
SOURCE = textwrap.dedent(
    '''
    import base64, dataclasses, sqlite3, threading
    from concurrent.futures import ThreadPoolExecutor
    import flask, functions_framework
    from remit_guard.platforms.gcp import guard

    base = sqlite3.connect(":memory:", check_same_thread=False)
    pool = ThreadPoolExecutor(4)
    meeting = threading.Barrier(2, timeout=10)
    harmless = threading.Event()

    def query(value):
        sqlite3.connect(":memory:").execute(f"select '{value}'")

    @functions_framework.http
    @guard
    def by_query(request):
        query(request.args["name"])
        return "fine"

    @functions_framework.http
    @guard
    def by_form(request):
        query(request.form["name"])
        return {"name": request.form["name"]}, 201

    @functions_framework.http
    @guard
    def by_json(request):
        query(request.get_json()["name"])
        return flask.Response("fine", status=202)

    @functions_framework.http
    @guard
    def fails(request):
        raise LookupError("no such table: orders")

    @functions_framework.http
    @guard
    def page(request):
        return f"<p>{request.args['name']}</p>"

    @functions_framework.http
    @guard
    def streams(request):
        name = request.args["name"]
        def parts():
            yield "one "
            query(name)
            yield "two"
        return flask.Response(parts())

    @functions_framework.http
    @guard
    def side_by_side(request):
        """Two requests meet; the harmless one runs what the other one sent, as a constant of its own, while that one waits."""
        meeting.wait()
        if request.args["value"] != "ada":
            harmless.wait(10)
        done = []
        def work():
            done.append(base.execute("select 'x' or '1'='1'").fetchall())
        if request.args["way"] == "thread":
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        elif request.args["way"] == "pool":
            pool.submit(work).result()
        else:
            work()
        harmless.set()
        return "done" if done else "nothing"

    @functions_framework.cloud_event
    @guard
    def message(event):
        query(base64.b64decode(event.data["message"]["data"]).decode())

    @guard
    def background(data, context):
        query(base64.b64decode(data["data"]).decode())

    @dataclasses.dataclass
    class Order:
        name: str
        @staticmethod
        def from_dict(values):
            return Order(values["name"])
        def to_dict(self):
            return {"name": self.name}

    def typed(order):
        query(order.name)
        return order
    typed.__annotations__["order"] = Order
    typed = functions_framework.typed(Order)(guard(typed))
    '''
)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    told: list[str] = []
    before = list(start._emitter)
    start._emitter[:] = [Emitter(None, told.append)]
    yield told
    start._emitter[:] = before


@pytest.fixture
def source(tmp_path: Path) -> str:
    (tmp_path / "main.py").write_text(SOURCE)
    return str(tmp_path / "main.py")


def client(source: str, target: str, kind: str = "http") -> Any:
    return functions_framework.create_app(target, source, kind).test_client()


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and set(answer.get_json()) == {"message", "id"}


def test_requests(source: str, lines: list[str]) -> None:
    app = client(source, "by_query")
    assert app.get("/", query_string={"name": "o hara"}).get_data() == b"fine"
    assert lines == []
    assert refused(app.get("/", query_string={"name": ATTACK}, headers={"function-execution-id": "105445aa"}))
    (signal,) = map(json.loads, lines)
    assert (signal["rule"], signal["source"], signal["invocation"]) == ("sql-injection", "gcp-http", "105445aa")
    assert signal["field"].startswith("query")


def test_forms_and_json(source: str, lines: list[str]) -> None:
    forms = client(source, "by_form")
    answer = forms.post("/", data={"name": "ada"})
    assert (answer.status_code, answer.get_json()) == (201, {"name": "ada"})
    assert refused(forms.post("/", data={"name": ATTACK}))
    documents = client(source, "by_json")
    assert documents.post("/", json={"name": "ada"}).status_code == 202
    assert refused(documents.post("/", json={"name": ATTACK}))


def test_errors_are_shaped(source: str, lines: list[str]) -> None:
    answer = client(source, "fails").get("/")
    assert answer.status_code == 500
    assert answer.get_json()["message"] == "Internal server error"
    assert b"no such table" not in answer.get_data()


def test_markup(source: str, lines: list[str]) -> None:
    app = client(source, "page")
    assert app.get("/", query_string={"name": "ada"}).get_data() == b"<p>ada</p>"
    assert refused(app.get("/", query_string={"name": "<script>alert(1)</script>"}))


def test_streams(source: str, lines: list[str]) -> None:
    app = client(source, "streams")
    assert app.get("/", query_string={"name": "ada"}).get_data() == b"one two"
    with pytest.raises(Exception, match="remit-guard refused"):
        app.get("/", query_string={"name": ATTACK}).get_data()


@pytest.mark.parametrize("way", ["", "thread", "pool"])
def test_requests_do_not_see_each_others_values(source: str, lines: list[str], way: str) -> None:
    app = functions_framework.create_app("side_by_side", source, "http")
    answers: dict[str, Any] = {}

    def send(name: str, value: str) -> None:
        answers[name] = app.test_client().get("/", query_string={"way": way, "value": value})

    threads = [threading.Thread(target=send, args=pair) for pair in (("bad", ATTACK), ("good", "ada"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [json.loads(line)["field"] for line in lines if "sql-injection" in line] == ["query.value[0]"]
    assert refused(answers["bad"])
    assert answers["good"].get_data() == b"done"


def envelope(value: str) -> dict[str, Any]:
    return {"message": {"data": base64.b64encode(value.encode()).decode(), "messageId": "1"}, "subscription": "s"}


HEADERS = {
    "ce-specversion": "1.0", "ce-id": "e-1", "ce-source": "//pubsub.googleapis.com/projects/p/topics/t",
    "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
}  # fmt: skip


def test_cloud_events(source: str, lines: list[str]) -> None:
    app = client(source, "message", "cloudevent")
    assert app.post("/", json=envelope("ada"), headers=HEADERS).status_code == 200
    assert lines == []
    assert app.post("/", json=envelope(ATTACK), headers=HEADERS).status_code == 500  # and it is delivered again
    (signal,) = map(json.loads, lines)
    assert (signal["rule"], signal["source"], signal["invocation"]) == ("sql-injection", "gcp-pubsub", "e-1")


def test_background_events(source: str, lines: list[str]) -> None:
    app = client(source, "background", "event")

    def event(value: str) -> dict[str, Any]:
        context = {"eventId": "e-2", "timestamp": "2026-11-22T10:00:00Z", "eventType": "google.pubsub.topic.publish"}
        resource = {"service": "pubsub.googleapis.com", "name": "projects/p/topics/t", "type": "t"}
        return {
            "context": {**context, "resource": resource},
            "data": {"data": base64.b64encode(value.encode()).decode()},
        }

    assert app.post("/", json=event("ada")).status_code == 200
    assert app.post("/", json=event(ATTACK)).status_code == 500
    assert [json.loads(line)["rule"] for line in lines] == ["sql-injection"]


def test_typed_functions(source: str, lines: list[str]) -> None:
    app = client(source, "typed", "typed")
    assert json.loads(app.post("/", json={"name": "ada"}).get_data()) == {"name": "ada"}
    assert app.post("/", json={"name": ATTACK}).status_code == 500
    assert [json.loads(line)["rule"] for line in lines] == ["sql-injection"]


def test_switched_off(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    from remit_guard.platforms.gcp import guard

    monkeypatch.setenv("REMIT_GUARD", "off")

    def function(request: Any) -> str:
        return "fine"

    assert guard(function) is function


def test_objects_it_does_not_know_are_judged_by_their_words(lines: list[str]) -> None:
    from remit_guard.platforms.gcp import guard

    class Strange:
        environ: dict[str, str] = {}

        def get_data(self) -> bytes:
            return b""

        def __repr__(self) -> str:
            return ATTACK

    @guard
    def function(request: Any) -> None:
        sqlite3.connect(":memory:").execute(f"select '{request!r}'")

    with pytest.raises(Exception, match="remit-guard refused"):
        function(Strange())
    assert {json.loads(line)["rule"] for line in lines} == {"guard-fault", "sql-injection"}
