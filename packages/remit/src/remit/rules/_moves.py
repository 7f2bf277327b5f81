"""Which stronger parts of the app a role feeds: what an attacker who has taken a function over goes on to."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from remit.app.facts import Facts
from remit.app.model import Role

if TYPE_CHECKING:
    from remit.iam import Escalation

#: More ways than this are counted, not told.
_TOLD = 3


def fed(facts: Facts, role: Role) -> "tuple[Escalation, ...]":
    """The moves of a role to stronger parts of the app that hang on no condition, worked out once for each role."""
    from remit import iam

    known = cast("dict[str, tuple[Escalation, ...]]", facts.memo.setdefault("moves", {}))
    if role.id not in known:
        known[role.id] = tuple(way for way in iam.moves(facts.app, role, facts.edges) if way.sure)
    return known[role.id]


def with_moves(reach: tuple[str, ...], ways: "Iterable[Escalation]") -> tuple[str, ...]:
    """What a role reaches, with where that leads; what a way says already is not said twice."""
    phrases = list(dict.fromkeys(way.phrase for way in ways if way.targets))
    kept = [phrase for phrase in reach if not any(said.startswith(f"{phrase},") for said in phrases)]
    more = len(phrases) - _TOLD
    rest = (f"feeds {more} more stronger parts of the app",) if more > 0 else ()
    return (*kept, *phrases[:_TOLD], *rest)
