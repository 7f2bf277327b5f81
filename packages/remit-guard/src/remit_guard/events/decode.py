"""Undoing the encodings values travel in. Each returns ``None`` where the text is not what it was taken for.

Written out rather than imported from ``urllib`` and ``base64``: those cost milliseconds in a cold start.
"""

import json
import re
from binascii import Error as Base64Error
from binascii import a2b_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PERCENT = re.compile(rb"%([0-9a-fA-F]{2})")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}\s*\Z")
_URL_SAFE = str.maketrans("-_", "+/")
_reader = json.JSONDecoder()
GZIP_MAGIC = b"\x1f\x8b"


def percent(text: str, *, plus: bool = True) -> str:
    """Percent-decodes as UTF-8 (bytes that are not become U+FFFD); ``plus`` also turns ``+`` into a blank."""
    if plus and "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    raw = _PERCENT.sub(lambda match: bytes((int(match[1], 16),)), text.encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "replace")


def percent_bytes(text: str) -> bytes:
    """Percent-decodes to bytes, every other character as Latin-1 or UTF-8; for binary data in a query string."""
    return _PERCENT.sub(lambda match: bytes((int(match[1], 16),)), text.encode("utf-8", "surrogatepass"))


def base64(text: str) -> "bytes | None":
    """Decodes base64 in the standard or the URL alphabet, padded or not; ``None`` when the text is not base64."""
    text = text.strip()
    if not _BASE64.match(text):
        return None
    body = text.rstrip("=").translate(_URL_SAFE)
    if len(body) % 4 == 1:
        return None
    try:
        return a2b_base64(body + "=" * (-len(body) % 4))
    except Base64Error:
        return None


def gunzip(data: bytes, limit: int) -> "bytes | None":
    """Inflates gzip data to at most ``limit`` bytes; ``None`` when it is damaged."""
    import zlib

    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit)
    except zlib.error:
        return None


def document(text: str) -> "Any":
    """The JSON object or list in a text, ``None`` when there is none.

    Raises:
        RecursionError: the document is nested deeper than the interpreter reads.
    """
    if text[:1] not in "{[ \t\r\n\ufeff" or not text:
        return None
    body = text.strip().lstrip("\ufeff")
    if body[:1] not in ("{", "[") or body[-1:] not in ("}", "]"):
        return None
    try:
        value, end = _reader.raw_decode(body)
    except ValueError:
        return None
    return value if end == len(body) else None


def form(text: str) -> "list[tuple[str, str]]":
    """The pairs of an urlencoded form, names and values decoded; empty when the text has no ``=``."""
    if "=" not in text or "\n" in text.strip():
        return []
    pairs = []
    for part in re.split("[&;]", text):
        name, equals, value = part.partition("=")
        if equals:
            pairs.append((percent(name), percent(value)))
    return pairs


def multipart(text: str) -> "list[tuple[str, str]]":
    """Name and content of each part of a multipart body, and the file names; empty when it is not one.

    The boundary is taken from the body's first line, as RFC 2046 has it, not from a header.
    """
    if not text.startswith("--"):
        return []
    boundary = text.split("\n", 1)[0].strip()
    pairs = []
    for part in text.split(boundary)[1:]:
        head, blank, content = part.lstrip("\r\n").replace("\r\n", "\n").partition("\n\n")
        if not blank or "content-disposition" not in head.lower():
            continue
        found = re.findall(r'(filename|name)\*?="((?:[^"\\]|\\.)*)"', head)
        name = next((value for key, value in found if key == "name"), "")
        pairs.append((name, content.removesuffix("\n")))
        pairs.extend((f"{name} filename", value) for key, value in found if key == "filename")
    return pairs


def token_parts(text: str) -> "list[Any]":
    """The JSON objects in the segments of a JWT (``eyJ...``), unverified: their sender chose them unless somebody checks."""
    parts = []
    for segment in text.rsplit(" ", 1)[-1].split(".")[:2]:
        raw = base64(segment) if segment.startswith("eyJ") else None
        inner = document(raw.decode("utf-8", "replace")) if raw else None
        if inner is not None:
            parts.append(inner)
    return parts
