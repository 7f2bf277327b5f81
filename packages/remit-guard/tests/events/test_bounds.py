"""Hostile sizes: bounded, said, and in linear time; time is counted in lines of Python, and in characters given to C."""

import base64
import gzip
import json
import sys
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from remit_guard import events
from remit_guard.events import decode, opened


def sqs(body: Any) -> Any:
    return {"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": body}]}


def logs(data: bytes) -> Any:
    return {"awslogs": {"data": base64.b64encode(data).decode()}}


def kafka(value: Any) -> Any:
    return {"eventSource": "aws:kafka", "records": {"t-0": value}}


def http(body: str) -> Any:
    return {"requestContext": {"http": {"method": "POST"}}, "body": body}


def nested(size: int, opening: str, closing: str, leaf: str = "") -> str:
    return opening * size + leaf + closing * size


HOSTILE: dict[str, Callable[[int], Any]] = {
    "keys": lambda size: {f"k{number}'": "v" for number in range(size)},
    "keys of a known shape": lambda size: {**sqs("b"), **{f"k{number}": "v" for number in range(size)}},
    "keys in platform places": lambda size: {"requestContext": {"http": {}, **{f"k{n}": "v" for n in range(size)}}},
    "lists in lists": lambda size: json.loads(nested(min(size, 900), "[", "]", '"v"')),
    "mappings in mappings in text": lambda size: sqs(nested(min(size, 900), '{"a":', "}", "1")),
    "open brackets": lambda size: sqs("[" * size),
    "open braces, closed as lists": lambda size: sqs("{" * size + "]"),
    "records that are none": lambda size: {"Records": [{"eventSource": "aws:sqs"}, *["x"] * size]},
    "records in records": lambda size: {"Records": [[{"eventSource": "aws:sqs"}] * size]},
    "ampersands": lambda size: http("a=1" + "&" * size),
    "equals": lambda size: http("a=" + "=" * size),
    "percents": lambda size: http("a=" + "%27" * size),
    "boundaries": lambda size: http("--b\n" + "--b" * size),
    "dashes": lambda size: http("-" * size),
    "names in a part": lambda size: http("--bb\ncontent-disposition: " + 'name="' * size + "\n\nx"),
    "escapes in a name": lambda size: http('--bb\ncontent-disposition: name="' + "\\" * size + "\n\nx"),
    "blanks in a head": lambda size: http("--bb\n" + "content-disposition: \n" * size),
    "tokens": lambda size: sqs("eyJhbGciOiJub25l." * size),
    "open tokens": lambda size: sqs("eyJ" * size + "."),
    "documents in a row": lambda size: sqs("{}" * size),
    "documents and blanks": lambda size: sqs("{}" + " " * size + "{}"),
    "quotes": lambda size: sqs('"' + '\\"' * size + '"'),
    "base64": lambda size: sqs("eyJ" + "A" * size),
    "byte numbers": lambda size: kafka([{"headers": [{"h": [39] * size}]}]),
    "nearly byte numbers": lambda size: kafka([{"headers": [{"h": [*[39] * size, 256]}]}]),
    "lists of byte numbers": lambda size: kafka([{"headers": [[39]] * size}]),
    "members": lambda size: logs(gzip.compress(b"x") * size),
    "empty members": lambda size: logs(gzip.compress(b"") * size),
    "pipe": lambda size: [{"eventSource": "aws:sqs", "body": "b"}] * size,
    "batch of lists": lambda size: [{"arguments": {}, "info": {}}, *[["x"]] * size],
}


