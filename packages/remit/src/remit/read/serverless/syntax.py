r"""How a Serverless Framework variable is written: ``${source(params):address, fallback, ...}`` inside a text.

Only taken apart here, nothing is looked up. What merely looks similar is left alone: ``${AWS::Region}`` and
``${Table.Arn}`` belong to CloudFormation, ``\${...}`` is escaped.
"""

import re
from dataclasses import dataclass

_SOURCE = re.compile(r"([A-Za-z0-9_-]+)(?=[:(])")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_QUOTES = "'\""
#: Variables inside variables; nobody writes more, and each level costs the stack.
_MAX_NESTING = 12
#: Characters one text may make us look at, for each of its own: braces within braces are looked at again and again.
_MAX_EFFORT = 4


class Tangled(Exception):  # noqa: N818
    """A text whose braces are nested so often that nobody could have meant it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A fallback that is a value: ``'dev'``, ``3``, ``true``."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """One place to look: ``file(./a.yml):b.c`` has the source ``file``, the parameter and the address.

    ``params`` and ``address`` are texts that may hold variables themselves: tuples of literal parts and variables.
    """

    source: str
    params: "Parts"
    address: "Parts"


@dataclass(frozen=True, slots=True)
class Variable:
    """One ``${...}``: places and fallbacks in the order in which they are tried; ``text`` is what is written."""

    choices: "tuple[Lookup | Literal | Variable, ...]"
    text: str


Parts = tuple[str | Variable, ...]


def parts(text: str, depth: int = 0) -> Parts:
    """A text as literal pieces and variables; without variables it is one piece.

    Args:
        text: as written in the configuration.
        depth: how many variables it is inside of.

    Raises:
        Tangled: its braces cannot be told apart in reasonable time.
    """
    effort = 0
    found: list[str | Variable] = []
    start = at = 0
    while (at := text.find("${", at)) >= 0:
        if at and text[at - 1] == "\\":
            found.append(text[start : at - 1] + "${")
            start = at = at + 2
            continue
        end = _close(text, at + 2)
        effort += (end if end > 0 else len(text)) - at
        if effort > _MAX_EFFORT * (len(text) + 100):
            raise Tangled
        variable = _variable(text[at + 2 : end], depth) if end > 0 else None
        if variable is None:
            at += 2
            continue
        found += [text[start:at], variable]
        start = at = end + 1
    found.append(text[start:])
    return tuple(_melted(found))


def _melted(found: "list[str | Variable]") -> "list[str | Variable]":
    result: list[str | Variable] = []
    for part in found:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        elif part != "":
            result.append(part)
    return result or [""]


def _close(text: str, start: int) -> int:
    """Where the brace that opened before ``start`` closes; -1 when it does not."""
    level, quote, at = 1, "", start
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif char == "{":
            level += 1
        elif char == "}":
            level -= 1
            if level == 0:
                return at
        at += 1
    return -1


def _variable(inside: str, depth: int) -> Variable | None:
    source = _SOURCE.match(inside.strip())
    if source is None or inside.strip()[source.end() :].startswith("::") or depth >= _MAX_NESTING:
        return None
    choices = tuple(_choice(piece.strip(), depth) for piece in _split(inside, ","))
    return Variable(choices, "${" + inside + "}")


def _choice(piece: str, depth: int) -> "Lookup | Literal | Variable":
    if len(piece) > 1 and piece[0] in _QUOTES and piece[-1] == piece[0]:
        return Literal(piece[1:-1])
    if piece.startswith("${"):
        inner = parts(piece, depth + 1)
        if len(inner) == 1 and isinstance(inner[0], Variable):
            return inner[0]
        return Lookup("", (), inner)  # a fallback put together from several parts
    if piece in _WORDS:
        return Literal(_WORDS[piece])
    if _NUMBER.fullmatch(piece):
        return Literal(float(piece) if "." in piece else int(piece))
    source = _SOURCE.match(piece)
    if source is None:
        return Literal(piece)
    rest = piece[source.end() :]
    params = ""
    if rest.startswith("("):
        end = _parenthesis(rest)
        params, rest = rest[1:end], rest[end + 1 :]
    return Lookup(source[1], parts(params, depth + 1), parts(rest.removeprefix(":"), depth + 1))


def _parenthesis(text: str) -> int:
    """Where the parenthesis that ``text`` begins with closes; its end when it does not."""
    level = 0
    for at, char in enumerate(text):
        level += (char == "(") - (char == ")")
        if level == 0:
            return at
    return len(text)


def _split(text: str, separator: str) -> list[str]:
    """Splits where no quote, brace or parenthesis is open."""
    pieces, start, level, quote = [], 0, 0, ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif char in "{(":
            level += 1
        elif char in "})":
            level -= 1
        elif char == separator and level == 0:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]
