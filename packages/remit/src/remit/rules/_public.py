"""Resource policies that speak to everybody."""

from fnmatch import fnmatchcase

from remit.app.model import Grant
from remit.app.value import Value

#: Condition keys that bind a request to one sender or place, so that ``Principal: "*"`` is not everybody.
_BINDING = (
    "aws:sourcearn", "aws:sourceaccount", "aws:principalorgid", "aws:principalarn", "aws:principalaccount",
    "aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:sourceowner", "aws:principalorgpaths",
    "aws:sourceorgid", "s3:dataaccesspointaccount", "lambda:functionurlauthtype", "aws:referer", "aws:userid",
    "kms:calleraccount", "elasticfilesystem:accessedviamounttarget", "aws:vpcsourceip", "sns:endpoint",
)  # fmt: skip


def everyone(grant: Grant) -> bool:
    """Whether a statement of a resource policy allows something to everybody on the internet."""
    return (
        grant.effect == "Allow"
        and any(principal == "*" for principal in grant.principals)
        and not bound(grant.conditions)
    )


def bound(conditions: Value) -> bool:
    """Whether conditions bind a request to one sender or place; what is written oddly counts as bound."""
    if not isinstance(conditions, dict):
        return bool(conditions)
    keys = [str(key).lower() for test in conditions.values() if isinstance(test, dict) for key in test]
    return any(key.startswith(_BINDING) for key in keys)


def matches(grant: Grant, action: str) -> bool:
    """Whether a statement names an action, wildcards included; upper and lower case do not matter."""
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in grant.actions)
