"""Signals out of hostile text: nothing vanishes uncounted, nothing is unbounded."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.watch import parse
from remit_guard.core.signal import Signal

NOW = 1_793_337_700_000
GOOD = Signal(
    NOW - 1000, "block", "shell-injection", "high", "Thumbnail", "r1", "s3", "Records[0].s3.object.key", "process"
)
LINE = GOOD.to_json().encode()


def outcome(batch):
    return len(batch.signals), batch.bad_count, batch.other_count


def changed(**facts):
    return json.dumps({**GOOD.to_dict(), **facts}).encode()


@pytest.mark.parametrize(
    "data",
    [LINE, LINE + b"\n", json.dumps(GOOD.to_dict(), indent=2).encode(), b"[" + LINE + b"]", b"\n\n" + LINE + b"\r\n"],
    ids=["one", "with end", "pretty", "list", "blank lines"],
)
def test_a_body_with_one_signal(data):
    batch = parse.body(data, NOW)
    assert outcome(batch) == (1, 0, 0)
    assert batch.signals[0].to_dict() == GOOD.to_dict()


def test_bad_lines_are_named_and_good_ones_kept():
    batch = parse.body(b"\n".join([LINE, b"{", b"3", LINE, b'{"class_uid": 1}']), NOW)
    assert outcome(batch) == (2, 3, 0)
    assert [number for number, _ in batch.bad] == [2, 3, 5]
    assert batch.bad[1][1] == "not a JSON object"
    assert batch.bad[2][1] == "class_uid is 1, not 2004"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"time": "soon"}, "time is not a number of milliseconds"),
        ({"time": True}, "time is not a number of milliseconds"),
        ({"time": 10**30}, "time is in the future"),
        ({"time": -(10**30)}, "time is before 2020: milliseconds since the epoch are expected"),
        ({"time": NOW // 1000}, "time is before 2020: milliseconds since the epoch are expected"),
        ({"verdict": "maybe"}, "verdict 'maybe' is unknown"),
        ({"severity": "awful"}, "severity 'awful' is unknown"),
        ({"function": ["a"]}, "function has the wrong type"),
        ({"evidence": "x"}, "evidence has the wrong type"),
        ({"rule": ""}, "rule is missing"),
    ],
)
def test_impossible_facts(facts, why):
    assert parse.body(changed(**facts), NOW).bad == [(1, why)]


def test_a_huge_line_is_refused_and_the_next_one_read():
    batch = parse.body(b'{"class_uid":2004,"x":"' + b"a" * 10_000_000 + b'"}\n' + LINE, NOW)
    assert outcome(batch) == (1, 1, 0)
    assert batch.bad == [(1, "longer than 65,536 bytes")]


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"class_uid":2004,"evidence":{"a":'])
def test_deep_nesting(opening):
    assert outcome(parse.body(opening * 5000, NOW)) == (0, 1, 0)


def test_invalid_utf8_does_not_hide_a_signal():
    batch = parse.body(LINE.replace(b"Thumbnail", b"Thumb\xff\xfenail"), NOW)
    assert batch.signals[0].function == "Thumb��nail"


def test_a_lone_surrogate_does_not_hide_a_signal():
    batch = parse.body(LINE.replace(b"Thumbnail", rb"Thumb\ud800"), NOW)
    assert batch.signals[0].function == "Thumb?"
    batch.signals[0].to_json().encode()


def test_texts_are_bounded():
    (signal,) = parse.body(
        changed(function="f" * 5000, field="g" * 5000, evidence={f"k{n}" * 200: "v" * 2000 for n in range(20)}), NOW
    ).signals
    assert len(signal.function) == parse.NAME_LIMIT
    assert len(signal.field) == parse.TEXT_LIMIT
    assert len(signal.evidence) <= parse.EVIDENCE_LIMIT
    assert all(
        len(key) <= parse.NAME_LIMIT and len(value) <= parse.TEXT_LIMIT for key, value in signal.evidence.items()
    )


def test_reports_are_bounded():
    batch = parse.body(b"{\n" * 1000, NOW)
    assert batch.bad_count == 1000
    assert len(batch.bad) == parse.REPORTED


def test_a_mixed_log():
    lines = [
        b"START RequestId: 8f0e Version: $LATEST",
        LINE,
        b"2026-11-22T06:00:00.000Z app[web] " + LINE,
        json.dumps({"level": "INFO", "message": LINE.decode(), "requestId": "8f0e"}).encode(),
        json.dumps({"level": "INFO", "message": GOOD.to_dict()}).encode(),
        b'{"level":"INFO","message":"talks about class_uid"}',
        b"plain talk about class_uid",
        b'{"level":"INFO","class_uid":4001,"message":"another product"}',
        b'{"class_uid":2004,"time":',
        b"REPORT RequestId: 8f0e\tDuration: 3 ms",
        b"",
    ]
    batch = parse.log(lines, NOW)
    assert outcome(batch) == (4, 1, 6)
    assert batch.bad[0][0] == 9


@given(st.lists(st.binary(max_size=60) | st.just(LINE) | st.just(LINE[:-9]), max_size=8))
def test_any_log_is_read_and_every_line_accounted_for(lines):
    batch = parse.log(lines, NOW)
    assert sum(outcome(batch)) == len(lines)
    assert len(batch.signals) == lines.count(LINE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*GOOD.to_dict(), "message"]), inner, max_size=6)
        ),
    )
)
def test_any_json_is_a_signal_or_a_bad_line(value):
    data = json.dumps(value).encode()
    batch = parse.body(data, NOW)
    assert len(batch.signals) + batch.bad_count == (len(value) if isinstance(value, list) else 1)


@pytest.mark.parametrize(
    "around", [b'{"level":"info"} %s', b"START %s END", b"{x} [y] %s {z}", b"2026-11-22T00:00:00Z out %s"]
)
def test_a_signal_among_other_text_of_its_line_is_found(around):
    batch = parse.log([around.replace(b"%s", LINE)], NOW)
    assert [found.rule for found in batch.signals] == [GOOD.rule]
