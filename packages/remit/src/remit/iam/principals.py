"""Does the ``Principal`` of a resource policy speak of who asks, and how directly?

The directness matters: naming a role's session grants more than naming its role, and naming an account only lets that
account's own policies decide. Source: IAM user guide, "AWS JSON policy elements: Principal", "NotPrincipal",
"Policy evaluation for requests within a single account".
"""

from enum import IntEnum

from remit.app.model import Grant
from remit.app.value import Ref, Unknown, Value, join, options
from remit.iam.arns import ACCOUNT, PARTITION, long
from remit.iam.match import Answer
from remit.iam.policy import DENY
from remit.iam.request import ANONYMOUS, ROLE, ROOT, SESSION, STRANGERS, SYMBOLIC, Situation, role_arn
from remit.iam.variables import compare, subject


class Named(IntEnum):
    """How a statement names who asks."""

    ACCOUNT = 0
    EVERYONE = 1
    ROLE = 2
    SELF = 3


def speaks_to(grant: Grant, asked: Situation, *, bounded: bool) -> tuple[Answer, Named]:
    """Whether a statement of a resource policy is about who asks, and how it names them.

    A statement without principals is not about anybody.

    Args:
        grant: the statement.
        asked: the request.
        bounded: whether who asks has a permissions boundary: then ``NotPrincipal`` in a Deny spares nobody.
    """
    if grant.not_principals:
        if bounded and grant.effect == DENY:
            return Answer.YES, Named.EVERYONE
        listed = max((_names(value, asked)[0] for value in grant.not_principals), default=Answer.NO)
        return Answer(Answer.YES - listed), Named.EVERYONE
    best = (Answer.NO, Named.ACCOUNT)
    for value in grant.principals:
        best = max(best, _names(value, asked))
    return best


def _names(value: Value, asked: Situation) -> tuple[Answer, Named]:
    best = (Answer.NO, Named.ACCOUNT)
    for option in options(value):
        best = max(best, _one(option, asked))
    return best


def _one(value: Value, asked: Situation) -> tuple[Answer, Named]:
    who = asked.who
    if value == "*":
        return Answer.YES, Named.EVERYONE
    if who.kind == ANONYMOUS:
        return (Answer.MAYBE if isinstance(value, Unknown) else Answer.NO), Named.EVERYONE
    if isinstance(value, str) and isinstance(who.arn, str):
        return _literal(value, asked)
    if isinstance(value, str) and value.endswith(".amazonaws.com"):
        return Answer.NO, Named.SELF  # a service is none of the app's roles
    best = (_same(value, who.arn, asked), Named.ROLE if who.kind == SYMBOLIC else Named.SELF)
    if who.kind in STRANGERS:
        return best
    role = role_arn(who)
    if role:
        best = max(best, (_same(value, role, asked), Named.ROLE))
    for spelled in (who.account, _root(asked)):
        best = max(best, (_same(value, spelled, asked), Named.ACCOUNT))
    return best


def _literal(value: str, asked: Situation) -> tuple[Answer, Named]:
    who = asked.who
    if value == who.arn:
        direct = Named.ROLE if who.kind == ROLE else Named.SELF
        return Answer.YES, direct
    if who.kind in STRANGERS:
        return Answer.NO, Named.SELF
    if value in (who.account, _root(asked)):
        return Answer.YES, Named.SELF if who.kind == ROOT else Named.ACCOUNT
    if who.kind == SESSION and _is_role_of(value, asked):
        return Answer.YES, Named.ROLE
    if len(value) == 64 and ":" not in value:
        return Answer.MAYBE, Named.ACCOUNT  # a canonical user id: which account it stands for is not written anywhere
    return Answer.NO, Named.SELF


def _is_role_of(value: str, asked: Situation) -> bool:
    """Whether a role's ARN is that of the session; its path is not in the session's ARN, and role names are unique."""
    head, slash, rest = value.partition("role/")
    return bool(slash) and f"{head}{slash}{rest.rsplit('/', 1)[-1]}" == role_arn(asked.who)


def _root(asked: Situation) -> Value:
    account = asked.who.account
    if account == ACCOUNT:
        return join(["arn:", PARTITION, ":iam::", ACCOUNT, ":root"])
    return join([f"arn:{asked.who.partition}:iam::", account, ":root"])


def _same(value: Value, other: Value, asked: Situation) -> Answer:
    if isinstance(value, Unknown) or isinstance(other, Unknown):
        return Answer.MAYBE
    if isinstance(value, str) and isinstance(other, str):
        return Answer.YES if value == other else Answer.NO
    if isinstance(value, Ref) and value == other:
        return Answer.YES
    return compare(subject(long(asked.app, value), asked), subject(long(asked.app, other), asked))
