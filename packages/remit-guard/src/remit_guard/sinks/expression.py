"""DynamoDB expressions: does an untrusted value stay one operand of a condition, a key condition, an update, a projection?

Values have a place of their own (``ExpressionAttributeValues``), so an expression that holds a value's own text in more than one
token was put together.
"""

import re

from remit_guard.sinks import tokens
from remit_guard.sinks.tokens import BAD, MARK, NUMBER, STRING, WORD, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.injection import Injection
    from remit_guard.sinks.provenance import Provenance

_TOKEN = re.compile(
    r"""(?P<word>[#:]?[^\W\d][\w-]*|[#:]\w+)
  | (?P<number>\d+)
  | (?P<string>"[^"]*"|'[^']*')
  | (?P<bad>["'`;])
  | (?P<mark><>|<=|>=|\S)""",
    re.VERBOSE,
)
_KINDS = {"word": WORD, "number": NUMBER, "string": STRING, "mark": MARK}
#: Document paths and lists of them, and one comparison between placeholders that the application bound itself.
_PLAIN = re.compile(
    r"""\s*[#:]?\w+(?:\.\#?\w+|\[\d+\])*(?:\s*,\s*[#:]?\w+(?:\.\#?\w+|\[\d+\])*)*\s*\Z
  | \s*[#:][\w.]+\s*(?:=|<>|<=?|>=?)\s*[#:]\w+\s*\Z""",
    re.VERBOSE,
)


def inspect(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values changed an expression.

    Args:
        text: the expression, as the call has it.
        provenance: the untrusted values of this invocation.

    Returns:
        The injection, or ``None``.
    """
    return tokens.judge(text, provenance, EXPRESSION)


def read(text: str) -> "list[Token]":
    """An expression in tokens; an open bracket, or what no expression has, makes a last one of kind ``BAD``."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "bad":
            found.append((BAD, match.start(), len(text)))
            return found
        found.append((_KINDS[kind], *match.span()))
    if tokens.unbalanced(text, found):
        found.append((BAD, len(text), len(text)))
    return found


EXPRESSION = tokens.Language("expression", read, tokens.quoted, _PLAIN)
