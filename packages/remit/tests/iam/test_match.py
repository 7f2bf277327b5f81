"""Patterns against resources: yes, maybe and no, with every kind of symbol."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.value import Ref, Text, Unknown, Value
from remit.iam.match import Answer, covers, glob, tokens

HARD = {"Table", "Bucket"}
YES, MAYBE, NO = Answer.YES, Answer.MAYBE, Answer.NO


def answer(pattern: Value, subject: Value) -> Answer:
    hard = lambda ref: ref.target in HARD  # noqa: E731
    return covers(tokens(pattern, hard, subject=False), tokens(subject, hard, subject=True))


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("*", Unknown("x"), YES),
        ("a*c", "abc", YES),
        ("a?c", "abc", YES),
        ("a?c", "ac", NO),
        ("a", "ab", NO),
        ("", "", YES),
        ("*", "", YES),
        ("?", "", NO),
        (Text(("t/", Ref("Table"))), Text(("t/", Ref("Table"))), YES),
        (Text(("t/", Ref("Table"))), Text(("t/", Ref("Bucket"))), NO),
        (Text(("t/", Ref("Table"))), "t/orders", NO),
        ("t/orders", Text(("t/", Ref("Table"))), NO),
        ("t/*", Text(("t/", Ref("Table"))), YES),
        ("t/?", Text(("t/", Ref("Table"))), NO),
        (Text(("t/", Ref("Stage"), "-x")), Text(("t/", Ref("Stage"), "-x")), YES),
        (Text(("t/", Ref("Stage"), "-x")), "t/prod-x", MAYBE),
        ("t/prod-x", Text(("t/", Ref("Stage"), "-x")), MAYBE),
        ("t/prod-y", Text(("t/", Ref("Stage"), "-x")), NO),
        (Text(("t/", Ref("Stage"))), Text(("t/", Ref("Other"))), MAYBE),
        (Unknown("import"), "t/x", MAYBE),
        (Unknown("import"), Unknown("code"), MAYBE),
        ("t/x", Unknown("code"), MAYBE),
        ("b/public/*", "b/*", MAYBE),
        ("b/*", "b/public/*", YES),
        ("b/*", "c/*", NO),
        ("b/a", "b/?", MAYBE),
    ],
)
def test_covers(pattern: Value, subject: Value, expected: Answer) -> None:
    assert answer(pattern, subject) is expected


ALPHABET = st.text(alphabet="ab/", max_size=8)
PATTERNS = st.text(alphabet="ab/*?", max_size=8)


@given(PATTERNS, ALPHABET)
def test_literals_are_judged_like_a_regular_expression(pattern: str, text: str) -> None:
    body = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    assert (answer(pattern, text) is YES) == bool(re.fullmatch(body, text))
    assert glob(pattern, text) == fnmatch.fnmatchcase(text, pattern)


@given(PATTERNS, st.lists(st.sampled_from(["a", "/", Ref("Stage")]), max_size=5), ALPHABET)
def test_maybe_and_no_hold_for_every_value_of_a_parameter(pattern: str, parts: list[str | Ref], stage: str) -> None:
    subject = "".join(part if isinstance(part, str) else stage for part in parts)
    said = answer(pattern, Text(tuple(parts)))
    real = answer(pattern, subject)
    assert said is not YES or real is YES
    assert said is not NO or real is NO


@given(PATTERNS, st.text(alphabet="ab/*", max_size=6), ALPHABET)
def test_yes_for_many_is_yes_for_each(pattern: str, many: str, filling: str) -> None:
    one = many.replace("*", filling)
    said = answer(pattern, many)
    assert said is not YES or answer(pattern, one) is YES
    assert said is not NO or answer(pattern, one) is NO


def test_hostile_lengths_are_refused_not_computed() -> None:
    assert answer("*a" * 5000, "b" * 5000) is MAYBE
