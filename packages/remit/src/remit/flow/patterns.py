"""Regular expressions as checks: which characters can a text have that matches, and which sinks care about them?"""

import re
import warnings
from functools import lru_cache
from typing import Any

from remit_guard.core import verdict

_ALL = frozenset(range(128))
#: The characters that change structure at each sink; a text without them is only ever one word of it.
_DANGEROUS = {
    verdict.SQL: " \t\r\n'\"`;()=*/\\<>|&#",
    verdict.PROCESS: " \t\r\n'\"`;()|&$<>*?[]{}!\\~#",
    verdict.PATH: "/\\\0",
    verdict.URL: ".:/@?#%\\",
    verdict.CODE: "().[]{}=\"'`;: \n",
    verdict.DESERIALIZE: "\n\0:{[(!",
    verdict.RESPONSE: "<>\"'&\r\n",
    verdict.LOG: "\r\n",
    verdict.CALL: " =<>()#:,/",
}
_CATEGORIES = {
    "CATEGORY_DIGIT": frozenset(map(ord, "0123456789")),
    "CATEGORY_SPACE": frozenset(map(ord, " \t\n\r\f\v")),
    "CATEGORY_WORD": frozenset(map(ord, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")),
}


@lru_cache(maxsize=256)
def harmless(pattern: str, how: str) -> frozenset[str]:
    """The sinks for which a text is harmless once it matched.

    Args:
        pattern: the regular expression.
        how: ``match``, ``fullmatch`` or ``search``: what of the text it speaks about.

    Returns:
        Names of sinks; none when the pattern leaves part of the text open or cannot be read.
    """
    if len(pattern) > 2000:
        return frozenset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern)
            parsed = list(re._parser.parse(pattern, compiled.flags & ~re.UNICODE))  # type: ignore[attr-defined]  # noqa: SLF001  (the only parser that agrees with re)
    except (re.error, RecursionError, OverflowError, ValueError):
        return frozenset()
    if not _whole(parsed, how):
        return frozenset()
    allowed = _characters(parsed, 0)
    if compiled.flags & re.IGNORECASE:
        allowed = allowed | frozenset(ord(chr(code).swapcase()) for code in allowed if chr(code).isalpha())
    return frozenset(
        sink for sink, characters in _DANGEROUS.items() if not any(ord(item) in allowed for item in characters)
    )


@lru_cache(maxsize=256)
def absent(pattern: str) -> frozenset[str]:
    r"""The sinks for which a text is harmless when ``search`` found nothing: the pattern is one class of characters.

    Args:
        pattern: the regular expression: ``[^a-z]``, ``[;&|]+``, ``\W``.

    Returns:
        Names of sinks; none when the pattern is anything else.
    """
    if len(pattern) > 2000:
        return frozenset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern)
            parsed = list(re._parser.parse(pattern, compiled.flags & ~re.UNICODE))  # type: ignore[attr-defined]  # noqa: SLF001
    except (re.error, RecursionError, OverflowError, ValueError):
        return frozenset()
    while len(parsed) == 1 and str(parsed[0][0]) in ("MAX_REPEAT", "MIN_REPEAT", "SUBPATTERN"):
        repeat = parsed[0][1]
        if str(parsed[0][0]) != "SUBPATTERN" and repeat[0] > 1:
            return frozenset()
        parsed = list(repeat[3] if str(parsed[0][0]) == "SUBPATTERN" else repeat[2])
    if len(parsed) != 1 or str(parsed[0][0]) not in ("IN", "NOT_LITERAL", "LITERAL"):
        return frozenset()
    negated = str(parsed[0][0]) == "NOT_LITERAL" or (
        str(parsed[0][0]) == "IN" and str(parsed[0][1][0][0]) in ("NEGATE", "CATEGORY")
    )
    allowed = _ALL - _characters(parsed, 0)
    if compiled.flags & re.IGNORECASE and negated:
        allowed = allowed | frozenset(ord(chr(code).swapcase()) for code in allowed if chr(code).isalpha())
    return frozenset(
        sink for sink, characters in _DANGEROUS.items() if not any(ord(item) in allowed for item in characters)
    )


def _whole(parsed: list[Any], how: str) -> bool:
    if how == "fullmatch":
        return True
    ends = bool(parsed) and _is_at(parsed[-1], ("AT_END", "AT_END_STRING"))
    starts = bool(parsed) and _is_at(parsed[0], ("AT_BEGINNING", "AT_BEGINNING_STRING"))
    return ends and (how == "match" or starts)


def _is_at(item: Any, names: tuple[str, ...]) -> bool:
    return str(item[0]) == "AT" and str(item[1]) in names


def _characters(parsed: Any, depth: int) -> frozenset[int]:
    if depth > 40:
        return _ALL
    found: set[int] = set()
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL":
            found.add(argument)
        elif name == "NOT_LITERAL":
            found |= _ALL - {argument}
        elif name == "ANY":
            found |= _ALL - {10}
        elif name == "IN":
            found |= _class(argument)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            found |= _characters(argument[2], depth + 1)
        elif name == "SUBPATTERN":
            found |= _characters(argument[3], depth + 1)
        elif name == "ATOMIC_GROUP":
            found |= _characters(argument, depth + 1)
        elif name == "BRANCH":
            for branch in argument[1]:
                found |= _characters(branch, depth + 1)
        elif name not in ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF"):
            return _ALL
    return frozenset(found)


def _class(items: Any) -> frozenset[int]:
    found: set[int] = set()
    negated = False
    for operation, argument in items:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.add(argument)
        elif name == "RANGE":
            found |= set(range(argument[0], min(argument[1], 127) + 1))
        elif name == "CATEGORY":
            category = str(argument)
            inner = _CATEGORIES.get(category.replace("_NOT_", "_"))
            if inner is None:
                return _ALL
            found |= _ALL - inner if "_NOT_" in category else inner
        else:
            return _ALL
    return _ALL - found if negated else frozenset(found)
