"""Headers of answers: a line break out of the event begins no header of its own."""

import json
from types import SimpleNamespace

import pytest

from remit_guard import guard

EVENT = {
    "version": "2.0",
    "rawPath": "/",
    "requestContext": {"http": {"method": "POST", "path": "/"}, "domainName": "x.execute-api.aws"},
}


def answer(made, value):
    @guard
    def handler(event, context):
        return {"statusCode": 302, "body": "", **made(json.loads(event["body"])["x"])}

    return handler({**EVENT, "body": json.dumps({"x": value})}, SimpleNamespace(aws_request_id="r"))["statusCode"]


@pytest.mark.parametrize(
    "made",
    [
        lambda x: {"headers": {"Location": "/next?" + x}},
        lambda x: {"multiValueHeaders": {"X-A": ["a", "b" + x]}},
        lambda x: {"cookies": ["name=" + x]},
    ],
)
def test_line_breaks_in_headers(made):
    assert answer(made, "a\r\nSet-Cookie: admin=1") == 403
    assert answer(made, "a%0d%0aSet-Cookie: admin=1") == 302
    assert answer(made, "a, b; c") == 302


def test_line_breaks_of_the_application():
    assert answer(lambda x: {"headers": {"X-A": "one\n two"}}, "something else") == 302
