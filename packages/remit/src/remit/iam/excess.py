"""Granted and not needed; needed and not granted."""

from collections.abc import Iterator
from functools import lru_cache

from remit.app.model import App, Function, Grant, Role
from remit.app.need import FunctionRemit, Need
from remit.app.noun import Struct, replace
from remit.app.value import Value
from remit.iam import catalog
from remit.iam.arns import long
from remit.iam.match import Answer
from remit.iam.platform import platform_needs
from remit.iam.policy import DENY, Decision, allows, applies, names

ACTION, RESOURCE = "action", "resource"


class Excess(Struct, frozen=True):
    """One thing a role is granted that a function does not need.

    Args:
        kind: ``action`` when the function never uses it, ``resource`` when it uses it on less than is granted.
        action: the action as granted, a pattern where the statement has one (``dynamodb:*``).
        grant: the statement.
        count: how many real actions of that pattern are not needed; 1 for a plain action.
        needed: for ``resource``: the ARNs that would do.
    """

    kind: str
    action: str
    grant: Grant
    count: int = 1
    needed: tuple[Value, ...] = ()


class Missing(Struct, frozen=True):
    """One need that the role does not cover for sure.

    Args:
        need: what the code does.
        decision: why not: a plain no, or a maybe.
    """

    need: Need
    decision: Decision


def excess(app: App, function: Function, remit: FunctionRemit) -> tuple[Excess, ...]:
    """What the function's role is granted and the function does not need, in the order of the statements.

    What the platform needs (logs, polling, tracing, network) is never excess. An action the function needs on a resource that
    could not be resolved is never excess either. When code was not read, or calls an operation nobody could name, no
    action is called unneeded: the answer would be a guess.

    Args:
        app: the app.
        function: the function.
        remit: its derived remit.
    """
    role = app.role_of(function)
    if role is None or _is_open(remit):
        return ()
    used = _used(app, function, remit)
    found: list[Excess] = []
    for grant in role.grants:
        if grant.effect != DENY:
            found.extend(_of_grant(app, grant, used))
    return tuple(found)


def _is_open(remit: FunctionRemit) -> bool:
    return any(
        item.verb == "code" or (item.verb == "calls" and not catalog.spelled(item.what)) for item in remit.unresolved
    )


#: Lower-cased action -> the ARNs it is needed on; ``None`` when one of them is not known, or it is the platform's.
Used = dict[str, "tuple[Value, ...] | None"]


def _used(app: App, function: Function, remit: FunctionRemit) -> Used:
    used: Used = {}
    for need in remit.of("calls"):
        before = used.get(str(need.what).lower(), ())
        used[str(need.what).lower()] = (*(before or ()), need.on)
    for item in remit.unresolved:
        if item.verb == "calls":
            used[item.what.lower()] = None
    for need in platform_needs(app, function, remit):
        used.setdefault(str(need.what).lower(), None)
    for action in tuple(used):
        for other in catalog.dependents(action):
            used.setdefault(other.lower(), None)
    return used


def _of_grant(app: App, grant: Grant, used: Used) -> Iterator[Excess]:
    patterns = grant.actions or ("*",)
    for pattern in dict.fromkeys(patterns):
        real = [action for action in catalog.expand(pattern) if names(grant, action)]
        wanted = [action for action in real if action.lower() in used]
        unneeded = len(real) - len(wanted)
        if unneeded:
            yield Excess(ACTION, pattern, grant, unneeded)
        for action in wanted:
            on = used[action.lower()]
            if on is not None and _is_wider(app, grant, on):
                yield Excess(
                    RESOURCE, action, grant, needed=tuple(item for item in on if _in(app, grant, action, item))
                )


def _in(app: App, grant: Grant, action: str, item: Value) -> bool:
    return applies(grant, action, item, app) is not Answer.NO


def _is_wider(app: App, grant: Grant, on: tuple[Value, ...]) -> bool:
    """Whether a resource of the statement holds a need and certainly more than all needs."""
    if "*" in on:
        return False  # the action has no resources: a statement cannot be narrower
    for resource in grant.resources:
        wide = replace(grant, resources=(resource,), actions=("*",), not_actions=(), not_resources=())
        held = [item for item in on if applies(wide, "any:Action", item, app) is Answer.YES]
        if held and not any(_holds(app, grant, item, resource) for item in held):
            return True
    return False


def _holds(app: App, grant: Grant, need: Value, resource: Value) -> bool:
    """Whether a need is as wide as the resource; any object of the needed bucket counts as that."""
    narrow = replace(grant, resources=(need,), actions=("*",), not_actions=(), not_resources=())
    if applies(narrow, "any:Action", resource, app) is Answer.YES:
        return True
    wide, item = str(long(app, resource)), str(long(app, need))
    return wide.endswith("/*") and ":s3:::" in wide and item.startswith(wide[:-1]) and wide.count("/") == 1


def missing(app: App, function: Function, remit: FunctionRemit) -> tuple[Missing, ...]:
    """What the function needs and its role does not allow for sure, in the order of the remit.

    A plain no only where the whole role is known; where a policy of it is opaque, a no becomes a maybe. A function whose
    role is not in the template has no entries: ask ``App.role_of``.

    Args:
        app: the app.
        function: the function.
        remit: its derived remit.
    """
    role = app.role_of(function)
    if role is None:
        return ()
    found = []
    for need in remit.of("calls"):
        decision = decide(app, role, need)
        if not decision.allowed:
            found.append(Missing(need, decision))
    return tuple(found)


def decide(app: App, role: Role, need: Need) -> Decision:
    """Whether a role allows a need: by its own statements, else by the policy of the resource that names the role."""
    decision = allows(role.grants, str(need.what), need.on, app)
    if decision.answer is Answer.NO and decision.grant is None and role.opaque:
        return Decision(Answer.MAYBE, None, f"the content of {role.opaque[0][0].partition(',')[0]} is not known here")
    if role.boundary is not None and decision.answer is not Answer.NO:
        within = allows(role.boundary, str(need.what), need.on, app)
        if within.answer < decision.answer:
            return Decision(
                within.answer, within.grant, "the role's permissions boundary does not allow it", "boundary"
            )
    return decision


def granted(role: Role) -> frozenset[str]:
    """Every real action a role is allowed on something, wildcards expanded; not what is denied everywhere."""
    allowed = _granted(tuple((grant.actions, grant.not_actions) for grant in role.grants if grant.effect != DENY))
    denied = [grant for grant in role.grants if grant.effect == DENY and _is_everywhere(grant)]
    return allowed - _granted(tuple((grant.actions, grant.not_actions) for grant in denied)) if denied else allowed


def _is_everywhere(grant: Grant) -> bool:
    """Whether a statement counts for every resource and every request."""
    return not grant.conditions and "*" in (grant.resources or ("*",)) and not grant.not_resources


@lru_cache(maxsize=256)
def _granted(statements: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> frozenset[str]:
    found: set[str] = set()
    for actions, excluded in statements:
        for pattern in actions or ("*",):
            without = {action for item in excluded for action in catalog.expand(item)}
            found |= set(catalog.expand(pattern)) - without
    return frozenset(found)
