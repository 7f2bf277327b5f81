"""DSSE envelopes (https://github.com/secure-systems-lab/dsse, version 1.0.2): sign bytes with their type.

The signature covers the pre-authentication encoding, so that neither payload nor type can be exchanged alone.
"""

import base64
import binascii
import json
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from remit.ship.keys import key_id

IN_TOTO = "application/vnd.in-toto+json"
#: An envelope is small; a larger one is not read.
LARGEST = 16 * 1024 * 1024


class EnvelopeError(ValueError):
    """The envelope is malformed or no trusted key signed it; the text says which."""


def sign(payload: bytes, key: Ed25519PrivateKey, payload_type: str = IN_TOTO) -> bytes:
    """The envelope of a payload, signed with one key, as JSON bytes with a final newline."""
    signature = key.sign(encode(payload_type, payload))
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [{"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}],
    }
    return json.dumps(envelope, indent=1).encode() + b"\n"


def verify(envelope: bytes, keys: Iterable[Ed25519PublicKey], payload_type: str = IN_TOTO) -> bytes:
    """The payload, if one of the keys signed it.

    Args:
        envelope: JSON bytes as ``sign`` gives them.
        keys: trusted public keys; the key ids inside the envelope are hints and never trusted.
        payload_type: the only type accepted.

    Raises:
        EnvelopeError: malformed, another type, or no signature by a trusted key.
    """
    if len(envelope) > LARGEST:
        raise EnvelopeError(f"larger than {LARGEST} bytes")
    try:
        document = json.loads(envelope)
        payload = base64.b64decode(document["payload"], validate=True)
        found_type = document["payloadType"]
        signatures = [base64.b64decode(each["sig"], validate=True) for each in document["signatures"]]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise EnvelopeError("not a DSSE envelope") from error
    if found_type != payload_type:
        raise EnvelopeError(f"it holds {str(found_type)[:60]!r}, not {payload_type!r}")
    message = encode(payload_type, payload)
    for key in keys:
        for signature in signatures:
            try:
                key.verify(signature, message)
            except InvalidSignature:
                continue
            return payload
    raise EnvelopeError("no trusted key signed it")


def encode(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding that is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
