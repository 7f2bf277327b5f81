"""Signed tokens: read with or without looking at the signature, and the keys they are signed with."""

import re

from remit.app.flow import CHANCE, SECRET
from remit.flow.machine import Arguments, Machine
from remit.flow.taint import PARTED, Taints
from remit.flow.uses.look import Call, Name, is_false, option, said, texts
from remit.flow.values import Known, Val, literal

#: A token is read: detail ``verified`` is ``yes`` or ``no``; part ``token``.
TOKEN = "token"
#: A token is signed or verified: detail ``key`` is ``literal`` with its ``length``, ``algorithm`` may be ``none``.
TOKEN_KEY = "token-key"
_VERIFYING = re.compile(r"(?i)(verif|introspect|authenticat|validatetoken|validate_token|get_user$|getuser)")
_PUBLIC = ("-----BEGIN PUBLIC", "-----BEGIN CERTIFICATE", "-----BEGIN RSA PUBLIC", "http")


def _token(machine: Machine, given: Arguments, value: "Val | None", verified: str) -> None:
    taints = machine.taints(value, given.at) if value is not None else ()
    machine.use(TOKEN, given.at, given.text, {"token": _sent(taints)}, verified=verified)


def _sent(taints: Taints) -> Taints:
    return tuple(item for item in taints if item.origin.kind not in (SECRET, CHANCE))


def _key(machine: Machine, given: Arguments, key: "Val | None", algorithms: "list[str]", index: int) -> None:
    """The key of a signature: one that stands in the code is everybody's who has the code."""
    if any(name.lower() == "none" for name in algorithms):
        machine.use(TOKEN_KEY, given.at, given.text, algorithm="none")
        return
    if key is None:
        return
    # What the template sets is the matter of other rules; what stands behind it in the code is a key for everybody.
    template = {str(node.plain()) for node in machine.function.environment.values()}
    shared = not algorithms or any(name.upper().startswith("HS") for name in algorithms)
    found = [text for text in texts(key) if text and not text.startswith(_PUBLIC) and text not in template]
    if found and (shared or "PRIVATE KEY" in found[0]):
        machine.use(TOKEN_KEY, given.span(index, "key", "secret"), given.text, key="literal", length=str(len(found[0])))


def _decode(machine: Machine, given: Arguments) -> None:
    """``jwt.decode(token, key, algorithms, options)`` of PyJWT and python-jose."""
    options = given.get(3, "options")
    algorithms = texts(given.get(2, "algorithms"))
    off = is_false(option(options, "verify_signature")) or is_false(given.keywords.get("verify"))
    nothing = any(name.lower() == "none" for name in algorithms)
    _token(machine, given, given.get(0, "jwt", "token"), "no" if off else "yes")
    if not off or nothing:
        _key(machine, given, given.get(1, "key"), algorithms, 1)


def _unverified(machine: Machine, given: Arguments) -> None:
    _token(machine, given, given.get(0, "token"), "no")


def _verified(machine: Machine, given: Arguments) -> None:
    _token(machine, given, given.get(0, "token"), "yes")


def _encode(machine: Machine, given: Arguments) -> None:
    _key(machine, given, given.get(1, "key"), texts(given.get(2, "algorithm")), 1)


def _authlib(machine: Machine, given: Arguments) -> None:
    _verified(machine, given)
    _key(machine, given, given.get(1, "key"), [], 1)


def _sign_js(machine: Machine, given: Arguments) -> None:
    """``jsonwebtoken.sign(payload, secret, { algorithm })``."""
    _key(machine, given, given.get(1), texts(option(given.get(2), "algorithm")), 1)


def _verify_js(machine: Machine, given: Arguments) -> None:
    algorithms = texts(option(given.get(2), "algorithms"))
    key = given.get(1)
    empty = key is not None and key.atoms in ((Known(None),), (Known(""),))
    _token(machine, given, given.get(0), "no" if empty else "yes")
    _key(machine, given, key, algorithms, 1)


def _simple_js(machine: Machine, given: Arguments) -> None:
    """``jwt-simple``: ``decode(token, key, noVerify)``."""
    skip = given.get(2)
    _token(machine, given, given.get(0), "no" if skip is not None and literal(skip) is True else "yes")
    if skip is None or literal(skip) is not True:
        _key(machine, given, given.get(1), texts(given.get(3)), 1)


def _jwt_decode(machine: Machine, given: Arguments) -> None:
    """``jwt-decode``: for the header alone nothing is trusted."""
    header = option(given.get(1), "header")
    if header is None or literal(header) is not True:
        _unverified(machine, given)


def _always(machine: Machine, given: Arguments) -> None:
    """Something called ``verify`` is handed what was sent: a library nobody knows looks at the signature."""
    if "erif" not in given.text and "uthenticat" not in given.text and "ntrospect" not in given.text:
        return
    last = given.text.rpartition(".")[2]
    if _VERIFYING.search(last) and not last.startswith("un"):
        taints = tuple(item for value in given.every() for item in machine.taints(value, given.at))
        if _sent(taints) and not any(key[:2] == (TOKEN, given.at) for key in machine.uses):
            machine.use(TOKEN, given.at, given.text, {"token": _sent(taints)}, verified="yes")


def _by_hand(machine: Machine, given: Arguments) -> None:
    """``base64url`` of the middle of a token, parted at its dots."""
    value = given.get(0, "s", "data")
    taints = _sent(machine.taints(value, given.at)) if value is not None else ()
    if any(_TOKEN_FIELD.search(item.origin.path) and said(item.trace, PARTED) for item in taints):
        machine.use(TOKEN, given.at, given.text, {"token": taints}, verified="no")


_TOKEN_FIELD = re.compile(r"(?i)(authorization|token|jwt|cookie|bearer)")


CALLS: dict[str, Call] = {
    "jwt.decode": _decode,
    "jwt.decode_complete": _decode,
    "jwt.api_jwt.decode": _decode,
    "jose.jwt.decode": _decode,
    "jose.jws.verify": _verified,
    "jose.jwt.get_unverified_claims": _unverified,
    "jose.jws.get_unverified_claims": _unverified,
    "jwt.encode": _encode,
    "jwt.api_jwt.encode": _encode,
    "jose.jwt.encode": _encode,
    "jose.jws.sign": _encode,
    "authlib.jose.jwt.decode": _authlib,
    "cognitojwt.decode": _verified,
    "base64.b64decode": _by_hand,
    "base64.urlsafe_b64decode": _by_hand,
    "base64.decodebytes": _by_hand,
    "js:Buffer.from": _by_hand,
    "js:buffer.Buffer.from": _by_hand,
    "js:atob": _by_hand,
    "js:jsonwebtoken.decode": _unverified,
    "js:jsonwebtoken.verify": _verify_js,
    "js:jsonwebtoken.sign": _sign_js,
    "js:jwt-decode": _jwt_decode,
    "js:jwt-decode.jwtDecode": _jwt_decode,
    "js:jose.decodeJwt": _unverified,
    "js:jose.jwtVerify": _verified,
    "js:jwt-simple.decode": _simple_js,
    "js:jwt-simple.encode": _sign_js,
}
NAMES: dict[str, Name] = {}
MENTIONS: dict[str, tuple[str, dict[str, str]]] = {}
ALWAYS: tuple[Call, ...] = (_always,)
TAINTED: tuple[Name, ...] = ()
__all__ = ["ALWAYS", "CALLS", "MENTIONS", "NAMES", "TAINTED", "TOKEN", "TOKEN_KEY"]
