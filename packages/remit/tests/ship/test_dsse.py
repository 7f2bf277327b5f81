import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from remit.ship.dsse import EnvelopeError, encode, sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def test_the_encoding_is_that_of_the_specification() -> None:
    assert encode("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_what_was_signed_comes_back_and_only_by_its_key() -> None:
    envelope = sign(b"payload", KEY)
    assert verify(envelope, [OTHER.public_key(), KEY.public_key()]) == b"payload"
    with pytest.raises(EnvelopeError, match="no trusted key"):
        verify(envelope, [OTHER.public_key()])
    with pytest.raises(EnvelopeError, match="no trusted key"):
        verify(envelope, [])


@pytest.mark.parametrize("part", ["payload", "sig"])
def test_any_exchanged_part_is_refused(part: str) -> None:
    document = json.loads(sign(b"payload", KEY))
    other = base64.b64encode(b"x" * 64).decode()
    if part == "payload":
        document["payload"] = other
    else:
        document["signatures"][0]["sig"] = other
    with pytest.raises(EnvelopeError, match="no trusted key"):
        verify(json.dumps(document).encode(), [KEY.public_key()])


def test_another_type_is_refused_even_when_signed() -> None:
    envelope = sign(b"payload", KEY, "text/plain")
    with pytest.raises(EnvelopeError, match="text/plain"):
        verify(envelope, [KEY.public_key()])


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b'{"payload": 1}', b"[" * 100_000])
def test_what_is_no_envelope_is_said(content: bytes) -> None:
    with pytest.raises(EnvelopeError, match="not a DSSE envelope"):
        verify(content, [KEY.public_key()])


@given(st.binary(max_size=200))
def test_any_bytes_are_survived_and_none_verifies(content: bytes) -> None:
    with pytest.raises(EnvelopeError):
        verify(content, [KEY.public_key()])


@given(st.binary(max_size=200))
def test_every_payload_round_trips(payload: bytes) -> None:
    assert verify(sign(payload, KEY), [KEY.public_key()]) == payload
