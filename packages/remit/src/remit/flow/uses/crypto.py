"""Hashes of passwords that are too fast, keys that stand in the code, ciphers that hide little."""

import re
from collections.abc import Iterator

from remit.flow import ir
from remit.flow.machine import Arguments, Machine
from remit.flow.uses.look import Call, Name, texts

#: A password is hashed by a fast hash: detail ``how``.
HASH = "hash"
#: A cipher or signature: detail ``what`` is ``key``, ``iv`` or ``cipher``, ``how`` its name.
CIPHER = "cipher"
_PASSWORD = re.compile(r"(?i)(^|[^a-z])(pass(word|wd|phrase)?|pwd)([^a-z]|$)|password")
_OLD = re.compile(r"(?i)(^|-)(ecb|des|des3|3des|rc4|rc2|bf)(-|$)|^des")


def _words(node: object, depth: int = 0) -> Iterator[str]:
    """Names and keys that an expression mentions."""
    if depth > 5:
        return
    if isinstance(node, ir.Name):
        yield node.id
    elif isinstance(node, ir.Attr):
        yield node.name
        yield from _words(node.value, depth + 1)
    elif isinstance(node, ir.Index):
        if isinstance(node.key, ir.Const):
            yield str(node.key.value)
        yield from _words(node.value, depth + 1)
    elif isinstance(node, ir.Call):
        if isinstance(node.function, ir.Attr):
            yield from _words(node.function.value, depth + 1)
        for argument in node.arguments:
            yield from _words(argument, depth + 1)
    elif isinstance(node, ir.Binary):
        yield from _words(node.left, depth + 1)
        yield from _words(node.right, depth + 1)
    elif isinstance(node, ir.Concat):
        for part, _ in node.parts:
            yield from _words(part, depth + 1)


def _is_password(machine: Machine, given: Arguments, index: int) -> bool:
    value = given.get(index)
    node = given.node.arguments[index] if given.node is not None and index < len(given.node.arguments) else None
    paths = (
        [item.origin.path.rpartition("→")[2] for item in machine.taints(value, given.at)] if value is not None else []
    )
    return any(_PASSWORD.search(word) for word in (*_words(node), *paths))


def _hashed(how: str, index: int = 0) -> Call:
    def look(machine: Machine, given: Arguments) -> None:
        if len(given.args) > index and "createHmac" not in given.text and _is_password(machine, given, index):
            machine.use(HASH, given.at, given.text, how=how)

    return look


def _key(index: int, *names: str, what: str = "key") -> Call:
    """A literal where a key belongs."""

    def look(machine: Machine, given: Arguments) -> None:
        value = given.get(index, *names)
        template = {str(node.plain()) for node in machine.function.environment.values()}
        found = [text for text in texts(value) if text and text not in template]
        if found:
            machine.use(CIPHER, given.span(index, *names), given.text, what=what, how=given.text)

    return look


def _both(*looks: Call) -> Call:
    def look(machine: Machine, given: Arguments) -> None:
        for item in looks:
            item(machine, given)

    return look


def _named_cipher(machine: Machine, given: Arguments) -> None:
    """``crypto.createCipheriv("aes-128-ecb", ...)``."""
    for name in texts(given.get(0)):
        if _OLD.search(name):
            machine.use(CIPHER, given.span(0), given.text, what="cipher", how=name)


def _weak(machine: Machine, given: Arguments) -> None:
    machine.use(CIPHER, given.at, given.text, what="cipher", how=given.text)


_FAST = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
CALLS: dict[str, Call] = {
    "hash.update": _hashed("a fast hash"),
    "js.Hash.update": _hashed("a fast hash"),
    "hashlib.new": _hashed("a fast hash", 1),
    "js:md5": _hashed("md5"),
    "js:sha1": _hashed("sha1"),
    "js:blueimp-md5": _hashed("md5"),
    "hmac.new": _key(0, "key"),
    "hmac.digest": _key(0, "key"),
    "cryptography.fernet.Fernet": _key(0, "key"),
    "cryptography.hazmat.primitives.ciphers.algorithms.AES": _key(0, "key"),
    "cryptography.hazmat.primitives.ciphers.modes.CBC": _key(0, "initialization_vector", what="iv"),
    "cryptography.hazmat.primitives.ciphers.modes.GCM": _key(0, "initialization_vector", what="iv"),
    "cryptography.hazmat.primitives.ciphers.modes.ECB": _weak,
    "js:crypto.createHmac": _key(1),
    "js:crypto.createCipheriv": _both(_named_cipher, _key(1), _key(2, what="iv")),
    "js:crypto.createDecipheriv": _both(_named_cipher, _key(1)),
    "js:crypto.createCipher": _both(_weak, _key(1)),
    "js:crypto.createDecipher": _key(1),
    "js:crypto-js.AES.encrypt": _key(1),
    "js:crypto-js.AES.decrypt": _key(1),
    "js:crypto-js.DES.encrypt": _weak,
    "js:crypto-js.HmacSHA256": _key(1),
}
for _name in _FAST:
    CALLS[f"hashlib.{_name}"] = _hashed(_name)
for _name in ("MD5", "SHA1", "SHA256", "SHA512"):
    CALLS[f"js:crypto-js.{_name}"] = _hashed(_name.lower())
for _library in ("Crypto", "Cryptodome"):
    CALLS[f"{_library}.Cipher.AES.new"] = _both(_key(0, "key"), _key(2, "iv", "nonce", what="iv"))
    CALLS[f"{_library}.Cipher.DES.new"] = _weak
    CALLS[f"{_library}.Cipher.ARC4.new"] = _weak
NAMES: dict[str, Name] = {}
MENTIONS: dict[str, tuple[str, dict[str, str]]] = {
    f"{_library}.Cipher.AES.MODE_ECB": (CIPHER, {"what": "cipher", "how": "MODE_ECB"})
    for _library in ("Crypto", "Cryptodome")
}
ALWAYS: tuple[Call, ...] = ()
TAINTED: tuple[Name, ...] = ()
__all__ = ["ALWAYS", "CALLS", "CIPHER", "HASH", "MENTIONS", "NAMES", "TAINTED"]
