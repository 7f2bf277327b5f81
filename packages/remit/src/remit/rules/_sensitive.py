"""Does a function do something that not everybody may cause? And does it ask who is calling by itself?"""

from remit.app.facts import Facts
from remit.app.model import Function
from remit.app.need import Need
from remit.rules._excess import changes
from remit.rules._grants import BOOKKEEPING, service

#: Words in code that checks a token or a signature itself.
_CHECKS = ("verify", "compare_digest", "jwt.decode", "authorize(", "authenticate(", "constructEvent", "construct_event")
_SECRET_READS = ("secretsmanager:getsecretvalue", "kms:decrypt")


def sensitive_call(facts: Facts, function: Function) -> Need | None:
    """The first call that changes something, invokes something or reads a secret; ``None`` when there is none."""
    remit = facts.remits.get(function.id)
    for need in remit.of("calls") if remit else ():
        action = str(need.what)
        if service(action) in BOOKKEEPING or not need.because:
            continue
        if action.lower() in _SECRET_READS or changes(action):
            return need
    return None


def verifies(facts: Facts, function: Function) -> bool:
    """Whether the function's code checks a signature or a token itself, as far as its words show."""
    analysis = facts.analyses.get(function.id)
    files = analysis.files if analysis else ()
    return any(word in facts.texts.get(file, "") for file in files for word in _CHECKS)
