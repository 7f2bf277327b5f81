"""An opened event: every value a stranger wrote, as the application will see it, however deep it was wrapped.

The walk is lazy (nothing happens before the first sink asks) and bounded; what a bound cut off is named in
``problems``. It never recurses, so no event can exhaust the stack.
"""

import re

from remit_guard.core.source import ANY_KEY, ANYTHING, ELEMENT, EventSource, Field
from remit_guard.events import decode
from remit_guard.events.shapes import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Bounds of the walk. A Lambda event has at most 6 MiB, so only hostile or very unusual events meet them.
MAX_FIELDS = 20_000
MAX_CHARS = 16 * 1024 * 1024
MAX_DEPTH = 128
MAX_NESTING = 8

ARROW = "→"
#: Keys that can be written into a path, and that are too plain to change the structure of anything.
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_$:@-]{1,64}\Z")
_FORM_LIKE = re.compile(r"[^\s=&]{1,128}=[^\n]*\Z")


class Opened:
    """One event, its source and what its sender wrote in it.

    Args:
        event: the event as the platform delivered it.
        source: the source it was recognised as.
    """

    __slots__ = ("_chain", "_fields", "event", "problems", "source")

    def __init__(self, event: "Any", source: EventSource) -> None:
        self.event = event
        self.source = source
        #: What could not be examined, one sentence each; filled by ``fields()``.
        self.problems: list[str] = []
        self._fields: list[Field] | None = None
        self._chain = source.name

    @property
    def chain(self) -> str:
        """The chain of sources, innermost first: ``s3 via sns via sqs``. Of a mixed batch, the longest."""
        self.fields()
        return self._chain

    def fields(self) -> "list[Field]":
        """All untrusted values, outer before inner; computed once. Never raises on a JSON value."""
        if self._fields is None:
            walk = _Walk(self.source)
            walk.top(self.event)
            self._fields = walk.fields
            self.problems.extend(walk.problems)
            self._chain = max((field.source for field in walk.fields), key=_links, default=self.source.name)
        return self._fields


def _links(chain: str) -> int:
    return chain.count(" via ")


class _Node:
    """Something still to be walked: a value, where it is, and how far inside."""

    __slots__ = ("chain", "decode", "depth", "nesting", "path", "record", "value")

    def __init__(
        self, value: "Any", path: str, chain: str, record: int, depth: int, nesting: int, how: "tuple[str, ...]"
    ) -> None:
        self.value = value
        self.path = path
        self.chain = chain
        self.record = record
        self.depth = depth
        self.nesting = nesting
        self.decode = how

    def below(self, value: "Any", path: str) -> "_Node":
        return _Node(value, path, self.chain, self.record, self.depth + 1, self.nesting, self.decode)

    def inside(self, value: "Any", path: str, how: "tuple[str, ...]" = ("json",)) -> "_Node":
        return _Node(value, path, self.chain, self.record, 0, self.nesting + 1, how)


