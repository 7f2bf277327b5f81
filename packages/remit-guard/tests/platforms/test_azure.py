"""Azure Functions with the real SDK: decorators, functions of the older model, the worker's extension hooks, every trigger."""

import asyncio
import inspect
import json
import logging
import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

func = pytest.importorskip("azure.functions", reason="azure-functions is not installed: make setup")

from remit_guard import Blocked  # noqa: E402
from remit_guard.events import open_event  # noqa: E402
from remit_guard.platforms import azure, azure_events, start  # noqa: E402
from remit_guard.platforms.azure import guard, guard_app, install_extension  # noqa: E402
from remit_guard.signals.emit import Emitter  # noqa: E402

ATTACK = "x' or '1'='1"
CONTEXT = SimpleNamespace(
    invocation_id="i-1",
    function_name="orders",
    function_directory="/",
    trace_context=SimpleNamespace(trace_parent="00-1-2-0"),
)


@pytest.fixture(autouse=True)
def lines() -> Iterator[list[str]]:
    told: list[str] = []
    before = list(start._emitter)
    start._emitter[:] = [Emitter(None, told.append)]
    yield told
    start._emitter[:] = before


def query(value: str) -> None:
    sqlite3.connect(":memory:").execute(f"select '{value}'")


def request(value: str) -> Any:
    body = json.dumps({"name": value}).encode()
    return func.HttpRequest(
        "POST", "https://shop.example/api/orders", headers={"X-A": "1"}, params={"q": "1"}, body=body
    )


def refused(answer: Any) -> bool:
    said = json.loads(answer.get_body())
    return answer.status_code == 403 and set(said) == {"message", "id"} and answer.mimetype == "application/json"


