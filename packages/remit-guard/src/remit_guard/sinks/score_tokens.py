"""A value in the words of an attacker's languages: decoded, cut into tokens, each token a word that matters or its kind.

Only for scoring, where no sink is visible. The tokens are those that SQL, shells, HTML, templates, paths and URLs have in
common; which words matter is data (``score_weights.txt``).
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

#: Of longer values the beginning and the end are read; how much of each, and how many tokens.
MAX_HEAD = 1536
MAX_TAIL = 512
MAX_TOKENS = 1024
#: How often a value is decoded.
_ROUNDS = 3
#: Long runs of blanks say no more than short ones, and are slow to look through.
_BLANKS = re.compile(r"\s{4,}")

_CODED = re.compile(
    r"%u([0-9a-f]{4})|((?:%[0-9a-f]{2})+)|\\u\{?([0-9a-f]{4})\}?|\\x([0-9a-f]{2})|0x(2e|2f|5c)(?![0-9a-f])"
    r"|&#x0{0,6}([0-9a-f]{1,5});?|&#0{0,6}(\d{1,6});?|&(lt|gt|amp|quot|apos|colon|lpar|rpar|sol|newline|tab|num|nbsp);?",
    re.IGNORECASE,
)
_NAMED = {
    "lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'", "colon": ":", "lpar": "(", "rpar": ")", "sol": "/",
    "newline": "\n", "tab": "\t", "num": "#", "nbsp": " ",
}  # fmt: skip
#: Bytes that decoders which do not refuse too long forms of UTF-8 take for a dot, a slash and a backslash.
_OVERLONG = (
    (b"\xfc\x80\x80\x80\x80\xaf", b"/"), (b"\xf8\x80\x80\x80\xae", b"."), (b"\xf8\x80\x80\x80\xaf", b"/"),
    (b"\xf0\x80\x80\xae", b"."), (b"\xf0\x80\x80\xaf", b"/"), (b"\xe0\x80\xae", b"."), (b"\xe0\x80\xaf", b"/"),
    (b"\xc0\xae", b"."), (b"\xc0\xaf", b"/"), (b"\xc1\x9c", b"\\"), (b"\xc0\x2e", b"."), (b"\xc0\x2f", b"/"),
    (b"\xc0\x5c", b"\\"), (b"\xc1\x1c", b"\\"), (b"\xc1\xaf", b"/"),
)  # fmt: skip
#: Characters whose low byte is a line break, and slashes that look like others.
_LIKE = {
    0x2018: "'",
    0x2019: "'",
    0x00B4: "'",
    0x02BC: "'",
    0x2032: "'",
    0x201C: '"',
    0x201D: '"',
    0x2013: "-",
    0x2014: "-",
}
_TRUNCATED = {
    0x560D: "\r",
    0x560A: "\n",
    0x2216: "\\",
    0x2215: "/",
    0x2044: "/",
    0x3002: ".",
    0xFF61: ".",
    0xEFC8: "\\",
    0xF025: "/",
}
_TOKEN = re.compile(
    r"""[^\W\d][\w$]*|0x[0-9a-f]*|\d+(?:\.\d+)*|[\r\n]+[^\S\r\n]*|\s+|\.{2,}[/\\]|\.[/\\]|://|/\*!?|\*/|--|\#\{|\$\{|\$\(|\$\w+
    |\{\{|\}\}|\{%|%\}|<%|%>|<\?|\?>|</|<!|<[a-z]\w*|\[\[|\]\]|&&|\|\||>>|<<|<=>|[<>!=]=|==|<>|\(\)|\)\(|''|@@|\\.|.""",
    re.VERBOSE | re.DOTALL,
)
#: Punctuation that is no token of its own in ordinary text.
_QUIET = frozenset(" \t\u00a0")


def decoded(value: str) -> "tuple[str, set[str]]":
    """A value out of its encodings, in lower case, and which kinds of encodings it had.

    Args:
        value: any text; of a long one only beginning and end are looked at.
    """
    text = value if len(value) <= MAX_HEAD + MAX_TAIL else f"{value[:MAX_HEAD]}\n{value[-MAX_TAIL:]}"
    how: set[str] = set()
    for count in range(_ROUNDS):
        before = text
        if "%" in text or "&" in text or "\\" in text or "0x" in text:
            text = _CODED.sub(lambda match: _plain(match, how), text)
        if text == before:
            break
        if count == 0 and "%" in value and "+" in value and " " not in value:
            text = text.replace("+", " ")
        if count:
            how.add("!coded-twice")
    if not text.isascii():
        if any(char in "\u560d\u560a\u2216\u2215\u2044" for char in text):
            text = text.translate(_TRUNCATED)
            how.add("!look-alike")
        from unicodedata import normalize

        folded = normalize("NFKC", text.translate(_LIKE))
        if folded != text and _ascii_of(folded) > _ascii_of(text):
            how.add("!full-width")
        text = folded
    return _BLANKS.sub(_shorter, text.lower()), how


def _shorter(match: "re.Match[str]") -> str:
    blanks = match[0]
    return blanks[:2] + ("\n" if "\n" in blanks or "\r" in blanks else blanks[2])


def _ascii_of(text: str) -> int:
    return sum(1 for char in text if char < "\x7f" and not char.isalnum() and char > " ")


def _plain(match: "re.Match[str]", how: "set[str]") -> str:
    wide, percent, uni, byte, digits, hexadecimal, decimal, name = match.groups()
    if percent:
        raw = bytes.fromhex(percent.replace("%", ""))
        if max(raw) > 0x7F:
            for long, short in _OVERLONG:
                if long in raw:
                    raw = raw.replace(long, short)
                    how.add("!overlong")
        if b"\0" in raw:
            how.add("!nul")
        how.add("!percent")
        return raw.decode("utf-8", "replace")
    if name:
        return _NAMED[name.lower()]
    if decimal:
        number = int(decimal)
    else:
        number = int(wide or uni or byte or digits or hexadecimal, 16)
    how.add("!percent-u" if wide else "!entity" if not (uni or byte or digits) else "!escape")
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def cut(text: str) -> "list[str]":
    """The tokens of a decoded text as they stand there, blanks included."""
    return _TOKEN.findall(text)


def tokens(text: str, words: "Container[str]") -> "list[str]":
    """The tokens of a decoded text; a word that is not one of ``words`` is ``w``, a number ``n``, foreign letters ``u``.

    Args:
        text: what ``decoded`` gave.
        words: the words that are kept as they are.
    """
    found = ["^"]
    last = "^"
    for token in _TOKEN.findall(text):
        first = token[0]
        if first.isalpha() or first == "_":
            kind = token if token in words else "w" if token.isascii() else "u"
        elif first.isdigit():
            kind = "h" if token[:2] == "0x" else token if token in words else "n"
        elif first.isspace():
            if first not in "\r\n":
                continue
            kind = "\\n"
        elif first == "<" and len(token) > 1 and token[1].isalpha():
            kind = token if token in words else "<w"
        elif first == "$" and len(token) > 1 and token not in ("${", "$("):
            kind = "$w"
        elif first == "." and len(token) > 1:
            kind = (
                "../"
                if token[-1] in "/\\" and len(token) > 2
                else "./"
                if len(token) == 2 and token[-1] in "/\\"
                else ".."
            )
        elif first < " " or first == "\x7f":
            kind = "ctl"
        elif not token.isascii():
            kind = "u"
        else:
            kind = token
        if kind == last and kind in ("w", "u", "../", "''", "\\n"):
            continue
        found.append(kind)
        last = kind
        if len(found) > MAX_TOKENS:
            break
    found.append("$")
    return found


def grams(found: "list[str]") -> "set[str]":
    """Tokens, pairs and triples of neighbours: what the weights are for."""
    features = set(found)
    pairs = [f"{one} {two}" for one, two in zip(found, found[1:], strict=False)]  # noqa: RUF007  (itertools would be one more import)
    features.update(pairs)
    features.update([f"{pair} {three}" for pair, three in zip(pairs, found[2:], strict=False)])
    return features
