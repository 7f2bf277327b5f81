"""Where in a text untrusted values are: provenance by value, not by marking.

Python cannot mark its strings, and applications split, decode and join what they receive. So the values of an event are
kept in an index, each in every form an application may have given it, and the text at a sink is searched for them: whole,
ignoring case, and in parts around the characters that can change a structure.
"""

import re
from bisect import bisect_right

from remit_guard.events.leaves import Given, Leaves
from remit_guard.sinks.index import Index, lowered
from remit_guard.sinks.variants import tokens

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
#: What applications take out of values or put in: blanks, control and invisible characters, quotes, list separators.
_TAKEN = dict.fromkeys(
    [0, *range(2, 33), *range(0x7F, 0xA1), 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *map(ord, "'\"`\\+,|;")], None
)
_KEPT = re.compile(r"/\*\*/|(.)", re.DOTALL)
#: The least length of a value that is looked for without those characters, and the longest.
MIN_SQUEEZED = 8
#: How the variant of a span ends whose value lost or got such characters.
ALTERED = "+altered"
#: And of one whose quotes were escaped.
ESCAPED = "+escaped"
MAX_SQUEEZED = 4096
#: After how many characters searched for pieces a set of all pieces is made.
MAX_SEARCHED = 1024 * 1024
#: How many places of a piece in the values are tried.
MAX_PLACES = 4
#: Texts whose spans are remembered: most functions run the same few queries again and again.
MAX_REMEMBERED = 64
#: After how much looking for every value in every text (in characters) values are looked up by their first characters.
MAX_SCANNED = 256 * 1024
#: A structural character that is rarer in the values than one in so many has its pieces listed.
_RARE = 64


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


