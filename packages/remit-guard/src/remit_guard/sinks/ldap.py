"""Directories: does an untrusted value stay one assertion value of a filter, one attribute value of a name?

Filters are read by RFC 4515 (in the tolerant manner of the client libraries), names by RFC 4514.
"""

import re

from remit_guard.sinks import tokens
from remit_guard.sinks.injection import Injection, expected
from remit_guard.sinks.tokens import BAD, MARK, STRING, WORD, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance

#: An attribute with its options and the operator behind it: ``cn=``, ``cn;lang-de~=``, ``uid:caseExactMatch:=``, ``:dn:2.4.6:=``.
_ITEM = re.compile(r"\s*([A-Za-z0-9_.;-]*)((?::[A-Za-z0-9_.-]+)*(?:[~<>:]?=))")
_VALUE = re.compile(r"[^()*\x00]+")
_LIST = re.compile(r"\s*[A-Za-z0-9_.;, -]*\Z")
#: One part of a name: type, equals sign, value; in a value a backslash escapes, quotes enclose (RFC 2253 and older).
_NAME = re.compile(
    r'(?P<quoted>"(?:[^"\\]++|\\.)*+")|(?P<escape>\\.)|(?P<mark>[,+;<>"\x00])|(?P<text>[^,+;<>"\\\x00]++|\\)'
)
#: How deep filters are looked into.
_MAX_DEPTH = 256


def inspect(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values changed a search filter.

    Args:
        text: the filter, as the library gets it.
        provenance: the untrusted values of this invocation.

    Returns:
        The injection, or ``None``.
    """
    return tokens.judge(text, provenance, FILTER)


def inspect_name(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values changed a distinguished name: more parts than the application wrote.

    A name that is one value as a whole chooses an entry and changes nothing.

    Args:
        text: the name, as the library gets it.
        provenance: the untrusted values of this invocation.
    """
    for span in provenance.find(text, words=False):
        piece = text[span.start : span.end].strip()
        if span.part or len(piece) == len(text.strip()) or (span.start and text[span.start - 1] == "\\"):
            continue
        marks = [
            match for match in _NAME.finditer(text)
            if match["mark"] and span.start <= match.start() < span.end
        ]  # fmt: skip
        if (
            not marks
            or marks[0].start() > span.end - 2
            or not re.match(r"[,+;]\s*[A-Za-z0-9.-]+\s*=", text[marks[0].start() :])
        ):
            continue
        if "=" in text[: span.start].rpartition(",")[2]:  # behind its own "cn=", and not a base that was put in whole
            return Injection(span.field, expected(len(marks) + 1, "part", 1))
    return None


def read(text: str) -> "list[Token]":
    """A filter in tokens; a text that is no filter ends with a ``BAD`` one."""
    found: list[Token] = []
    position, depth, size = 0, 0, len(text)
    while position < size:
        char = text[position]
        if char.isspace():
            position += 1
        elif char == "(":
            found.append((MARK, position, position + 1))
            depth += 1
            position = _opened(text, position + 1, found)
            if position < 0 or depth > _MAX_DEPTH:
                break
        elif char == ")" and depth:
            found.append((MARK, position, position + 1))
            depth -= 1
            position += 1
            if not depth and text[position:].strip():
                break
        elif not depth and not found:
            position = _item(text, position, found)
            if position < 0 or position < size:
                break
        else:
            break
    if position != size or depth:
        at = found[-1][2] if found else 0
        found.append((BAD, min(at, max(size - 1, 0)), size))
    return found


def _opened(text: str, position: int, found: "list[Token]") -> int:
    """What follows an opening bracket: an operator, or an item; the place behind it, -1 when it is neither."""
    while text[position : position + 1].isspace():
        position += 1
    if text[position : position + 1] in ("&", "|", "!"):
        found.append((MARK, position, position + 1))
        return position + 1
    return _item(text, position, found)


def _item(text: str, position: int, found: "list[Token]") -> int:
    match = _ITEM.match(text, position)
    if match is None or not (match[1] or match[2].startswith(":")):
        return -1
    if match[1]:
        found.append((WORD, *match.span(1)))
    found.append((MARK, *match.span(2)))
    position = match.end()
    while position < len(text) and text[position] not in "()":
        if text[position] in "*\0":
            found.append((MARK, position, position + 1))
            position += 1
            continue
        value = _VALUE.match(text, position)
        if value is None:
            return -1
        found.append((STRING, *value.span()))
        position = value.end()
    return position


FILTER = tokens.Language("filter", read, tokens.bare, _LIST)