def make_app() -> Any:
    app = func.FunctionApp()

    @app.route("orders")
    def orders(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
        query(req.get_json()["name"])
        return func.HttpResponse("fine", status_code=201)

    @app.route("later")
    async def later(req: func.HttpRequest) -> func.HttpResponse:
        await asyncio.sleep(0)
        query(req.get_json()["name"])
        return func.HttpResponse("fine")

    @app.queue_trigger("message", "q", "Storage")
    def settle(message: func.QueueMessage) -> None:
        query(message.get_body().decode())

    @app.generic_trigger("text", "rabbitMQTrigger")
    def rabbit(text: str) -> None:
        query(text)

    return app


def functions(app: Any) -> dict[str, Any]:
    return {one.get_function_name(): one.get_user_function() for one in app.get_functions()}


def test_an_app_of_decorators(lines: list[str]) -> None:
    found = functions(guard_app(make_app()))
    assert found["orders"](req=request("ada"), context=CONTEXT).status_code == 201
    assert lines == []
    assert refused(found["orders"](req=request(ATTACK), context=CONTEXT))
    (signal,) = map(json.loads, lines)
    assert (signal["source"], signal["field"], signal["invocation"]) == ("azure-http", "body→name", "i-1")
    assert signal["trace"] == "00-1-2-0"


def test_what_the_worker_reads_of_a_function_stays(lines: list[str]) -> None:
    plain, guarded = functions(make_app()), functions(guard_app(make_app()))
    for name, function in plain.items():
        assert inspect.signature(guarded[name]) == inspect.signature(function)
        assert guarded[name].__annotations__ == function.__annotations__
        assert inspect.iscoroutinefunction(guarded[name]) == inspect.iscoroutinefunction(function)


def test_async_functions(lines: list[str]) -> None:
    later = functions(guard_app(make_app()))["later"]
    assert asyncio.run(later(req=request("ada"))).status_code == 200
    assert refused(asyncio.run(later(req=request(ATTACK))))


@pytest.mark.parametrize(("name", "source"), [("settle", "azure-queue"), ("rabbit", "azure-rabbitmq")])
def test_messages_are_refused_with_an_error(name: str, source: str, lines: list[str]) -> None:
    function = functions(guard_app(make_app()))[name]

    def message(text: str) -> dict[str, Any]:
        return {"message": func.QueueMessage(id="1", body=text)} if name == "settle" else {"text": text}

    function(**message("ada"))
    with pytest.raises(Blocked):
        function(**message(ATTACK))
    assert [json.loads(line)["source"] for line in lines] == [source]


def test_the_decorator_below_and_above_and_in_the_older_model(lines: list[str]) -> None:
    app = func.FunctionApp()

    @app.route("below")
    @guard
    def below(req: func.HttpRequest) -> str:
        query(req.get_json()["name"])
        return "fine"

    @guard
    @app.route("above")
    def above(req: func.HttpRequest) -> str:
        query(req.get_json()["name"])
        return "fine"

    @guard(mode="block")
    def main(req: func.HttpRequest) -> func.HttpResponse:  # what function.json names
        query(req.get_json()["name"])
        return func.HttpResponse("fine")

    for function in (*functions(app).values(), main):
        function(req=request("ada"))
        assert refused(function(req=request(ATTACK)))


def test_errors_are_shaped_and_swallowed_refusals_replaced(lines: list[str]) -> None:
    @guard
    def fails(req: func.HttpRequest) -> func.HttpResponse:
        raise LookupError("no such table: orders")

    @guard
    def swallows(req: func.HttpRequest) -> func.HttpResponse:
        try:
            query(req.get_json()["name"])
        except Exception:
            return func.HttpResponse("nothing to see")
        return func.HttpResponse("fine")

    answer = fails(req=request("ada"))
    assert answer.status_code == 500
    assert b"table" not in answer.get_body()
    assert swallows(req=request("ada")).get_body() == b"fine"
    assert refused(swallows(req=request(ATTACK)))


def test_the_extension(lines: list[str]) -> None:
    made: Any = install_extension()
    assert made is not None

    def run(function: Any, value: str) -> Any:
        """As the worker does it: extensions, the function, extensions; nothing after an error."""
        arguments = {"req": request(value)}
        made.pre_invocation_app_level(logging.getLogger(), CONTEXT, arguments)
        answer = function(**arguments)
        made.post_invocation_app_level(logging.getLogger(), CONTEXT, arguments, answer)
        return answer

    def orders(req: Any) -> Any:
        query(req.get_json()["name"])
        return func.HttpResponse("fine")

    def swallows(req: Any) -> Any:
        try:
            return orders(req)
        except Blocked:
            return func.HttpResponse("nothing to see")

    assert run(orders, "ada").get_body() == b"fine"
    with pytest.raises(Blocked):
        run(orders, ATTACK)
    assert refused(run(swallows, ATTACK))
    assert run(orders, "ada").get_body() == b"fine"
    from azure.functions import ExtensionMeta

    assert "RemitGuardExtension" in ExtensionMeta.get_registered_extensions_json()


MESSAGES = {
    "azure-queue": func.QueueMessage(id="1", body="evil"),
    "azure-service-bus": func.ServiceBusMessage(body=b"evil"),
    "azure-event-hubs": func.EventHubEvent(body=b"evil"),
    "azure-kafka": func.KafkaEvent(body=b"evil"),
    "azure-event-grid": func.EventGridEvent(
        id="1", data={"url": "evil"}, topic="t", subject="s", event_type="x", event_time=None, data_version="1"
    ),
    "azure-cosmos": func.DocumentList([func.Document.from_dict({"name": "evil"})]),
    "azure-sql": func.SqlRowList([func.SqlRow.from_dict({"name": "evil"})]),
    "azure-http": request("evil"),
}


@pytest.mark.parametrize("source", MESSAGES)
def test_every_object_of_the_sdk_is_told_and_its_values_are_untrusted(source: str) -> None:
    event = azure_events.event_of({"one": MESSAGES[source]})
    opened = open_event(event)
    assert opened.source.name == source
    assert "evil" in [field.value for field in opened.fields()]
    json.dumps(event)


@pytest.mark.parametrize("source", ["azure-queue", "azure-service-bus", "azure-event-hubs", "azure-kafka"])
def test_batches(source: str) -> None:
    opened = open_event(azure_events.event_of({"many": [MESSAGES[source], MESSAGES[source]]}))
    assert opened.source.name == source
    assert [field.record for field in opened.fields() if field.value == "evil"] == [0, 1]


@pytest.mark.parametrize(
    ("trigger", "value", "source"),
    [
        ("rabbitMQTrigger", "evil", "azure-rabbitmq"),
        ("signalRTrigger", {"Arguments": ["evil"]}, "azure-signalr"),
        ("mcpToolTrigger", json.dumps({"name": "find", "arguments": {"q": "evil"}}), "azure-mcp"),
        ("activityTrigger", {"name": "evil"}, "azure-durable"),
        ("daprTopicTrigger", '{"data": "evil"}', "azure-dapr"),
        ("assistantSkillTrigger", "evil", "azure-other"),
        ("", ["evil"], "azure-other"),
    ],
)
def test_triggers_that_hand_over_plain_values(trigger: str, value: Any, source: str) -> None:
    opened = open_event(azure_events.event_of({"one": value}, trigger))
    assert opened.source.name == source
    assert any(field.value == "evil" for field in opened.fields())


def test_bytes_that_are_no_text() -> None:
    event = azure_events.event_of({"m": func.ServiceBusMessage(body=b"\xff\xfe")})
    assert event["messages"][0] == {
        "body64": "//4=",
        **{k: v for k, v in event["messages"][0].items() if k != "body64"},
    }


def test_bodies_that_are_streams_are_told(lines: list[str]) -> None:
    from starlette.requests import Request

    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"name=" + quote(ATTACK).encode(), "headers": [],
        "server": ("shop.example", 443), "scheme": "https",
    }  # fmt: skip

    @guard
    async def function(req: Request) -> str:
        query(req.query_params["name"])
        return "fine"

    azure._told.clear()
    for _ in range(2):
        assert refused(asyncio.run(function(req=Request(scope))))
    assert [json.loads(line)["rule"] for line in lines] == ["guard-fault", "sql-injection", "sql-injection"]
