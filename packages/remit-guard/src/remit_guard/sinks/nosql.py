"""Document databases: does an untrusted value stay a value of a query, or does it bring operators or code into it?

A MongoDB query is no text but a mapping, in which keys that begin with a dollar sign are operators. A sender whose text is
parsed (``{"$ne": null}`` in place of a password) brings such a mapping along. So the operators of the query are compared
with those of the event: what the application wrote itself stands in no event. Code for ``$where`` and ``$function`` is read as
JavaScript, and texts in aggregation expressions must not name fields.
"""

import json
import re

from remit_guard.core.source import Field
from remit_guard.events import decode
from remit_guard.events.leaves import ARROW, Given, Leaves
from remit_guard.sinks.injection import Injection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from remit_guard.sinks.provenance import Provenance

FILTER = "filter"
UPDATE = "update"
PIPELINE = "pipeline"

#: How many values of a query or a document are looked at; beyond, the rest of a query counts as not examined: fail closed.
MAX_NODES = 20_000
MAX_DOCUMENT = 1024 * 1024
#: How far operators brought along are compared; deeper ones are equal when their keys are.
MAX_DEPTH = 64
#: How many encodings around a document are undone.
MAX_ENCODINGS = 3
#: How the base64 of ``{`` and ``[``, of blanks before them and of ``%7B`` begins.
_CODED = ("e", "W", "I", "C", "D", "J", "7")
#: Keys of extended JSON and references: they write values of other types.
_VALUES = frozenset(
    (
        "$oid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$binary", "$uuid", "$timestamp",
        "$regularExpression", "$minKey", "$maxKey", "$undefined", "$symbol", "$ref", "$id", "$db",
    )
)  # fmt: skip
#: Operators whose operands hold filters again.
_FILTERS = frozenset(("$and", "$or", "$nor"))
#: Operators that hold code, under which keys.
_CODE = {
    "$function": ("body",),
    "$accumulator": ("init", "accumulate", "merge", "finalize"),
}
#: Stages of a pipeline whose operand is a filter, a name or another pipeline, and no expression.
_NO_EXPRESSIONS = frozenset(
    ("$match", "$limit", "$skip", "$count", "$unset", "$out", "$merge", "$lookup", "$unionWith", "$sort", "$facet",
     "$graphLookup", "$search", "$searchMeta", "$vectorSearch", "$geoNear", "$sample", "$unwind", "$indexStats", "$collStats")
)  # fmt: skip
#: ``password[$ne]=``: how form readers of some frameworks spell a mapping.
_BRACKETED = re.compile(r"\[(\$[A-Za-z]+)\]")

_known: "list[tuple[Provenance, _Brought]]" = []


def inspect(
    query: "Any", provenance: "Provenance", *, kind: str = FILTER, documents: "Iterable[Any]" = ()
) -> "Injection | None":
    """Decides whether untrusted values changed a query.

    Args:
        query: a filter, an update or a pipeline as the driver gets it.
        provenance: the untrusted values of this invocation.
        kind: ``filter``, ``update`` or ``pipeline``.
        documents: the event itself, for what it holds that is no text.

    Returns:
        The injection, or ``None``.
    """
    operators = list(_operators(query))
    if operators:
        brought = _brought(provenance, documents)
        for path, mapping in operators:
            found = brought.match(path, mapping)
            if found is not None:
                return found
    for code in _codes(query, kind):
        found = _javascript(code, provenance)
        if found is not None:
            return found
    for text in _expressions(query, kind):
        for span in provenance.find(text):
            if not span.part and (span.start, span.end) == (0, len(text)):
                return Injection(span.field, "the name of a field, a value expected")
    return None


def inspect_code(code: str, provenance: "Provenance") -> "Injection | None":
    """The same for JavaScript that a database runs: map and reduce functions, stored procedures, ``$where``."""
    return _javascript(code, provenance)


def _javascript(code: str, provenance: "Provenance") -> "Injection | None":
    from remit_guard.sinks import code as sink

    return sink.inspect(code, provenance, language=sink.JAVASCRIPT)


def _operators(query: "Any") -> "Iterator[tuple[str, dict[str, Any]]]":
    """Every mapping with an operator among its keys, with a word on where it is."""
    for path, value in _walk(query):
        if isinstance(value, dict) and any(
            isinstance(key, str) and key[:1] == "$" and key not in _VALUES for key in value
        ):
            yield path, value


def _walk(value: "Any", name: str = "") -> "Iterator[tuple[str, Any]]":
    """A value and everything in it, breadth last; bounded."""
    stack = [(name, value)]
    count = 0
    while stack and count < MAX_NODES:
        path, value = stack.pop()
        count += 1
        yield path, value
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}" if path else str(key), item) for key, item in value.items())
        elif isinstance(value, (list, tuple)):
            stack.extend((f"{path}[{number}]", item) for number, item in enumerate(value))


