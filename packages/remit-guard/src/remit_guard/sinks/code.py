"""Code: does an untrusted value stay one literal of the source it is put into?

For ``eval``, ``exec`` and ``compile``, and for JavaScript handed to a database. A value is harmless inside one string or number.
"""

import re
from bisect import bisect_right

from remit_guard.sinks.injection import Injection, expected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance, Span

PYTHON = "python"
JAVASCRIPT = "javascript"

_COMMON = r"""
    (?P<number>(?:0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?)[jJn]?)
  | (?P<name>[^\W\d]\w*)
  | (?P<bad>['"`])
  | (?P<other>\S)
"""
_SHORT = r"""'(?:[^'\\\n]++|\\.)*+'|"(?:[^"\\\n]++|\\.)*+\""""
_LONG = r"'''(?:[^'\\]++|\\.|'(?!''))*+'''|\"\"\"(?:[^\"\\]++|\\.|\"(?!\"\"))*+\"\"\""
_PYTHON = rf"""\s+
  | (?P<string>(?:[bBuU]|[bB]?[rR]|[rR][bB]?)?(?:{_LONG}|{_SHORT}))
  | (?P<formatted>(?:[fFtT][rR]?|[rR][fFtT])(?:{_LONG}|{_SHORT}))
  | (?P<comment>\#[^\n]*)
  | {_COMMON}"""
_JAVASCRIPT = rf"""\s+
  | (?P<string>{_SHORT})
  | (?P<formatted>`(?:[^`\\]++|\\.)*+`)
  | (?P<comment>//[^\n]*|/\*(?:[^*]++|\*(?!/))*+\*/)
  | {_COMMON}"""
_SOURCES = {PYTHON: _PYTHON, JAVASCRIPT: _JAVASCRIPT}
_patterns: "dict[str, re.Pattern[str]]" = {}
_SAFE_NAMES = frozenset(("true", "false", "none", "null"))
#: Values as harmless as a number, which the code that libraries write for themselves holds everywhere.
_EMPTY = frozenset(("{}", "[]", "()"))
#: A value of so few characters that begins inside a name of the source is the end of that name: "ng," of "missing,".
_SHORTEST = 3

Token = tuple[str, int, int]


def inspect(source: str, provenance: "Provenance", *, language: str = PYTHON) -> "Injection | None":
    """Decides whether untrusted values became code.

    Args:
        source: what is about to be compiled.
        provenance: the untrusted values of this invocation.
        language: ``python`` or ``javascript``.

    Returns:
        The injection, or ``None``.
    """
    spans = provenance.find(source)
    if not spans:
        return None
    tokens = _tokens(source, language)
    starts = [token[1] for token in tokens]
    contained: list[Span] = []
    crossing: list[Span] = []
    for span in spans:
        (contained if _is_contained(source, tokens, starts, span) else crossing).append(span)
    for span in crossing:
        covered = _covered(tokens, starts, span.start, span.end)
        if _is_elsewhere(span, contained) or (span.part and _is_phrase(source, span, covered)):
            continue
        if source[span.start : span.end].strip("'\"` ") or (tokens and tokens[-1][0] == "bad"):
            return Injection(span.field, expected(max(len(covered), 2), "token"))
    return None


def _tokens(source: str, language: str) -> "list[Token]":
    pattern = _patterns.get(language)
    if pattern is None:
        pattern = _patterns[language] = re.compile(_SOURCES[language], re.VERBOSE | re.DOTALL)
    found: list[Token] = []
    position = 0
    while position < len(source):
        match = pattern.match(source, position)
        if match is None:
            position += 1
            continue
        if match.lastgroup == "bad":
            found.append(("bad", position, len(source)))
            break
        if match.lastgroup is not None:
            found.append((match.lastgroup, position, match.end()))
        position = match.end()
    return found


def _covered(tokens: "list[Token]", starts: "list[int]", start: int, end: int) -> "list[Token]":
    first = max(bisect_right(starts, start) - 1, 0)
    return [token for token in tokens[first : bisect_right(starts, end - 1)] if token[2] > start]


def _is_contained(source: str, tokens: "list[Token]", starts: "list[int]", span: "Span") -> bool:
    text = source[span.start : span.end]
    if text.strip() in _EMPTY:
        return True
    if len(text.strip()) <= _SHORTEST and _begins_inside_a_name(source, span.start):
        return True
    start = span.start + len(text) - len(text.lstrip())
    end = start + len(text.strip())
    covered = _covered(tokens, starts, start, end)
    if len(covered) != 1:
        return not covered or _is_signed_number(source, covered, start, end)
    kind, first, last = covered[0]
    if kind == "bad":
        return False
    if kind == "name":
        whole = (first, last) == (start, end) and not source[:start].strip() and not source[end:].strip()
        return not whole or source[first:last].lower() in _SAFE_NAMES
    if kind in ("number", "comment", "other"):
        return True
    if (first, last) == (start, end):
        return kind == "string"  # a whole literal: a value like any other
    opening, closing = _content(source, first, last)
    if start < opening or end > closing:
        return False
    if kind == "formatted" and ("{" in text or "}" in text or _inside_braces(source, opening, start)):
        return False
    return _ends_outside_escape(source, opening, end)


def _begins_inside_a_name(source: str, start: int) -> bool:
    return start > 0 and (source[start - 1] + source[start]).isidentifier()


def _is_signed_number(source: str, covered: "list[Token]", start: int, end: int) -> bool:
    return [token[0] for token in covered] == ["other", "number"] and source[start] in "+-" and covered[1][2] == end


def _content(source: str, first: int, last: int) -> "tuple[int, int]":
    opening = first
    while source[opening] not in "'\"`":
        opening += 1
    quotes = 3 if source[opening : opening + 3] in ("'''", '"""') and last - opening >= 6 else 1
    return opening + quotes, last - quotes


def _inside_braces(source: str, opening: int, start: int) -> bool:
    before = source[opening:start].replace("{{", "").replace("}}", "")
    return before.count("{") > before.count("}")


def _ends_outside_escape(source: str, opening: int, end: int) -> bool:
    slashes = 0
    while end - slashes - 1 >= opening and source[end - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 0


def _is_phrase(source: str, span: "Span", covered: "list[Token]") -> bool:
    """Whether a part of a value is too little to tell it from a phrase that sources share."""
    if covered[0][0] == "bad":
        return False
    inside = covered[0][0] in ("string", "formatted") and covered[0][1] < span.start
    return len(covered) < 4 or not (inside or 2 * (span.end - span.start) > len(source))


def _is_elsewhere(span: "Span", contained: "list[Span]") -> bool:
    for other in contained:
        if other.field is span.field and (
            (other.start < span.end and span.start < other.end)
            if not span.part
            else other.at <= span.at + 1 and span.at + span.end - span.start <= other.at + other.end - other.start + 1
        ):
            return True
    return False
