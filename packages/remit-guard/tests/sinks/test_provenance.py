"""The index of untrusted values."""

import base64
import html
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.core.source import Field
from remit_guard.sinks.provenance import Provenance
from remit_guard.sinks.variants import MAX_TOKENS, MAX_VARIANTS, tokens, variants


def index(*values):
    return Provenance([Field(f"f{number}", value, "direct") for number, value in enumerate(values)])


VALUE = "x' OR name='admin'; --"


@pytest.mark.parametrize(
    "sent",
    [
        VALUE,
        urllib.parse.quote(VALUE),
        urllib.parse.quote_plus(VALUE),
        urllib.parse.quote(urllib.parse.quote(VALUE)),
        base64.b64encode(VALUE.encode()).decode(),
        base64.urlsafe_b64encode(VALUE.encode()).decode().rstrip("="),
        VALUE.encode().hex(),
        html.escape(VALUE),
        "".join(f"\\u{ord(c):04x}" for c in VALUE),
        f"  {VALUE}\n",
        VALUE.upper(),
        urllib.parse.quote(base64.b64encode(VALUE.encode()).decode()),
    ],
)
def test_every_form_of_a_value_is_found(sent):
    text = f"before {VALUE} after"
    assert any(text[span.start : span.end] == VALUE for span in index(sent).find(text))


def test_parts():
    spans = index("first=1;second=" + VALUE + ";third").find(f"before {VALUE} after")
    assert [(span.part, f"before {VALUE} after"[span.start : span.end]) for span in spans] == [(True, VALUE)]


def test_trivial_values_are_not_looked_for():
    assert index("a", "1", "42", "", "ab").find("a1 42 ab") == []
    assert index(3, None, True, 2.5).find("3 None True 2.5") == []


def test_words_on_request():
    assert [span.field.path for span in index("localhost").find("http://localhost/")] == ["f0"]
    assert index("localhost").find("http://localhost/", words=False) == []


def test_many_fields_are_found_as_well_as_few():
    values = [f"value number {number}; ok" for number in range(2000)]
    spans = index(*values).find("a 'value number 1234; ok' b")
    assert [span.field.path for span in spans if not span.part] == ["f1234"]


def test_binary_data():
    raw = bytes(range(200, 256))
    assert index("no", base64.b64encode(raw).decode()).find_bytes(raw).path == "f1"
    assert index(raw.hex()).find_bytes(raw).path == "f0"
    assert index("nothing of the kind").find_bytes(raw) is None


@given(st.text(max_size=100))
def test_variants_are_few_and_start_with_the_value(value):
    found = variants(value)
    assert found[0] == (value, "verbatim")
    assert len(found) <= MAX_VARIANTS
    assert len({text for text, _ in found}) == len(found)


@given(st.text(min_size=3, max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_spans_are_inside_the_text_and_whole_values_are_found(value, before, after):
    text = before + value + after
    spans = index(value).find(text)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
    if value.isascii():
        assert any(
            span.start <= len(before) and span.end >= len(before) + len(value)
            for span in spans
            if span.variant == "verbatim"
        )


@pytest.mark.parametrize("piece", ["'", "ab'", "%27", "&#39;", "\\u0027", "=", "(a", "=="])
def test_hostile_lengths(piece):
    value = piece * (60000 // len(piece))
    provenance = index(value, value[1:], value[:-1])
    provenance.find(value[: len(value) // 2] + "x" + value)
    provenance.find("SELECT " + piece * 100)


@pytest.mark.parametrize("holder", ["cart={}", 'a=b; cart="{}"', "Bearer {}", "state:{};v=1"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, lambda raw: raw.hex().encode()])
def test_what_is_cut_out_of_a_value_and_decoded_is_known(holder: str, encode: Callable[[bytes], bytes]) -> None:
    attack = b"x' OR name LIKE '%admin%' --"
    sent = Field("cookies[0]", holder.format(encode(attack).decode()), "http-api")
    (span, *_) = Provenance([sent]).find(f"SELECT * FROM users WHERE name = '{attack.decode()}'")
    assert span.field is sent
    assert Provenance([sent]).find_bytes(attack) is sent


def test_looking_for_encoded_words_is_bounded() -> None:
    value = " ".join(f"{index:016d}" for index in range(2000))
    assert len(tokens(value)) == MAX_TOKENS
    assert tokens("a" * 40) == []


@pytest.mark.parametrize("raw", ["category=%5C", "category=%2527", "category=%22", "category=+"])
def test_a_name_whose_value_lost_its_quotes_is_not_the_texts_own_word(raw: str) -> None:
    assert not index(raw).find("SELECT name FROM products WHERE category = 'x' ORDER BY name")


def test_a_value_that_lost_its_blanks_and_quotes_is_found() -> None:
    (span,) = index("1' OR 2=2 --").find("SELECT name FROM products WHERE id = 1OR2=2--")
    assert span.variant.endswith("+altered")
