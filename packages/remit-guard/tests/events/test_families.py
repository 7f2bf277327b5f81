"""Every shape known from public samples, and every family: recognised, opened, nothing of strangers lost.

``fixtures/shapes.jsonl`` has one event for each distinct shape of the public corpora, rebuilt with our own values; whatever a
sender may have written says ``word N'``, in the encoding its place has. ``fixtures/families.jsonl`` has the families and kinds
they lack, and envelopes inside each other, each with fields that must be found under these paths.
"""

import base64
import binascii
import copy
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit_guard import events
from remit_guard.core.source import ANYTHING
from remit_guard.events.opened import Opened
from remit_guard.events.written import plain

FIXTURES = Path(__file__).parent / "fixtures"
SHAPES = [json.loads(line) for line in (FIXTURES / "shapes.jsonl").read_text().splitlines()]
FAMILIES = [json.loads(line) for line in (FIXTURES / "families.jsonl").read_text().splitlines()]
WORD = re.compile(r"word \d+'")


def signature(event: Any) -> tuple[str, ...]:
    """The keys of an event and of its first record."""
    if isinstance(event, list):
        return ("list", *signature(event[0]))
    records = next((event[key] for key in ("Records", "records") if isinstance(event.get(key), list)), [])
    return (*sorted(event), ">", *sorted(records[0])) if records else tuple(sorted(event))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, int) for item in value):
            yield bytes(value).decode()
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


def words(text: str) -> set[str]:
    """What a sender wrote in a text, in plain sight or not."""
    found = set(WORD.findall(text))
    try:
        raw = base64.b64decode(text, validate=True)
        found |= set(WORD.findall((gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()))
    except (binascii.Error, UnicodeDecodeError):
        pass
    return found


def texts(event: Any, name: str = "") -> set[str]:
    opened = Opened(event, events.by_name(name)) if name else events.open_event(event)
    return set(opened.leaves().values())


def test_there_is_an_event_for_each_of_the_known_shapes():
    assert len({signature(row["event"]) for row in SHAPES}) == 133


def test_every_source_has_an_event():
    assert {row["source"] for row in SHAPES + FAMILIES} == set(events.names())


@pytest.mark.parametrize("row", SHAPES, ids=lambda row: f"{row['source']}-{len(str(row['event']))}")
def test_a_known_shape_is_recognised_and_no_word_is_lost(row):
    opened = events.open_event(row["event"])
    assert opened.source.name == row["source"]
    found = {word for value in opened.leaves().values() for word in WORD.findall(value)}
    wanted = {word for leaf in leaves(row["event"]) for word in words(leaf)}
    assert wanted <= found
    assert opened.problems == []


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: f"{row['source']}-{len(str(row['event']))}")
def test_a_family_is_opened_as_its_application_would(row):
    opened = events.open_event(row["event"])
    assert (opened.source.name, opened.chain) == (row["source"], row.get("chain", row["source"]))
    found = {(field.path, str(field.value)) for field in opened.fields()}
    assert set(row["fields"].items()) <= found
    assert opened.problems == []


@pytest.mark.parametrize("row", FAMILIES, ids=lambda row: f"{row['source']}-{len(str(row['event']))}")
def test_what_strangers_write_is_in_the_field_map_that_the_scanner_reads(row):
    """The guard would take these leaves anyhow; the scanner knows only what the map names."""
    steps = [spec.steps for spec in events.by_name(row["source"]).fields]
    for path in row["fields"]:
        outer = re.sub(r"\[\d+\]", ".[]", path.split("→")[0]).strip(".").split(".")
        outer = outer[1:] if outer[0] == "[]" and not any(spec[0] == "[]" for spec in steps) else outer
        assert any(_covers(spec, outer) for spec in steps), path


