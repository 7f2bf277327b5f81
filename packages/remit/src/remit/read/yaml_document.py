"""YAML to ``Raw``, from libyaml's events: no recursion, no objects in between, bounded as it goes.

Scalars follow YAML 1.1 as CloudFormation reads it, with two exceptions that lose nothing: dates stay text
(``2012-10-17`` is a policy version) and so do numbers with leading zeros (``012345678901`` is an account).
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from remit.read.document import MAX_DEPTH, MAX_NODES, Malformed, Raw, Scalar, Span, twice

# The C parser is 30 times faster; wheels without it exist, and then the pure one does the same.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
for _word in ("true", "yes", "on"):
    _WORDS |= dict.fromkeys((_word, _word.title(), _word.upper()), True)
for _word in ("false", "no", "off"):
    _WORDS |= dict.fromkeys((_word, _word.title(), _word.upper()), False)
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9_]{0,40})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{0,40}(?:[eE][-+]?[0-9]{1,2})?|[eE][-+]?[0-9]{1,2})")
_STANDARD = "tag:yaml.org,2002:"


def parse_yaml(text: str) -> tuple[Raw, list[Malformed]]:
    """Reads one YAML document: its tree, and the keys that are written twice.

    Raises:
        Malformed: with the place of what is wrong.
    """
    loader: Any = None
    try:
        loader = _LOADER(text)
        builder = _Builder()
        return builder.run(loader), builder.problems
    except yaml.reader.ReaderError as error:
        # The C reader counts bytes of the encoded text, the pure one characters: look for the culprit itself.
        raise _control_character(text, error) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 1)
        raise Malformed(_plainly(error, text), line, column) from None
    finally:
        if loader is not None:
            loader.dispose()


@dataclass(slots=True)
class _Open:
    """A collection that is not closed yet."""

    raw: Raw
    anchor: str | None
    flow: bool
    key: "Raw | None" = None
    merges: list[Raw] = field(default_factory=list)
    last: Span | None = None


class _Builder:
    """Turns events into one tree."""

    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.anchors: dict[str, Raw | None] = {}
        self.root: Raw | None = None
        self.count = 0
        self.problems: list[Malformed] = []

    def run(self, loader: Any) -> Raw:
        """Consumes all events of the first document and makes sure there is no second one."""
        handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        while (event := loader.get_event()) is not None:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
            if type(event) is yaml.StreamEndEvent:
                break
        return self.root or Raw(None, (1, 1, 1, 1))

    def _document(self, event: Any) -> None:
        if self.root is not None:
            raise Malformed("a second document begins here; a template is one document", *_start_of(event))

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        if end.column == 0 and end.line > start.line:
            # A block scalar's end mark is the next line's start.
            span = (start.line + 1, start.column + 1, end.line, 0)
        else:
            span = (start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        tag = event.tag or ""
        value: Scalar = event.value
        if (event.implicit[0] and not tag) or (tag.startswith(_STANDARD) and tag != _STANDARD + "str"):
            value = _plain(event.value)
        raw = Raw(value, span, _local(tag))
        if event.anchor:
            self.anchors[event.anchor] = raw
        is_merge = event.value == "<<" and event.implicit[0]
        self._add(raw, event, text=event.value, merge=is_merge)

    def _start(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise Malformed(f"nested more than {MAX_DEPTH} levels deep", *_start_of(event))
        mark = event.start_mark
        span = (mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1)
        mapping = type(event) is yaml.MappingStartEvent
        raw = Raw({} if mapping else [], span, _local(event.tag or ""))
        if event.anchor:
            self.anchors[event.anchor] = None
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.raw.value, dict) and top.key is None:
            raise Malformed("a mapping or list is used as a key here; keys are names", *_start_of(event))
        self.stack.append(_Open(raw, event.anchor, bool(event.flow_style)))

    def _end(self, event: Any) -> None:
        done = self.stack.pop()
        raw = done.raw
        start = raw.span[:2]
        if done.flow:
            mark = event.end_mark
            raw.span = (*start, mark.line + 1, mark.column + 1)
        elif done.last is not None:
            # A block collection ends where its last value ends, not where the next token starts.
            raw.span = (*start, done.last[2], done.last[3])
        for merged in done.merges:
            _merge(raw, merged)
        if done.anchor:
            self.anchors[done.anchor] = raw
        self._add(raw, event, text=None, merge=False)

    def _alias(self, event: Any) -> None:
        known = self.anchors.get(event.anchor)
        if known is None:
            why = "is inside the very thing it names" if event.anchor in self.anchors else "names nothing above"
            raise Malformed(f"the alias *{event.anchor} {why}", *_start_of(event))
        # A copy of the top only: what is below is shared, and it is the count that is bounded.
        copy = Raw(known.value, known.span, known.tag, None, known.size)
        text = known.text() if not isinstance(known.value, dict | list) else None
        self._add(copy, event, text=text, merge=False)

    def _add(self, raw: Raw, event: Any, *, text: str | None, merge: bool) -> None:
        self.count += raw.size if type(event) is yaml.AliasEvent else 1
        if self.count > MAX_NODES:
            why = f"has more than {MAX_NODES:,} values here once aliases are expanded; nothing more was read"
            raise Malformed(why, *_start_of(event))
        if not self.stack:
            self.root = raw
            return
        top = self.stack[-1]
        value = top.raw.value
        if isinstance(value, list):
            value.append(raw)
        elif top.key is None:
            if text is None:
                raise Malformed("a mapping or list is used as a key here; keys are names", *_start_of(event))
            top.key = Raw("<<" if merge else text, raw.span, "<<" if merge else "")
            return
        else:
            self._entry(top, raw)
        top.raw.size += raw.size
        top.last = raw.span if type(event) is not yaml.AliasEvent else _span(event)

    def _entry(self, top: _Open, raw: Raw) -> None:
        key, top.key = top.key, None
        value = top.raw.value
        if key is None or not isinstance(value, dict):
            return
        if key.tag == "<<":
            top.merges.append(raw)
            return
        name = str(key.value)
        first = value.get(name)
        if first is not None:
            self.problems.append(twice(name, first, key.span))
        raw.key = key.span
        value[name] = raw


def _merge(into: Raw, source: Raw) -> None:
    """``<<``: what is written explicitly wins."""
    sources = source.value if isinstance(source.value, list) else [source]
    for item in sources:
        if isinstance(item.value, dict) and isinstance(into.value, dict):
            for name, value in item.value.items():
                into.value.setdefault(name, value)


def _local(tag: str) -> str:
    return tag[1:] if tag.startswith("!") and len(tag) > 1 else ""


def _start_of(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _span(event: Any) -> Span:
    return (*_start_of(event), event.end_mark.line + 1, event.end_mark.column + 1)


def _plain(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first in "-+0123456789":
        if _INT.fullmatch(text):
            return int(text.replace("_", ""))
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def _control_character(text: str, error: yaml.reader.ReaderError) -> Malformed:
    for number, line in enumerate(text.split("\n"), 1):
        found = _UNPRINTABLE.search(line)
        if found:
            why = f"the character U+{ord(found[0]):04X} here is not allowed in YAML"
            return Malformed(why, number, found.start() + 1)
    return Malformed(f"cannot be read as YAML: {error.reason}")


_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")


_TAB = "a tab is used as indentation here; YAML wants spaces"


def _plainly(error: yaml.MarkedYAMLError, text: str) -> str:
    """The parser's complaint in words that name what to mend."""
    problem = str(error.problem or "cannot be read as YAML")
    if "cannot start any token" in problem:
        char = _offender(error, text)
        return _TAB if char == "\t" else f"{char!r} cannot begin a value here; put the value in quotes"
    if "tab character" in problem:
        return _TAB
    if "mapping values are not allowed" in problem:
        return 'a second ":" in one line, or a wrong indentation; put the value in quotes, or align it'
    if "did not find expected ',' or" in problem:
        return "a bracket or brace above is not closed, or a comma is missing"
    if "did not find expected key" in problem or "did not find expected '-' indicator" in problem:
        return "the indentation does not fit what is above, or a quote or bracket is not closed"
    if "could not find expected ':'" in problem:
        return 'a ":" is missing after this key, or its line is not indented like its neighbours'
    if "unexpected end of stream" in problem or "unexpected end" in problem:
        return "the file ends inside a quoted text that was never closed"
    return problem


def _offender(error: yaml.MarkedYAMLError, text: str) -> str:
    """The character the parser stumbled over."""
    mark = error.problem_mark
    lines = text.split("\n") if mark is not None else []
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1] if mark is not None else ""