class Provenance:
    """The untrusted values of one invocation, indexed on first use.

    Args:
        fields: the values of the event, or any fields; an iterable
            is walked when the first sink asks.
        problems: where to say what of the values could not be compared; nowhere by default.
    """

    __slots__ = (
        "_blob",
        "_by_start",
        "_index_made",
        "_kept",
        "_known",
        "_offsets",
        "_pieces",
        "_rare",
        "_scanned",
        "_searched",
        "_short",
        "_squeezed",
        "fields",
        "problems",
    )

    def __init__(self, fields: "Iterable[Field]", problems: "list[str] | None" = None) -> None:
        self.fields = fields
        self.problems: list[str] = [] if problems is None else problems
        self._index_made: Index | None = None
        self._blob: str | None = None
        self._offsets: list[int] = []
        #: The forms that are in the joined text, when not all are.
        self._kept: list[int] = []
        self._pieces: set[str] | None = None
        self._rare: dict[str, frozenset[str] | None] = {}
        self._searched = 0
        self._scanned = 0
        self._by_start: dict[str, list[int]] | None = None
        self._short: list[int] = []
        self._known: dict[tuple[str, bool], list[Span]] = {}
        #: Forms without the characters applications take out, each with its number.
        self._squeezed: list[tuple[str, int]] | None = None

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

        index = self._index()
        for number, value in enumerate(index.values):
            if len(value) < GRAM:
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
                    return index.field_of(number)
        return None

    def holders(self, text: str) -> "Iterator[tuple[Field, str, int]]":
        """The values that a text stands in: each with its field, itself in lower case, and where the text is in it.

        Args:
            text: a host or a name that an application may have cut out of a value, in any case.
        """
        index = self._index()
        wanted = lowered(text)
        for place, form in enumerate(index.forms):
            at = form.find(wanted) if wanted else -1
            while at >= 0:
                yield index.field(place), form, at
                at = form.find(wanted, at + 1)

    def _search(self, text: str, words: bool) -> "list[Span]":
        index = self._index()
        forms = index.forms
        lower = lowered(text)
        spans: list[Span] = []
        whole: set[int] = set()
        for place in self._candidates(lower):
            form = forms[place]
            if form not in lower or _trivial(form) or (not words and _WORD.match(form)):
                continue
            whole.add(index.leaf(place))
            field, variant = index.field(place), index.variant(place)
            at = lower.find(form)
            count = 0
            while at >= 0 and count < MAX_OCCURRENCES:
                count += 1
                spans.append(Span(at, at + len(form), field, variant))
                at = lower.find(form, at + 1)
        spans.extend(self._escaped(lower, whole))
        spans.extend(self._altered(lower, whole))
        if len(spans) > 1:
            spans.sort(key=_order)
        parts = self._parts(lower, whole, spans)
        if parts:
            spans.extend(parts)
            spans.sort(key=_order)
        return spans

    def _candidates(self, lower: str) -> "Iterable[int]":
        """The forms that may be in the text.

        To try each is fastest for one text, to look them up by their first characters for many, or for long ones.
        """
        forms = self._index().forms
        if self._by_start is None:
            self._scanned += len(forms) * (len(lower) // _CHUNK + 1) * _CHUNK
            if self._scanned <= MAX_SCANNED:
                return [place for place, form in enumerate(forms) if form in lower]
            self._by_start = {}
            for place, form in enumerate(forms):
                if len(form) < GRAM:
                    self._short.append(place)
                else:
                    self._by_start.setdefault(form[:GRAM], []).append(place)
        starts = {lower[at : at + GRAM] for at in range(len(lower) - GRAM + 1)}
        found = [place for start in starts for place in self._by_start.get(start, ())]
        return found + self._short

    def _index(self) -> Index:
        if self._index_made is None:
            given = self.fields
            leaves = given if isinstance(given, Leaves) else Given(given)
            self._index_made = Index(leaves, self.problems)
        return self._index_made

    def _escaped(self, lower: str, whole: "set[int]") -> "Iterator[Span]":
        """Places of whole values whose quotes were escaped, so that they need not be put together from their parts."""
        if "''" not in lower and "\\" not in lower and '""' not in lower:
            return
        index = self._index()
        for place, form in enumerate(index.forms):
            if not MIN_SQUEEZED <= len(form) <= len(lower) or index.leaf(place) in whole:
                continue
            for quote in ("'", '"'):
                if quote not in form:
                    continue
                for text in (
                    form.replace(quote, quote + quote),
                    form.replace("\\", "\\\\").replace(quote, "\\" + quote),
                ):
                    at = lower.find(text)
                    if at >= 0:
                        yield Span(at, at + len(text), index.field(place), index.variant(place) + ESCAPED)

    def _altered(self, lower: str, whole: "set[int]") -> "Iterator[Span]":
        """Places of values that lost or got blanks, quotes or separators on their way."""
        index = self._index()
        if self._squeezed is None:
            self._squeezed = _all_squeezed(index.forms)
        if not self._squeezed:
            return
        text = _squeezed(lower.replace("\x01", "\x02"))
        kept: list[int] = []
        for short, place in self._squeezed:
            if short not in text or index.leaf(place) in whole:
                continue
            kept = kept or [
                found.start() for found in _KEPT.finditer(lower) if found[1] and ord(found[1]) not in _TAKEN
            ]
            field, variant = index.field(place), index.variant(place)
            at = text.find(short)
            count = 0
            while at >= 0 and count < MAX_OCCURRENCES:
                count += 1
                start, end = kept[at], kept[at + len(short) - 1] + 1
                if _quotes(lower, start, end) <= _quotes(form := index.forms[place], 0, len(form)):
                    yield Span(start, end, field, variant + ALTERED)
                at = text.find(short, at + 1)
            whole.add(index.leaf(place))

    def _parts(self, lower: str, whole: "set[int]", spans: "list[Span]") -> "list[Span]":
        """Spans of parts, grown from pieces around structural characters that text and value share.

        What whole values (``spans``, in order) account for is passed over.
        """
        if self._blob is None:
            self._blob = self._joined()
        found: list[Span] = []
        growth = _Growth(self, lower, whole)
        reached = passed = 0
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
                place = self._first_place(gram, match[0]) if len(gram) == GRAM else -1
                if place >= 0:
                    for span in growth.of(gram, first, place):
                        reached = max(reached, span.end - 1)
                        found.append(span)
                    if growth.spent:
                        return found
        return found

    def _first_place(self, gram: str, char: str) -> int:
        """Where a piece with this structural character first is among the values, -1 for nowhere.

        Few texts share one with the values. So of a rare character all pieces are listed; for a frequent one it costs
        nothing to search until that has been done often, when a set of all pieces is made.
        """
        blob = self._blob or ""
        if char not in self._rare:
            self._rare[char] = _pieces(blob, char)
        rare = self._rare[char]
        if rare is not None:
            return blob.find(gram) if gram in rare else -1
        if self._pieces is None:
            self._searched += len(blob)
            if self._searched > MAX_SEARCHED:
                self._pieces = {blob[at : at + GRAM] for at in range(len(blob) - GRAM + 1)}
        elif gram not in self._pieces:
            return -1
        return blob.find(gram)

    def _joined(self) -> str:
        """All values that parts can be of, in one text, so that one search looks through them all."""
        forms = self._index().forms
        joined = "\0".join(forms)
        if len(joined) <= MAX_INDEXED:
            return joined
        size = 0
        for place, form in enumerate(forms):  # the long ones are left out, so that they do not hide the others
            if size + len(form) <= MAX_INDEXED:
                size += len(form) + 1
                self._kept.append(place)
        self.problems.append(
            f"the values are longer than {MAX_INDEXED} characters together: "
            f"{len(forms) - len(self._kept)} of {len(forms)} were looked for as a whole, not in parts"
        )
        return "\0".join([forms[place] for place in self._kept])

    def _place(self, position: int) -> "tuple[int, int]":
        """The form that a position of the joined text is in, and the position in that form."""
        kept = self._kept
        if not self._offsets:
            forms = self._index().forms
            offset = 0
            for form in [forms[place] for place in kept] if kept else forms:
                self._offsets.append(offset)
                offset += len(form) + 1
        which = bisect_right(self._offsets, position) - 1
        return kept[which] if kept else which, position - self._offsets[which]


class _Growth:
    """Pieces that a text and the values share, grown to parts; bounded, as hostile values share a great many."""

    __slots__ = ("_done", "_lower", "_seeds", "_values", "_whole", "_work", "spent")

    def __init__(self, values: Provenance, lower: str, whole: "set[int]") -> None:
        self._values = values
        self._lower = lower
        self._whole = whole
        self._done: dict[int, int] = {}
        self._seeds = self._work = 0
        #: Whether a bound was reached.
        self.spent = False

    def of(self, gram: str, first: int, place: int) -> "Iterator[Span]":
        """The parts around one piece, which the text has at ``first`` and the joined values from ``place`` on."""
        values, lower = self._values, self._lower
        index, blob = values._index(), values._blob or ""  # noqa: SLF001  (two halves of one search)
        tries = 0
        while place >= 0 and tries < MAX_PLACES:
            tries += 1
            number, position = values._place(place)  # noqa: SLF001
            place = blob.find(gram, place + 1)
            form = index.forms[number]
            if len(form) < MIN_PART or index.leaf(number) in self._whole or self._done.get(number, -1) >= first + GRAM:
                continue
            self._seeds += 1
            start, end = _grown(form, position, lower, first) if self._seeds <= MAX_SEEDS else (0, 0)
            self._work += end - start
            if self._seeds > MAX_SEEDS or self._work > MAX_GROWN + len(lower):
                self._stop()
                return
            self._done[number] = end
            offset = position - (first - start)
            if end - start >= MIN_PART and _is_piece(form, offset, offset + end - start):
                yield Span(start, end, index.field(number), index.variant(number), part=True, at=offset)

    def _stop(self) -> None:
        self.spent = True
        problem = "a text shares more pieces with the values than are compared: parts of values may be missed in it"
        if problem not in self._values.problems:
            self._values.problems.append(problem)


def _pieces(blob: str, char: str) -> "frozenset[str] | None":
    """All pieces that begin or end with a character, ``None`` when there are too many to list."""
    count = blob.count(char)
    if count * _RARE > len(blob):
        return None
    found = set()
    at = blob.find(char)
    while at >= 0:
        found.add(blob[at : at + GRAM])
        if at >= GRAM - 1:
            found.add(blob[at - GRAM + 1 : at + 1])
        at = blob.find(char, at + 1)
    return frozenset(found)


def _all_squeezed(forms: "list[str]") -> "list[tuple[str, int]]":
    """Every form that is no plain word without those characters, all squeezed in one go; with its number."""
    places = [
        place for place, form in enumerate(forms) if MIN_SQUEEZED <= len(form) <= MAX_SQUEEZED and not form.isalnum()
    ]
    shorts = _squeezed("\x01".join([forms[place] for place in places])).split("\x01")
    if len(shorts) != len(places):  # a form holds the separator
        shorts = [_squeezed(forms[place]).replace("\x01", "") for place in places]
    return [pair for pair in zip(shorts, places, strict=True) if len(pair[0]) >= MIN_SQUEEZED and _tells(pair[0])]


def _tells(short: str) -> bool:
    """Whether what is left is more than a word, or a parameter's name: the text's own words may be the same."""
    return not short.rstrip("=").replace("_", "").replace("-", "").isalnum()


def _squeezed(text: str) -> str:
    """A text without what applications take out of values or put in."""
    return (text.replace("/**/", "") if "/**/" in text else text).translate(_TAKEN)


def _quotes(text: str, start: int, end: int) -> int:
    """How many quotes and backslashes there are: a text that gained some was escaped."""
    return sum([text.count(char, start, end) for char in "'\"`\\"])


def _trivial(form: str) -> bool:
    """What is too short to say anything; a lone slash is the path of every request for /, and is in every path and URL."""
    return not form or (len(form) < 3 and form.isalnum()) or form == "/"


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
