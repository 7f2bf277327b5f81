"""Where in a text untrusted values are: provenance by value, not by marking.

Python cannot mark its strings, and applications split, decode and join what they receive. So the values of an event are
kept in an index, each in every form an application may have given it, and the text at a sink is searched for them: whole,
ignoring case, and in parts around the characters that can change a structure.
"""

import re
from bisect import bisect_right

from remit_guard.sinks.variants import tokens, variants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from remit_guard.core.source import Field

#: A value of this form is one word or number: no lexer sees more than one token in it.
_WORD = re.compile(r"\w+(?:\.\w+)*\Z")
#: Characters a structure can be changed with; parts of values are looked for around them.
_STRUCTURAL = re.compile(r"""[^\w\s.,:{}\[\]]""")
#: Length of the pieces by which parts are found, and the least length of a part that counts.
GRAM = 4
MIN_PART = 6
#: Values together longer than this are found whole only.
MAX_INDEXED = 512 * 1024
#: How often one value is looked for in one text; overlapping places count.
MAX_OCCURRENCES = 64
MAX_SEEDS = 512
#: How many characters of parts are compared in one text, besides its own length.
MAX_GROWN = 32 * 1024
_CHUNK = 64
#: After how many characters searched for pieces a set of all pieces is made.
MAX_SEARCHED = 1024 * 1024
#: How many places of a piece in the values are tried.
MAX_PLACES = 4
#: Texts whose spans are remembered: most functions run the same few queries again and again.
MAX_REMEMBERED = 64
#: Beyond so many entries values are looked up by their first characters instead of one by one.
MAX_SCANNED = 160
#: A shorter value holds no encoded token besides itself.
_SHORTEST_HOLDER = 17


class Span:
    """One place in a text that came from a field.

    Args:
        start: first character.
        end: after the last character.
        field: where it came from.
        variant: the decodings it went through, ``verbatim`` when none.
        part: whether only a part of the value is there.
        at: where in the (decoded) value it begins.
    """

    __slots__ = ("at", "end", "field", "part", "start", "variant")

    def __init__(self, start: int, end: int, field: "Field", variant: str, *, part: bool = False, at: int = 0) -> None:
        self.start = start
        self.end = end
        self.field = field
        self.variant = variant
        self.part = part
        self.at = at

    def __repr__(self) -> str:
        return f"Span({self.start}, {self.end}, {self.field!r}, {self.variant!r})"


class _Entry:
    """One variant of one value, in lower case."""

    __slots__ = ("field", "text", "variant", "word")

    def __init__(self, text: str, field: "Field", variant: str) -> None:
        self.text = text
        self.field = field
        self.variant = variant
        self.word = _WORD.match(text) is not None


