"""What goes out again: websites that an answer allows in, and personal data in logs."""

import re

from remit.app.flow import EVENT, FIELD
from remit.app.location import Location
from remit.flow.machine import Arguments, Machine
from remit.flow.taint import HIGH, PIECE, Taints
from remit.flow.uses.look import Call, Name, said
from remit.flow.values import Val, literal, text_of
from remit_guard.core.verdict import RESPONSE

#: An answer says which website may read it: part ``origin`` when the request says so itself.
CORS = "cors"
#: An answer may be read with the caller's cookies.
CREDENTIALS = "cors-credentials"
#: Something personal is written to a log: detail ``what``, part ``value``.
PERSONAL = "personal"
_ORIGIN = re.compile(r"(?i)headers.*\.origin$")


def _allowed(machine: Machine, name: str, value: Val, at: Location) -> None:
    del name
    taints = tuple(
        item for item in machine.taints(value, at)
        if item.origin.kind == FIELD and _ORIGIN.search(item.origin.path) and RESPONSE not in item.clean
    )  # fmt: skip
    if taints:
        machine.use(CORS, at, "", {"origin": taints})


def _credentials(machine: Machine, name: str, value: Val, at: Location) -> None:
    del name
    if literal(value) is True or str(literal(value)).lower() == "true":
        machine.use(CREDENTIALS, at, "")


def _header(machine: Machine, given: Arguments) -> None:
    """``response.setHeader(name, value)``."""
    if len(given.args) != 2 or not given.text.endswith(("eader", "et", "ppend")):
        return
    name = text_of(given.args[0])
    look = NAMES.get(name) if name else None
    if look is not None and name is not None:
        look(machine, name, given.args[1], given.span(1))


#: What the last words of a path say about a value, gravest first.
_WORDS = (
    ("password", re.compile(r"(?i)(^|[^a-z])(password|passwd|passphrase|pin_?code|otp)$|password$")),
    ("token", re.compile(
        r"(?i)(^|[^a-z])(authorization|cookie|access_?token|refresh_?token|id_?token|api_?key|x-api-key|client_?secret)$")),
    ("card data", re.compile(r"(?i)(card_?(number|no|num)|credit_?card|cvv|cvc2?|iban|account_?number|routing_?number)$")),
    ("identity number", re.compile(
        r"(?i)(^|[^a-z])(ssn|social_?security(_?number)?|passport(_?number|_?no)?|tax_?id|national_?id)$")),
    ("personal data", re.compile(
        r"(?i)(^|[^a-z])(e?mail|e?mail_?address|email|phone(_?number)?|mobile(_?number)?|birth_?(date|day)|date_?of_?birth|dob"
        r"|home_?address|street(_?address)?|diagnosis|medical_?\w+)$|[a-z](Email|Phone(Number)?|BirthDate|DateOfBirth)$")),
)  # fmt: skip


def logged(machine: Machine, taints: Taints, at: Location, call: str) -> None:
    """Taints go to a log, in whatever form."""
    for item in taints:
        if item.origin.kind not in (FIELD, EVENT) or item.confidence > HIGH or item.origin.claim:
            continue
        last = re.split(r"[→.\]\[]", item.origin.path)[-1]
        what = next((word for word, pattern in _WORDS if pattern.search(last)), "")
        if what and not said(item.trace, PIECE):
            machine.use(PERSONAL, at, call, {"value": (item,)}, what=what)


CALLS: dict[str, Call] = {}
NAMES: dict[str, Name] = {}
for _spelled in ("Access-Control-Allow-Origin", "access-control-allow-origin"):
    NAMES[_spelled] = _allowed
for _spelled in ("Access-Control-Allow-Credentials", "access-control-allow-credentials"):
    NAMES[_spelled] = _credentials
MENTIONS: dict[str, tuple[str, dict[str, str]]] = {}
ALWAYS: tuple[Call, ...] = (_header,)
TAINTED: tuple[Name, ...] = ()
__all__ = ["ALWAYS", "CALLS", "CORS", "CREDENTIALS", "MENTIONS", "NAMES", "PERSONAL", "TAINTED", "logged"]
