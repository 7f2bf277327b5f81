"""Resource policies that speak to everybody."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from remit.app.model import Grant
from remit.app.value import Choice, Value
from remit.read.strangers import keeps_out


def everyone(grant: Grant) -> bool:
    """Whether a statement of a resource policy allows something to everybody on the internet."""
    return (
        grant.effect == "Allow"
        and any(principal == "*" for principal in grant.principals)
        and not bound(grant.conditions)
    )


def bound(conditions: Value) -> bool:
    """Whether conditions keep every stranger out; what is written oddly counts as if it did."""
    if conditions is None or isinstance(conditions, Mapping | Choice):
        return keeps_out(conditions) or _by_way(conditions)
    return True


def _by_way(conditions: Value) -> bool:
    """Whether they ask for a way in that is a door of its own, with its own check: a function URL, a mount target."""
    blocks = conditions.values() if isinstance(conditions, Mapping) else ()
    keys = [key.lower() for block in blocks if isinstance(block, Mapping) for key in block]
    return any(key in ("lambda:functionurlauthtype", "elasticfilesystem:accessedviamounttarget") for key in keys)


def matches(grant: Grant, action: str) -> bool:
    """Whether a statement names an action, wildcards included; upper and lower case do not matter."""
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in grant.actions)
