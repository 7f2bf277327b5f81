"""Signing keys: ed25519, in the PEM forms every other tool reads (RFC 8410)."""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from remit.app.errors import RemitError


def create(path: Path) -> Path:
    """Writes a new key pair: the private key to ``path`` (mode 0600), the public key to ``path`` with ``.pub`` added.

    Returns:
        The path of the public key.

    Raises:
        RemitError: one of the two files exists already, or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    public_path = path.with_name(path.name + ".pub")
    for target, content, mode in ((path, private, 0o600), (public_path, public, 0o644)):
        try:
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(content)
        except FileExistsError as error:
            raise RemitError(f"{target} exists already; a key is never overwritten") from error
        except OSError as error:
            raise RemitError(f"{target}: cannot be written: {error.strerror}") from error
    return public_path


def load_private(path: Path) -> Ed25519PrivateKey:
    """Reads a private key.

    Raises:
        RemitError: the file cannot be read, is encrypted, or holds something else.
    """
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RemitError(f"{path}: not an unencrypted private key in PEM form (make one: remit ship keygen)") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise RemitError(f"{path}: not an ed25519 key (make one: remit ship keygen)")
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """Reads a public key.

    Raises:
        RemitError: the file cannot be read or holds something else; a private key is refused too, so that none is
            handed around where a public one is meant.
    """
    try:
        key = serialization.load_pem_public_key(_read(path))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RemitError(f"{path}: not a public key in PEM form") from error
    if not isinstance(key, Ed25519PublicKey):
        raise RemitError(f"{path}: not an ed25519 public key")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """A short name for a key: the SHA-256 of its SubjectPublicKeyInfo, as hexadecimal text."""
    encoded = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RemitError(f"{path}: the key cannot be read: {error.strerror}") from error
