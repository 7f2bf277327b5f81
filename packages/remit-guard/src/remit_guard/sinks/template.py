"""Templates: does an untrusted value stay text, or become an instruction of the template's own language?

A value is harmless in a template until it opens one of the brackets of the engine that will read it, or stands inside one
without being one literal there.
"""

import re

from remit_guard.sinks import code
from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance

#: What opens an instruction, by engine; ``""`` for one that is not known: any of them.
_OPENS = {
    "jinja": re.compile(r"\{\{|\{%|\{#"),
    "django": re.compile(r"\{\{|\{%|\{#"),
    "mako": re.compile(r"\$\{|<%|^[ \t]*%(?!%)[ \t]*\w|^[ \t]*##", re.MULTILINE),
    "tornado": re.compile(r"\{\{|\{%|\{#"),
    "chameleon": re.compile(r"\$\{|\btal:|\bmetal:|<\?python"),
    "": re.compile(r"\{\{|\{%|\{#|\$\{|<%|#\{|#set|\[\[|\*\{|@\{|^[ \t]*%[ \t]*\w", re.MULTILINE),
}
_INSIDE = re.compile(r"\{\{|\{%|\$\{|<%|\}\}|%\}|\}|%>")
_CLOSES = {"{{": "}}", "{%": "%}", "${": "}", "<%": "%>"}
_NAME = re.compile(r"[\w.]+\Z")


def inspect(source: str, provenance: "Provenance", *, engine: str = "") -> "Injection | None":
    """Decides whether untrusted values became template code.

    Args:
        source: the template's text.
        provenance: the untrusted values of this invocation.
        engine: ``jinja``, ``django``, ``mako``, ``tornado`` or ``chameleon``.

    Returns:
        The injection, or ``None``.
    """
    opens = _OPENS.get(engine, _OPENS[""])
    if not opens.search(source):
        return None
    spans = provenance.find(source, words=False)
    if not spans:
        return None
    for span in spans:
        if opens.search(source[span.start : span.end]):
            return Injection(span.field, "a template expression, plain text expected")
    known: dict[int, list[code.Token]] = {}
    instructions = _instructions(source)
    for span in spans:
        at = _around(instructions, span.start)
        text = source[span.start : span.end]
        if at is None:
            if _joins(source, span.start, span.end, opens):
                return Injection(span.field, "half of a template bracket, plain text expected")
            continue
        begin, end = at
        if span.end > end and not span.part:
            return Injection(span.field, "the end of a template expression, a value expected")
        if span.part or _NAME.match(text.strip()):
            continue
        inner = source[begin:end]
        found = known.get(begin) or known.setdefault(begin, code._tokens(inner, code.PYTHON))  # noqa: SLF001
        shifted = type(span)(span.start - begin, span.end - begin, span.field, span.variant)
        if not code._is_contained(inner, found, [token[1] for token in found], shifted):  # noqa: SLF001
            return Injection(span.field, "code inside a template expression, a value expected")
    return None


def _instructions(source: str) -> "list[tuple[int, int]]":
    """Where the insides of instructions are, in order."""
    found = []
    begin, closing = -1, ""
    for match in _INSIDE.finditer(source):
        if begin < 0:
            if match[0] in _CLOSES:
                begin, closing = match.end(), _CLOSES[match[0]]
        elif match[0] == closing:
            found.append((begin, match.start()))
            begin = -1
    if begin >= 0:
        found.append((begin, len(source)))
    return found


def _around(instructions: "list[tuple[int, int]]", position: int) -> "tuple[int, int] | None":
    from bisect import bisect_right

    number = bisect_right(instructions, (position, 1 << 60)) - 1
    if number >= 0 and instructions[number][0] <= position < instructions[number][1]:
        return instructions[number]
    return None


def _joins(source: str, start: int, end: int, opens: "re.Pattern[str]") -> bool:
    """Whether a value makes a bracket together with the character beside it: ``{`` in front of the template's own."""
    if not source[start:end].strip("{%#$< \t"):
        return False  # equal to a bracket of the template's own
    for match in opens.finditer(source, max(start - 2, 0), min(end + 2, len(source))):
        if match.start() < start < match.end() or match.start() < end < match.end():
            return True
    return False
