"""Does one set of statements grant anything that another does not? Conservative: what cannot be shown to be covered is wider.

Each Allow of the first is compared with the Allows of the second. An action on a resource is covered when one statement
of the second covers both and asks for nothing more: no condition, or one that the first has as well. A Deny of the second
that the first lacks also makes the first wider. A Deny of the first counts only where it takes a whole action on
a whole resource away; where it takes less, the first may be called wider than it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from remit.app.model import App, Grant
from remit.app.noun import Struct
from remit.app.value import Value
from remit.iam.catalog import expand
from remit.iam.match import Answer, glob
from remit.iam.policy import DENY, covered, names, symbolic


class Wider(Struct, frozen=True):
    """Something the first set grants and the second does not.

    Args:
        actions: the actions, real names where the pattern means any that are known; sorted.
        resource: the resource as written; ``None`` for a statement that says what it is not about.
        grant: the statement that grants it.
        why: for people.
        sure: whether it is certain; otherwise it depends on a condition or a value that is only known at deployment.
    """

    actions: tuple[str, ...]
    resource: Value
    grant: Grant
    why: str
    sure: bool


def wider(first: Iterable[Grant], second: Iterable[Grant], app: App | None = None) -> tuple[Wider, ...]:
    """What the first set of statements grants that the second does not.

    Args:
        first: identity policies, say the new ones.
        second: identity policies, say the old ones.
        app: where references are looked up.

    Returns:
        One entry for each statement and resource of the first that is not covered; empty when nothing is wider, for sure.
    """
    mine, theirs = tuple(first), tuple(second)
    allowed = [grant for grant in theirs if grant.effect != DENY]
    found: list[Wider] = []
    for grant in mine:
        if grant.effect == DENY:
            continue
        for resource in grant.resources or (None,):
            found.extend(_uncovered(grant, resource, mine, allowed, app))
    for grant in theirs:
        if grant.effect == DENY and not any(_denies_as_much(own, grant, app) for own in mine):
            found.extend(_undenied(grant, mine, app))
    return tuple(found)


def _uncovered(
    grant: Grant, resource: Value, mine: tuple[Grant, ...], allowed: list[Grant], app: App | None
) -> Iterator[Wider]:
    able = [(other, _reach(other, grant, resource, app)) for other in allowed]
    gone = [own for own in mine if own.effect == DENY and not own.conditions and resource is not None]
    gone = [own for own in gone if covered(own, _meaning(grant, resource), app) is Answer.YES]
    left = _beyond(grant, [other for other, answer in able if answer is Answer.YES] + gone)
    certain = _without(left, [other for other, answer in able if answer is Answer.MAYBE])
    if certain:
        yield Wider(tuple(sorted(certain)), resource, grant, _because(certain, allowed), sure=not grant.conditions)
    if left - certain:
        why = "the other allows it under a condition, or on a resource that is only known at deployment"
        yield Wider(tuple(sorted(left - certain)), resource, grant, why, sure=False)


def _because(actions: frozenset[str], allowed: list[Grant]) -> str:
    if _without(actions, allowed) != actions:
        return "the other allows it on other resources only"
    return "the other does not allow it on any resource"


def _beyond(grant: Grant, others: list[Grant]) -> frozenset[str]:
    """The actions of a statement that no other names: real names; a pattern that means no known action stays as it is."""
    if grant.not_actions:
        return _without(_meant(grant.not_actions, out_of=True), others)
    left = tuple(item for item in grant.actions if not any(_includes(other, item) for other in others))
    return _without(_meant(left), others)


def _without(actions: frozenset[str], others: list[Grant]) -> frozenset[str]:
    """Actions without those that any of the statements names."""
    for other in others:
        actions -= _meant(other.not_actions, out_of=True) if other.not_actions else _meant(other.actions)
    unknown = actions - _known()  # newer than the data: not among what patterns mean
    return actions.difference([action for action in unknown if any(_includes(other, action) for other in others)])


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(expand("*"))


@lru_cache(maxsize=1024)
def _meant(patterns: tuple[str, ...], *, out_of: bool = False) -> frozenset[str]:
    """What patterns of actions mean; or every known action except that."""
    named = frozenset(action for stated in patterns for action in expand(stated) or (stated,))
    return _known() - named if out_of else named


def _includes(grant: Grant, action: str) -> bool:
    """Whether a statement covers an action, or all that a pattern of actions means."""
    if "*" in action or "?" in action:
        # Characters of the pattern stand for themselves: a wildcard is covered by a wildcard, and by nothing else.
        return not grant.not_actions and any(glob(stated.lower(), action.lower()) for stated in grant.actions)
    return names(grant, action)


def _reach(other: Grant, grant: Grant, resource: Value, app: App | None) -> Answer:
    """Whether another statement covers a resource of a statement, under no further condition."""
    if grant.variables != other.variables and "${" in f"{grant.conditions}{other.conditions}":
        return Answer.MAYBE  # the same words, with and without policy variables
    if resource is None:
        answer = _outside_as_much(other, grant, app)
    else:
        answer = covered(other, _meaning(grant, resource), app)
    if other.conditions and not _as_strict(grant.conditions, other.conditions):
        return min(answer, Answer.MAYBE)
    return answer


def _meaning(grant: Grant, resource: Value) -> Value:
    """A resource of a statement as the other side is asked for it: what a policy variable stands for is not known."""
    return symbolic(resource) if grant.variables else resource


def _outside_as_much(other: Grant, grant: Grant, app: App | None) -> Answer:
    """For ``NotResource``: whether the other leaves out no more than the statement does."""
    if not grant.not_resources or not other.not_resources:
        return covered(other, "*", app) if not other.not_resources else Answer.MAYBE
    own = Grant("Allow", ("*",), grant.not_resources, grant.location, variables=grant.variables)
    return min(covered(own, _meaning(other, item), app) for item in other.not_resources)


def _as_strict(mine: Value, theirs: Value) -> bool:
    """Whether conditions are at least as strict as others: every test of theirs is there, with no value that they lack.

    Fewer values are stricter for a positive operator; for a negative one they must be the same.
    """
    if theirs is None:
        return True
    if not isinstance(mine, Mapping) or not isinstance(theirs, Mapping):
        return False
    own = {operator.lower(): block for operator, block in mine.items()}
    for operator, block in theirs.items():
        other = own.get(operator.lower())
        if not isinstance(block, Mapping) or not isinstance(other, Mapping):
            return False
        tests = {key.lower(): value for key, value in other.items()}
        for key, wanted in block.items():
            if not _within(operator.lower(), tests.get(key.lower()), wanted):
                return False
    return True


def _within(operator: str, mine: Value, theirs: Value) -> bool:
    own = mine if isinstance(mine, tuple) else (mine,)
    other = theirs if isinstance(theirs, tuple) else (theirs,)
    if mine is None:
        return False
    if "not" in operator or operator.startswith("null"):
        return all(value in own for value in other)
    return all(value in other for value in own)


def _denies_as_much(own: Grant, deny: Grant, app: App | None) -> bool:
    """Whether a Deny covers another: its actions, its resources, under no condition that the other lacks."""
    if own.effect != DENY or own.not_actions or own.not_resources or deny.not_actions or deny.not_resources:
        return own == deny
    if not (own.conditions is None or own.conditions == deny.conditions):
        return False
    whole = all(_includes(own, stated) for stated in deny.actions)
    return whole and all(covered(own, _meaning(deny, item), app) is Answer.YES for item in deny.resources)


def _undenied(deny: Grant, mine: tuple[Grant, ...], app: App | None) -> Iterator[Wider]:
    """What the first allows of that which a Deny of the second takes away."""
    for grant in mine:
        if grant.effect == DENY:
            continue
        actions = tuple(sorted(_beyond(grant, []) - _without(_beyond(grant, []), [deny])))
        if not actions:
            continue
        for resource in grant.resources or (None,):
            if resource is not None and covered(deny, _meaning(grant, resource), app) is Answer.NO:
                continue
            yield Wider(actions, resource, grant, "the other denies it, or some of it", sure=False)
