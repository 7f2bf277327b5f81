"""GraphQL: does an untrusted value stay one literal, one number, one name of a document that was put together?

A document that is one value as a whole is a client's own query handed on, which is what gateways are for.
"""

import re

from remit_guard.sinks import tokens
from remit_guard.sinks.tokens import BAD, COMMENT, MARK, NUMBER, STRING, WORD, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from remit_guard.sinks.injection import Injection
    from remit_guard.sinks.provenance import Provenance

_TOKEN = re.compile(
    r'''(?P<string>"""(?:[^"\\]++|\\"""|\\|"(?!""))*+"""|"(?!"")(?:[^"\\\n\r]++|\\.)*+"|"")
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>\$?[A-Za-z_]\w*)
  | (?P<comment>\#[^\n\r]*)
  | (?P<bad>["'`\\])
  | (?P<mark>\.\.\.|[!$&()\[\]{}:=@|])
  | (?P<blank>[\s,\ufeff]+)
  | (?P<other>.)''',
    re.VERBOSE | re.DOTALL,
)
_KINDS = {"string": STRING, "number": NUMBER, "word": WORD, "comment": COMMENT, "mark": MARK, "other": MARK}
#: A selection of fields without arguments.
_NAMES = re.compile(r"[\w\s,]*\Z", re.ASCII)


def inspect(text: str, provenance: "Provenance") -> "Injection | None":
    """Decides whether untrusted values changed a GraphQL document.

    Args:
        text: the document, apart from its variables.
        provenance: the untrusted values of this invocation.

    Returns:
        The injection, or ``None``.
    """
    return tokens.judge(text, provenance, GRAPHQL)


def read(text: str) -> "list[Token]":
    """A document in tokens; an open literal or bracket makes a last one of kind ``BAD``."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "blank":
            continue
        if kind == "bad":
            found.append((BAD, match.start(), len(text)))
            return found
        found.append((_KINDS[kind], *match.span()))
    if tokens.unbalanced(text, found):
        found.append((BAD, len(text), len(text)))
    return found


def _content(text: str, token: Token) -> "tuple[int, int]":
    quotes = 3 if text.startswith('"""', token[1]) and token[2] - token[1] >= 6 else 1
    return token[1] + quotes, token[2] - quotes


GRAPHQL = tokens.Language("document", read, _content, _NAMES, "\\", whole=False)
