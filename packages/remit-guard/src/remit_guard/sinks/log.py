"""Log lines: does an untrusted value stay inside its line, and only text?

A line feed in a value begins a forged line; terminal escapes rewrite what a reader sees; both directions marks hide it.
"""

import re

from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance

_LINES = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
_ESCAPES = re.compile("[\x1b\x9b\x90\x9d\x08]|\x00")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")

#: The least length of a part from the middle of a value that counts.
_MIN_PART = 16


def inspect(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values forge log lines or rewrite the terminal.

    Args:
        text: one record as it will be written, without its own line end.
        provenance: the untrusted values of this invocation.

    Returns:
        The injection, or ``None``.
    """
    if not (_LINES.search(text) or _ESCAPES.search(text) or _DIRECTIONS.search(text)):
        return None
    for span in provenance.find(text, words=False):
        if span.part and span.at and span.end - span.start < _MIN_PART:
            continue
        inner = text[span.start : span.end].strip("\r\n")
        if _ESCAPES.search(inner):
            return Injection(span.field, "terminal control characters, plain text expected")
        lines = len([line for line in _LINES.split(inner) if line.strip()])
        if lines > 1:
            return Injection(span.field, f"{lines} lines, 1 expected")
        if _DIRECTIONS.search(inner):
            return Injection(span.field, "direction marks that hide text, plain text expected")
    return None