class _Walk:
    """The walk over one event; collects fields and problems."""

    __slots__ = ("_base64", "_chars", "_full", "fields", "problems", "source")

    def __init__(self, source: EventSource) -> None:
        self.source = source
        self.fields: list[Field] = []
        self.problems: list[str] = []
        self._base64 = False
        self._chars = 0
        self._full = False

    def top(self, event: "Any") -> None:
        """Walks a whole event by the field map of its source."""
        self._base64 = isinstance(event, dict) and event.get("isBase64Encoded") is True
        for spec in self.source.fields:
            for value, path, record in self._resolve(event, spec.steps):
                self._drain(_Node(value, path, self.source.name, record, 0, 0, spec.decode))

    def _resolve(self, event: "Any", steps: "tuple[str, ...]") -> "list[tuple[Any, str, int]]":
        """The values at a field map's path, each with its concrete path and record index."""
        found: list[tuple[Any, str, int]] = [(event, "", -1)]
        for position, step in enumerate(steps):
            if step == ANYTHING:
                break
            following: list[tuple[Any, str, int]] = []
            for value, path, record in found:
                if step == ELEMENT and isinstance(value, list):
                    batch = record < 0 and steps[:position] == (self.source.records,)
                    following.extend(
                        (item, f"{path}[{index}]", index if batch else record) for index, item in enumerate(value)
                    )
                elif step == ANY_KEY and isinstance(value, dict):
                    for index, (key, item) in enumerate(value.items()):
                        inner = self._key(key, index, path, self.source.name, record)
                        following.append((item, inner, record))
                elif isinstance(value, dict) and value.get(step) is not None:
                    following.append((value[step], f"{path}.{step}" if path else step, record))
            found = following
            if not found:
                break
        return found

    def _key(self, key: str, index: int, path: str, chain: str, record: int) -> str:
        """The path below a key. A key that is no plain word is the sender's text too: a field of its own."""
        if _PLAIN_KEY.match(key):
            return f"{path}.{key}" if path and not path.endswith(ARROW) else path + key
        inner = f"{path}{{{index}}}"
        self._add(key, inner, chain, record)
        return inner

    def _add(self, value: object, path: str, chain: str, record: int) -> None:
        if self._full:
            return
        size = len(value) if isinstance(value, str) else 0
        if len(self.fields) >= MAX_FIELDS:
            self._stop(f"more than {MAX_FIELDS} fields: the rest, from {path} on, was not examined")
        elif self._chars + size > MAX_CHARS:
            self._stop(f"more than {MAX_CHARS} characters: the rest, from {path} on, was not examined")
        else:
            self._chars += size
            self.fields.append(Field(path, value, chain, record))

    def _stop(self, problem: str) -> None:
        self._full = True
        self.problems.append(problem)

    def _drain(self, first: _Node) -> None:
        """Walks one value to its leaves, depth first, in the order of the document."""
        todo = [first]
        while todo and not self._full:
            node = todo.pop()
            value = node.value
            if isinstance(value, str):
                todo.extend(reversed(self._text(node, value)))
            elif isinstance(value, (dict, list)):
                if node.depth >= MAX_DEPTH:
                    self.problems.append(f"deeper than {MAX_DEPTH} levels: {node.path} was not examined")
                elif isinstance(value, list):
                    todo.extend(
                        node.below(value[index], f"{node.path}[{index}]") for index in range(len(value) - 1, -1, -1)
                    )
                else:
                    children = [
                        node.below(item, self._key(key, index, node.path, node.chain, node.record))
                        for index, (key, item) in enumerate(value.items())
                    ]
                    todo.extend(reversed(children))
            elif value is not None:
                self._add(value, node.path, node.chain, node.record)

    def _text(self, node: _Node, text: str) -> "list[_Node]":
        """Adds a text as a field and returns what is inside it."""
        if self._base64 and "base64?" in node.decode:
            raw = decode.base64(text)
            if raw is not None:
                text = _readable(self._inflate(raw, node.path))
        self._add(text, node.path, node.chain, node.record)
        if len(text) < 2:
            return []
        if node.nesting >= MAX_NESTING:
            if text[0] in "{[":
                self.problems.append(f"more than {MAX_NESTING} documents inside each other: {node.path}")
            return []
        return self._inner(node, text)

    def _inner(self, node: _Node, text: str) -> "list[_Node]":
        """The documents inside a text: JSON or another event, form, multipart, base64, token, percent-encoding."""
        path = node.path + ARROW
        try:
            value = decode.document(text)
        except RecursionError:
            self.problems.append(f"nested too deep to be read: {node.path}")
            return []
        if value is not None:
            return [self._enter(node, value, path)]
        if "form" in node.decode:
            pairs = decode.multipart(text) or (decode.form(text) if _FORM_LIKE.match(text) else [])
            return [node.inside(item, self._key(key, i, path, node.chain, node.record)) for i, (key, item) in
                    enumerate(pairs)]  # fmt: skip
        if "url" in node.decode:
            plain = decode.percent(text)
            return [node.inside(plain, node.path, ())] if plain != text else []
        if "eyJ" in text and "." in text:
            return [node.inside(part, path) for part in decode.token_parts(text)]
        if "base64" in node.decode or (len(text) >= 16 and text[:3] in _ENCODED_STARTS):
            return self._encoded(node, text, path)
        return []

    def _encoded(self, node: _Node, text: str, path: str) -> "list[_Node]":
        raw = decode.base64(text)
        if not raw:
            return []
        plain = _readable(self._inflate(raw, node.path))
        return [node.inside(plain, path)]

    def _inflate(self, raw: bytes, path: str) -> bytes:
        """Gzip undone, within what the walk may still take."""
        if not raw.startswith(decode.GZIP_MAGIC):
            return raw
        limit = MAX_CHARS - self._chars
        plain = decode.gunzip(raw, limit) if limit > 0 else b""
        if plain is None:
            self.problems.append(f"compressed data that cannot be read: {path}")
            return raw
        if len(plain) >= limit:
            self.problems.append(f"compressed data larger than {MAX_CHARS} characters: {path} was read in part")
        return plain

    def _enter(self, node: _Node, value: "Any", path: str) -> _Node:
        """A document inside a text; when it is itself an event, the chain says so and its key is decoded.

        Every leaf of an inner event counts: whoever may send the outer one may write an inner one by hand.
        """
        name = name_of(value)
        if name == "direct":
            return node.inside(value, path)
        inner = node.inside(value, path, ("json",))
        inner.chain = f"{name} via {node.chain}"
        if name == "s3":
            _decode_keys(value)
        return inner


def _decode_keys(event: "dict[str, Any]") -> None:
    """Percent-decodes the object keys of an inner S3 notification: a document of our own making, so changed in place."""
    for record in event.get("Records") or ():
        data = record.get("s3") if isinstance(record, dict) else None
        target = data.get("object") if isinstance(data, dict) else None
        if isinstance(target, dict) and isinstance(target.get("key"), str):
            target["key"] = decode.percent(target["key"])


#: How base64 of ``{"``, ``[{``, ``["``, a JSON text with blanks and of gzip data begins.
_ENCODED_STARTS = ("eyJ", "W3s", "WyJ", "eyA", "ewo", "ewk", "H4s")


def _readable(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
