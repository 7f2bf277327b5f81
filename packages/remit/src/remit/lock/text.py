"""A lock report for people: one screen, one line for each thing one would act on."""

import re
from collections.abc import Iterator

from remit.app.lockfile import spell
from remit.app.value import Value
from remit.iam.excess import RESOURCE, Excess
from remit.lock.report import AppLock, FunctionLock, Report

#: Lines of one kind for one function before the rest is counted.
_SHOWN = 6
#: Actions of one statement named in one line.
_ACTIONS = 3


def render(report: Report, *, verbose: bool = False) -> str:
    """The report as text.

    Args:
        report: what was found.
        verbose: list everything, in place of the first few of each kind.
    """
    limit = 10_000 if verbose else _SHOWN
    blocks = ["\n".join(_app(item, report, limit)) for item in report.apps]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _app(item: AppLock, report: Report, limit: int) -> Iterator[str]:
    count = len(item.functions)
    yield f"{item.app.name}   {item.app.form} · {count} function{'s' if count != 1 else ''} · {item.app.template}"
    if report.check:
        yield from _changes(item)
    width = max((len(entry.function.id) for entry in item.functions), default=0)
    for entry in item.functions:
        yield f"  {entry.function.id:<{width}}  {_summary(entry)}"
        yield from _details(entry, limit)
    for note in item.notes:
        yield f"  note: {note}"
    needed = sum(entry.needed for entry in item.functions)
    granted = sum(entry.granted for entry in item.functions)
    open_ = sum(len(entry.remit.unresolved) for entry in item.functions)
    yield f"granted {_actions(granted)}, needed {needed}; {open_} unresolved" + (
        "" if report.check else f" → {item.path.as_posix()}"
    )


def _summary(entry: FunctionLock) -> str:
    if entry.incomplete:
        return "not read completely: nothing was compared"
    if not entry.role:
        return f"needs {_actions(entry.needed)}; its role is not in the template"
    more = " and what is not known" if entry.opaque else ""
    return f"needs {_actions(entry.needed)}, {entry.role} grants {entry.granted}{more}"


def _actions(count: int) -> str:
    return f"{count} action{'s' if count != 1 else ''}"


def _details(entry: FunctionLock, limit: int) -> Iterator[str]:
    yield from _aligned([(f"? not known     {what}", str(place)) for what, place in entry.opaque], limit)
    lines = [
        (f"+ not granted   {spell(item.need.what)} on {spell(item.need.on)}", str(item.need.because[0]))
        for item in entry.refused
    ]
    yield from _aligned(lines, limit)
    doubts = [item for item in entry.missing if item not in entry.refused]
    yield from _aligned(
        [
            (
                f"? may be denied {spell(item.need.what)} on {spell(item.need.on)}: {item.decision.why}",
                str(item.need.because[0]),
            )
            for item in doubts
        ],
        limit,
    )
    yield from _aligned(list(_excess(entry.excess)), limit)
    yield from _aligned(
        [(f"? unresolved    {item.what}: {item.why}", str(item.because)) for item in entry.remit.unresolved], limit
    )


def _excess(found: tuple[Excess, ...]) -> Iterator[tuple[str, str]]:
    """One line for each statement: what of it is not needed at all; then what is needed on less."""
    by_grant: dict[tuple[str, str], list[Excess]] = {}
    for item in found:
        by_grant.setdefault((item.kind, f"{item.grant.location} {item.grant.origin}"), []).append(item)
    for (kind, _), items in by_grant.items():
        place = str(items[0].grant.location)
        if kind == RESOURCE:
            for item in items:
                yield f"- wider         {item.action} is needed on {_values(item.needed)} only", place
            continue
        shown = _without_repetition(
            [f"{item.action} ({item.count})" if item.count > 1 else item.action for item in items[:_ACTIONS]]
        )
        more = f" and {len(items) - _ACTIONS} more" if len(items) > _ACTIONS else ""
        where = _values(items[0].grant.resources or ("*",))
        yield f"- not needed    {', '.join(shown)}{more} on {where}{_origin(items[0])}", place


def _without_repetition(actions: list[str]) -> list[str]:
    """``dynamodb:GetItem, PutItem``: the service is said once in a row."""
    before = ["", *(action.partition(":")[0] for action in actions)]
    pairs = zip(actions, before, strict=False)
    return [action.partition(":")[2] if action.partition(":")[0] == last else action for action, last in pairs]


def _origin(item: Excess) -> str:
    """The name of the policy a statement was expanded from: that is what the template says there."""
    kind, _, name = item.grant.origin.partition(":")
    return f" ({name})" if kind in ("template", "managed") else ""


_RESOURCE = re.compile(r"\{[A-Za-z0-9]+\}(/\*)?$")


def _values(values: tuple[Value, ...]) -> str:
    """The first resource and how many more; of an ARN that ends with a resource of the app, only that."""
    first = spell(values[0])
    named = _RESOURCE.search(first)
    first = named.group() if named and first.startswith("arn:") else first
    return first + (f" and {len(values) - 1} more" if len(values) > 1 else "")


def _aligned(lines: list[tuple[str, str]], limit: int) -> Iterator[str]:
    width = max((len(text) for text, _ in lines[:limit]), default=0)
    for text, place in lines[:limit]:
        yield f"    {text:<{min(width, 90)}}  {place}"
    if len(lines) > limit:
        yield f"    ... and {len(lines) - limit} more (--verbose)"


def _changes(item: AppLock) -> Iterator[str]:
    if not item.existed:
        yield f"  there is no usable {item.path.name} yet: remit lock"
        return
    width = max((len(change.function) for change in item.changes), default=0)
    rows = [
        (f"{change.function:<{width}}  {change.sign} {change.phrase} {change.what}".rstrip(), change.because)
        for change in item.changes
    ]
    wide = min(max((len(text) for text, _ in rows), default=0), 96)
    for text, place in rows:
        yield f"  {text:<{wide}}  {place or ''}".rstrip()
    if rows:
        count = len(rows)
        yield f"  {count} change{'s' if count != 1 else ''} of what functions may do: review, then remit lock"
