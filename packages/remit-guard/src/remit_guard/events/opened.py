"""An opened event: every value a stranger wrote, as the application will see it, however deep it was wrapped.

The walk is lazy (nothing happens before the first sink asks) and bounded; what a bound cut off is named in
``problems``. It recurses into field maps and envelopes only, whose depth is bounded, so no event can exhaust the stack.
It runs in front of the first effect of every invocation, so its inner loop makes one tuple for a value and nothing else.

A field map says how to read an event, not what to trust: leaves at places it does not name are taken as well, as of a
direct invocation. Else whoever can imitate a shape (a body handed on as it is, a device's message, an input path)
could make anything beside it trusted. Only plain values at the places of ``EventSource.platform`` are left out.
"""

import re

from remit_guard.core.source import EventSource
from remit_guard.events import by_name, decode, written
from remit_guard.events.leaves import ARROW, Leaves, Place, path_of
from remit_guard.events.plan import BELOW, EACH, EACH_KEY, EVERYTHING, LEAF, plan_of
from remit_guard.events.shapes import DIRECT, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from remit_guard.core.source import Field
    from remit_guard.events.leaves import Leaf, Node
    from remit_guard.events.plan import Plan

    #: Values still to be looked at: steps and values, the node above them, their place, their depth.
    _Frame = tuple[Iterator[tuple[str | int, Any]], Node | None, "Place", int]

#: Bounds of the walk. A Lambda event has at most 6 MiB, so only hostile or very unusual events meet them.
MAX_FIELDS = 20_000
MAX_CHARS = 16 * 1024 * 1024
#: A text up to this long is opened before its characters are counted.
MAX_UNCOUNTED = 64 * 1024
MAX_DEPTH = 128
MAX_NESTING = 8
MAX_PROBLEMS = 20
#: How much of a path a problem shows.
MAX_SHOWN = 120

#: Keys that can be written into a path, and that are too plain to change the structure of anything.
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_$:@-]{1,64}\Z")
#: Keys known to be plain. They are the same in every event of a kind; how many are kept is bounded, for callers choose some.
_plain: "set[str]" = set()
_MAX_PLAIN = 1024
#: How a text begins that may hold a document: JSON, multipart, blanks, a byte order mark, gzip or JSON in base64.
#: (A text in quotes may be a JSON text around another document.)
_OPENING = frozenset('{["-WHe \t\r\n\ufeff')
_FORM_LIKE = re.compile(r"[^\s=&]{1,128}=[^\n]*\Z")
#: The text of a base64 body up to this length is a field as well, for a handler that forgets to decode it.
MAX_UNDECODED = 4096


class Opened:
    """One event, its source and what its sender wrote in it.

    Args:
        event: the event as the platform delivered it.
        source: the source it was recognised as.
    """

    __slots__ = ("_leaves", "event", "problems", "source")

    def __init__(self, event: "Any", source: EventSource) -> None:
        self.event = event
        self.source = source
        #: What could not be examined, one sentence each; filled by ``leaves()`` and ``fields()``.
        self.problems: list[str] = []
        self._leaves: Leaves | None = None

    @property
    def chain(self) -> str:
        """The chain of sources, innermost first: ``s3 via sns via sqs``. Of a mixed batch, the longest."""
        return max(sorted(self.leaves().chains()), key=_links, default=self.source.name)

    def leaves(self) -> Leaves:
        """All untrusted values, outer before inner; walked once. Never raises on a JSON value."""
        if self._leaves is None:
            walk = _Walk(self.source)
            walk.top(self.event)
            self._leaves = Leaves(walk.texts, walk.others, frozenset(walk.documents))
            self.problems.extend(walk.problems)
        return self._leaves

    def fields(self) -> "list[Field]":
        """The same as fields, each with its path; made once."""
        return self.leaves().fields()


def _links(chain: str) -> int:
    return chain.count(" via ")


