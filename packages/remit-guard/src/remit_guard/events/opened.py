"""An opened event: every value a stranger wrote, as the application will see it, however deep it was wrapped.

The walk is lazy (nothing happens before the first sink asks) and bounded; what a bound cut off is named in
``problems``. It never recurses, so no event can exhaust the stack. It runs in front of the first effect of every
invocation, so its inner loop makes one tuple for a value and nothing else.
"""

import re

from remit_guard.core.source import EventSource
from remit_guard.events import decode
from remit_guard.events.leaves import ARROW, Leaves, Place, path_of
from remit_guard.events.plan import BELOW, EACH, EACH_KEY, EVERYTHING, LEAF, plan_of
from remit_guard.events.shapes import name_of

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
_OPENING = frozenset("{[-WHe \t\r\n\ufeff")
_FORM_LIKE = re.compile(r"[^\s=&]{1,128}=[^\n]*\Z")


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

    __slots__ = ("_base64", "_chars", "_counted", "_full", "documents", "others", "problems", "source", "texts")

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

    def top(self, event: "Any") -> None:
        """Walks a whole event by the field map of its source."""
        if not isinstance(event, dict) and self.source.name != "direct":
            return
        self._base64 = isinstance(event, dict) and event.get("isBase64Encoded") is True
        self._follow(plan_of(self.source), event, None, Place(self.source.name, -1))
        self._measure()

    def _follow(self, plan: "Plan", event: "Any", node: "Node | None", place: Place) -> None:
        """The values at the places that a field map names, each mapping and list entered once."""
        for key, kind, how, batch, below in plan:
            value = event
            if key:
                value = event.get(key) if isinstance(event, dict) else None
                if value is None:
                    continue
            if kind == LEAF and not how and isinstance(value, str) and value[:1] not in _OPENING and "eyJ" not in value:
                self.texts.append((value, node, key, place))
                continue
            if kind == BELOW:
                self._follow(below, value, (node, key), place)
                continue
            here = Place(place.chain, place.record, 0, how) if how else place
            if kind in (LEAF, EVERYTHING):
                self._drain(iter(((key, value),)), node, here, 0)
            else:
                self._each(kind, value, (node, key) if key else node, here, batch=batch, below=below)
            if self._full:
                return

    def _each(self, kind: int, value: "Any", node: "Node | None", place: Place, *, batch: bool, below: "Plan") -> None:
        """The values in a list or a mapping: all of each, or what the field map names below it."""
        items: Iterable[tuple[str | int, Any]]
        if kind == EACH and isinstance(value, list):
            items = enumerate(value)
        elif kind == EACH_KEY and isinstance(value, dict):
            items = self._pairs(value, node, place)
        else:
            return
        if not below:
            self._drain(iter(items), node, place, 1)
            return
        for step, item in items:
            inner = Place(place.chain, int(step)) if batch else place
            self._follow(below, item, (node, step), inner)
            if self._full:
                return

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
            text = self._plain_body(text, node, step)
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
            return iter(((ARROW, value),)), here, self._enter(value, place), 0
        if "form" in place.decode:
            pairs = decode.multipart(text) or (decode.form(text) if _FORM_LIKE.match(text) else [])
            form = place.inside(())
            return iter(self._steps(pairs, (here, ARROW), form)), (here, ARROW), form, 0
        if "url" in place.decode:
            plain = decode.percent(text)
            return (iter(((step, plain),)), node, place.inside(()), 0) if plain != text else None
        if "eyJ" in text and "." in text:
            parts = [(ARROW, part) for part in decode.token_parts(text)]
            return iter(parts), here, place.inside(), 0
        if "base64" in place.decode or (len(text) >= 16 and text[:3] in _ENCODED_STARTS):
            raw = decode.base64(text)
            if raw:
                return iter(((ARROW, _readable(self._inflate(raw, node, step))),)), here, place.inside(), 0
        return None

    def _inflate(self, raw: bytes, node: "Node | None", step: "str | int") -> bytes:
        """Gzip undone, within what the walk may still take."""
        if not raw.startswith(decode.GZIP_MAGIC):
            return raw
        self._measure()
        limit = MAX_CHARS - self._chars
        plain = decode.gunzip(raw, limit) if limit > 0 else b""
        if plain is None:
            self._problem(f"compressed data that cannot be read: {path_of(node, step)}")
            return raw
        if len(plain) >= limit:
            shown = path_of(node, step)[:MAX_SHOWN]
            self._problem(f"compressed data larger than {MAX_CHARS} characters: {shown} was read in part")
        return plain

    def _enter(self, value: "Any", place: Place) -> Place:
        """The place of a document inside a text; when it is itself an event, the chain says so and its key is decoded.

        Every leaf of an inner event counts: whoever may send the outer one may write an inner one by hand.
        """
        name = name_of(value)
        if name == "direct":
            return place.inside()
        if name == "s3":
            _decode_keys(value)
        return place.inside(chain=f"{name} via {place.chain}")


def _may_hold(text: str) -> bool:
    """Whether a text that begins with one of ``_OPENING``, or has a token in it, may hold a document."""
    return not text[:1].isalpha() or text[:3] in _ENCODED_STARTS or "eyJ" in text


def _joined(node: "Node | None", step: "str | int") -> "Node | None":
    """The node of a value; the whole event has none."""
    return node if node is None and step == "" else (node, step)


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
