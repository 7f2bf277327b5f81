"""Which action each verb of the sandbox gets, and what happens to attempts to undo the guard."""

from remit_guard.core.policy import OFF
from remit_guard.core.verdict import (
    BLOCK,
    FILE_OUTSIDE,
    GUARD_TAMPERING,
    HOST_OUTSIDE,
    PATH,
    PROCESS,
    PROCESS_OUTSIDE,
    URL,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.core.policy import Policy

#: Verbs that the sandbox keeps, with the rule and sink their mode is looked up by.
VERBS = (
    ("runs", PROCESS_OUTSIDE, PROCESS), ("reaches", HOST_OUTSIDE, URL), ("reads", FILE_OUTSIDE, PATH),
    ("writes", FILE_OUTSIDE, PATH),
)  # fmt: skip


def verbs(policy: "Policy") -> "dict[str, str]":
    """The action of each verb; ``off`` for all of them without a remit, which could say what is outside."""
    return {verb: policy.action(rule, verb, sink) if policy.remit else OFF for verb, rule, sink in VERBS}


def tampering(policy: "Policy") -> str:
    """What happens to attempts to undo the guard.

    Once a verb is enforced they are refused, for they would undo the verb; else they are told. ``modes`` go before.
    """
    asked = policy.remit.modes.get(GUARD_TAMPERING) if policy.remit else None
    if asked:
        return asked
    return BLOCK if BLOCK in verbs(policy).values() else policy.action(GUARD_TAMPERING)