def _covers(spec: tuple[str, ...], path: list[str]) -> bool:
    for number, step in enumerate(spec):
        if step == ANYTHING:
            return True
        if number >= len(path) or step not in (path[number], "{}"):
            return False
    return True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=12) | st.just("' or 1=1 --"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
REAL = [row["event"] for row in SHAPES + FAMILIES]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from places(item, (*path, step))


@st.composite
def imitations(draw: Any) -> Any:
    """A real event with something else in some of its places, and something more beside them."""
    event = json.loads(json.dumps(draw(st.sampled_from(REAL))))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(places(event))))
        new = copy.deepcopy(draw(JSON | st.sampled_from(REAL) | st.sampled_from(REAL).map(json.dumps)))
        if not path:
            event = {**event, draw(st.text(max_size=6)): new} if isinstance(event, dict) else [*event, new]
            continue
        holder = event
        for step in path[:-1]:
            holder = holder[step]
        if draw(st.booleans()) or isinstance(holder, list):
            holder[path[-1]] = new
        else:
            holder[draw(st.text(max_size=6))] = new
    return event


@settings(max_examples=300, deadline=None)
@given(imitations() | JSON)
def test_no_shape_hides_what_a_direct_invocation_would_show(event):
    """Whatever an event claims to be, the texts left out of it are plain ids, times and addresses."""
    opened = events.open_event(event)
    missing = texts(event, "direct") - set(opened.leaves().values())
    assert opened.problems or [text for text in missing if not plain(text)] == []


@settings(max_examples=100, deadline=None)
@given(imitations())
def test_an_event_inside_another_one_hides_nothing_at_all(event):
    """Nobody vouches for the inner one: not even what is plain in it is left out."""
    body = json.dumps(event)
    carried = events.open_event({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": body}]})
    values = set(carried.leaves().values())
    assert carried.problems or texts(event, "direct") - {""} <= values


@pytest.mark.parametrize("name", events.names())
def test_keys_beside_a_shape_are_the_senders(name):
    """A device, a body handed on as it is, an input path: what imitates a shape to get its other keys trusted."""
    rows = [row["event"] for row in SHAPES + FAMILIES if row["source"] == name]
    for event in rows:
        target = event if isinstance(event, dict) else event[0]
        assert "x' or 1=1" in texts(
            {**target, "name": "x' or 1=1"} if isinstance(event, dict) else [{**target, "name": "x' or 1=1"}]
        )


def test_a_platforms_own_place_is_believed_only_when_it_is_plain():
    record = {"eventSource": "aws:sqs", "messageId": "a-b-1", "body": "", "eventSourceARN": "arn:aws:sqs:eu-west-1:0:q"}
    assert texts({"Records": [record]}) == {""}
    for text in (
        "x'",
        "a b",
        "../x",
        "/etc/passwd",
        "a--b",
        "http://x",
        "$(x)",
        "-rf",
        "a\n",
        "ä",
        "1=1",
        "file:/x",
        "{{x}}",
        "a\0b",
        "a=b",
        "a,b",
    ):
        assert text in texts({"Records": [{**record, "messageId": text}]}), text
        assert not plain(text)
    assert "x'" in texts({"Records": [{**record, "messageId": {"deep": ["x'"]}}]})


@pytest.mark.parametrize(
    "text",
    ["JKJaXmPLvHcESHA=", "AQEBwJ+/x==", "POST /orders/{id}", "$default", "04/Mar/2026:05:06:07 +0000", "2001:db8::1"],
)
def test_values_of_platforms_are_plain(text):
    assert plain(text)


def test_mappings_where_lists_are_expected_and_the_other_way_round():
    for event in (
        {
            "Records": [
                {"eventSource": "aws:sqs", "body": {"a": "x'"}, "messageAttributes": ["y'"], "attributes": "z'"},
                "w'",
            ]
        },
        {"requestContext": {"http": {"method": "z'"}}, "headers": ["x'"], "cookies": {"a": "y'"}, "body": ["w'"]},
        {"awslogs": ["x'", {"data": "y'"}], "more": {"z'": "w'"}},
    ):
        assert {"x'", "y'", "z'", "w'"} <= texts(event)


def test_a_batch_is_not_taken_for_what_a_body_says_it_is():
    body = json.dumps({"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": "k"}}}], "name": "x'"})
    opened = events.open_event({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": body}]})
    assert opened.source.name == "sqs"
    assert "x'" in opened.leaves().values()