def lines(event: Any) -> int:
    """How many lines of the guard run to open an event."""
    count = 0

    def trace(frame: Any, kind: str, _: Any) -> Any:
        nonlocal count
        count += kind == "line"
        return trace if "remit_guard" in frame.f_code.co_filename else None

    old = sys.gettrace()
    sys.settrace(trace)
    try:
        events.open_event(event).fields()
    finally:
        sys.settrace(old)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_no_faster_than_the_event(name):
    lines(HOSTILE[name](10))  # modules are loaded, keys known
    small, large = lines(HOSTILE[name](600)), lines(HOSTILE[name](2400))
    assert large <= 4.4 * small + 2000


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_bound_left_out_is_said(name):
    """Values are all there, or there is a problem; and bounds hold."""
    event = events.open_event(HOSTILE[name](30_000))
    values = event.leaves().values()
    assert len(event.fields()) <= opened.MAX_FIELDS
    assert sum(map(len, values)) <= opened.MAX_CHARS
    assert len(event.problems) <= opened.MAX_PROBLEMS
    assert all(len(problem) < 300 for problem in event.problems)


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (http("a=1&" * 30_000 + "b=x'"), "parts"),
        (
            http("--b1\r\n" + "--b1\r\n" * 30_000 + 'Content-Disposition: form-data; name="a"\r\n\r\nx\'\r\n--b1--'),
            "parts",
        ),
        (logs(gzip.compress(b"") * (decode.MAX_MEMBERS + 1) + gzip.compress(b"x'")), "read to its end"),
        (logs(gzip.compress(b"x" * 70_000)[:-40]), "read to its end"),
        ({f"k{number}": "v" for number in range(30_000)}, "fields"),
        ({f"k '{number}": "v" for number in range(30_000)}, "fields"),
        (sqs(json.dumps({f"k{number}": "v" for number in range(30_000)})), "fields"),
        ({"Records": [{"eventSource": "aws:sqs", "body": "b"}] * 30_000}, "fields"),
        (sqs("{}" * (decode.MAX_DOCUMENTS * (opened.MAX_NESTING + 1)) + '{"a": "x"}'), "inside each other"),
    ],
)
def test_what_is_cut_is_never_silent(event, problem):
    found = events.open_event(event)
    found.leaves()
    assert any(problem in text for text in found.problems), found.problems


def test_a_gigabyte_of_zeros_is_not_made():
    packer = zlib.compressobj(wbits=31)
    block = b"\0" * (1024 * 1024)
    first, again = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = first + again * 1023
    assert len(bomb) < 1_100_000
    found = events.open_event(logs(bomb))
    assert sum(map(len, found.leaves().values())) <= opened.MAX_CHARS
    assert found.problems
    twice = events.open_event(logs(gzip.compress(bomb)))
    assert sum(map(len, twice.leaves().values())) <= opened.MAX_CHARS


def test_every_member_of_a_gzip_file_is_read():
    data = b"".join(gzip.compress(text) for text in (b'{"a": ', b'"x\'"}'))
    assert "x'" in events.open_event(logs(data)).leaves().values()
    padded = events.open_event(logs(gzip.compress(b'{"a": "x\'"}') + b"\0" * 100))
    assert ("x'" in padded.leaves().values(), padded.problems) == (True, [])


def test_zlib_data_and_what_only_looks_like_it():
    assert "x'" in events.open_event(logs(zlib.compress(b'{"a": "x\'"}'))).leaves().values()
    plain = events.open_event(logs(b"x\x9c is no zlib data"))
    assert plain.problems == []


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": 1}\n{"b": "\\u0027x"}\n', "'x"),
        ('{"a": 1}{"b": "\\u0027x"}', "'x"),
        ('"{\\"a\\": \\"\\\\u0027x\\"}"', "'x"),
        ('{"a": "tab\there", "b": "\\u0027x"}', "'x"),
        ("--b1\r\nContent-Disposition: form-data; name=a; filename=../x\r\n\r\nv\r\n--b1--", "../x"),
        ("session=eyJhIjoiJ3gifQ.eyJiIjoiJ3kifQ.s; theme=dark", "'y"),
        ("eyJhIjogIid4In0=", "'x"),
    ],
)
def test_documents_as_applications_read_them(body, value):
    assert value in events.open_event(sqs(body)).leaves().values()
    assert value in events.open_event(http(body)).leaves().values()


def test_documents_that_are_none():
    for text in ('{"a": 1} and more', '"plain"', '{"a": 1}]', "[1] x [2]"):
        assert decode.document(text) is None
