"""Texts that hold JSON (policies, patterns, definitions) as the structure they say, symbols kept, each value in its place."""

import re
from collections.abc import Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Text, Unknown, Value, join
from remit.read.document import Malformed, Raw
from remit.read.json_document import parse_json

#: Stands for the symbol of that number while the text around it is parsed; a private character no template has.
_TOKEN = "\ue0f3"
_TOKENS = re.compile(_TOKEN + "([0-9]+)" + _TOKEN)
_MAX_TEXT = 1_000_000


def document(node: Node) -> Node:
    """The structure in a JSON text.

    Args:
        node: a text, with symbols where it was put together; or already a structure (``jsonencode``).

    Returns:
        The structure; ``Unknown`` where the text is not JSON; what is no text is returned as it is.
    """
    value = node.value
    if isinstance(value, str):
        parts: tuple[object, ...] = (value,)
    elif isinstance(value, Text):
        parts = value.parts
    else:
        return node
    text, symbols = _tokens(parts)
    if not text.strip():
        return node
    if len(text) > _MAX_TEXT:
        return Node(Unknown("a document that is too large"), node.location, node.key, node.absent)
    try:
        raw, _ = parse_json(text)
    except Malformed as error:
        return Node(Unknown(f"a document that is not JSON: {error.why}"), node.location, node.key, node.absent)
    found = _Placed(node.location, text.count("\n"), symbols).node(raw)
    return Node(found.value, found.location, node.key, node.absent)


def structured(node: Node) -> Node:
    """Like ``document``, but a text that is no JSON (YAML, a template) stays the text it is."""
    found = document(node)
    return node if isinstance(found.value, Unknown) else found


def definition(node: Node) -> Node:
    """Like ``structured``, for what may be YAML as well; a text that is neither stays the text it is."""
    found = structured(node)
    if not isinstance(found.value, str | Text):
        return found
    from remit.read.yaml_document import parse_yaml

    parts = found.value.parts if isinstance(found.value, Text) else (found.value,)
    text, symbols = _tokens(parts, quote=False)
    try:
        raw, _ = parse_yaml(text) if len(text) <= _MAX_TEXT else (None, ())
    except Malformed:
        return node
    if raw is None or not isinstance(raw.value, dict):
        return node
    placed = _Placed(node.location, text.count("\n"), symbols).node(raw)
    return Node(placed.value, placed.location, node.key, node.absent)


def _tokens(parts: tuple[object, ...], *, quote: bool = True) -> tuple[str, list[Value]]:
    """The text with a token for each symbol; one that stands outside of quotes is put into quotes, as JSON needs it."""
    text: list[str] = []
    symbols: list[Value] = []
    quoted = False
    for part in parts:
        if isinstance(part, str):
            text.append(part.replace(_TOKEN, ""))
            quoted = _quoted(part, quoted)
            continue
        token = f"{_TOKEN}{len(symbols)}{_TOKEN}"
        symbols.append(part)  # type: ignore[arg-type]
        text.append(token if quoted or not quote else f'"{token}"')
    return "".join(text), symbols


def _quoted(text: str, quoted: bool) -> bool:
    """Whether one is inside a JSON text after reading this much."""
    escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = quoted
        elif char == '"':
            quoted = not quoted
    return quoted


class _Placed:
    """Turns a parsed text into nodes that stand where the text stands."""

    def __init__(self, at: Location, breaks: int, symbols: list[Value]) -> None:
        self.at = at
        self.symbols = symbols
        # A heredoc spans more lines than its text has: its first line follows the line of its marker.
        span = (at.end_line or at.line) - at.line
        self.by_line = at.line > 0 and breaks > 0 and span >= breaks
        self.first = at.line + (1 if span > breaks else 0)

    def node(self, raw: Raw) -> Node:
        """One value; nesting is bounded by the parser."""
        value = raw.value
        where = self._where(raw.span)
        if isinstance(value, dict):
            entries: dict[str, Node] = {}
            for name, item in value.items():
                inner = self.node(item)
                key = self._where(item.key) if item.key else None
                entries[str(self._text(name))] = Node(inner.value, inner.location, key)
            return Node(entries, where)
        if isinstance(value, list):
            return Node(tuple(self.node(item) for item in value), where)
        if isinstance(value, str):
            found = self._text(value)
            return Node(found, where) if not isinstance(found, Mapping | tuple) else Node(Unknown("a part"), where)
        return Node(value, where)

    def _text(self, text: str) -> "str | Ref | Unknown | Text | Value":
        if _TOKEN not in text:
            return text
        pieces: list[Value] = []
        end = 0
        for found in _TOKENS.finditer(text):
            number = int(found[1])
            symbol = self.symbols[number] if number < len(self.symbols) else Unknown("a part of this document")
            pieces += [text[end : found.start()], symbol]
            end = found.end()
        return join([*pieces, text[end:]])

    def _where(self, span: tuple[int, int, int, int]) -> Location:
        if not self.by_line:
            return self.at
        line, column, end_line, end_column = span
        return Location(self.at.file, self.first + line - 1, column, self.first + end_line - 1, end_column)
