"""The policy engine: is an action on a resource allowed by these statements?

Identity policies as AWS evaluates them: an explicit Deny wins, then any Allow, else no. What depends on a condition or on
a value that is only known at deployment is answered *maybe*, never guessed.

Source of the rules: IAM user guide, "Policy evaluation logic" and "IAM JSON policy elements: Resource".
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from remit.app.model import App, Grant
from remit.app.noun import Struct
from remit.app.value import Ref, Text, Value, join, options
from remit.iam.arns import long, shape_of
from remit.iam.match import Answer, Token, covers, glob, tokens

DENY = "Deny"
_VARIABLE = re.compile(r"(\$\{[^{}]*\})")


class Decision(Struct, frozen=True):
    """The answer to "is it allowed".

    Args:
        answer: yes, maybe or no.
        grant: the statement that decided; ``None`` when nothing speaks of it (an implicit no).
        why: for people, why it is not a plain yes.
        policy: which set of policies decided, when there were several: ``identity``, ``resource``, ``boundary``, ``session``,
            ``scp 1``, ``rcp``.
    """

    answer: Answer
    grant: Grant | None = None
    why: str = ""
    policy: str = ""

    @property
    def allowed(self) -> bool:
        """Whether it is certainly allowed."""
        return self.answer is Answer.YES

    @property
    def word(self) -> str:
        """``yes``, ``maybe`` or ``no``."""
        return self.answer.name.lower()


def allows(grants: Iterable[Grant], action: str, resource: Value, app: App | None = None) -> Decision:
    """Decides one request by identity policies.

    Args:
        grants: the statements, in any order.
        action: one action, without wildcards.
        resource: the ARN, symbolic or literal; a ``*`` or unknown part in it asks for all of them; ``*`` alone asks
            for an action that has no resource.
        app: where references are looked up; without it a reference equals only itself.

    Returns:
        The decision, with the statement that made it.
    """
    best = Decision(Answer.NO, why="no statement allows it")
    denied: Decision | None = None
    for grant in grants:
        answer = applies(grant, action, resource, app)
        if answer is Answer.NO:
            continue
        if grant.effect == DENY:
            if answer is Answer.YES and not grant.conditions:
                return Decision(Answer.NO, grant, "a statement denies it")
            denied = Decision(Answer.MAYBE, grant, "a statement may deny it")
            continue
        if grant.conditions:
            answer = Answer.MAYBE
        if answer > best.answer:
            best = Decision(answer, grant, "" if answer is Answer.YES else _doubt(grant))
    return denied if denied and best.answer is not Answer.NO else best


def _doubt(grant: Grant) -> str:
    return "under a condition" if grant.conditions else "depends on a value that is only known at deployment"


def applies(grant: Grant, action: str, resource: Value, app: App | None = None) -> Answer:
    """Whether a statement speaks of an action on a resource, whatever its effect and conditions."""
    return covered(grant, resource, app) if names(grant, action) else Answer.NO


def covered(grant: Grant, resource: Value, app: App | None = None) -> Answer:
    """Whether the resource part of a statement covers a resource, all of it where it has wildcards; *no* if they are apart."""
    subjects = [_subject(option, app) for option in options(long(app, resource))]
    own, others = grant.resources, grant.not_resources
    if grant.variables:
        own, others = tuple(map(symbolic, own)), tuple(map(symbolic, others))
    if others:
        return min(_outside(others, subject, app) for subject in subjects)
    return min(_inside(own, subject, app) for subject in subjects)


def symbolic(value: Value) -> Value:
    """A text of a policy with its policy variables (``${aws:username}``) as parts of their own: known only per request."""
    if not isinstance(value, str | Text):
        return value
    parts = value.parts if isinstance(value, Text) else (value,)
    if not any(isinstance(part, str) and "${" in part for part in parts):
        return value
    found: list[Value] = []
    for part in parts:
        pieces = _VARIABLE.split(part) if isinstance(part, str) else [part]
        found += [Ref(piece) if isinstance(piece, str) and piece.startswith("${") else piece for piece in pieces]
    return join(found)


def names(grant: Grant, action: str) -> bool:
    """Whether the action part of a statement covers an action; upper and lower case do not matter."""
    if grant.not_actions:
        return not _any(grant.not_actions, action)
    return _any(grant.actions, action)


def _any(patterns: tuple[str, ...], action: str) -> bool:
    low = action.lower()
    listed = _by_service(patterns)
    own = listed.get(low.partition(":")[0], ())
    return any(glob(pattern, low) for pattern in (*own, *listed.get("", ())))


@lru_cache(maxsize=4096)
def _by_service(patterns: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Patterns of actions in lower case, by the service they are of; under ``""`` those that may be of several."""
    found: dict[str, list[str]] = {}
    for pattern in patterns:
        service, colon, _ = pattern.lower().partition(":")
        plain = colon and "*" not in service and "?" not in service
        found.setdefault(service if plain else "", []).append(pattern.lower())
    return {service: tuple(listed) for service, listed in found.items()}


def _inside(patterns: tuple[Value, ...], subject: tuple[Token, ...], app: App | None) -> Answer:
    best = Answer.NO
    for pattern in patterns:
        found = [covers(_pattern(option, app), subject) for option in options(long(app, pattern))]
        answer = found[0] if len(found) == 1 else _either(found)
        if answer is Answer.YES:
            return answer
        best = max(best, answer)
    return best


def _either(found: list[Answer]) -> Answer:
    """A ``Choice`` in a policy: one of the options will be there, we do not know which."""
    return min(found) if len(set(found)) == 1 else Answer.MAYBE


def _outside(patterns: tuple[Value, ...], subject: tuple[Token, ...], app: App | None) -> Answer:
    inside = _inside(patterns, subject, app)
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.MAYBE: Answer.MAYBE}[inside]


def _subject(value: Value, app: App | None) -> tuple[Token, ...]:
    return tokens(value, lambda ref: _is_hard(ref, app), subject=True)


def _pattern(value: Value, app: App | None) -> tuple[Token, ...]:
    first = value.parts[0] if isinstance(value, Text) else value
    found = tokens(value, lambda ref: _is_hard(ref, app), subject=False)
    if isinstance(first, str) and first.startswith("arn:"):
        return completed(found)
    return found


def completed(pattern: tuple[Token, ...]) -> tuple[Token, ...]:
    """An ARN with fewer than six fields has ``*`` in the missing ones, unless it ends with a colon."""
    missing = 5 - pattern.count(":")
    if missing <= 0 or pattern[-1] == ":":
        return pattern
    return pattern + (":", ("*", "")) * missing


def _is_hard(ref: Ref, app: App | None) -> bool:
    """Whether a reference is to a resource of the app, whose generated name nothing else in a policy can spell."""
    if app is None:
        return ref.attribute == "Arn"
    return ref.target in app.resources or shape_of(app, ref.target) is not None
