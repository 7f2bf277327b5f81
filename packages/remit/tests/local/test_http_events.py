"""Requests as gateway events and results as responses."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.local.http_events import Request, Route, Stamp, match, to_event, to_response
from remit_guard.events import open_event

STAMP = Stamp("id-1", datetime(2026, 11, 22, 6, 7, 8, tzinfo=UTC), {"sub": "ada", "scope": "a b"})


def route(method: str, path: str, source: str = "http-api", authorizer: str = "") -> Route:
    return Route(method, path, "Fn", source, authorizer)


def test_the_most_exact_route_wins() -> None:
    routes = (
        route("ANY", "$default"),
        route("ANY", "/{proxy+}"),
        route("GET", "/orders/{id}"),
        route("ANY", "/orders/{id}"),
        route("GET", "/orders/latest"),
    )

    def chosen(method: str, path: str) -> tuple[str, dict[str, str]]:
        found = match(routes, method, path)
        assert found is not None
        return found[0].key, found[1]

    assert chosen("GET", "/orders/latest") == ("GET /orders/latest", {})
    assert chosen("GET", "/orders/7%2F8") == ("GET /orders/{id}", {"id": "7/8"})
    assert chosen("PUT", "/orders/7") == ("ANY /orders/{id}", {"id": "7"})
    assert chosen("GET", "/a/b%20c") == ("ANY /{proxy+}", {"proxy": "a/b c"})
    assert chosen("GET", "/") == ("$default", {})


def test_no_route_is_no_route() -> None:
    assert match((route("GET", "/a"),), "POST", "/a") is None
    assert match((route("GET", "/a/{id}"),), "GET", "/a/") is None
    assert match((route("GET", "/a/{rest+}"),), "GET", "/a") is None


def test_format_2() -> None:
    request = Request(
        "POST",
        "/orders/a%20b",
        "tag=x&tag=y&empty=",
        (
            ("Host", "shop"),
            ("X-Tag", "1"),
            ("x-tag", "2"),
            ("Cookie", "a=1; b=2"),
            ("Content-Type", "application/json"),
        ),
        b'{"n": 1}',
    )
    event = to_event(request, route("POST", "/orders/{id}", authorizer="jwt"), {"id": "a b"}, STAMP)
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /orders/{id}"
    assert event["rawPath"] == "/orders/a b"
    assert event["queryStringParameters"] == {"tag": "x,y", "empty": ""}
    assert event["headers"]["x-tag"] == "1,2"
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["body"] == '{"n": 1}'
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "ada"
    assert event["requestContext"]["timeEpoch"] == 1795327628000


def test_format_1() -> None:
    request = Request("GET", "/a", "x=1&x=2", (("X-Tag", "1"), ("X-Tag", "2")))
    event = to_event(request, route("GET", "/a", "rest-api", "cognito"), {}, STAMP)
    assert event["queryStringParameters"] == {"x": "2"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["multiValueHeaders"] == {"X-Tag": ["1", "2"]}
    assert event["pathParameters"] is None
    assert event["body"] is None
    assert event["requestContext"]["authorizer"]["claims"]["sub"] == "ada"


@pytest.mark.parametrize("source", ["http-api", "rest-api"])
def test_the_guard_recognises_what_we_make(source: str) -> None:
    event = to_event(Request("GET", "/a", "q=1"), route("GET", "/a", source), {}, STAMP)
    assert open_event(event).source.name == source


@given(
    body=st.binary(min_size=1), kind=st.sampled_from(["", "text/plain", "application/json; charset=utf-8", "image/png"])
)
def test_a_body_can_always_be_had_back(body: bytes, kind: str) -> None:
    request = Request("POST", "/a", "", (("content-type", kind),) if kind else (), body)
    event = to_event(request, route("POST", "/a"), {}, STAMP)
    text = event["body"]
    assert (base64.b64decode(text) if event["isBase64Encoded"] else text.encode()) == body
    json.dumps(event)


@pytest.mark.parametrize(
    ("source", "result", "status", "body"),
    [
        ("http-api", {"hello": 1}, 200, b'{"hello": 1}'),
        ("http-api", "text", 200, b'"text"'),
        ("http-api", None, 200, b""),
        ("http-api", {"statusCode": 201, "body": "x"}, 201, b"x"),
        ("http-api", {"statusCode": "204"}, 204, b""),
        ("http-api", {"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}, 200, b"hi"),
        ("http-api", {"statusCode": 200, "body": "***", "isBase64Encoded": True}, 500, None),
        ("http-api", {"statusCode": "many"}, 500, None),
        ("http-api", {"statusCode": 1000}, 500, None),
        ("http-api", {"statusCode": 200, "headers": {"a": "b\r\nc: d"}}, 500, None),
        ("rest-api", {"hello": 1}, 502, None),
        ("rest-api", None, 502, None),
        ("rest-api", {"statusCode": 200, "body": "ü"}, 200, "ü".encode()),
    ],
)
def test_results_become_responses(source: str, result: object, status: int, body: bytes | None) -> None:
    response = to_response(source, result)
    assert response.status == status
    if body is not None:
        assert response.body == body


def test_headers_and_cookies_of_a_result() -> None:
    result = {
        "statusCode": 200,
        "headers": {"A": 1, "B": "x"},
        "multiValueHeaders": {"B": ["y", "z"]},
        "cookies": ["s=1", "t=2"],
    }
    assert to_response("http-api", result).headers == (
        ("a", "1"),
        ("b", "y"),
        ("b", "z"),
        ("set-cookie", "s=1"),
        ("set-cookie", "t=2"),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    result=json_values
    | st.fixed_dictionaries(
        {"statusCode": json_values},
        optional={
            "headers": json_values,
            "body": json_values,
            "cookies": json_values,
            "multiValueHeaders": json_values,
        },
    ),
    source=st.sampled_from(["http-api", "rest-api", "function-url"]),
)
def test_no_result_breaks_the_gateway(result: object, source: str) -> None:
    assert 100 <= to_response(source, result).status <= 599