class _Brought:
    """The operators an event brings along, by their key."""

    __slots__ = ("_bracketed", "_by_key", "_chosen")

    def __init__(self, provenance: "Provenance", documents: "Iterable[Any]") -> None:
        self._by_key: dict[str, list[tuple[Field, Any]]] = {}
        self._bracketed: dict[str, Field] = {}
        self._chosen: dict[str, Field] = {}
        leaves = provenance.fields if isinstance(provenance.fields, Leaves) else Given(provenance.fields)
        source = ""
        for number, given in enumerate(leaves.values()):
            for text in _readings(given):
                field = leaves.field(number)
                source = source or field.source
                if text[0] == "$" and text[1:].isalnum():
                    self._chosen[text] = field
                elif len(text) <= MAX_DOCUMENT and text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
                    self._add(_parsed(text), field.path + ARROW, field.source, field.record)
                for match in _BRACKETED.finditer(text[:4096]):
                    self._bracketed[match[1]] = field
        for field in leaves.fields() if isinstance(leaves, Given) else ():  # a walk leaves no mappings
            if isinstance(field.value, (dict, list)):
                self._add(field.value, field.path, field.source, field.record)
        for document in documents:
            self._add(document, "", source, -1)

    def _add(self, document: "Any", path: str, source: str, record: int) -> None:
        for where, mapping in _operators(document):
            for key, operand in mapping.items():
                if isinstance(key, str) and key[:1] == "$" and key not in _VALUES:
                    full = f"{path}{where}.{key}" if where else f"{path}{key}"
                    field = Field(full, _shown(key, operand), source, record)
                    self._by_key.setdefault(key, []).append((field, operand))

    def match(self, path: str, mapping: "dict[str, Any]") -> "Injection | None":
        """The injection when an operator of a query is one of the event's."""
        for key, operand in mapping.items():
            if not isinstance(key, str) or key[:1] != "$":
                continue
            what = f"the operator {key[:24]}{' on ' + path[-40:] if path else ''}, a value expected"
            for field, sent in self._by_key.get(key, ()):
                if _equal(sent, operand):
                    return Injection(field, what)
            held = self._chosen.get(key) or self._bracketed.get(key)
            if held is not None:
                return Injection(held, what)
        return None


def _brought(provenance: "Provenance", documents: "Iterable[Any]") -> _Brought:
    """The operators of one invocation, collected once for all its queries."""
    if _known and _known[0][0] is provenance:
        return _known[0][1]
    made = _Brought(provenance, documents)
    _known[:] = [(provenance, made)]
    return made


def _readings(text: str) -> "Iterator[str]":
    """A text, and what is behind the encodings an application may undo, as far as it can hold an operator."""
    for _ in range(MAX_ENCODINGS):
        if "$" in text:
            yield text
        plain = decode.percent(text, plus=False) if "%" in text else text
        if plain != text:
            text = plain
        elif text[:1] in _CODED and len(text) <= MAX_DOCUMENT:
            raw = decode.base64(text)
            if raw is None:
                return
            text = raw.decode("utf-8", "replace")
        else:
            return
    if "$" in text:
        yield text


def _parsed(text: str) -> "Any":
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _shown(key: str, operand: "Any") -> str:
    return f"{key}: {operand!r}" if isinstance(operand, (str, int, float, bool, type(None))) else key


def _equal(sent: "Any", operand: "Any", depth: int = 0) -> bool:
    """Whether an operand is the one that was sent; types that drivers wrap values in compare by their text."""
    if depth > MAX_DEPTH:
        return True
    if isinstance(sent, dict):
        return isinstance(operand, dict) and all(
            key in operand and _equal(value, operand[key], depth + 1) for key, value in sent.items()
        )
    if isinstance(sent, list):
        return (
            isinstance(operand, (list, tuple))
            and len(sent) == len(operand)
            and all(_equal(one, other, depth + 1) for one, other in zip(sent, operand, strict=True))
        )
    if sent is None or isinstance(sent, bool):
        return sent is operand
    return bool(sent == operand) or str(sent) == str(operand)


def _codes(query: "Any", kind: str) -> "Iterator[str]":
    """Code that the database runs: ``$where`` where it stands at the top of a filter, functions wherever they stand."""
    stack = [query] if kind == FILTER else []
    for _, value in _walk(query):
        if not isinstance(value, dict):
            continue
        for key, names in _CODE.items():
            held = value.get(key)
            if isinstance(held, dict):
                yield from _texts(held.get(name) for name in names)
        if kind == PIPELINE and isinstance(value.get("$match"), dict):
            stack.append(value["$match"])
    count = 0
    while stack and count < MAX_NODES:
        count += 1
        value = stack.pop()
        if isinstance(value, dict):
            yield from _texts((value.get("$where"),))
            for key in _FILTERS:
                if isinstance(value.get(key), (list, tuple)):
                    stack.extend(value[key])


def _texts(values: "Iterable[Any]") -> "Iterator[str]":
    for value in values:
        if isinstance(value, str):  # bson.Code is one, too
            yield str(value)


def _expressions(query: "Any", kind: str) -> "Iterator[str]":
    """Texts in aggregation expressions that name a field or a variable."""
    held: list[Any] = []
    if kind in (PIPELINE, UPDATE) and isinstance(query, (list, tuple)):
        for stage in query:
            if isinstance(stage, dict):
                held.extend(item for key, item in stage.items() if key not in _NO_EXPRESSIONS)
    held.extend(value["$expr"] for _, value in _walk(query) if isinstance(value, dict) and "$expr" in value)
    stack = held
    count = 0
    while stack and count < MAX_NODES:
        count += 1
        value = stack.pop()
        if isinstance(value, str):
            if value[:1] == "$" and len(value) > 1:
                yield value
        elif isinstance(value, dict):
            stack.extend(item for key, item in value.items() if key != "$literal")
        elif isinstance(value, (list, tuple)):
            stack.extend(value)
