"""What an application may have turned an untrusted value into before it used it.

Only decodings are listed: URL, base64, hex, HTML, backslash and JSON escapes, Unicode normalisation, in any order up to
a small depth. Escapings need no entry: an escaped value stays recognisable in its parts, and whether it is harmless the
sink's own lexer tells.
"""

import re
from binascii import a2b_base64

from remit_guard.events import decode

#: How many decodings deep, and how many variants of one value at most.
MAX_DEPTH = 3
MAX_VARIANTS = 12
#: Longer values are not decoded any further: a decoding of this size is work for the event reader.
MAX_DECODED = 256 * 1024
#: How many encoded-looking tokens inside one value are tried (``cart=gASV...``, ``Bearer eyJ...``).
MAX_TOKENS = 16

#: A value without any of these can only be base64 or hex.
_TRIGGER = re.compile(r"[%+\\&\x80-\U0010ffff]")
_PERCENT = re.compile("%[0-9a-fA-F]{2}")
_HEX = re.compile(r"(?:0x|\\x)?(?:[0-9a-fA-F]{2}){3,}\Z")
_BASE64 = re.compile(r"(?=[A-Za-z0-9+/_-]{7})(?=[^+/_=-]*[A-Z0-9+/])[A-Za-z0-9+/_-]+={0,2}\Z")
_PADDING = ("", "", "==", "=")
_HEX_DIGITS = "0123456789abcdefABCDEFxX"
_STANDARD = str.maketrans("-_", "+/")
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": "\0"}
#: Look-alikes that transliteration and legacy character sets turn into ASCII, beyond what NFKC does.
_FOLD = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u02bc": "'", "\u02b9": "'", "\u2032": "'",
        "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u02ba": '"', "\u2013": "-",
        "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2044": "/", "\u2215": "/", "\u2236": ":",
    }
)  # fmt: skip


def variants(value: str) -> "list[tuple[str, str]]":
    """The value itself (``verbatim``) and what it may have been decoded to: pairs of text and name, no text twice.

    Args:
        value: an untrusted text of any length.
    """
    found = [(value, "verbatim")]
    size = len(value)
    if size > MAX_DECODED:
        return found
    if not _TRIGGER.search(value) and (size < 6 or not (_BASE64.match(value) or _HEX.match(value))):
        return found
    seen = {value}
    todo = [(value, "", 0)]
    while todo and len(found) < MAX_VARIANTS:
        text, name, depth = todo.pop(0)
        for decoded, how in _decodings(text):
            if decoded and decoded not in seen and len(found) < MAX_VARIANTS:
                seen.add(decoded)
                chain = f"{name}+{how}" if name else how
                found.append((decoded, chain))
                if depth + 1 < MAX_DEPTH:
                    todo.append((decoded, chain, depth + 1))
    return found


def tokens(value: str) -> "list[str]":
    """The encoded-looking words inside a longer value: what an application cuts out and decodes.

    A cookie, a header or a line of text carries base64 or hex after a name and a delimiter; the whole value is then no
    base64, but the part is.

    Args:
        value: an untrusted text of any length; very long ones are not looked into.
    """
    if len(value) > MAX_DECODED:
        return []
    found = []
    for match in _TOKEN.finditer(value):
        if match[0] != value:
            found.append(match[0])
            if len(found) == MAX_TOKENS:
                break
    return found


def unescaped(text: str) -> str:
    """A text with backslash escapes undone, as JSON and most languages write them."""
    return _ESCAPE.sub(_unescaped, text)


def _decodings(text: str) -> "list[tuple[str, str]]":
    found = []
    if "%" in text and _PERCENT.search(text):
        found.append((decode.percent(text), "url"))
        if "+" in text:
            found.append((decode.percent(text, plus=False), "url"))
    elif "+" in text:
        found.append((text.replace("+", " "), "url"))
    if "\\" in text:
        found.append((_ESCAPE.sub(_unescaped, text), "escaped"))
        if ".." in text:
            found.append((text.replace("\\", "/"), "slashes"))
    if "&" in text and _ENTITY.search(text):
        found.append((_ENTITY.sub(_entity, text), "html"))
    if not text.isascii():
        found.append((_normalised(text), "unicode"))
        found.append((_bare(text), "unaccented"))
    elif len(text) >= 6:
        found.extend(binary(text))
    return found


def binary(text: str) -> "list[tuple[str, str]]":
    """What a text is when it is taken for hex or base64: pairs of text and name; empty when it is neither, or no text.

    Args:
        text: any text; most words happen to be valid base64, so this must refuse them fast.
    """
    found = []
    if _HEX.match(text) and not text.isdigit():
        plain = _readable(bytes.fromhex(text.removeprefix("0x").removeprefix("\\x")))
        if plain:
            found.append((plain, "hex"))
    if _BASE64.match(text):
        body = text.rstrip("=")
        if len(body) % 4 != 1:
            if "-" in body or "_" in body:
                body = body.translate(_STANDARD)
            plain = _readable(a2b_base64(body + _PADDING[len(body) % 4]))
            if plain:
                found.append((plain, "base64"))
    return found


def may_be_binary(text: str) -> bool:
    """Whether ``binary`` may find something, told faster; for words of the encodings' alphabet only.

    Args:
        text: characters of base64, and padding at its end.
    """
    body = text.rstrip("=")
    rest = len(body) % 4
    if rest != 1:
        if "-" in body or "_" in body:
            body = body.translate(_STANDARD)
        raw = a2b_base64(body + _PADDING[rest])
        if raw.isascii() or len(raw.decode("utf-8", "ignore").encode()) == len(raw):
            return True
    return not text.strip(_HEX_DIGITS)


def has_entity(text: str) -> bool:
    """Whether a text has HTML's way to write a character."""
    return _ENTITY.search(text) is not None


def _readable(raw: bytes) -> str:
    """The text in decoded bytes, ``""`` when they are no text."""
    text = raw.decode("utf-8", "ignore")
    if not raw.isascii() and len(text.encode()) != len(raw):  # cheaper than to catch an error for nearly every word
        return ""
    if text.isprintable():
        return text
    odd = sum(1 for char in text if char < " " and char not in "\t\r\n")
    return text if odd * 8 <= len(text) else ""


def _normalised(text: str) -> str:
    from unicodedata import normalize

    return normalize("NFKC", text.translate(_FOLD)).translate(_FOLD)


def _bare(text: str) -> str:
    """A text without its accents, and without what cannot be seen or written in ASCII."""
    from unicodedata import normalize

    return normalize("NFKD", text.translate(_FOLD)).encode("ascii", "ignore").decode("ascii")


def _entity(match: "re.Match[str]") -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else match[0]


def _unescaped(match: "re.Match[str]") -> str:
    four, two, one = match.groups()
    if one:
        return _SHORT.get(one, one)
    return chr(int(four or two, 16))
