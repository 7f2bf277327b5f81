"""XPath: does an untrusted value stay one literal, one number, one step?"""

import re

from remit_guard.sinks import tokens
from remit_guard.sinks.tokens import BAD, COMMENT, MARK, NUMBER, STRING, WORD, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.injection import Injection
    from remit_guard.sinks.provenance import Provenance

#: XPath 1.0 has no escapes in literals; doubled quotes (XPath 2.0) are two literals side by side, which is as good.
_TOKEN = re.compile(
    r"""(?P<string>"[^"]*"|'[^']*')
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<word>\$?[^\W\d][\w.-]*(?::[^\W\d:][\w.-]*)?)
  | (?P<comment>\(:[^:]*(?::(?!\))[^:]*)*+:\))
  | (?P<bad>["'])
  | (?P<mark>::|//|\.\.|!=|<=|>=|\S)""",
    re.VERBOSE,
)
_KINDS = {"string": STRING, "number": NUMBER, "word": WORD, "comment": COMMENT, "mark": MARK}
#: Steps down a document: they choose, as a name does. No axis, no predicate, no way up, no search of everything.
_STEPS = re.compile(r"/?(?!\.\.)@?[\w:.-]+(?:/(?!\.\.)@?[\w:.-]+)*/?\Z")


def inspect(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values changed an XPath expression.

    Args:
        text: the expression, before variables are bound.
        provenance: the untrusted values of this invocation.

    Returns:
        The injection, or ``None``.
    """
    return tokens.judge(text, provenance, XPATH)


def read(text: str) -> "list[Token]":
    """An expression in tokens; an open literal or bracket makes a last one of kind ``BAD``."""
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


XPATH = tokens.Language("XPath", read, tokens.quoted, _STEPS)