class _Walk:
    """The walk over one event; collects values and problems."""

    __slots__ = (
        "_base64", "_chars", "_count", "_counted", "_full", "_rows", "_written", "documents", "others", "problems", "source",
        "texts",
    )  # fmt: skip

    def __init__(self, source: EventSource) -> None:
        self.source = source
        self.texts: list[Leaf] = []
        self.others: list[tuple[int, Leaf]] = []
        self.documents: list[int] = []
        self.problems: list[str] = []
        self._base64 = False
        self._chars = 0
        self._counted = 0
        self._full = False
        #: What stands at the platform's own places: the keys and the mapping they are in, the node above, the place; and
        #: the values of each such mapping, joined.
        self._written: list[tuple[tuple[str, ...], dict[str, Any], Node | None, Place]] = []
        self._rows: list[str] = []
        self._count = 0

    def top(self, event: "Any") -> None:
        """Walks a whole event by the field map of its source."""
        self._base64 = _says_base64(event)
        self._follow(plan_of(self.source), event, None, Place(self.source.name, -1))
        if not self._full:
            self._doubt()
        self._measure()

    def _doubt(self) -> None:
        """Takes what stands at the platform's own places and is not plain."""
        if written.all_plain(self._rows, self._count):
            return
        for keys, event, node, place in self._written:
            for key in keys:
                value = event.get(key)
                if isinstance(value, str) and not written.plain(value):
                    self._drain(iter(((key, value),)), node, place, 0)
                    if self._full:
                        return

    def _follow(self, plan: "Plan", event: "Any", node: "Node | None", place: Place) -> None:
        """The values at the places that a field map names, each mapping and list entered once; then those at others."""
        steps, platform, keys = plan
        if keys is not None and not isinstance(event, dict):
            self._unlike(plan, event, node, place)
            return
        texts = self.texts
        for key, kind, how, batch, below in steps:
            value = event
            if key:
                value = event.get(key)
                if value is None:
                    continue
            if kind == LEAF and not how and isinstance(value, str) and value[:1] not in _OPENING and "eyJ" not in value:
                texts.append((value, node, key, place))
            elif kind == BELOW:
                self._follow(below, value, (node, key), place)
            elif kind in (EACH, EACH_KEY):
                here = Place(place.chain, place.record, place.nesting, how) if how else place
                self._each(kind, value, (node, key) if key else node, here, batch=batch, below=below)
            else:
                here = Place(place.chain, place.record, place.nesting, how) if how else place
                self._whole(key, kind, value, node, here)
            if self._full:
                return
        if platform:
            if place.nesting:  # an event inside another one: whoever sent that may have written all of it
                self._drain(zip(platform, map(event.get, platform), strict=True), node, place, 0)
            else:
                self._collect(platform, event, node, place)
        if keys is not None and not keys.issuperset(event):
            self._beside(keys, event, node, place)

    def _beside(self, keys: "frozenset[str]", event: "dict[str, Any]", node: "Node | None", place: Place) -> None:
        """What a mapping has besides the places that are named: whoever imitates a shape may have put it there."""
        rest: dict[str, Any] = {}
        for key, value in event.items():
            if key not in keys:
                if (
                    isinstance(value, str)
                    and value[:1] not in _OPENING
                    and "eyJ" not in value
                    and key in _plain
                    and not place.coded
                ):
                    self.texts.append((value, node, key, place))
                else:
                    rest[key] = value
        if rest:
            self._drain(iter(self._pairs(rest, node, place)), node, place, 0)

    def _collect(self, platform: "tuple[str, ...]", event: "dict[str, Any]", node: "Node | None", place: Place) -> None:
        """Puts values at the platform's own places aside, to be looked at all together."""
        try:
            row = "\0".join(map(event.get, platform))  # type: ignore[arg-type]
            self._count += len(platform)
        except TypeError:  # one is not there, or no text
            values = list(map(event.get, platform))
            texts = [value for value in values if isinstance(value, str)]
            row = "\0".join(texts)
            self._count += len(texts) or 1
            for key, value in zip(platform, values, strict=True):
                if isinstance(value, (dict, list)):
                    self._drain(iter(((key, value),)), node, place, 0)
        self._rows.append(row)
        self._written.append((platform, event, node, place))

    def _whole(self, key: str, kind: int, value: "Any", node: "Node | None", place: Place) -> None:
        """Everything at and below one place; when that is an event itself, as its own field map says."""
        if kind == EVERYTHING and key and "event" in place.decode and isinstance(value, (dict, list)):
            name = name_of(value)
            if name != DIRECT and place.nesting < MAX_NESTING:
                self._event(name, value, (node, key), place)
                return
        if key or node is None:
            self._drain(iter(((key, value),)), node, place, 0)
        else:
            self._here(value, node, place)

    def _here(self, value: "Any", node: "Node | None", place: Place) -> None:
        """Everything at and below a node itself."""
        above, step = node if node is not None else (None, "")
        self._drain(iter(((step, value),)), above, place, 0)

    def _unlike(self, plan: "Plan", event: "Any", node: "Node | None", place: Place) -> None:
        """What a field map takes for a mapping and is none: a list of such mappings, or something else altogether."""
        if not isinstance(event, list):
            inner = (
                self._written_out(event) if isinstance(event, str) and node and place.nesting < MAX_NESTING else None
            )
            if inner is None:
                self._here(event, node, place)
                return
            above, step = node if node is not None else (None, "")
            self.documents.append(len(self.texts))
            self.texts.append((event, above, step, place))
            self._follow(plan, inner, (node, ARROW), place.inside(()))
            return
        for index, item in enumerate(event):
            if isinstance(item, dict):
                record = index if node is None else place.record
                self._follow(plan, item, (node, index), Place(place.chain, record, place.nesting, place.decode))
            else:
                self._drain(iter(((index, item),)), node, place, 1)
            if self._full:
                return

    def _written_out(self, text: str) -> "dict[str, Any] | None":
        """The mapping that a text is, where a field map expects one; other events in texts have maps of their own."""
        try:
            value = decode.document(text)
        except RecursionError:  # whoever walks the text says so
            return None
        return value if isinstance(value, dict) and name_of(value) == DIRECT else None

    def _each(self, kind: int, value: "Any", node: "Node | None", place: Place, *, batch: bool, below: "Plan") -> None:
        """The values in a list or a mapping: all of each, or what the field map names below it."""
        items: Iterable[tuple[str | int, Any]]
        if kind == EACH and isinstance(value, list):
            items = enumerate(value)
        elif kind == EACH_KEY and isinstance(value, dict):
            items = self._pairs(value, node, place)
        else:
            self._here(value, node, place)
            return
        if not below[0]:
            self._drain(iter(items), node, place, 1)
            return
        for step, item in items:
            inner = Place(place.chain, int(step), 0) if batch and not place.nesting else place
            self._follow(below, item, (node, step), inner)
            if len(self.texts) + len(self.others) > MAX_FIELDS:
                self._cut_fields()
            if self._full:
                return

    def _event(self, name: str, event: "Any", node: "Node", place: Place) -> None:
        """An event inside another one, by its own field map; its platform wrote nothing in it, for its sender may have."""
        outer = self._base64
        self._base64 = _says_base64(event)
        self._follow(plan_of(by_name(name)), event, node, place.inside((), f"{name} via {place.chain}"))
        self._base64 = outer

    def _pairs(self, value: "dict[Any, Any]", node: "Node | None", place: Place) -> "Iterable[tuple[str | int, Any]]":
        """Steps and values of a mapping. A key that is no plain word is the sender's text too: a field of its own."""
        if _plain.issuperset(value):
            return value.items()
        return self._steps(value.items(), node, place)

    def _steps(
        self, pairs: "Iterable[tuple[Any, Any]]", node: "Node | None", place: Place
    ) -> "list[tuple[str | int, Any]]":
        found: list[tuple[str | int, Any]] = []
        for index, (key, item) in enumerate(pairs):
            name = str(key)
            if name not in _plain:
                if _PLAIN_KEY.match(name):
                    if len(_plain) >= _MAX_PLAIN:
                        _plain.clear()
                    _plain.add(name)
                else:
                    if len(self.texts) + len(self.others) > MAX_FIELDS:
                        break
                    self.texts.append((name, node, -1 - index, place))
                    found.append((-1 - index, item))
                    continue
            found.append((name, item))
        return found

    def _drain(self, items: "Iterator[tuple[str | int, Any]]", node: "Node | None", place: Place, depth: int) -> None:
        """Walks values to their leaves, depth first, in the order of the document."""
        texts, others, opening = self.texts, self.others, _OPENING
        stack: list[_Frame] = [(items, node, place, depth)]
        while stack:
            items, node, place, depth = stack[-1]
            coded = place.coded
            for step, value in items:
                if isinstance(value, str):
                    if (coded or value[:1] in opening or "eyJ" in value) and (coded or _may_hold(value)):
                        inner = self._text(value, node, step, place)
                        if inner is not None:
                            stack.append(inner)
                            break
                        if self._full:
                            return
                    else:
                        texts.append((value, node, step, place))
                elif isinstance(value, (dict, list)):
                    text = _of_bytes(value) if coded and "bytes" in place.decode else None
                    if text is not None:
                        stack.append((iter(((ARROW, text),)), _joined(node, step), place.inside(place.decode[1:]), 0))
                        break
                    if depth >= MAX_DEPTH:
                        shown = path_of(node, step)[:MAX_SHOWN]
                        self._problem(f"deeper than {MAX_DEPTH} levels: {shown} was not examined")
                        continue
                    stack.append(self._children(value, _joined(node, step), place, depth + 1))
                    break
                elif value is not None:
                    others.append((len(texts), (value, node, step, place)))
            else:
                stack.pop()
            if len(texts) + len(others) > MAX_FIELDS:
                self._cut_fields()
            if self._full:
                return

    def _children(self, value: "dict[Any, Any] | list[Any]", node: "Node | None", place: Place, depth: int) -> "_Frame":
        """What is in a list or a mapping, as far as fields may still be taken."""
        items: Iterable[tuple[str | int, Any]]
        if isinstance(value, dict):
            items = value.items() if _plain.issuperset(value) else self._steps(value.items(), node, place)
        else:
            items = enumerate(value if len(value) <= MAX_FIELDS else value[: MAX_FIELDS + 1])
        return iter(items), node, place, depth

    def _text(self, text: str, node: "Node | None", step: "str | int", place: Place) -> "_Frame | None":
        """Takes a text, and gives what is inside it."""
        if self._base64 and "base64?" in place.decode:
            decoded = self._plain_body(text, node, step)
            if decoded != text and len(text) <= MAX_UNDECODED:
                self.texts.append((text, node, step, place))
            text = decoded
        self.texts.append((text, node, step, place))
        return self._inner(text, node, step, place) if len(text) > 1 else None

    def _cut_fields(self) -> None:
        """Takes back what is beyond the bound of fields."""
        path = ""
        while len(self.texts) + len(self.others) > MAX_FIELDS:
            last = self.others.pop()[1] if self.others and self.others[-1][0] >= len(self.texts) else self.texts.pop()
            path = path_of(last[1], last[2])
        self._stop(f"more than {MAX_FIELDS} fields: the rest, from {path[:MAX_SHOWN]} on, was not examined")

    def _measure(self) -> None:
        """Counts the characters taken since the last time, and takes back what is beyond their bound."""
        if self._full:
            return
        new = self.texts[self._counted :]
        self._chars += sum([len(leaf[0]) for leaf in new])
        self._counted = len(self.texts)
        if len(self.texts) + len(self.others) > MAX_FIELDS:
            self._cut_fields()
        if self._chars <= MAX_CHARS:
            return
        path = ""
        while self.texts and self._chars > MAX_CHARS:
            text, node, step, _ = self.texts.pop()
            self._chars -= len(text)
            path = path_of(node, step)
        self._counted = len(self.texts)
        self.others = [other for other in self.others if other[0] <= self._counted]
        self.documents = [number for number in self.documents if number < self._counted]
        self._stop(f"more than {MAX_CHARS} characters: the rest, from {path[:MAX_SHOWN]} on, was not examined")

    def _stop(self, problem: str) -> None:
        self._full = True
        self.problems.append(problem)

    def _problem(self, problem: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _plain_body(self, text: str, node: "Node | None", step: "str | int") -> str:
        """A body that the event says is base64, decoded; as it is when it is not."""
        raw = decode.base64(text)
        return text if raw is None else _readable(self._inflate(raw, node, step))

    def _inner(self, text: str, node: "Node | None", step: "str | int", place: Place) -> "_Frame | None":
        """The documents inside a text: JSON or another event, form, multipart, base64, token, percent-encoding."""
        if place.nesting or len(text) > MAX_UNCOUNTED:
            self._measure()
            if self._full:
                return None
        if place.nesting >= MAX_NESTING:
            if "url" in place.decode:
                self.texts.append((decode.percent(text), node, step, place))
            if _may_hold(text):
                self._problem(f"more than {MAX_NESTING} documents inside each other: {path_of(node, step)}")
            return None
        try:
            value = decode.document(text)
        except RecursionError:
            self._problem(f"nested too deep to be read: {path_of(node, step)}")
            return None
        here: Node = (node, step)
        if value is not None:
            self.documents.append(len(self.texts) - 1)
            return self._document(value, here, place)
        if place.coded:
            return self._decoded(text, node, step, place)
        if "eyJ" in text and "." in text:
            parts = [(ARROW, part) for part in decode.token_parts(text)]
            return iter(parts), here, place.inside(), 0
        return self._unpacked(text, node, step, place)

    def _decoded(self, text: str, node: "Node | None", step: "str | int", place: Place) -> "_Frame | None":
        """What a text holds that is no document, in a place whose encodings are known."""
        here: Node = (node, step)
        how = place.decode
        if len(text) >= 16 and text[:3] in _ENCODED_STARTS:
            found = self._unpacked(text, node, step, place)
            if found is not None:
                return found
        if "base64" not in how and "form" in how:
            pairs, whole = decode.multipart(text, MAX_FIELDS)
            if whole and not pairs and _FORM_LIKE.match(text):
                pairs, whole = decode.form(text, MAX_FIELDS)
            if not whole:
                shown = path_of(node, step)[:MAX_SHOWN]
                self._problem(f"more than {MAX_FIELDS} parts: the rest of {shown} was not examined")
            if pairs:
                form = place.inside(())
                steps = self._steps(pairs, (here, ARROW), form)
                if "eyJ" in text and "." in text:
                    steps += [("", part) for part in decode.token_parts(text)]
                return iter(steps), (here, ARROW), form, 0
        if "url" in how:
            plain = decode.percent(text)
            if plain != text:
                return iter(((step, plain),)), node, place.inside(()), 0
        if "eyJ" in text and "." in text:
            parts = [(ARROW, part) for part in decode.token_parts(text)]
            return iter(parts), here, place.inside(), 0
        return self._unpacked(text, node, step, place)

    def _unpacked(self, text: str, node: "Node | None", step: "str | int", place: Place) -> "_Frame | None":
        """What base64 holds, where the place says it is that or the text looks it."""
        if "base64" in place.decode or (len(text) >= 16 and text[:3] in _ENCODED_STARTS):
            raw = decode.base64(text)
            if raw:
                how = tuple([name for name in place.decode if name not in ("base64", "base64?")])
                plain = _readable(self._inflate(raw, node, step))
                return iter(((ARROW, plain),)), (node, step), place.inside(how or ("json",)), 0
        return None

    def _document(self, value: "Any", node: "Node", place: Place) -> "_Frame | None":
        """What a document in a text holds; when it is itself an event, the chain says so and its own map is followed."""
        name = name_of(value)
        if name != DIRECT:
            self._event(name, value, (node, ARROW), place)
            return None
        return iter(((ARROW, value),)), node, place.inside(), 0

    def _inflate(self, raw: bytes, node: "Node | None", step: "str | int") -> bytes:
        """Gzip undone, within what the walk may still take."""
        if not decode.is_packed(raw):
            return raw
        self._measure()
        limit = MAX_CHARS - self._chars
        if limit <= 0:
            return b""
        plain, whole = decode.inflated(raw, limit)
        if whole:
            return plain
        if not plain and not raw.startswith(decode.GZIP_MAGIC):  # two bytes of it only looked like zlib data
            return raw
        shown = path_of(node, step)[:MAX_SHOWN]
        if len(plain) >= limit:
            self._problem(f"compressed data larger than {MAX_CHARS} characters: {shown} was read in part")
        else:
            self._problem(f"compressed data that cannot be read to its end: {shown}")
        return plain or raw


def _may_hold(text: str) -> bool:
    """Whether a text that begins with one of ``_OPENING``, or has a token in it, may hold a document."""
    return not text[:1].isalpha() or text[:3] in _ENCODED_STARTS or "eyJ" in text


def _of_bytes(value: "Any") -> "str | None":
    """The text that a list of byte numbers holds, signed ones too, as Java writes them; ``None`` for everything else."""
    if not isinstance(value, list) or not value or not all(type(item) is int and -129 < item < 256 for item in value):
        return None
    return _readable(bytes([item & 255 for item in value]))


def _joined(node: "Node | None", step: "str | int") -> "Node | None":
    """The node of a value; the whole event has none."""
    return node if node is None and step == "" else (node, step)


def _says_base64(event: "Any") -> bool:
    """Whether an event says that its body is base64; VPC Lattice writes it in another way."""
    return isinstance(event, dict) and (
        event.get("isBase64Encoded") is True or event.get("is_base64_encoded") in (True, "true")
    )


#: How base64 of ``{"``, ``[{``, ``["``, a JSON text with blanks and of gzip data begins.
_ENCODED_STARTS = ("eyJ", "W3s", "WyJ", "eyA", "ewo", "ewk", "H4s")


def _readable(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
