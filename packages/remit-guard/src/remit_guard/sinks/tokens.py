"""Does an untrusted value stay inside one token? What the sinks of the smaller languages share.

A language brings a reader: a function that cuts a text into tokens with their places. A value is harmless when all of it
lies in one literal, or is one word or one number. Otherwise it is taken out and a plain word put in its place: when the text
can be read then, or cannot be read with it, the value was put in and changed the structure; when not, it only equals a piece
of the text's own.
"""

from bisect import bisect_right

from remit_guard.sinks.injection import Injection, expected

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from remit_guard.sinks.provenance import Provenance, Span

STRING = "string"
WORD = "word"
NUMBER = "number"
MARK = "mark"
COMMENT = "comment"
BAD = "bad"

Token = tuple[str, int, int]

#: What stands for a value that is taken out.
_PLAIN = "q"
#: The least length of a part of a value that counts.
MIN_PART = 8
#: How many places are judged, and how often a text is read with something taken out; beyond, we fail closed.
MAX_PLACES = 64
MAX_READINGS = 8
#: From which length on a value is looked into by its beginning first, how much of it, and how many tokens are too many there.
LONG = 1024
MAX_LONG = 4
_BEGINNING = 512
_MANY = 8
_CLOSES = {")": "(", "]": "[", "}": "{"}


class Language:
    """How one language is read.

    Args:
        name: what a text of it is called: ``filter``.
        read: cuts a text into tokens, in order; text that cannot be a token is a last one of kind ``BAD``.
        content: where the text between the delimiters of a ``STRING`` starts and ends.
        plain: values that match are names and lists of names, which choose and never add.
        escape: the character that takes the meaning from the next one in a literal, ``""`` where there is none.
        whole: a text that is nothing but one value is an injection: nobody but the application writes this language.
    """

    __slots__ = ("content", "escape", "name", "plain", "read", "whole")

    def __init__(
        self,
        name: str,
        read: "Callable[[str], list[Token]]",
        content: "Callable[[str, Token], tuple[int, int]]",
        plain: "re.Pattern[str] | None" = None,
        escape: str = "",
        *,
        whole: bool = True,
    ) -> None:
        self.name = name
        self.read = read
        self.content = content
        self.plain = plain
        self.escape = escape
        self.whole = whole


def quoted(_text: str, token: Token) -> "tuple[int, int]":
    """The content of a literal between two quotes of one character."""
    return token[1] + 1, token[2] - 1


def bare(_text: str, token: Token) -> "tuple[int, int]":
    """The content of a literal without delimiters."""
    return token[1], token[2]


def unbalanced(text: str, tokens: "list[Token]") -> bool:
    """Whether brackets among the marks are not closed in their order."""
    stack = []
    for kind, start, end in tokens:
        if kind == MARK and end == start + 1:
            char = text[start]
            if char in "([{":
                stack.append(char)
            elif char in ")]}" and (not stack or stack.pop() != _CLOSES[char]):
                return True
    return bool(stack)


def judge(text: str, provenance: "Provenance", language: Language) -> "Injection | None":
    """Decides whether untrusted values changed the structure of a text.

    Args:
        text: what is about to be executed.
        provenance: the untrusted values of this invocation.
        language: how it is read.

    Returns:
        The injection, or ``None``. Never raises; linear in the text's length.
    """
    spans = provenance.find(text, words=False)
    if not spans:
        return None
    return _at_once(text, spans, language) or _Judge(text, language).judge(spans)


def _at_once(text: str, spans: "list[Span]", language: Language) -> "Injection | None":
    """The injection of a long value that is many tokens from its beginning on: the rest of it need not be read."""
    for span in spans[:MAX_LONG]:
        if span.part or span.end - span.start < LONG:
            continue
        own = text[: span.start] + _PLAIN + text[span.end :]
        if len(own) > 2 * LONG or (language.plain is not None and language.plain.match(text, span.start, span.end)):
            continue
        begun = language.read(text[: span.start + _BEGINNING])
        count = sum(1 for kind, start, _ in begun if start >= span.start and kind != BAD)
        if count >= _MANY and (language.whole or own != _PLAIN) and (own == _PLAIN or _readable(language.read(own))):
            return Injection(span.field, f"more than {_MANY} tokens, 1 expected")
    return None


