"""Texts of policies as patterns: wildcards, and policy variables (``${aws:username}``) filled in from the request.

Source: IAM user guide, "IAM policy elements: Variables and tags". A variable whose key is absent and that has no default
makes the text match nothing (and its opposite, maybe); ``${*}``, ``${?}`` and ``${$}`` are the characters themselves.
Documents without ``Version`` "2012-10-17" have no variables (``Grant.variables``): there ``${`` is a text like any other.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from remit.app.value import Ref, Text, Unknown, Value
from remit.iam.arns import shape_of
from remit.iam.match import ANY_CHARACTER, SOFT, STAR, Answer, Token, covers, tokens
from remit.iam.request import Situation

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?")
#: Kind of the tokens for a ``*`` or ``?`` that is meant literally.
_CHAR = "char"


def pattern(value: Value, asked: Situation, *, wild: bool = True, variables: bool = True) -> tuple[Token, ...] | None:
    """A text of a policy as tokens.

    Args:
        value: one alternative, literal or symbolic.
        asked: the request that fills the variables in.
        wild: whether ``*`` and ``?`` are wildcards.
        variables: whether there are policy variables.

    Returns:
        The tokens; ``None`` when a variable has no value in this request.
    """
    found: list[Token] = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if not isinstance(part, str):
            found.extend(tokens(part, lambda ref: is_hard(ref, asked), subject=False))
            continue
        end = 0
        for variable in _VARIABLE.finditer(part) if variables else ():
            found.extend(_characters(part[end : variable.start()], wild=wild))
            filled = _filled(variable[1], asked)
            if filled is None:
                return None
            found.extend(filled)
            end = variable.end()
        found.extend(_characters(part[end:], wild=wild))
    return tuple(found)


def subject(value: Value, asked: Situation) -> tuple[Token, ...]:
    """A value of the request as tokens: nothing in it is a wildcard."""
    parts = value.parts if isinstance(value, Text) else (value,)
    found: list[Token] = []
    for part in parts:
        found.extend(
            _characters(part, wild=False)
            if isinstance(part, str)
            else tokens(part, lambda ref: is_hard(ref, asked), subject=False)
        )
    return tuple(found)


def is_hard(ref: Ref, asked: Situation) -> bool:
    """Whether a reference is to a resource of the app, whose generated name nothing else can spell."""
    if asked.app is None:
        return ref.attribute == "Arn"
    return ref.target in asked.app.resources or shape_of(asked.app, ref.target) is not None


def compare(wanted: tuple[Token, ...], given: tuple[Token, ...]) -> Answer:
    """Whether a pattern covers a text: exactly when both are literal, else by ``covers``."""
    if not (is_plain(given) and _is_literal(wanted)):
        return covers(wanted, given)
    return Answer.YES if _expression(wanted).fullmatch(plain(given)) else Answer.NO


def plain(given: tuple[Token, ...]) -> str:
    """The text that literal tokens spell."""
    return "".join(token if isinstance(token, str) else token[1] or token[0] for token in given)


def is_plain(given: tuple[Token, ...]) -> bool:
    """Whether there is neither a wildcard nor anything symbolic."""
    return all(isinstance(token, str) or token[0] == _CHAR for token in given)


def _is_literal(found: tuple[Token, ...]) -> bool:
    return all(isinstance(token, str) or token[0] in (_CHAR, "*", "?") for token in found)


def _characters(text: str, *, wild: bool) -> Iterator[Token]:
    for char in text:
        if char == "*":
            yield STAR if wild else (_CHAR, char)
        elif char == "?":
            yield ANY_CHARACTER if wild else (_CHAR, char)
        else:
            yield char


def _filled(name: str, asked: Situation) -> tuple[Token, ...] | None:
    if name in ("*", "?", "$"):
        return tuple(_characters(name, wild=False))
    parsed = _DEFAULT.fullmatch(name)
    if parsed is None:
        return None
    value = asked.get(parsed[1])
    if isinstance(value, tuple):
        value = value[0] if len(value) == 1 else None  # a key with several values cannot stand for one text
    if value is None:
        return None if parsed[2] is None else tuple(_characters(parsed[2], wild=False))
    if isinstance(value, Unknown):
        return ((SOFT, "?"),)
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    return subject(value, asked)


@lru_cache(maxsize=8192)
def _expression(wanted: tuple[Token, ...]) -> re.Pattern[str]:
    """The pattern as a regular expression.

    In the first five fields of an ARN a wildcard stays within its field, unless it ends it.
    Source: IAM user guide, "IAM JSON policy elements: Resource", on wildcards in ARN segments.
    """
    is_arn = wanted[:4] == ("a", "r", "n", ":")
    body: list[str] = []
    colons = 0
    for index, token in enumerate(wanted):
        confined = is_arn and colons < 5
        last = index + 1 == len(wanted) or wanted[index + 1] == ":"
        if token == STAR:
            if not (index and wanted[index - 1] == STAR):  # runs of stars cost time and mean the same
                body.append(".*" if last or not confined else "[^:]*")
        elif token == ANY_CHARACTER:
            body.append("[^:]" if confined else ".")
        else:
            colons += token == ":"
            body.append(re.escape(token if isinstance(token, str) else token[1]))
    return re.compile("".join(body), re.DOTALL)
