"""What is not compared is said, and what is quick finds what is slow."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.events import open_event
from remit_guard.events.leaves import Given
from remit_guard.sinks import index as forms
from remit_guard.sinks import provenance, sql, variants
from remit_guard.sinks.index import Index
from remit_guard.sinks.provenance import Provenance

VALUE = "x' OR name='admin'; --"


def fields(*values: str) -> list[Field]:
    return [Field(f"f{number}", value, "direct") for number, value in enumerate(values)]


def test_values_longer_than_the_index_are_said() -> None:
    problems: list[str] = []
    found = Provenance(fields("y" * (provenance.MAX_INDEXED + 1), VALUE), problems)
    assert [span.part for span in found.find(f"a = '{VALUE}'")] == [False], "a whole value is found all the same"
    assert ["1 of 2 were looked for as a whole" in problem for problem in problems] == [False, True]
    parts = [span.part for span in found.find("a = ' OR name='admin'; --")]
    assert parts == [True], "nor does it hide the parts of the others"
    assert len(problems) == 2, "said once"


def test_values_too_long_to_decode_are_said() -> None:
    problems: list[str] = []
    Index(Given(fields("%27" * (variants.MAX_DECODED // 3 + 1))), problems)
    assert "not decoded" in problems[0]


def test_a_text_that_shares_too_many_pieces_is_said() -> None:
    problems: list[str] = []
    pieces = [f"<{number:04x}=a" for number in range(2 * provenance.MAX_SEEDS)]
    Provenance(fields(*pieces), problems).find(" ".join(piece[:-2] + "!" for piece in pieces))
    assert any("more pieces" in problem for problem in problems)


def test_ordinary_values_have_no_problems() -> None:
    problems: list[str] = []
    Provenance(fields(VALUE, "a=b; c=" + "0123456789abcdef" * 3), problems).find(f"select '{VALUE}'")
    assert problems == []


def test_encoded_words_are_looked_for_behind_many_others() -> None:
    word = base64.b64encode(VALUE.encode()).decode()
    junk = " ".join(f"{number:016d}" for number in range(200))
    assert any(not span.part for span in Provenance(fields(f"{junk} {word}")).find(f"q {VALUE} q"))


def test_encoded_words_of_one_event_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MAX_ENCODED", 3)
    problems: list[str] = []
    Index(Given(fields(" ".join(f"{number:016d}" for number in range(5)))), problems)
    assert "encoded words" in problems[0]


def test_a_value_in_a_document_is_known_out_of_its_escapes() -> None:
    body = json.dumps({"name": VALUE + "\u2019\n", "more": "\\"})
    leaves = open_event({"Records": [{"eventSource": "aws:sqs", "body": body}]}).leaves()
    spans = Provenance(leaves).find(f"select '{VALUE}\u2019\n'")
    assert "Records[0].body→name" in [span.field.path for span in spans if not span.part]


@given(st.text(max_size=60).filter(lambda text: "\0" not in text) | st.just("a\0b"), st.text(max_size=60))
def test_values_are_found_whatever_stands_beside_them(value: str, other: str) -> None:
    alone = {(span.start, span.end) for span in Provenance(fields(value)).find(f"- {value} -") if not span.part}
    beside = {(span.start, span.end) for span in Provenance(fields(other, value)).find(f"- {value} -") if not span.part}
    assert alone <= beside


@given(st.binary(min_size=5, max_size=30))
def test_the_quick_look_at_a_word_misses_nothing(raw: bytes) -> None:
    for word in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("="), raw.hex()):
        assert variants.may_be_binary(word) or not variants.binary(word)


PIECES = st.lists(
    st.sampled_from(
        ["'", "''", "a b", "--", "/*", "*/", "/", "-", "\\", '"', "`", "$a$", "[", "]", "#", "x=1", "E'", "\0"]
    ),
    max_size=7,
).map("".join)


@given(PIECES, PIECES, PIECES, st.sampled_from(["sqlite", "postgresql", "mysql"]))
def test_counting_apostrophes_says_what_the_lexer_says(before: str, value: str, after: str, dialect: str) -> None:
    query = f"select '{before}{value}{after}' where y = 'a b'"
    spans = Provenance(fields(value or "a b")).find(query, words=False)
    if spans and sql._in_plain_literals(query, spans):
        assert sql._Reading(query, dialect).judge(spans) is None
