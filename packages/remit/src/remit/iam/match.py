"""Does a pattern of a policy cover a resource, when both may be only partly known? Yes, maybe, or no.

Texts are compared as sequences: characters, wildcards, and *atoms*. A reference to a resource without a given name
is a hard atom: its name is made at deployment, equal only to itself. Parameters and unknown parts are soft: they
may turn out to be any text, so they can never prove more than *maybe*, except against the same parameter or ``*``.
Pseudo parameters are words: unknown too, but without separators.
"""

import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache

from remit.app.value import Choice, Ref, Text, Unknown, Value


class Answer(IntEnum):
    """How sure a comparison is; compare with ``<``."""

    NO = 0
    MAYBE = 1
    YES = 2


Token = str | tuple[str, str]
HARD, SOFT, WORD = "hard", "soft", "word"
#: Wildcards as tokens, so that they cannot be mistaken for characters.
STAR: Token = ("*", "")
ANY_CHARACTER: Token = ("?", "")
#: Cells of one comparison; longer texts than this allows are not ARNs.
_LIMIT = 40_000


@lru_cache(maxsize=8192)
def _glob(pattern: str) -> Callable[[str], object]:
    body = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.compile(body, re.DOTALL).fullmatch


@lru_cache(maxsize=8192)
def glob(pattern: str, text: str) -> bool:
    """Whether a pattern with ``*`` and ``?`` matches a whole literal text, case and all."""
    if "**" in pattern:
        pattern = re.sub(r"\*+", "*", pattern)
    return bool(_glob(pattern)(text))


def tokens(value: Value, hard: Callable[[Ref], bool], *, subject: bool) -> tuple[Token, ...]:
    """A text as tokens.

    Args:
        value: literal or symbolic.
        hard: whether a reference is to a thing whose name nobody else can have.
        subject: whether this is what is asked for; there an unknown part means "any of these", while in a pattern
            it is one text that we do not know.
    """
    found: list[Token] = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if isinstance(part, str):
            found.extend(STAR if char == "*" else ANY_CHARACTER if char == "?" else char for char in part)
        elif isinstance(part, Ref):
            found.append((_kind(part, hard), str(part)))
        elif isinstance(part, Unknown | Choice):
            found.append(STAR if subject else (SOFT, "?"))
        else:
            found.append((SOFT, repr(part)))
    return tuple(found)


def _kind(ref: Ref, hard: Callable[[Ref], bool]) -> str:
    if ref.target.startswith("AWS::") and not ref.attribute:
        return SOFT if ref.target == "AWS::NoValue" else WORD
    return HARD if hard(ref) else SOFT


def covers(pattern: tuple[Token, ...], subject: tuple[Token, ...]) -> Answer:
    """Whether everything the subject may be is covered by the pattern.

    A wildcard in the *subject* means "any of these": only a wildcard of the pattern covers it for sure.
    """
    if pattern == (STAR,) or pattern == subject:
        return Answer.YES
    start, size = 0, min(len(pattern), len(subject))
    while start < size and _decided(pattern[start], subject[start], (HARD, WORD)):
        if pattern[start] != subject[start]:
            return Answer.NO
        start += 1
    pattern, subject = pattern[start:], subject[start:]
    if len(pattern) * len(subject) > _LIMIT:
        return Answer.MAYBE  # nobody writes such ARNs; refuse to spend quadratic time on them
    back, size = 0, min(len(pattern), len(subject))
    while back < size and _decided(pattern[~back], subject[~back], (HARD,)):
        if pattern[~back] != subject[~back]:
            return Answer.NO
        back += 1
    pattern, subject = pattern[: len(pattern) - back], subject[: len(subject) - back]
    row = [Answer.NO] * (len(subject) + 1)
    row[len(subject)] = Answer.YES
    for index in range(len(subject) - 1, -1, -1):
        row[index] = Answer.MAYBE if subject[index][0] in (SOFT, "*") and row[index + 1] else Answer.NO
    for token in reversed(pattern):
        row = _step(token, subject, row)
    return row[0]


def _decided(token: Token, item: Token, firm: tuple[str, ...]) -> bool:
    """Whether two tokens at the same end of pattern and subject can only meet each other: equal, or the answer is no.

    Most comparisons end here, without the table. Characters and names take in nothing but themselves; words (``firm`` at
    the front only) never take in one another, but at the back one may have taken in characters before.
    """
    if isinstance(token, str):
        return isinstance(item, str) or item[0] == HARD
    if isinstance(item, str):
        return token[0] == HARD
    return token[0] in firm and item[0] in firm


def _step(token: Token, subject: tuple[Token, ...], below: list[Answer]) -> list[Answer]:
    """One row of the comparison: ``below[j]`` is the answer for the rest of the pattern against ``subject[j:]``."""
    size = len(subject)
    row = [Answer.NO] * (size + 1)
    if token == STAR:
        row[size] = below[size]
    elif token[0] == SOFT:
        row[size] = min(below[size], Answer.MAYBE)
    for index in range(size - 1, -1, -1):
        item = subject[index]
        if token == STAR:
            row[index] = max(below[index], row[index + 1])
            continue
        best = below[index + 1] if _equal(token, item) else Answer.NO
        if best is not Answer.YES:
            best = max(best, min(_perhaps(token, item, index, row, below), Answer.MAYBE))
        row[index] = best
    return row


def _perhaps(token: Token, item: Token, index: int, row: list[Answer], below: list[Answer]) -> Answer:
    """What follows if one of the two is a text we do not know: it takes in the other, and perhaps more."""
    best = Answer.NO
    if token[0] == SOFT or item[0] in (SOFT, "*"):  # it may be empty, or any text
        best = max(best, below[index], row[index + 1])
    if token[0] == WORD and _in_word(item):
        best = max(best, below[index + 1], row[index + 1])
    if item[0] == WORD and _in_word(token):
        best = max(best, below[index + 1], below[index])
    if item == ANY_CHARACTER and isinstance(token, str):
        best = max(best, below[index + 1])
    return best


def _in_word(token: Token) -> bool:
    """Whether a region, an account or a partition may hold this: never an empty text, never a separator."""
    return token == ANY_CHARACTER or (isinstance(token, str) and (token.isalnum() or token == "-"))


def _equal(token: Token, item: Token) -> bool:
    if token == ANY_CHARACTER:
        return isinstance(item, str) or item == ANY_CHARACTER
    if item == STAR:
        return False
    return token == item
