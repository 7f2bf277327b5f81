"""Signal lines in whatever text they arrive: bytes in, signals out; pure.

Nothing a stranger can write makes a signal vanish without being counted, and nothing makes one grow: lines, texts and
the number of reported problems are bounded, times are plausible, and text is valid Unicode afterwards.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from remit_guard.core.signal import CLASS_UID, Signal

#: Bytes of one line. A signal of our guard is about 500 bytes; sixty times that is not a signal any more.
LINE_LIMIT = 64 * 1024
#: Characters of one text in a signal, evidence entries, and bad lines that are reported one by one.
TEXT_LIMIT = 1000
NAME_LIMIT = 200
EVIDENCE_LIMIT = 16
REPORTED = 20

#: A signal cannot be older than the product, nor come from further in the future than clocks differ.
EARLIEST = 1_577_836_800_000  # 2020-01-01
SKEW = 3_600_000

_NAMES = ("rule", "function", "invocation", "sink", "tier", "remit", "trace", "sender")
_TEXTS = ("source", "field", "reason")
_MARK = b"class_uid"
#: How a signal begins as the guard writes it: found behind a prefix that has braces of its own.
_BEGIN = b'{"class_uid"'


class BadLine(ValueError):  # noqa: N818  (a judgement on input, not a fault)
    """A line that should hold a signal and does not; the text says why, in a few words."""


@dataclass(slots=True)
class Batch:
    """What a piece of input held.

    Args:
        signals: the good ones, in order.
        bad: number and reason of the first ``REPORTED`` bad lines.
        bad_count: how many lines were bad.
        other_count: how many lines were something else (log text): not bad, not signals.
    """

    signals: list[Signal] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    bad_count: int = 0
    other_count: int = 0

    def reject(self, number: int, why: str) -> None:
        """Counts a bad line, and keeps its reason while there is room."""
        self.bad_count += 1
        if len(self.bad) < REPORTED:
            self.bad.append((number, why))


def body(data: bytes, now: int) -> Batch:
    """The signals of an HTTP body: one JSON document (an object or a list of objects), or one object a line.

    Args:
        data: the body; its size is the caller's business.
        now: milliseconds since the epoch, to tell impossible times.
    """
    batch = Batch()
    for number, document in _documents(data):
        if isinstance(document, BadLine):
            batch.reject(number, str(document))
            continue
        try:
            batch.signals.append(signal(document, now))
        except BadLine as error:
            batch.reject(number, str(error))
    return batch


def log(lines: "list[bytes]", now: int, first: int = 1) -> Batch:
    """The signals among the lines of a log.

    A line counts when it is a signal's JSON, has one between other text (``2026-01-01T00:00:00Z stream {...}``), or is
    a JSON log record whose ``message`` is one. Any other text is somebody else's and left alone.

    Args:
        lines: without their ends.
        now: milliseconds since the epoch.
        first: number of the first line, for reports.
    """
    batch = Batch()
    for number, line in enumerate(lines, first):
        if _MARK not in line or b"{" not in line:
            batch.other_count += 1
            continue
        try:
            inner = _in_line(line)
            if inner is None:
                batch.other_count += 1
            else:
                batch.signals.append(signal(inner, now))
        except BadLine as error:
            batch.reject(number, str(error))
    return batch


def signal(document: object, now: int) -> Signal:
    """A signal from a decoded document, made harmless: bounded texts, valid Unicode, a plausible time.

    Raises:
        BadLine: it is not a signal; the text says why.
    """
    if not isinstance(document, dict):
        raise BadLine("not a JSON object")
    try:
        found = Signal.from_dict(document)
    except ValueError as error:
        raise BadLine(_clip(str(error), 200)) from error
    if found.time < EARLIEST:
        raise BadLine("time is before 2020: milliseconds since the epoch are expected")
    if found.time > now + SKEW:
        raise BadLine("time is in the future")
    if not found.rule:
        raise BadLine("rule is missing")
    for name in _NAMES:
        setattr(found, name, _clip(getattr(found, name), NAME_LIMIT))
    for name in _TEXTS:
        setattr(found, name, _clip(getattr(found, name), TEXT_LIMIT))
    evidence = sorted(found.evidence.items())[:EVIDENCE_LIMIT]
    found.evidence = {_clip(key, NAME_LIMIT): _clip(value, TEXT_LIMIT) for key, value in evidence}
    return found


def _documents(data: bytes) -> "Iterator[tuple[int, object]]":
    """Numbered documents of a body; a ``BadLine`` in place of one that cannot be decoded."""
    if len(data) <= LINE_LIMIT or data.lstrip()[:1] == b"[":
        try:
            whole = _decode(data)
        except BadLine:
            whole = None  # several lines, or one bad one: told apart below
        if isinstance(whole, list):
            yield from enumerate(whole, 1)
            return
        if whole is not None:
            yield 1, whole
            return
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                yield number, _decode_line(line)
            except BadLine as error:
                yield number, error


def _decode_line(line: bytes) -> object:
    if len(line) > LINE_LIMIT:
        raise BadLine(f"longer than {LINE_LIMIT:,} bytes")
    return _decode(line)


def _in_line(line: bytes) -> "dict[str, Any] | None":
    """The signal in a line of a log, ``None`` when the line is about something else.

    Raises:
        BadLine: nothing in the line could be decoded.
    """
    if len(line) > LINE_LIMIT:
        raise BadLine(f"longer than {LINE_LIMIT:,} bytes")
    failed: BadLine | None = None
    decoded = False
    for start in dict.fromkeys((line.find(b"{"), line.find(_BEGIN))):
        if start < 0:
            continue
        try:
            found = _inner(_decode_first(line[start:]))
        except BadLine as error:
            failed = failed or error
            continue
        decoded = True
        if found is not None:
            return found
    if failed is not None and not decoded:
        raise failed
    return None


def _decode_first(data: bytes) -> object:
    """The JSON at the beginning; what stands after it belongs to whoever wrote the line."""
    try:
        return _decode(data)
    except BadLine as error:
        try:
            return json.JSONDecoder().raw_decode(data.decode("utf-8", "replace"))[0]
        except (ValueError, RecursionError):
            raise error from None


def _decode(data: bytes) -> object:
    """JSON, as forgiving as a collector must be: a signal whose text was mangled on the way is still a signal.

    msgspec is fast and strict. What it refuses for the sake of one text (a lone surrogate out of ``json.dumps``, bytes
    that are not UTF-8) the standard library reads; otherwise a hostile event could hide its own signal.
    """
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        raise BadLine("nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except RecursionError:
        raise BadLine("nested too deeply") from None
    except ValueError as error:
        raise BadLine(f"not JSON: {_clip(str(error), 120)}") from None


def _inner(document: object) -> "dict[str, Any] | None":
    """The signal inside a log record, or ``None`` when the record is about something else."""
    for _ in range(2):
        if not isinstance(document, dict):
            return None
        if document.get("class_uid") == CLASS_UID:
            return document
        document = document.get("message")
        if isinstance(document, str) and len(document) <= LINE_LIMIT and document.lstrip().startswith("{"):
            document = _decode(document.encode("utf-8", "replace"))
    return document if isinstance(document, dict) and document.get("class_uid") == CLASS_UID else None


def _clip(text: str, limit: int) -> str:
    """At most ``limit`` characters of valid Unicode."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
