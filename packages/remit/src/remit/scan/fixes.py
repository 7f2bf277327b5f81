"""Writing fixes: applies the edits of findings to texts, and says what it did.

Edits that overlap an edit already taken are left for the next run. Because a fixed place no longer gives the finding, a
second run changes nothing: fixing is idempotent as far as the rules are.
"""

from collections.abc import Iterable, Mapping

from remit.app.location import Location
from remit.app.report import Edit, Finding, Fix

Span = tuple[int, int]


def chosen(finding: Finding, level: str) -> Fix | None:
    """The first fix of a finding that a machine can do at a level (``safe`` or ``all``), or ``None``."""
    for fix in finding.fixes:
        if fix.edits and (fix.safe or level == "all"):
            return fix
    return None


def apply(
    findings: Iterable[Finding], texts: Mapping[str, str], level: str
) -> tuple[dict[str, str], list[tuple[Finding, Fix]]]:
    """Applies what can be fixed.

    Args:
        findings: whose fixes to apply, most important first.
        texts: source text by file.
        level: ``safe`` or ``all``.

    Returns:
        New text by file, for changed files only; and what was fixed by what.
    """
    taken: dict[str, list[tuple[int, int, str]]] = {}
    done = []
    for finding in findings:
        fix = chosen(finding, level)
        if fix is None:
            continue
        spans = [_resolved(edit, texts) for edit in fix.edits]
        if any(span is None for span in spans):
            continue
        ready = [span for span in spans if span is not None]
        if any(_clashes(file, start, end, taken) for file, start, end, _ in ready):
            continue
        for file, start, end, replacement in ready:
            if (start, end, replacement) not in taken.setdefault(file, []):
                taken[file].append((start, end, replacement))
        done.append((finding, fix))
    return {file: _spliced(texts[file], edits) for file, edits in taken.items()}, done


def _resolved(edit: Edit, texts: Mapping[str, str]) -> tuple[str, int, int, str] | None:
    text = texts.get(edit.location.file)
    if text is None:
        return None
    span = offsets(edit.location, text)
    return None if span is None else (edit.location.file, *span, edit.replacement)


def offsets(location: Location, text: str) -> Span | None:
    """Where a location starts and ends in a text, counted in characters; ``None`` when it lies outside of it."""
    lines = text.splitlines(keepends=True)
    last = location.end_line or location.line
    if not 0 < location.line <= last <= len(lines):
        return None
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    start = starts[location.line - 1] + location.column - 1
    if location.end_column:
        end = starts[last - 1] + location.end_column - 1
    else:
        end = starts[last - 1] + len(lines[last - 1].rstrip("\r\n"))
    return (start, end) if start <= end <= len(text) else None


def _clashes(file: str, start: int, end: int, taken: Mapping[str, list[tuple[int, int, str]]]) -> bool:
    """Whether an edit touches another one; the very same insertion twice (an import) does not clash."""
    for other_start, other_end, _ in taken.get(file, ()):
        if start == end == other_start == other_end:
            continue
        if start < other_end and other_start < end:
            return True
    return False


def _spliced(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text
