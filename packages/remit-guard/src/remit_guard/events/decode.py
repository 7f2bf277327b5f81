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
#: Takes control characters in strings, as an application may.
_reader = json.JSONDecoder(strict=False)
#: How many documents in a row are read at a time.
MAX_DOCUMENTS = 20_000
#: Members of one gzip file and the pieces it is fed in, tokens in one text, characters of the head of a multipart body's part.
MAX_MEMBERS = 4096
PIECE = 4096
MAX_TOKENS = 16
MAX_HEAD = 16 * 1024
MAX_BOUNDARY = 256
_NAME = re.compile(r'(filename|name)\*?=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))')
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{5,}")
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
    """Inflates gzip or zlib data to at most ``limit`` bytes; ``None`` when nothing of it can be read."""
    plain, whole = inflated(data, limit)
    return plain if plain or whole else None


def inflated(data: bytes, limit: int) -> "tuple[bytes, bool]":
    """Inflates gzip or zlib data, one member after the other, as applications do.

    It is fed in small pieces, so that what is left after a member is never copied as a whole.

    Args:
        data: the data.
        limit: how many bytes at most, more than 0.

    Returns:
        What there is up to a bound or a damage, and whether that is all.
    """
    import zlib

    found: list[bytes] = []
    at = members = 0
    reader = zlib.decompressobj(wbits=47)
    try:
        while at < len(data):
            piece = data[at : at + PIECE]
            plain = reader.decompress(piece, limit)
            found.append(plain)
            limit -= len(plain)
            at += len(piece) - len(reader.unused_data) - len(reader.unconsumed_tail)
            if reader.eof:
                members += 1
                if not data.startswith(GZIP_MAGIC, at):
                    return b"".join(found), True
                if members == MAX_MEMBERS:
                    break
                reader = zlib.decompressobj(wbits=47)
            if limit <= 0:
                break
    except zlib.error:
        pass
    return b"".join(found), False


def is_packed(data: bytes) -> bool:
    """Whether data begins as gzip or zlib data do (RFC 1952, RFC 1950)."""
    return data.startswith(GZIP_MAGIC) or (data[:1] == b"\x78" and len(data) > 2 and (data[0] << 8 | data[1]) % 31 == 0)


def document(text: str) -> "Any":
    """The JSON object or list in a text, or a list of several in a row; ``None`` when there is none.

    A JSON text that holds another document, in escapes, counts as one, too.

    Raises:
        RecursionError: the document is nested deeper than the interpreter reads.
    """
    if text[:1] not in '{[" \t\r\n\ufeff' or not text:
        return None
    body = text.strip().lstrip("\ufeff")
    opening = body[:1]
    if opening == '"':
        if body[-1:] != '"' or "\\" not in body:
            return None
    elif opening not in ("{", "[") or body[-1:] not in ("}", "]"):
        return None
    try:
        value, end = _reader.raw_decode(body)
        if end == len(body):
            return value
        return _row(body, value, end)
    except ValueError:
        return None


def _row(body: str, first: "Any", end: int) -> "list[Any] | None":
    """Documents one after the other, as streams and logs deliver them, with blanks or nothing between.

    After so many, the last of the list is the text of the rest.
    """
    found = [first]
    while end < len(body):
        while body[end] in " \t\r\n":  # the body ends with a bracket
            end += 1
        if body[end] not in "{[":
            return None
        if len(found) >= MAX_DOCUMENTS:
            found.append(body[end:])
            break
        value, end = _reader.raw_decode(body, end)
        found.append(value)
    return found


def form(text: str, limit: int) -> "tuple[list[tuple[str, str]], bool]":
    """The pairs of an urlencoded form, names and values decoded, and whether these are all; none when there is no ``=``.

    Args:
        text: the body.
        limit: how many parts at most.
    """
    if "=" not in text or "\n" in text.strip():
        return [], True
    pairs: list[tuple[str, str]] = []
    parts = re.split("[&;]", text, maxsplit=limit)
    for part in parts:
        name, equals, value = part.partition("=")
        if equals:
            pairs.append((percent(name), percent(value)))
    return pairs, len(parts) <= limit


def multipart(text: str, limit: int) -> "tuple[list[tuple[str, str]], bool]":
    """Name and content of each part of a multipart body, and the file names; and whether these are all.

    The boundary is taken from the body's first line, as RFC 2046 has it, not from a header.

    Args:
        text: the body.
        limit: how many parts at most.
    """
    boundary = text[:MAX_BOUNDARY].split("\n", 1)[0].strip()
    if len(boundary) < 3 or not boundary.startswith("--"):
        return [], True
    pairs: list[tuple[str, str]] = []
    parts = text.split(boundary, limit)
    for part in parts[1:]:
        head, blank, content = part[:MAX_HEAD].lstrip("\r\n").replace("\r\n", "\n").partition("\n\n")
        if not blank or "content-disposition" not in head.lower():
            continue
        if len(part) > MAX_HEAD:
            content = part.lstrip("\r\n").replace("\r\n", "\n").partition("\n\n")[2]
        found = [(key, quoted or bare) for key, quoted, bare in _NAME.findall(head)]
        name = next((value for key, value in found if key == "name"), "")
        pairs.append((name, content.removesuffix("\n")))
        pairs.extend((f"{name} filename", value) for key, value in found if key == "filename")
    return pairs, len(parts) <= limit


def token_parts(text: str) -> "list[Any]":
    """The JSON objects in the segments of JWTs (``eyJ...``), unverified: their sender chose them unless somebody checks."""
    parts = []
    for number, match in enumerate(_TOKEN.finditer(text)):
        if number == MAX_TOKENS:
            break
        raw = base64(match[0])
        inner = document(raw.decode("utf-8", "replace")) if raw else None
        if inner is not None:
            parts.append(inner)
    return parts
