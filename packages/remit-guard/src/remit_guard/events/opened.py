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

    _Step = tuple[Any, str, int, "_Place"]

#: Bounds of the walk. A Lambda event has at most 6 MiB, so only hostile or very unusual events meet them.
MAX_FIELDS = 20_000
MAX_CHARS = 16 * 1024 * 1024
MAX_DEPTH = 128
MAX_NESTING = 8
MAX_PROBLEMS = 20
#: How much of a path a problem shows.
MAX_SHOWN = 120

ARROW = "→"
#: Keys that can be written into a path, and that are too plain to change the structure of anything.
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_$:@-]{1,64}\Z")
#: How a text begins that may hold a document: JSON, multipart, blanks, a byte order mark, gzip in base64.
_OPENING = "{[-WH \t\r\n\ufeff"
_FORM_LIKE = re.compile(r"[^\s=&]{1,128}=[^\n]*\Z")


class Opened:
    """One event, its source and what its sender wrote in it.

    Args:
        event: the event as the platform delivered it.
        source: the source it was recognised as.
    """

    __slots__ = ("_fields", "event", "problems", "source")

    def __init__(self, event: "Any", source: EventSource) -> None:
        self.event = event
        self.source = source
        #: What could not be examined, one sentence each; filled by ``fields()``.
        self.problems: list[str] = []
        self._fields: list[Field] | None = None

    @property
    def chain(self) -> str:
        """The chain of sources, innermost first: ``s3 via sns via sqs``. Of a mixed batch, the longest."""
        chains = {field.source for field in self.fields()}
        return max(sorted(chains), key=_links, default=self.source.name)

    def fields(self) -> "list[Field]":
        """All untrusted values, outer before inner; computed once. Never raises on a JSON value."""
        if self._fields is None:
            walk = _Walk(self.source)
            walk.top(self.event)
            self._fields = walk.fields
            self.problems.extend(walk.problems)
        return self._fields


def _links(chain: str) -> int:
    return chain.count(" via ")


