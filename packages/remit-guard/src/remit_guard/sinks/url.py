"""URLs: does an untrusted value decide whom the function talks to?

A value may fill a path, a query, or name a public host where the application lets it. It is an injection when it leads to an
address inside the network or to the platform's metadata, chooses another scheme than HTTP, or turns the application's own host
into a part of something else.
"""

import re

from remit_guard.sinks import addresses
from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from remit_guard.core.source import Field
    from remit_guard.sinks.provenance import Provenance, Span

    Own = Callable[[str, int], bool]

_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.-]*):")
_PLAIN_SCHEMES = frozenset(("http", "https", "ws", "wss"))
#: Characters that end an authority for one client or another.
_ENDS = re.compile(r"[/?#\\]")
_PIECES = re.compile(r"[^@#?\\\s&;,]+")
_PORT = re.compile(r":\d*\Z")
_WRITTEN_PORT = re.compile(r"\]?:(\d{1,5})(?!\d)")
#: What a host name is made of: next to it, a text is part of a longer name.
_IN_NAME = re.compile(r"[\w.-]")
_MIN_CUT = 3
#: How the rest of a host goes on that an application completes (``https://{tenant}.example.com/``).
_OWN_NAME = re.compile(r"\.?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?=[/:?#]|\Z)")
#: Written by the platform's front door, and in every request: equal to fixed hosts by nature.
_OWN_HOST = ("headers.host", "headers.Host", "multiValueHeaders.Host[0]", "multiValueHeaders.host[0]")


def inspect(url: str, provenance: "Provenance", own: "Own | None" = None) -> "Injection | None":
    """Decides whether untrusted values turn a request to somewhere the application did not mean.

    Args:
        url: a URL, or a host with or without a port.
        provenance: the untrusted values of this invocation.
        own: whether the application itself names a host and port (``0`` where the URL has none). A host inside that it
            does not name, and that stands in a value or is put together from values, is then taken for the input's; one
            that it does name may be in an event as well. Without it, only a host that is a value counts.

    Returns:
        The injection, or ``None``.
    """
    spans = [span for span in provenance.find(url) if span.field.path not in _OWN_HOST]
    if not spans and own is None:
        return None
    scheme, start = _scheme(url)
    end = start + _authority(url[start:])
    if scheme and scheme not in _PLAIN_SCHEMES:
        for span in spans:
            if span.start < start and span.end > len(url) - len(url.lstrip()):
                return Injection(span.field, f"the scheme {scheme}, http expected")
        return None
    reason, first, last = _why(url, start, end)
    for span in spans:
        if span.end <= start or span.start >= end + 1:
            continue
        if span.part and (span.start > start or span.end < end):
            continue
        more = span.start < first - 1 or span.end > end
        if (reason and span.start <= first and last <= span.end) and (
            own is None or more or not own(url[first:last], _port(url, last))
        ):
            return Injection(span.field, f"{reason}, a public host expected")
        rewritten = _rewritten(url, span, start, end)
        if rewritten:
            return Injection(span.field, rewritten)
    if reason and own is not None:
        field = _cut_out(url[first:last], provenance) or _put_together(url, first, last, spans, provenance)
        if field is not None and not own(url[first:last], _port(url, last)):
            return Injection(field, f"{reason}, a public host expected")
    return None


def _port(url: str, end: int) -> int:
    """The port written behind a host, 0 for none."""
    match = _WRITTEN_PORT.match(url, end)
    return int(match[1]) if match else 0


def _cut_out(host: str, provenance: "Provenance") -> "Field | None":
    """The field whose value a host stands in, between delimiters: ``ada@127.0.0.1``, one of a list, of another URL."""
    plain = host.strip("[]")
    name = "." not in plain and ":" not in plain and addresses.number(plain) is None and plain.lower() != "localhost"
    if len(plain) < _MIN_CUT:
        return None
    for field, value, at in provenance.holders(plain):
        before, after = value[:at], value[at + len(plain) :]
        if field.path in _OWN_HOST or _IN_NAME.match(before[-1:]) or _IN_NAME.match(after[:1]):
            continue
        if not name or before.endswith(("@", "//")):  # a word is in many values, and a host in few
            return field
    return None


def _put_together(url: str, first: int, last: int, spans: "list[Span]", provenance: "Provenance") -> "Field | None":
    """A field of an address that consists of values: ``{a}.{b}``."""
    if addresses.number(url[first:last]) is None:
        return None
    inner = [span for span in spans if not span.part and first <= span.start and span.end <= last]
    if not inner:
        return None
    texts: set[str] | None = None
    at = first
    while at < last:
        reach = max([span.end for span in inner if span.start <= at < span.end], default=at)
        if reach == at and url[at] != ".":
            reach = at + len(url[at:last].partition(".")[0])
            texts = texts or {str(field.value) for field in provenance.fields}
            if url[at:reach] not in texts:
                return None
        at = max(reach, at + 1)
    return inner[0].field


def _scheme(url: str) -> "tuple[str, int]":
    """The scheme, and where the authority starts; ``("", 0)`` for a bare host."""
    match = _SCHEME.match(url)
    if match is None:
        start = len(url) - len(url.lstrip("/\\ "))
        return "", start
    rest = url[match.end() :]
    if not rest.startswith(("/", "\\")) and (rest[:1].isdigit() or match[1].lower() == "localhost" or "." in match[1]):
        return "", 0
    slashes = len(rest) - len(rest.lstrip("/\\"))
    return match[1].lower(), match.end() + slashes


def _authority(text: str) -> int:
    """The length of the widest stretch some client could take for the authority: up to the first slash."""
    end = text.find("/")
    return len(text) if end < 0 else end


def _why(url: str, start: int, end: int) -> "tuple[str, int, int]":
    """Why one of the hosts that clients may read in an authority lies inside, and where that host is written."""
    authority = url[start:end]
    strict = _ENDS.split(authority, maxsplit=1)[0]
    user, _, host = strict.rpartition("@")
    host = _PORT.sub("", host)
    first = start + len(strict) - len(strict[len(user) :].removeprefix("@"))
    reason = addresses.why_inside(host) if host else ""
    if reason:
        return reason, first, first + len(host)
    for match in _PIECES.finditer(authority):
        piece = _PORT.sub("", match[0])
        reason = addresses.why_inside(piece, names=False) if piece and piece != host and ":" not in piece else ""
        if reason:
            return reason, start + match.start(), start + match.start() + len(piece)
    return "", 0, 0


def _rewritten(url: str, span: "Span", start: int, end: int) -> str:
    """What a value did to a host that the application began to write."""
    own = url[start : span.start]
    text = url[max(span.start, start) : span.end]
    inner = url[max(span.start, start) : min(span.end, end + 1)]
    if span.start <= start:
        if span.part or span.start < start or span.end >= len(url):
            return ""
        ends = "?" in text or "#" in text or text.endswith(("/", "\\"))
        return "a host that ends early" if ends and _OWN_NAME.match(url, span.end) else ""
    if not own or own.endswith((".", "-", "@")) or span.part:
        return "a host behind the application's own" if "@" in inner or "\\" in inner else ""
    if inner[:1] in ("/", "?", "#"):
        return ""
    if "@" in inner or "\\" in inner:
        return "a host behind the application's own"
    if ":" in own and own.rpartition(":")[2].isdigit():
        return ""
    if inner.startswith(":"):
        return "another port of the application's host"
    rest = url[span.end : end]
    if inner.startswith(".") and "." in own and not rest.strip("."):
        return "a host that only begins like the application's own"
    return ""
