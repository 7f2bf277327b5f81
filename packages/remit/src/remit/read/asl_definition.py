"""Where the definition of a state machine stands, and what its template puts into it.

As a tree, as a text (with symbols of ``Fn::Sub`` and ``Fn::Join`` in it) or in a local file; ``DefinitionSubstitutions`` fill the
holes of each.
"""

import re
from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.node import Node, graft
from remit.app.value import Text, Unknown, Value, join
from remit.read.document import Malformed, Raw
from remit.read.document import parse as parse_document
from remit.read.draft import Declared

_HOLE = re.compile(r"\$\{([A-Za-z0-9_.\-]+)\}")


def definition_of(item: Declared) -> Node | str:
    """The definition of a machine with its substitutions filled in; why there is none, when there is none."""
    properties = item.properties
    written = properties.at("Definition") or properties.at("DefinitionString") or properties.at("DefinitionBody")
    if written is None:
        elsewhere = properties.at("DefinitionUri") or properties.at("DefinitionS3Location")
        return "its definition is not a file in this folder" if elsewhere is not None else "it has no definition"
    names = {name: node.plain() for name, node in _entries(properties.at("DefinitionSubstitutions"))}
    if isinstance(written.value, str | Text):
        tree = _from_text(written)
        if tree is None:
            return "its definition is not JSON"
        written = tree
    if isinstance(written.value, Unknown):
        return f"its definition is not known: {written.value.why}"
    return _filled(written, names) if names else written


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    return node.items() if node is not None else iter(())


def _from_text(written: Node) -> Node | None:
    """The JSON in a text; symbols in it become symbols of the tree."""
    whole = written.plain()
    parts = whole.parts if isinstance(whole, Text) else (whole,)
    symbols: list[Value] = []
    text = ""
    quoted = False
    for part in parts:
        if isinstance(part, str):
            text += part
            # An odd number of quotes opens or closes a string; a number or list may be a symbol, too.
            quoted ^= len(_QUOTE.findall(part)) % 2 == 1
        else:
            mark = f"\ue000{len(symbols)}\ue001"
            text += mark if quoted else f'"{mark}"'
            symbols.append(part)
    try:
        document = parse_document(text.encode("utf-8", "replace"), json=True)
    except (Malformed, ValueError):
        return None
    return _node(document.root, written.location, symbols)


_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*"')
_SYMBOL = re.compile("\ue000([0-9]+)\ue001")


def _node(raw: Raw, at: Location, symbols: list[Value]) -> Node:
    value = raw.value
    if isinstance(value, dict):
        return Node({_key(name): _node(item, at, symbols) for name, item in value.items()}, at)
    if isinstance(value, list):
        return Node(tuple(_node(item, at, symbols) for item in value), at)
    if isinstance(value, str):
        return graft(_put_in(value, symbols), at)
    return Node(value, at)


def _key(name: str) -> str:
    return _SYMBOL.sub("?", name)


def _put_in(text: str, symbols: list[Value]) -> Value:
    parts: list[Value] = []
    end = 0
    for match in _SYMBOL.finditer(text):
        number = int(match[1])
        parts += [text[end : match.start()], symbols[number] if number < len(symbols) else "?"]
        end = match.end()
    return join([*parts, text[end:]]) if parts else text


def _filled(node: Node, names: Mapping[str, Value]) -> Node:
    """A definition with ``${Name}`` replaced by what ``DefinitionSubstitutions`` says."""
    value = node.value
    if isinstance(value, Mapping):
        return Node({key: _filled(item, names) for key, item in value.items()}, node.location, node.key, node.absent)
    if isinstance(value, tuple):
        return Node(tuple(_filled(item, names) for item in value), node.location, node.key, node.absent)
    if isinstance(value, str) and "${" in value:
        return graft(_substituted(value, names), node.location, node.key)
    if isinstance(value, Text):
        pieces = [_substituted(part, names) if isinstance(part, str) else part for part in value.parts]
        return graft(join(pieces), node.location, node.key)
    return node


def _substituted(text: str, names: Mapping[str, Value]) -> Value:
    parts: list[Value] = []
    end = 0
    for match in _HOLE.finditer(text):
        name = match[1]
        parts += [text[end : match.start()], names.get(name, match[0])]
        end = match.end()
    return join([*parts, text[end:]])