def lowered(text: str) -> str:
    """Lower case with every character at its old place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


class Provenance:
    """The untrusted values of one invocation, indexed on first use.

    Args:
        fields: the fields of the event; the iterable is
            walked when the first sink asks, and must allow to be walked again.
    """

    __slots__ = (
        "_blob",
        "_by_start",
        "_entries",
        "_known",
        "_numbers",
        "_offsets",
        "_pieces",
        "_searched",
        "_short",
        "fields",
    )

    def __init__(self, fields: "Iterable[Field]") -> None:
        self.fields = fields
        self._entries: list[_Entry] | None = None
        self._blob: str | None = None
        self._offsets: list[int] = []
        self._pieces: set[str] | None = None
        self._searched = 0
        self._numbers: list[int] = []
        self._by_start: dict[str, list[int]] | None = None
        self._short: list[int] = []
        self._known: dict[tuple[str, bool], list[Span]] = {}

    def find(self, text: str, *, words: bool = True) -> "list[Span]":
        """The places in a text that came from untrusted values, by position, longer first.

        Args:
            text: what a sink is about to execute.
            words: whether values that are a single word or number are wanted too.

        Returns:
            Spans; they may overlap. A part of a value is reported only where the value is nowhere whole.
        """
        key = (text, words)
        known = self._known.get(key)
        if known is None:
            known = self._search(text, words)
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[key] = known
        return known

    def find_bytes(self, data: bytes) -> "Field | None":
        """The field that binary data came from: sent as base64, hex, percent-encoded or as it is; ``None`` for no field.

        Args:
            data: what a sink is about to read; compressed data is also compared after it was inflated.
        """
        from remit_guard.events import decode

        for field in self.fields:
            value = field.value
            if not isinstance(value, str) or len(value) < GRAM:
                continue
            raws: list[bytes | None] = [value.encode("utf-8", "surrogatepass")]
            for text in (value, *tokens(value)):
                raws += (decode.base64(text), _from_hex(text))
            if "%" in value:
                raws.append(decode.percent_bytes(value))
            for raw in raws:
                if raw and raw.startswith(decode.GZIP_MAGIC):
                    raw = decode.gunzip(raw, MAX_INDEXED)
                if raw and len(raw) >= GRAM and (raw in data or data in raw):
                    return field
        return None

    def _search(self, text: str, words: bool) -> "list[Span]":
        entries = self._index()
        lower = lowered(text)
        spans: list[Span] = []
        whole: set[int] = set()
        for number in self._candidates(lower):
            entry = entries[number]
            if (entry.word and not words) or entry.text not in lower:
                continue
            whole.add(id(entry.field))
            value = entry.text
            at = lower.find(value)
            count = 0
            while at >= 0 and count < MAX_OCCURRENCES:
                count += 1
                spans.append(Span(at, at + len(value), entry.field, entry.variant))
                at = lower.find(value, at + 1)
        spans.sort(key=_order)
        parts = list(self._parts(lower, whole, spans))
        if parts:
            spans.extend(parts)
            spans.sort(key=_order)
        return spans

    def _candidates(self, lower: str) -> "Iterable[int]":
        """Entries that may be in the text: all when they are few, otherwise those whose first characters are."""
        entries = self._index()
        if len(entries) <= MAX_SCANNED:
            return range(len(entries))
        if self._by_start is None:
            self._by_start = {}
            for number, entry in enumerate(entries):
                if len(entry.text) < GRAM:
                    self._short.append(number)
                else:
                    self._by_start.setdefault(entry.text[:GRAM], []).append(number)
        starts = {lower[at : at + GRAM] for at in range(len(lower) - GRAM + 1)}
        found = [number for start in starts for number in self._by_start.get(start, ())]
        return found + self._short

    def _index(self) -> "list[_Entry]":
        if self._entries is None:
            seen: set[str] = set()
            entries: list[_Entry] = []
            for field in self.fields:
                value = field.value
                if not isinstance(value, str) or not value:
                    continue
                forms = variants(value)
                for token in tokens(value) if len(value) > _SHORTEST_HOLDER else ():
                    forms += variants(token)[1:]
                for text, name in forms:
                    lower = lowered(text)
                    # A lone slash is the path of every request for /, and is in every path, URL and closing tag.
                    if lower in seen or (len(lower) < 3 and lower.isalnum()) or lower == "/":
                        continue
                    seen.add(lower)
                    entries.append(_Entry(lower, field, name))
                    if lower[0].isspace() or lower[-1].isspace():
                        trimmed = lower.strip()
                        if trimmed and trimmed not in seen:
                            seen.add(trimmed)
                            entries.append(_Entry(trimmed, field, name))
            self._entries = entries
        return self._entries

    def _parts(self, lower: str, whole: "set[int]", spans: "list[Span]") -> "Iterator[Span]":
        """Spans of parts, grown from pieces around structural characters that text and value share.

        What whole values (``spans``, in order) account for is passed over.
        """
        if self._blob is None:
            self._blob = self._joined()
        blob, offsets, numbers = self._blob, self._offsets, self._numbers
        if not blob:
            return
        entries = self._index()
        done: dict[int, int] = {}
        seeds = work = reached = passed = 0
        for match in _STRUCTURAL.finditer(lower):
            at = match.start()
            while passed < len(spans) and spans[passed].start <= at:
                if spans[passed].end - spans[passed].start >= MIN_PART:
                    reached = max(reached, spans[passed].end)
                passed += 1
            if at < reached:
                continue
            for first in (at, at - GRAM + 1):
                gram = lower[first : first + GRAM] if first >= 0 else ""
                place = self._first_place(gram) if len(gram) == GRAM else -1
                tries = 0
                while place >= 0 and tries < MAX_PLACES:
                    tries += 1
                    which = bisect_right(offsets, place) - 1
                    number, position = numbers[which], place - offsets[which]
                    place = blob.find(gram, place + 1)
                    entry = entries[number]
                    if id(entry.field) in whole or done.get(number, -1) >= first + GRAM:
                        continue
                    seeds += 1
                    if seeds > MAX_SEEDS:
                        return
                    start, end = _grown(entry.text, position, lower, first)
                    work += end - start
                    if work > MAX_GROWN + len(lower):
                        return
                    done[number] = end
                    offset = position - (first - start)
                    if end - start >= MIN_PART and _is_piece(entry.text, offset, offset + end - start):
                        reached = max(reached, end - 1)
                        yield Span(start, end, entry.field, entry.variant, part=True, at=offset)

    def _first_place(self, gram: str) -> int:
        """Where a piece first is among the values, -1 for nowhere.

        Searching costs nothing to prepare, a set of all pieces nothing to ask: the set is made once searching got dear.
        """
        blob = self._blob or ""
        if self._pieces is None:
            self._searched += len(blob)
            if self._searched > MAX_SEARCHED:
                self._pieces = {blob[at : at + GRAM] for at in range(len(blob) - GRAM + 1)}
        elif gram not in self._pieces:
            return -1
        return blob.find(gram)

    def _joined(self) -> str:
        """All values that parts can be of, in one text, so that one search looks through them all."""
        size = 0
        texts = []
        for number, entry in enumerate(self._index()):
            length = len(entry.text)
            if entry.word or length < MIN_PART:
                continue
            if size + length > MAX_INDEXED:
                break
            self._offsets.append(size)
            self._numbers.append(number)
            texts.append(entry.text)
            size += length + 1
        return "\0".join(texts)


def _is_piece(value: str, start: int, end: int) -> bool:
    """Whether an application could have cut this part out of a value: at its ends, or between two delimiters.

    Phrases that a text merely shares with a template mostly begin or end in the middle of its words.
    """
    if start == 0 or end == len(value):
        return True
    return (_delimits(value[start - 1]) or _delimits(value[start])) and (
        _delimits(value[end]) or _delimits(value[end - 1])
    )


def _delimits(char: str) -> bool:
    return not (char.isalnum() or char in " _")


def _from_hex(text: str) -> "bytes | None":
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _order(span: Span) -> "tuple[int, int]":
    return span.start, -span.end


def _grown(value: str, position: int, text: str, at: int) -> "tuple[int, int]":
    """The longest stretch equal in value and text around a shared piece; gives its start and end in the text."""
    left = 0
    most = min(position, at)
    while (
        left < most
        and value[max(position - left - _CHUNK, 0) : position - left][-_CHUNK:]
        == text[max(at - left - _CHUNK, 0) : at - left]
    ):
        left += _CHUNK
    left = min(left, most)
    while left < most and value[position - left - 1] == text[at - left - 1]:
        left += 1
    right = 0
    most = min(len(value) - position, len(text) - at)
    while (
        right < most and value[position + right : position + right + _CHUNK] == text[at + right : at + right + _CHUNK]
    ):
        right += _CHUNK
    right = min(right, most)
    while right < most and value[position + right] == text[at + right]:
        right += 1
    return at - left, at + right
