"""Functions on texts, digests and encodings."""

import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import md5, sha1, sha256, sha512
from urllib.parse import quote_plus

from remit.app.node import Node
from remit.app.value import Choice, Ref, Text, Unknown, Value, join
from remit.read.resolve import split as split_symbolic
from remit.read.terraform.calls import Context, listed, whole, word
from remit.read.terraform.known import MAX_TEXT, Wrong, number_text, text_of
from remit.read.terraform.patterns import compiled, matched

_VERB = re.compile(
    r"%(?P<flags>[-+# 0]*)(?P<width>[0-9]{0,4})(?:\.(?P<digits>[0-9]{0,3}))?"
    r"(?:\[(?P<which>[0-9]{1,3})\])?(?P<verb>[a-zA-Z%])"
)


def _upper(text: Value) -> Value:
    return word(text).upper()


def _lower(text: Value) -> Value:
    return word(text).lower()


def _title(text: Value) -> Value:
    return re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].upper(), word(text))


def _trim(text: Value, chars: Value) -> Value:
    return word(text).strip(word(chars)) if word(chars) else word(text)


def _trimprefix(text: Value, prefix: Value) -> Value:
    return word(text).removeprefix(word(prefix))


def _trimsuffix(text: Value, suffix: Value) -> Value:
    return word(text).removesuffix(word(suffix))


def _trimspace(text: Value) -> Value:
    return word(text).strip()


def _chomp(text: Value) -> Value:
    return word(text).rstrip("\r\n")


def _indent(count: Value, text: Value) -> Value:
    pad = min(max(whole(count), 0), 200) * " "
    return word(text).replace("\n", "\n" + pad)


def _strrev(text: Value) -> Value:
    return unicodedata.normalize("NFC", word(text))[::-1]


def _startswith(text: Value, prefix: Value) -> Value:
    return word(text).startswith(word(prefix))


def _endswith(text: Value, suffix: Value) -> Value:
    return word(text).endswith(word(suffix))


def _strcontains(text: Value, part: Value) -> Value:
    return word(part) in word(text)


def _substr(text: Value, offset: Value, length: Value) -> Value:
    whole_, start, count = word(text), whole(offset), whole(length)
    start = max(len(whole_) + start, 0) if start < 0 else start
    return whole_[start:] if count < 0 else whole_[start : start + count]


def _regex(pattern: Value, text: Value) -> Value:
    found = matched(word(pattern), word(text))
    if isinstance(found, Unknown):
        return found
    match = next(found, None)
    if match is None:
        raise Wrong("a text that its pattern does not match")
    return _groups(match)


def _regexall(pattern: Value, text: Value) -> Value:
    found = matched(word(pattern), word(text))
    return found if isinstance(found, Unknown) else tuple(_groups(match) for match in found)


def _groups(match: re.Match[str]) -> Value:
    if match.re.groupindex:
        return dict(match.groupdict())
    return match.groups() if match.re.groups else match[0]


def _replace(text: Value, part: Value, by: Value) -> Value:
    subject, old, new = word(text), word(part), word(by)
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        pattern = compiled(old[1:-1], subject)
        if isinstance(pattern, Unknown):
            return pattern
        group = re.compile(r"\$(?:\{(\w+)\}|(\w+)|(\$))")

        def filled(match: re.Match[str]) -> str:
            def one(hole: re.Match[str]) -> str:
                if hole[3]:
                    return "$"
                name = hole[1] or hole[2]
                key: int | str = int(name) if name.isdecimal() and len(name) < 4 else name
                try:
                    return match[key] or ""
                except (IndexError, KeyError):
                    return ""

            return group.sub(one, new)

        return pattern.sub(filled, subject)
    if old and subject.count(old) * len(new) > MAX_TEXT:
        raise Wrong("a text that is too long")
    if not old and (len(subject) + 1) * len(new) > MAX_TEXT:
        raise Wrong("a text that is too long")
    return subject.replace(old, new)


def _hash(make: Callable[[bytes], "object"], *, base64: bool = False) -> Callable[[Value], Value]:
    def digest(text: Value) -> Value:
        made = make(word(text).encode("utf-8", "replace"))
        return b64encode(made.digest()).decode() if base64 else made.hexdigest()  # type: ignore[attr-defined]

    return digest


def _base64encode(text: Value) -> Value:
    return b64encode(word(text).encode("utf-8", "replace")).decode()


def _base64decode(text: Value) -> Value:
    try:
        return b64decode(word(text), validate=True).decode()
    except ValueError:
        raise Wrong("a text that is not base64 of a text") from None


def _base64gzip(text: Value) -> Value:
    word(text)
    return Unknown("a text in base64, compressed")


def _urlencode(text: Value) -> Value:
    return quote_plus(word(text), safe="", errors="replace")


def _formatdate(_pattern: Value, _moment: Value) -> Value:
    return Unknown("a date")


TEXTS: dict[str, Callable[..., Value]] = {
    "upper": _upper,
    "lower": _lower,
    "title": _title,
    "trim": _trim,
    "trimprefix": _trimprefix,
    "trimsuffix": _trimsuffix,
    "trimspace": _trimspace,
    "chomp": _chomp,
    "indent": _indent,
    "strrev": _strrev,
    "startswith": _startswith,
    "endswith": _endswith,
    "strcontains": _strcontains,
    "substr": _substr,
    "regex": _regex,
    "regexall": _regexall,
    "replace": _replace,
    "md5": _hash(md5),
    "sha1": _hash(sha1),
    "sha256": _hash(sha256),
    "sha512": _hash(sha512),
    "base64sha256": _hash(sha256, base64=True),
    "base64sha512": _hash(sha512, base64=True),
    "base64encode": _base64encode,
    "base64decode": _base64decode,
    "base64gzip": _base64gzip,
    "urlencode": _urlencode,
    "formatdate": _formatdate,
}


