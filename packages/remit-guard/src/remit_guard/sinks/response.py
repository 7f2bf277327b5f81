"""HTML answers: does an untrusted value stay text?

A value is harmless as text without a tag, and inside one quoted attribute that is no URL and no script. It is an injection
when it opens a tag or a comment, ends a quote, adds an attribute, or becomes script.
"""

import re

from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.provenance import Provenance, Span

_TAG = re.compile(
    r"""<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)
      | <(?P<raw>script|style|textarea|title|xmp|iframe|noscript)\b(?P<rawattrs>(?:[^>"']++|"[^"]*"|'[^']*'|["'])*+)>
      | </?[A-Za-z](?:[^>"']++|"[^"]*"|'[^']*'|["'])*+>
      | <[A-Za-z/!?](?:[^>]*)(?:>|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_ACTIVE_URL = re.compile(
    r"[\x00-\x20]*(?:j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|v\s*b\s*s\s*c\s*r\s*i\s*p\s*t|data)\s*:", re.IGNORECASE
)
#: What a part of a value must hold to count: pages share their other markup.
_SCRIPTED = re.compile(
    r"<(?:script|svg|img|iframe|object|embed|math|form|base|link|meta)\b|\bon\w+\s*=|javascript:", re.IGNORECASE
)
_URL_ATTRIBUTES = frozenset(
    ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "background", "poster", "ping")
)
_HTML = ("text/html", "application/xhtml+xml", "image/svg+xml")


def inspect(body: str, content_type: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values became markup or script of an answer.

    Args:
        body: the answer's body as text.
        content_type: its media type; where it is empty, a body that begins with a tag is taken for HTML, as browsers do.
        provenance: the untrusted values of this invocation.

    Returns:
        The injection, or ``None``; always ``None`` for answers that browsers do not render.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _HTML and (kind or not re.match(r"\s*<", body)):
        return None
    spans = provenance.find(body)
    if not spans:
        return None
    regions = list(_regions(body))
    for span in spans:
        if span.part and _escaped(span.field.value) in body:
            continue  # what the escaped text shares with the page's own markup
        structure = _judge(body, span, regions, provenance)
        if structure:
            return Injection(span.field, structure)
    return None


def _escaped(value: object) -> str:
    return (
        str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").partition('"')[0].partition("'")[0]
    )


def _regions(body: str) -> "list[tuple[str, int, int]]":
    """The tags of a document and the raw text inside script and the like, by position: name, start, end."""
    found: list[tuple[str, int, int]] = []
    position = 0
    lower = body.lower()
    while True:
        match = _TAG.search(body, position)
        if match is None:
            return found
        found.append(("tag", match.start(), match.end()))
        position = match.end()
        raw = (match["raw"] or "").lower()
        if raw:
            end = lower.find("</" + raw, position)
            end = len(body) if end < 0 else end
            found.append((raw, position, end))
            position = end


def _judge(body: str, span: "Span", regions: "list[tuple[str, int, int]]", provenance: "Provenance") -> str:
    text = body[span.start : span.end]
    for name, start, end in regions:
        if start >= span.end:
            break
        if end <= span.start:
            continue
        if name == "tag":
            if span.start <= start:
                return "" if span.part and not _SCRIPTED.search(text) else "a tag, text expected"
            if not _in_attribute(body, span, start, end):
                return (
                    ""
                    if text.isalnum() or span.part or not text.strip("\"' ")
                    else "an attribute or the end of a tag, a value expected"
                )
            if _is_active(body, span, start, end):
                return "a script in an attribute, a value expected"
        elif name in ("script", "style") and start <= span.start and not text.isalnum():
            if span.end > end:
                return "the end of a script, a value expected"
            if name == "script" and _is_script(body[start:end], span, start, provenance):
                return "code in a script, a value expected"
    return ""


def _in_attribute(body: str, span: "Span", start: int, end: int) -> bool:
    """Whether a span lies inside the value of one attribute of a tag."""
    for match in _ATTRIBUTE.finditer(body, start + 1, end):
        if match.start() <= span.start and match[2]:
            first, last = match.span(2)
            quoted = body[first] in "\"'"
            if first + quoted <= span.start and span.end <= last - quoted:
                return True
    return False


def _is_active(body: str, span: "Span", start: int, end: int) -> bool:
    for match in _ATTRIBUTE.finditer(body, start + 1, end):
        if match[2] and match.start(2) <= span.start < match.end(2):
            name, value = match[1].lower(), match[2].strip("\"'")
            if name.startswith("on"):
                return not body[span.start : span.end].isalnum() and "(" in body[span.start : span.end]
            fresh = span.start - match.start(2) <= 1
            return name in _URL_ATTRIBUTES and fresh and _ACTIVE_URL.match(value) is not None
    return False


def _is_script(script: str, span: "Span", start: int, provenance: "Provenance") -> bool:
    from remit_guard.sinks import code

    found = code.inspect(script, provenance, language=code.JAVASCRIPT)
    return found is not None and found.field is span.field and start <= span.start
