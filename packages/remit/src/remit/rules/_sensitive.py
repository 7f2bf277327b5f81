"""Does a function do something that not everybody may cause? And does it ask who is calling by itself?"""

from remit.app.effect import SdkCall
from remit.app.facts import Facts
from remit.app.model import Function
from remit.rules._grants import looks_only

#: Words in code that checks a token or a signature itself.
_CHECKS = ("verify", "compare_digest", "jwt.decode", "authorize(", "authenticate(", "constructEvent", "construct_event")
_QUIET = ("logs", "cloudwatch", "xray")


def sensitive_call(facts: Facts, function: Function) -> SdkCall | None:
    """The first call that changes something, invokes something or reads a secret; ``None`` when there is none."""
    analysis = facts.analyses.get(function.id)
    for call in analysis.effects.calls if analysis else ():
        if call.service in _QUIET or not call.operation:
            continue
        if call.service == "secretsmanager" or not looks_only(f"{call.service}:{call.operation}"):
            return call
    return None


def verifies(facts: Facts, function: Function) -> bool:
    """Whether the function's code checks a signature or a token itself, as far as its words show."""
    analysis = facts.analyses.get(function.id)
    files = analysis.files if analysis else ()
    return any(word in facts.texts.get(file, "") for file in files for word in _CHECKS)
