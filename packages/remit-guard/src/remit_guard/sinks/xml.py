"""XML: does an untrusted document name files, hosts or bombs, or only carry data?

The document type declaration is read as a parser reads it: which entities it declares, what they expand to, what lies outside.
Plain entities that expand to little are data (drawing programs write them), and so are the well-known declarations of HTML and
SVG, which no parser has to fetch.
"""

import re

from remit_guard.core.source import Field
from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance

#: Into how much the entities of a document may expand, in characters, and how many times its own length.
MAX_EXPANSION = 64 * 1024
MAX_FACTOR = 8
#: How much of a document is searched for its declaration; XML allows only blanks, comments and instructions before it.
MAX_PROLOG = 256 * 1024
_LIMIT = 1 << 40

_PROLOG = re.compile(r"\ufeff?(?:\s++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->)*+")
_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+(?P<name>[^\s\[>]+)\s*
    (?:(?P<how>SYSTEM|PUBLIC)\s*(?P<ids>(?:"[^"]*"|'[^']*')(?:\s*(?:"[^"]*"|'[^']*'))?))?\s*(?P<subset>\[)?""",
    re.VERBOSE,
)
_DECLARATION = re.compile(
    r"""(?P<skip>\s+|<!--(?:[^-]++|-(?!->))*+-->|<\?(?:[^?]++|\?(?!>))*+\?>|<!(?:ELEMENT|ATTLIST|NOTATION)(?:[^>"']++|"[^"]*"|'[^']*')*+>)
  | <!ENTITY\s+(?P<percent>%\s+)?(?P<name>[^\s"'>]+)\s+(?:(?P<outside>SYSTEM|PUBLIC)(?:[^>"']++|"[^"]*"|'[^']*')*+
      |(?P<value>"[^"]*"|'[^']*'))\s*>
  | (?P<reference>%[^\s;]+;)
  | (?P<end>\])""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"&([^\s&;#]{1,256});|%([^\s%;]{1,256});")
_CHARACTER = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));")
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_INCLUDES = re.compile(r"<(?:[\w.-]+:)?include\b[^<>]*\bhref\s*=")
_KNOWN = re.compile(r"""["']-//(?:W3C|OASIS|Apple Computer|Apple)//""")
_BUILT_IN = frozenset(("lt", "gt", "amp", "quot", "apos"))
_ENCODING = re.compile(rb"""<\?xml[^>]{0,80}\bencoding\s*=\s*["']([A-Za-z][\w.-]{0,30})["']""")


def inspect(
    data: "bytes | str", provenance: "Provenance", *, types: bool = True, includes: bool = True
) -> "Injection | None":
    """Decides whether a document from the input does more than carry data.

    Args:
        data: what is about to be parsed.
        provenance: the untrusted values of this invocation.
        types: whether the reader loads document types from outside; most do not unless told to, and then one is harmless.
        includes: whether the reader processes XInclude, too.

    Returns:
        The injection, or ``None``: also when the declarations did not come from the event.
    """
    if isinstance(data, bytes) and b"!DOCTYPE" not in data and _XINCLUDE.encode() not in data and _is_ascii_like(data):
        return None
    text = data if isinstance(data, str) else text_of(data)
    found = _declared(text, types=types)
    if found is None and includes and _XINCLUDE in text:
        match = _INCLUDES.search(text)
        if match is not None:
            found = match.start(), match.end(), "an inclusion of another document, plain markup expected"
    if found is None:
        return None
    field = _origin(data, text, found[0], found[1], provenance)
    return Injection(field, found[2]) if field is not None else None


def _is_ascii_like(data: bytes) -> bool:
    """Whether the document is in an encoding in which a declaration reads as in ASCII."""
    return data[:2] not in (b"\xff\xfe", b"\xfe\xff") and 0 not in data[:4] and not _ENCODING.match(data[:200])


def text_of(data: bytes) -> str:
    """The text of a document, by its byte order mark, its declaration, or as UTF-8."""
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace")
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return data.decode("utf-32", "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[:4] in (b"<\0\0\0", b"\0\0\0<"):
        return data.decode("utf-32-le" if data[:1] == b"<" else "utf-32-be", "replace")
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[:1] == b"<" else "utf-16-be", "replace")
    match = _ENCODING.match(data[:200])
    try:
        return data.decode(match[1].decode("ascii") if match else "utf-8", "replace")
    except (LookupError, UnicodeError):  # an encoding nobody knows: the parser refuses it, too
        return data.decode("latin-1")


def _origin(data: "bytes | str", text: str, start: int, end: int, provenance: "Provenance") -> "Field | None":
    """The field that a declaration came from, ``None`` for the application's own."""
    for span in provenance.find(text, words=False):
        if span.start < end and start < span.end and span.end - span.start >= min(16, end - start):
            return span.field
    return provenance.find_bytes(data) if isinstance(data, bytes) else None


def _declared(text: str, *, types: bool) -> "tuple[int, int, str] | None":
    """What a document type declaration does: its place and, in words, what is wrong with it."""
    prolog = _PROLOG.match(text)
    begin = prolog.end() if prolog else 0
    match = _DOCTYPE.match(text, begin)
    if match is None:
        if text.startswith("<!DOCTYPE", begin):
            return begin, begin + 9, "a document type that cannot be read"
        return None
    if match["subset"] is None:
        if types and match["how"] and not _KNOWN.search(match["ids"] or ""):
            return begin, match.end(), "a document type outside, plain markup expected"
        return None
    entities: dict[str, str] = {}
    position = match.end()
    while True:
        item = _DECLARATION.match(text, position)
        if item is None:
            return begin, min(len(text), position + 16), "declarations that cannot be read"
        position = item.end()
        if item["end"]:
            break
        if item["outside"]:
            kind = "a parameter entity" if item["percent"] else "an entity"
            return item.start(), item.end(), f"{kind} that names an outside document, plain markup expected"
        if item["reference"] or item["percent"]:
            return item.start(), item.end(), "a parameter entity, plain markup expected"
        if item["name"]:
            entities.setdefault(item["name"], item["value"][1:-1])
    if types and match["how"] and not _KNOWN.search(match["ids"] or ""):
        return begin, match.end(), "a document type outside, plain markup expected"
    size = _expanded(text, position, entities)
    if size < 0:
        return begin, position, "entities that hold each other, plain markup expected"
    if size > max(MAX_EXPANSION, MAX_FACTOR * len(text)):
        return begin, position, f"entities that expand to {size if size < _LIMIT else 'billions of'} characters"
    return None


def _expanded(text: str, position: int, entities: "dict[str, str]") -> int:
    """How many characters the references of a document add; -1 when they never end. Each entity is measured once."""
    values = {name: _CHARACTER.sub(_character, value) for name, value in entities.items()}
    references = {
        name: [match[1] or match[2] for match in _REFERENCE.finditer(value)] for name, value in values.items()
    }
    sizes: dict[str, int] = dict.fromkeys(_BUILT_IN, 1)
    busy: set[str] = set()
    for name in values:
        stack = [name]
        while stack:
            here = stack[-1]
            if here in sizes:
                stack.pop()
                continue
            waiting = [
                other for other in dict.fromkeys(references.get(here, ())) if other in values and other not in sizes
            ]
            if waiting:
                if here in busy:
                    return -1
                busy.add(here)
                if any(other in busy for other in waiting):
                    return -1
                stack.extend(waiting)
                continue
            total = len(values[here]) + sum(sizes.get(other, 0) for other in references[here])
            sizes[here] = min(total, _LIMIT)
            busy.discard(here)
            stack.pop()
    return min(sum(sizes.get(match[1] or "", 0) for match in _REFERENCE.finditer(text, position)), _LIMIT)


def _character(match: "re.Match[str]") -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return chr(number) if 0 < number < 0x110000 else " "
