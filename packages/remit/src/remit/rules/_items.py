"""Calls about single items: whose they are, and whether the function asks who is calling."""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import Origin
from remit.app.model import Function, Resource, Trigger
from remit.app.noun import Struct
from remit.rules._uses import Place, places, routes

#: Authorizers that say who is calling, by claims that the function gets; others may look at the path by themselves.
TELLING = ("jwt", "cognito")
_CALLER = re.compile(r"(?i)authorizer|claims|cognito|identity|get_current_user|current_user|getCurrentUser|jwt")
#: Names of who someone is.
PERSON = re.compile(
    r"(?i)^(pk)?(user|owner|customer|client|member|account|tenant|org|organi[sz]ation|author|seller|buyer|patient|employee)"
    r"[_-]?(id|name|sub|uuid)$|^(username|sub|user|owner|email|tenant|role|is_?admin|permissions)$"
)


class Item(Struct, frozen=True):
    """One call about an item: where, of which table, and the parts that the sender wrote, not an authorizer."""

    place: Place
    operation: str
    table: "Resource | None"
    parts: "dict[str, tuple[Origin, ...]]"

    @property
    def key(self) -> "dict[str, tuple[Origin, ...]]":
        """The attributes of the key."""
        return {name[4:]: origins for name, origins in self.parts.items() if name.startswith("Key.")}

    @property
    def attributes(self) -> "dict[str, tuple[Origin, ...]]":
        """The attributes of what is stored."""
        return {name[5:]: origins for name, origins in self.parts.items() if name.startswith("Item.")}


def items(facts: Facts) -> Iterator[Item]:
    """Every call about an item."""
    for place in places(facts, "item"):
        analysis = facts.analyses[place.function.id]
        call = next((call for call in analysis.effects.calls if call.location == place.use.location), None)
        table = facts.app.resource_of(call.parameters.get("TableName")) if call is not None else None
        yield Item(place, place.use.detail["operation"], table, dict(place.use.origins))


def guarded(facts: Facts, function: Function) -> "Trigger | None":
    """A route behind an authorizer that tells who is calling, when all routes of the function are."""
    found = routes(facts, function)
    if found and all(item.authorizer is not None and item.authorizer.kind in TELLING for item in found):
        return found[0]
    return None


def asks_who(facts: Facts, function: Function) -> bool:
    """Whether the function's code speaks of its caller anywhere."""
    files = facts.analyses[function.id].files
    return any(_CALLER.search(facts.texts.get(file, "")) for file in files)


def chosen(origins: "tuple[Origin, ...]") -> "Origin | None":
    """What the sender wrote, when no part of it is vouched for."""
    if not origins or any(origin.claim for origin in origins):
        return None
    return origins[0]


__all__ = ["PERSON", "Item", "asks_who", "chosen", "guarded", "items"]
