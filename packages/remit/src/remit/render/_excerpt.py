"""One source line, made fit to be shown: no control characters, no indentation, clipped around what matters."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.noun import Struct

_TAB = "    "


class Excerpt(Struct, frozen=True):
    """A source line and the span in it that a finding is about.

    Args:
        text: the line as shown.
        start: first column of the span in ``text``, from 0.
        length: how many columns it has; 0 when the whole line is meant.
    """

    text: str
    start: int
    length: int


def clean(text: str) -> str:
    """Replaces control characters, so that a scanned file cannot steer the reader's terminal.

    Bidirectional overrides and line separators count too: they make text look like what it is not.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\u200d" else "\ufffd" for char in text)


def excerpt(location: Location, texts: Mapping[str, str], width: int = 100) -> Excerpt | None:
    """The line of a location; ``None`` when the file or the line is not at hand.

    Args:
        location: what to show; of a span over several lines only the first is shown.
        texts: source text by file.
        width: the most columns to use.
    """
    text = texts.get(location.file)
    if text is None or location.line < 1:
        return None
    line = line_of(text, location.line)
    if line is None or not line.strip():
        return None
    start = min(location.column - 1, len(line))
    if (location.end_line or location.line) != location.line or not location.end_column:
        end = len(line.rstrip())
    else:
        end = min(location.end_column - 1, len(line))
    return _fit(line.rstrip(), start, max(end, start), width)


def line_of(text: str, number: int) -> str | None:
    """One line of a text by its number from 1, or ``None``."""
    at = 0
    for _ in range(number - 1):
        at = text.find("\n", at) + 1
        if not at:
            return None
    end = text.find("\n", at)
    return (text[at:] if end < 0 else text[at:end]).rstrip("\r")


def _fit(line: str, start: int, end: int, width: int) -> Excerpt:
    before, span, after = (clean(part.replace("\t", _TAB)) for part in (line[:start], line[start:end], line[end:]))
    indent = len(before) - len(before.lstrip())
    before = before[indent:]
    if not before:
        stripped = span.lstrip()
        span = stripped or span
    text = before + span + after
    if len(text) <= width:
        return Excerpt(text.rstrip(), len(before), len(span))
    room = max(width - 2, 8)
    if len(before) + min(len(span), room // 2) <= room:
        return Excerpt(text[:room] + " …", len(before), min(len(span), room - len(before)))
    cut = max(0, len(before) - room // 4)
    shown = "… " + text[cut : cut + room - 2] + (" …" if cut + room - 2 < len(text) else "")
    return Excerpt(shown, len(before) - cut + 2, min(len(span), len(shown) - (len(before) - cut + 2)))
