"""Headers of mail and HTTP: does an untrusted value stay inside its line, and one recipient?

A line break in a value begins a header of the sender's own, a blank line the body. A value put between an application's own
characters must not end the address it stands in.
"""

import re

from remit_guard.sinks.injection import Injection, expected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance

_BREAKS = re.compile("[\r\n\0]")
_LINES = re.compile("\r\n|\r|\n|\0")
_HEADER = re.compile(r"[!-9;-~]{1,76}:")
_END = re.compile(r"\r?\n\r?\n|\r\r|\Z")
_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
#: The least length of a part of a value that counts.
_MIN_PART = 10
#: Headers that hold addresses.
ADDRESSES = frozenset(("to", "cc", "bcc", "from", "reply-to", "sender", "resent-to", "resent-cc", "resent-bcc"))
#: Names of fields that are lists by what they say.
_LISTS = frozenset(("to", "cc", "bcc"))


def inspect(value: str, provenance: "Provenance", *, name: str = "") -> "Injection | None":
    """Decides whether untrusted values leave the header they were put into.

    Args:
        value: the header's value as the library gets it.
        provenance: the untrusted values of this invocation.
        name: the header's name: in one that holds addresses, a value must not add some.

    Returns:
        The injection, or ``None``.
    """
    if _BREAKS.search(value):
        for span in provenance.find(value, words=False):
            if span.part and span.end - span.start < _MIN_PART:
                continue
            lines = _lines(value[span.start : span.end])
            if lines > 1:
                return Injection(span.field, expected(lines, "line"))
    if name.lower() in ADDRESSES and ("," in value or ";" in value):
        return _recipients(value, provenance)
    return None


def inspect_message(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values added headers to a message that was put together as text, or began its body.

    A message that is one value as a whole is somebody's mail handed on.

    Args:
        text: headers, a blank line, a body.
        provenance: the untrusted values of this invocation.
    """
    first = _END.search(text)
    end = first.start() if first else len(text)
    if not _HEADER.match(text):
        return None
    for span in provenance.find(text, words=False):
        if span.start >= end or not span.start or (span.part and span.end - span.start < _MIN_PART):
            continue
        piece = text[span.start : span.end]
        if not _BREAKS.search(piece.rstrip("\r\n")):
            continue
        lines = [line for line in _LINES.split(piece)[1:] if not line or not line[0].isspace()]
        if any(not line or _HEADER.match(line) for line in lines):
            return Injection(span.field, expected(len(lines) + 1, "header line"))
    return None


def _lines(text: str) -> int:
    return len([line for line in _LINES.split(text.strip("\r\n")) if line.strip()])


def _recipients(value: str, provenance: "Provenance") -> "Injection | None":
    """A value with several addresses where one belongs; a field that is a list by its name may hold several."""
    for span in provenance.find(value, words=False):
        if span.part:
            continue
        piece = _QUOTED.sub("", value[span.start : span.end])
        count = len(_ADDRESS.findall(piece))
        last = re.split(r"[.→\]]", span.field.path)[-1].lower()
        alone = span.start == 0 and span.end == len(value)
        if not ("," in piece or ";" in piece) or not count or (count == 1 and alone):
            continue
        if alone and (last in _LISTS or last.endswith(("s", "list"))):
            continue
        if count > 1 or (value[span.end : span.end + 1] and not alone and "<" in value[span.start :] and "<" in piece):
            return Injection(span.field, expected(max(count, 2), "recipient"))
    return None