# Functions that keep symbols


def _join(context: Context, delimiter: Node, *lists: Node) -> Value:
    between = word(context.evaluator.literal(delimiter))
    parts: list[Value] = []
    for node in lists:
        for item in listed(node):
            parts += [between, context.evaluator.word(item)] if parts else ["", context.evaluator.word(item)]
    return join(parts)


def _split(context: Context, delimiter: Node, text: Node) -> Value:
    between = word(context.evaluator.literal(delimiter))
    value: Value = context.evaluator.word(text)
    pieces = split_symbolic(between, value) if between or not isinstance(value, str) else list(value)
    if pieces is None:
        literal = context.evaluator.literal(text)
        pieces = split_symbolic(between, literal)
    return Unknown("the parts of a text that the deployment decides") if pieces is None else tuple(pieces)


def _format(context: Context, pattern: Node, *arguments: Node) -> Value:
    text = context.evaluator.literal(pattern)
    if not isinstance(text, str):
        return Unknown("a text whose pattern the deployment decides")
    return join(_formatted(context, text, arguments))


def _formatted(context: Context, text: str, arguments: tuple[Node, ...]) -> list[Value]:
    parts: list[Value] = []
    end = number = 0
    for found in _VERB.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        if found["verb"] == "%":
            parts.append("%")
            continue
        if found["which"]:
            number = int(found["which"]) - 1
        if not 0 <= number < len(arguments):
            raise Wrong("format() with too few arguments")
        parts.append(_verb(context, found, arguments[number]))
        number += 1
    parts.append(text[end:])
    return parts


def _verb(context: Context, found: re.Match[str], node: Node) -> Value:
    verb, flags, width = found["verb"], found["flags"], int(found["width"] or 0)
    value = context.evaluator.word(node) if node.value is not None else "null"
    if not isinstance(value, str):
        return value
    if verb == "q" or (verb == "v" and "#" in flags and isinstance(node.value, str)):
        value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    elif verb in "dbxXofeEgG":
        value = _number(verb, value, found["digits"])
    elif verb == "s" and found["digits"]:
        value = value[: int(found["digits"])]
    elif verb not in "svt":
        raise Wrong(f"%{verb} in format()")
    if "+" in flags and verb in "dfeg" and not value.startswith("-"):
        value = "+" + value
    if "-" in flags:
        return value.ljust(width)
    if "0" in flags and verb not in "sqv":
        sign = value[:1] if value[:1] in "+-" else ""
        return sign + value[len(sign) :].rjust(width - len(sign), "0")
    return value.rjust(width)


def _number(verb: str, text: str, digits: str | None) -> str:
    try:
        number = float(text)
        if verb in "feEgG":
            return format(
                number, f".{digits or (6 if verb in 'feE' else '')}{verb}" if digits or verb in "feE" else verb
            )
        return format(int(text) if "." not in text and "e" not in text.lower() else int(number), verb)
    except (ValueError, OverflowError):
        raise Wrong("format() of something that is no number") from None


def _formatlist(context: Context, pattern: Node, *arguments: Node) -> Value | Node:
    text = context.evaluator.literal(pattern)
    if not isinstance(text, str):
        return Unknown("texts whose pattern the deployment decides")
    lengths = {len(argument.value) for argument in arguments if isinstance(argument.value, tuple)}
    if any(isinstance(argument.value, Unknown | Choice) for argument in arguments):
        return Unknown("texts that the deployment decides")
    if len(lengths) > 1:
        raise Wrong("formatlist() with lists of several lengths")
    found = []
    for index in range(lengths.pop() if lengths else 1):
        row = tuple(node.value[index] if isinstance(node.value, tuple) else node for node in arguments)
        found.append(join(_formatted(context, text, row)))
    return tuple(found)


def _tostring(context: Context, node: Node) -> Node | Value:
    if node.value is None or isinstance(node.value, Ref | Unknown | Text | Choice):
        return node
    return word(context.evaluator.literal(node))


def _tonumber(context: Context, node: Node) -> Node | Value:
    value = context.evaluator.literal(node)
    if value is None or isinstance(value, Ref | Unknown | Text | Choice):
        return node
    text = text_of(value)
    try:
        number = float(text or "")
    except ValueError:
        raise Wrong("a value that is no number") from None
    return int(number_text(number)) if number.is_integer() and abs(number) < 1e15 else number


def _tobool(context: Context, node: Node) -> Node | Value:
    value = context.evaluator.literal(node)
    if value is None or isinstance(value, Ref | Unknown | Text | Choice):
        return node
    if value in ("true", "false") or isinstance(value, bool):
        return value in ("true", True)
    raise Wrong("a value that is neither true nor false")


SYMBOLIC: dict[str, Callable[..., Node | Value]] = {
    "join": _join,
    "split": _split,
    "format": _format,
    "formatlist": _formatlist,
    "tostring": _tostring,
    "tonumber": _tonumber,
    "tobool": _tobool,
}
