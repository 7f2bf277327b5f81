"""Random numbers that can be foretold, where they become something nobody may guess."""

import re

from remit.app.flow import CHANCE
from remit.app.location import Location
from remit.flow.machine import Machine
from remit.flow.uses.look import Call, Name
from remit.flow.values import Val

#: A secret is made of a number that can be foretold: detail ``name`` is what the code calls it.
RANDOM = "random"
#: Names of what must not be guessed, as one or more words of a name.
_SECRET = re.compile(
    r"(?i)(^|_)(token|password|passwd|passphrase|secret|otp|one_time_(code|password)|pin|pin_code|api_key|session_id|session_key|csrf"
    r"|nonce|salt|(verification|verify|reset|auth|access|confirmation|activation|login|security|invite|recovery)_code|magic_link)(_|$)"
)
#: Tokens that are no secrets: they mark a page or make a call happen once.
_OTHER = re.compile(
    r"(?i)(next|page|pagination|continuation|client_?request|idempotency|client)_?token|token_?type|count|max_token"
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _tainted(machine: Machine, name: str, value: Val, at: Location) -> None:
    del at
    words = _WORDS.sub("_", name).replace("-", "_")
    if not _SECRET.search(words) or _OTHER.search(words):
        return
    for item in value.taints:
        place = item.origin.location
        if item.origin.kind == CHANCE and not any(key[:2] == (RANDOM, place) for key in machine.uses):
            machine.use(RANDOM, place, item.origin.path, name=name)


CALLS: dict[str, Call] = {}
NAMES: dict[str, Name] = {}
MENTIONS: dict[str, tuple[str, dict[str, str]]] = {}
ALWAYS: tuple[Call, ...] = ()
TAINTED: tuple[Name, ...] = (_tainted,)
__all__ = ["ALWAYS", "CALLS", "MENTIONS", "NAMES", "RANDOM", "TAINTED"]
