"""Is one role stronger than another, and what does one win who becomes it?"""

from collections.abc import Iterable

from remit.app.model import App, Grant, Role
from remit.app.noun import replace
from remit.iam.abilities import NAMED, abilities, listed
from remit.iam.policy import DENY
from remit.iam.wider import wider

#: Services whose rights win nothing: writing one's own log and trace, a network of one's own.
_IDLE = ("logs:", "xray:", "ec2:", "cloudwatch:putmetricdata")
#: Policies that let the platform fetch a function's events: SAM adds them by itself.
_POLLING = frozenset(f"managed:AWSLambda{source}ExecutionRole" for source in ("SQSQueue", "Kinesis", "DynamoDB", "MSK"))
#: Phrases that say what a role wins.
_TOLD = 3


def is_stronger(app: App, role: Role, than: Role) -> bool:
    """Whether a role grants anything that counts and that the other does not. What is not known about it counts as nothing."""
    if role.id == than.id:
        return False
    known = {_said(grant) for grant in than.grants}
    more = [
        grant for grant in role.grants if grant.effect != DENY and not _is_idle(grant) and _said(grant) not in known
    ]
    if not more:
        return False
    services = {_service(action) for grant in than.grants for action in grant.actions or ("*",)}
    mine = {_service(action) for grant in more for action in grant.actions}
    if "*" not in services and mine - services and not _denied(role):
        return True  # a service that the other has nothing of: no need to compare statement by statement
    return bool(wider([*more, *_denied(role)], than.grants, app))


def _service(action: str) -> str:
    """The service of an action; ``*`` where it may be any."""
    name = action.partition(":")[0].lower() if ":" in action else "*"
    return "*" if "*" in name or "?" in name else name


def _said(grant: Grant) -> tuple[str, str, str, str]:
    """What a statement says, wherever it stands."""
    what, where = f"{grant.actions}{grant.not_actions}", f"{grant.resources}{grant.not_resources}"
    return grant.effect, what, where, str(grant.conditions)


def _denied(role: Role) -> list[Grant]:
    return [grant for grant in role.grants if grant.effect == DENY]


def _is_idle(grant: Grant) -> bool:
    if grant.origin in _POLLING:
        return True
    return bool(grant.actions) and all(action.lower().startswith(_IDLE) for action in grant.actions)


def gain(app: App, role: Role, won: Iterable[Role]) -> str:
    """What a role wins by becoming others, as a noun: ``the rights of Admin: reads and writes Orders``."""
    others = list(won)
    names = [other.id for other in others]
    what = "the rights of " + (listed(names) if len(names) <= NAMED else f"{len(names)} roles")
    own = set(abilities(app, role))
    bare = [
        replace(other, grants=tuple(item for item in other.grants if item.origin not in _POLLING)) for other in others
    ]
    more = [phrase for other in bare[:NAMED] for phrase in abilities(app, other) if phrase not in own]
    return what + (f": {', '.join(list(dict.fromkeys(more))[:_TOLD])}" if more else "")


def trusts(role: Role, service: str) -> bool:
    """Whether a role lets a service use it; yes where its trust policy is not in the template."""
    if role.trust is None:
        # Not in the template, or made by SAM: for a function, or for a state machine or schedule.
        return not role.implied or bool(role.functions) == (service == "lambda.amazonaws.com")
    named = [value for grant in role.trust if grant.effect != DENY for value in grant.principals]
    return not named or any(not isinstance(value, str) or value in ("*", service) for value in named)
