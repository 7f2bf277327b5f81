"""What reading a signed token gives: claims, which are vouched for when the signature was looked at."""

from remit.app.flow import FIELD
from remit.app.noun import replace
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model, Run
from remit.flow.taint import Taint, onward
from remit.flow.uses.look import is_false, option
from remit.flow.values import Method, Val, literal, unknown


def _claims(machine: Machine, given: Arguments, *, verified: bool) -> Val:
    value = given.get(0, "jwt", "token", "s")
    taints = machine.taints(value, given.at) if value is not None else ()
    said = "its signature is verified" if verified else "its claims are read, nobody looks at its signature"
    told = tuple(
        Taint(
            replace(item.origin, claim=True) if verified and item.origin.kind == FIELD else item.origin,
            onward(item.trace, given.at, said), item.confidence, item.clean,
        )
        for item in taints
    )  # fmt: skip
    return unknown(f"{given.text}()", told)


def _read(*, verified: bool) -> Run:
    def run(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        return _claims(machine, given, verified=verified)

    return run


def _decode(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``jwt.decode`` of PyJWT and python-jose: verified unless told otherwise."""
    off = is_false(option(given.get(3, "options"), "verify_signature")) or is_false(given.keywords.get("verify"))
    return _claims(machine, given, verified=not off)


def _simple(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``jwt-simple``: the third argument turns verifying off."""
    skip = given.get(2)
    return _claims(machine, given, verified=skip is None or literal(skip) is not True)


_VERIFIED, _READ, _MADE = Model(run=_read(verified=True)), Model(run=_read(verified=False)), Model()
FUNCTIONS: dict[str, Model] = {
    "jwt.decode": Model(run=_decode),
    "jwt.api_jwt.decode": Model(run=_decode),
    "jwt.encode": _MADE,
    "jwt.api_jwt.encode": _MADE,
    "jwt.get_unverified_header": _READ,
    "jose.jwt.decode": Model(run=_decode),
    "jose.jwt.encode": _MADE,
    "jose.jwt.get_unverified_claims": _READ,
    "jose.jwt.get_unverified_header": _READ,
    "jose.jws.verify": _VERIFIED,
    "jose.jws.get_unverified_claims": _READ,
    "authlib.jose.jwt.decode": _VERIFIED,
    "cognitojwt.decode": _VERIFIED,
}
METHODS: dict[str, Model] = {}
JAVASCRIPT: dict[str, Model] = {
    "jsonwebtoken.decode": _READ,
    "jsonwebtoken.verify": _VERIFIED,
    "jsonwebtoken.sign": _MADE,
    "jwt-decode": _READ,
    "jwt-decode.jwtDecode": _READ,
    "jose.decodeJwt": _READ,
    "jose.decodeProtectedHeader": _READ,
    "jose.jwtVerify": _VERIFIED,
    "jwt-simple.decode": Model(run=_simple),
    "jwt-simple.encode": _MADE,
}
__all__ = ["FUNCTIONS", "JAVASCRIPT", "METHODS"]
