"""Regular expressions of Terraform (RE2), run by an engine that can be made to run for ever: only what surely ends.

RE2 takes time in proportion to its text. Python's engine tries combinations, so a pattern is refused where repetitions
stand inside repetitions, or where their combinations on this text would be too many.
"""

import re
from collections.abc import Iterator
from math import factorial

from remit.app.value import Unknown

_MOST_STEPS = 1_000_000
_MAX_PATTERN = 500
#: Escapes and classes, which hold no repetition; a class that ends where the text that follows begins cannot be retried.
_NEUTRAL = re.compile(r"\\[pP]\{\w+\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]")
_UNTIL = re.compile(r"\[\^(.)\][*+]\??(?=\1|$|\\\1)")
_REPEAT = re.compile(r"[*+]|\{[0-9]+,[0-9]*\}")
_POSIX = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
    "[:word:]": r"\w",
    "[:punct:]": r"!-/:-@\[-`{-~",
    "[:xdigit:]": "0-9a-fA-F",
}


def compiled(pattern: str, text: str) -> re.Pattern[str] | Unknown:
    """A pattern that surely ends on a text; ``Unknown`` where that is not sure, or it is no pattern here."""
    if cost(pattern, text) > _MOST_STEPS:
        return Unknown("what a pattern finds that could run for ever here")
    for name, members in _POSIX.items():
        pattern = pattern.replace(name, members)
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return Unknown("what a pattern finds that is written for another engine")


def cost(pattern: str, text: str) -> int:
    """How many steps a pattern can take on a text at most, roughly."""
    bare = _NEUTRAL.sub("x", _UNTIL.sub("x", pattern))
    repeats = len(_REPEAT.findall(bare))
    if len(pattern) > _MAX_PATTERN or repeats > 12 or _nested(bare):
        return _MOST_STEPS + 1
    return int(pow(len(text) + 1, repeats + 1)) // factorial(repeats + 1)


def matched(pattern: str, text: str) -> Iterator[re.Match[str]] | Unknown:
    """Everything a pattern matches in a text."""
    found = compiled(pattern, text)
    return found if isinstance(found, Unknown) else found.finditer(text)


def _nested(bare: str) -> bool:
    """Whether a group that is repeated has a repetition or a choice in it."""
    stack: list[bool] = []
    for index, char in enumerate(bare):
        if char == "(":
            stack.append(False)
        elif char == ")":
            inner = stack.pop() if stack else False
            follows = bare[index + 1 : index + 2]
            if inner and follows and follows in "*+{":
                return True
            if stack and (inner or follows in "*+{?"):
                stack[-1] = stack[-1] or inner or bool(follows and follows in "*+{?")
        elif stack and char in "*+{?|" and not (char == "?" and bare[index - 1] == "("):
            stack[-1] = True
    return False