class _Judge:
    """One text, read."""

    __slots__ = ("_left", "language", "readable", "starts", "text", "tokens")

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.tokens = language.read(text)
        self.starts = [token[1] for token in self.tokens]
        self.readable = _readable(self.tokens)
        self._left = MAX_READINGS

    def judge(self, spans: "list[Span]") -> "Injection | None":
        contained: list[Span] = []
        crossing: list[Span] = []
        for span in spans:
            (contained if self._contained(span) else crossing).append(span)
        crossing.sort(key=_wholes_first)
        for span in crossing[:MAX_PLACES]:
            if not _elsewhere(span, contained) and self._was_put_in(span):
                return Injection(span.field, self._difference(span))
        if len(crossing) > MAX_PLACES:
            return Injection(crossing[0].field, f"more than {MAX_PLACES} places where it meets the structure")
        return None

    def _covered(self, start: int, end: int) -> "list[Token]":
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [token for token in self.tokens[first : bisect_right(self.starts, end - 1)] if token[2] > start]

    def _trimmed(self, span: "Span") -> "tuple[int, int]":
        """The value without blanks around it, which change nothing outside of literals."""
        piece = self.text[span.start : span.end]
        start = span.start + len(piece) - len(piece.lstrip())
        return start, start + len(piece.strip())

    def _contained(self, span: "Span") -> bool:
        start, end = self._trimmed(span)
        if end <= start:
            return True
        covered = self._covered(start, end)
        if not covered:
            return True
        if [token[0] for token in covered] == [MARK, NUMBER]:
            return covered[0][1] == start and self.text[start] in "+-" and covered[1][2] == end
        if len(covered) != 1:
            return False
        kind = covered[0][0]
        if kind == STRING:
            first, last = self.language.content(self.text, covered[0])
            if (start, end) == covered[0][1:] and first > start:
                return True  # a whole literal with its quotes: a value like any other
            return first <= span.start and span.end <= last and not self._escapes(span.end, first)
        return kind in (WORD, NUMBER, COMMENT) or (kind == MARK and self.readable and not self._matters(start, end))

    def _matters(self, start: int, end: int) -> bool:
        """Whether a lone mark can be a change by itself: in this language a wildcard is one."""
        return self.language.name == "filter" and self.text[start:end] == "*" and self._is_presence(start)

    def _is_presence(self, at: int) -> bool:
        begin = self.text.rfind("(", 0, at)
        return self.text[begin + 1 : at].rstrip("=").lower() != "objectclass"

    def _escapes(self, end: int, first: int) -> bool:
        """Whether the last character of a value takes the meaning from the quote that follows."""
        escape = self.language.escape
        if not escape or end >= len(self.text) or self.text[end] not in "\"'":
            return False
        slashes = 0
        while end - slashes - 1 >= first and self.text[end - slashes - 1] == escape:
            slashes += 1
        return slashes % 2 == 1

    def _was_put_in(self, span: "Span") -> bool:
        """Whether the value is no piece of the text's own that happens to be equal."""
        start, end = self._trimmed(span)
        piece = self.text[start:end]
        language = self.language
        if (start, end) == (len(self.text) - len(self.text.lstrip()), len(self.text.rstrip())) and not span.part:
            return language.whole and not (language.plain and language.plain.match(piece))
        if language.plain and language.plain.match(piece):
            return False
        if span.part and not self._grew_from_a_literal(span, piece):
            return False
        if not self.readable and not piece.strip("\"'` "):
            return self._reads_without(start, end)
        return self._reads_without(start, end) or not self.readable

    def _grew_from_a_literal(self, span: "Span", piece: str) -> bool:
        """Whether a part of a value begins in a literal and leaves it: phrases that texts share do not."""
        value = span.field.value
        if len(piece) < MIN_PART or (span.variant == "verbatim" and isinstance(value, str) and piece not in value):
            return False
        covered = self._covered(span.start, span.end)
        if not covered or covered[0][0] == BAD:
            return bool(covered)
        return covered[0][0] == STRING and covered[0][1] < span.start and len(covered) > 2

    def _reads_without(self, start: int, end: int) -> bool:
        self._left -= 1
        if self._left < 0:
            return True
        return _readable(self.language.read(self.text[:start] + _PLAIN + self.text[end:]))

    def _difference(self, span: "Span") -> str:
        if not self.readable:
            return f"a {self.language.name} that cannot be read"
        count = len(self._covered(*self._trimmed(span)))
        return expected(max(count, 2), "token") if count > 1 else "a literal ends elsewhere"


def _readable(tokens: "list[Token]") -> bool:
    return not tokens or tokens[-1][0] != BAD


def _wholes_first(span: "Span") -> bool:
    return span.part


def _elsewhere(span: "Span", contained: "list[Span]") -> bool:
    """Whether a crossing place only looks like the value, which in truth lies inside a literal nearby."""
    for other in contained:
        if other.field is not span.field:
            continue
        if not span.part:
            if other.variant == span.variant and other.start < span.end and span.start < other.end:
                return True
        elif other.at <= span.at + 1 and span.at + span.end - span.start <= other.at + other.end - other.start + 1:
            return True
    return False
