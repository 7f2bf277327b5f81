"""JSON to ``Raw``, strictly: exact positions, duplicate keys refused, no recursion."""

import re
from bisect import bisect_right
from collections.abc import Callable
from json import JSONDecodeError, decoder

from remit.read.document import MAX_DEPTH, MAX_NODES, Malformed, Raw, Scalar, Span, twice

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
#: Longer numbers stay text: nothing in a template is one.
_DIGITS = 40
#: The standard library's own reader of one JSON text, in C; its stub file does not mention it.
_SCAN: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]


def parse_json(text: str) -> tuple[Raw, list[Malformed]]:
    """Reads one JSON document: its tree, and the keys that are written twice.

    Raises:
        Malformed: with the place of what is wrong.
    """
    parser = _Parser(text)
    return parser.run(), parser.problems


class _Parser:
    """A loop over tokens with a stack of open collections."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.count = 0
        self.problems: list[Malformed] = []
        # Each open collection with the offset it began at and the name it will have in its parent.
        self.stack: list[tuple[Raw, int, str]] = []
        self.key: tuple[str, Span] | None = None

    def run(self) -> Raw:
        """The whole document."""
        done = self._value()
        while self.stack:
            top = self.stack[-1][0].value
            if done is not None:
                self._add(done)
            char = self._peek()
            closer = "}" if isinstance(top, dict) else "]"
            if char == closer and (done is not None or not top):
                done = self._close()
                continue
            if done is not None:
                if char != ",":
                    raise self._wrong(f'"," or "{closer}"')
                self.at += 1
            if isinstance(top, dict):
                self._name(top)
            done = self._value()
        if self._peek():
            raise self._fault("something follows the end of the document")
        return done or Raw(None, (1, 1, 1, 1))

    def _peek(self) -> str:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _value(self) -> Raw | None:
        """A scalar, complete; or opens a collection and returns ``None``."""
        char = self._peek()
        start = self.at
        self.count += 1
        if self.count > MAX_NODES:
            raise self._fault(f"has more than {MAX_NODES:,} values; nothing more was read")
        if char and char in "{[":
            if len(self.stack) >= MAX_DEPTH:
                raise self._fault(f"nested more than {MAX_DEPTH} levels deep")
            self.at += 1
            raw = Raw({} if char == "{" else [], (0, 0, 0, 0))
            if self.key is not None:
                raw.key = self.key[1]
            self.stack.append((raw, start, self.key[0] if self.key else ""))
            self.key = None
            return None
        return Raw(self._scalar(char), self._span(start))

    def _scalar(self, char: str) -> Scalar:
        if char == '"':
            return self._string()
        found = _WORD.match(self.text, self.at)
        if found:
            self.at = found.end()
            return _WORDS[found[0]]
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            raise self._wrong("a value")
        self.at = number.end()
        if len(number[0]) > _DIGITS:
            return number[0]
        if number[1] or number[2]:
            value = float(number[0])
            return number[0] if value in (float("inf"), float("-inf")) else value
        return int(number[0])

    def _string(self) -> str:
        start = self.at
        try:
            value, self.at = _SCAN(self.text, start + 1, True)  # noqa: FBT003  a C function
        except JSONDecodeError as error:
            self.at = min(error.pos, len(self.text))
            char = self.text[self.at : self.at + 1]
            if error.msg.startswith("Unterminated"):
                raise self._fault("this text is never closed") from None
            if char and char < " ":
                raise self._fault("a line break or tab inside a text must be written as \\n or \\t") from None
            raise self._fault("this is not an escape JSON knows") from None
        # A lone surrogate cannot be written to any file again; nothing in a template needs one.
        return value.encode("utf-8", "replace").decode("utf-8")

    def _name(self, into: "dict[str, Raw]") -> None:
        if self._peek() != '"':
            raise self._wrong("a key in double quotes")
        start = self.at
        name = self._string()
        span = self._span(start)
        if name in into:
            self.problems.append(twice(name, into[name], span))
        if self._peek() != ":":
            raise self._wrong('":"')
        self.at += 1
        self.key = (name, span)

    def _add(self, raw: Raw) -> None:
        top = self.stack[-1][0]
        top.size += raw.size
        if isinstance(top.value, list):
            top.value.append(raw)
        elif isinstance(top.value, dict) and self.key is not None:
            raw.key = self.key[1]
            top.value[self.key[0]] = raw
        self.key = None

    def _close(self) -> Raw:
        raw, start, name = self.stack.pop()
        self.at += 1
        raw.span = self._span(start)
        self.key = (name, raw.key) if raw.key is not None else None
        return raw

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def _span(self, start: int) -> Span:
        return (*self._place(start), *self._place(self.at))

    def _fault(self, why: str) -> Malformed:
        return Malformed(why, *self._place(self.at))

    def _wrong(self, wanted: str) -> Malformed:
        char = self._peek()
        if not char:
            return self._fault("the file ends too early")
        if self.text.startswith(("//", "/*", "#"), self.at):
            return self._fault("JSON has no comments")
        if char in "}]" and wanted.startswith("a "):
            return self._fault("a comma stands before the closing bracket")
        return self._fault(f"{wanted} is expected here, not {char!r}")