class _Place:
    """What the values of one document have in common: where it came from and how its texts are encoded."""

    __slots__ = ("chain", "decode", "nesting", "record")

    def __init__(self, chain: str, record: int, nesting: int = 0, how: "tuple[str, ...]" = ()) -> None:
        self.chain = chain
        self.record = record
        self.nesting = nesting
        self.decode = how

    def inside(self, how: "tuple[str, ...]" = ("json",), chain: str = "") -> "_Place":
        """The place of a document inside a text of this one."""
        return _Place(chain or self.chain, self.record, self.nesting + 1, how)


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
        if not isinstance(event, dict) and self.source.name != "direct":
            return
        self._base64 = isinstance(event, dict) and event.get("isBase64Encoded") is True
        for spec in self.source.fields:
            places: dict[int, _Place] = {}
            for value, path, record in self._resolve(event, spec.steps):
                if isinstance(value, str) and not spec.decode and value[:1] not in _OPENING and "eyJ" not in value:
                    self._add(value, path, self.source.name, record)
                    continue
                place = places.get(record)
                if place is None:
                    place = places[record] = _Place(self.source.name, record, 0, spec.decode)
                self._drain(value, path, place)

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
                        following.append((item, self._key(key, index, path, self.source.name, record), record))
                elif isinstance(value, dict) and value.get(step) is not None:
                    following.append((value[step], f"{path}.{step}" if path else step, record))
            found = following
            if not found:
                break
        return found

    def _key(self, key: str, index: int, path: str, chain: str, record: int) -> str:
        """The path below a key. A key that is no plain word is the sender's text too: a field of its own."""
        if _PLAIN_KEY.match(str(key)):
            return f"{path}.{key}" if path and path[-1] != ARROW else f"{path}{key}"
        inner = f"{path}{{{index}}}"
        self._add(key, inner, chain, record)
        return inner

    def _add(self, value: object, path: str, chain: str, record: int) -> None:
        if self._full:
            return
        if isinstance(value, str):
            self._chars += len(value)
        if len(self.fields) >= MAX_FIELDS:
            self._stop(f"more than {MAX_FIELDS} fields: the rest, from {path[:MAX_SHOWN]} on, was not examined")
        elif self._chars > MAX_CHARS:
            self._stop(f"more than {MAX_CHARS} characters: the rest, from {path[:MAX_SHOWN]} on, was not examined")
        else:
            self.fields.append(Field(path, value, chain, record))

    def _stop(self, problem: str) -> None:
        self._full = True
        self.problems.append(problem)

    def _problem(self, problem: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _drain(self, value: "Any", path: str, place: _Place) -> None:
        """Walks one value to its leaves, depth first, in the order of the document."""
        todo: list[_Step] = [(value, path, 0, place)]
        while todo and not self._full:
            value, path, depth, place = todo.pop()
            if isinstance(value, str):
                if place.decode and self._base64 and "base64?" in place.decode:
                    value = self._plain(value, path)
                self._add(value, path, place.chain, place.record)
                if len(value) > 1 and (value[0] in _OPENING or "eyJ" in value or place.decode):
                    todo.extend(reversed(self._inner(value, path, place)))
            elif isinstance(value, (dict, list)):
                if depth >= MAX_DEPTH:
                    self._problem(f"deeper than {MAX_DEPTH} levels: {path[:MAX_SHOWN]} was not examined")
                else:
                    todo.extend(reversed(self._children(value, path, depth + 1, place)))
            elif value is not None:
                self._add(value, path, place.chain, place.record)

    def _children(self, value: "Any", path: str, depth: int, place: _Place) -> "list[_Step]":
        if isinstance(value, list):
            return [(item, f"{path}[{index}]", depth, place) for index, item in enumerate(value)]
        return [
            (item, self._key(key, index, path, place.chain, place.record), depth, place)
            for index, (key, item) in enumerate(value.items())
        ]

    def _plain(self, text: str, path: str) -> str:
        """A body that the event says is base64, decoded; as it is when it is not."""
        raw = decode.base64(text)
        return text if raw is None else _readable(self._inflate(raw, path))

    def _inner(self, text: str, path: str, place: _Place) -> "list[_Step]":
        """The documents inside a text: JSON or another event, form, multipart, base64, token, percent-encoding."""
        if place.nesting >= MAX_NESTING:
            if text[0] in _OPENING:
                self._problem(f"more than {MAX_NESTING} documents inside each other: {path}")
            return []
        inner = path + ARROW
        try:
            value = decode.document(text)
        except RecursionError:
            self._problem(f"nested too deep to be read: {path}")
            return []
        if value is not None:
            return [(value, inner, 0, self._enter(value, place))]
        if "form" in place.decode:
            pairs = decode.multipart(text) or (decode.form(text) if _FORM_LIKE.match(text) else [])
            form = place.inside(())
            return [
                (item, self._key(key, index, inner, place.chain, place.record), 0, form)
                for index, (key, item) in enumerate(pairs)
            ]
        if "url" in place.decode:
            plain = decode.percent(text)
            return [(plain, path, 0, place.inside(()))] if plain != text else []
        if "eyJ" in text and "." in text:
            token = place.inside()
            return [(part, inner, 0, token) for part in decode.token_parts(text)]
        if "base64" in place.decode or (len(text) >= 16 and text[:3] in _ENCODED_STARTS):
            raw = decode.base64(text)
            return [(_readable(self._inflate(raw, path)), inner, 0, place.inside())] if raw else []
        return []

    def _inflate(self, raw: bytes, path: str) -> bytes:
        """Gzip undone, within what the walk may still take."""
        if not raw.startswith(decode.GZIP_MAGIC):
            return raw
        limit = MAX_CHARS - self._chars
        plain = decode.gunzip(raw, limit) if limit > 0 else b""
        if plain is None:
            self._problem(f"compressed data that cannot be read: {path}")
            return raw
        if len(plain) >= limit:
            self._problem(f"compressed data larger than {MAX_CHARS} characters: {path} was read in part")
        return plain

    def _enter(self, value: "Any", place: _Place) -> _Place:
        """The place of a document inside a text; when it is itself an event, the chain says so and its key is decoded.

        Every leaf of an inner event counts: whoever may send the outer one may write an inner one by hand.
        """
        name = name_of(value)
        if name == "direct":
            return place.inside()
        if name == "s3":
            _decode_keys(value)
        return place.inside(chain=f"{name} via {place.chain}")


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
