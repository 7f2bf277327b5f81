"""The report for a terminal: one screen answers what an attacker can do, and where to mend it."""

from textwrap import wrap

from remit import rules
from remit.app.location import Location
from remit.app.report import Finding, Fix, Hop, Skip
from remit.render._excerpt import Excerpt, clean, excerpt
from remit.render._ink import Ink
from remit.render._totals import advisory_line, plural, totals
from remit.scan.report import AppSummary, Report

_MAX_RELATED = 6
_MARGIN = "   "
_LABELS = 9
#: A place longer than this has a line of its own, so that code keeps room.
_LONG_PLACE = 44


def render(report: Report, *, colour: bool = False, width: int = 100, verbose: int = 0) -> str:
    """Writes a report for people.

    Args:
        report: what came of a scan.
        colour: whether to use ANSI styles.
        width: columns of the terminal; at least 60 are used.
        verbose: 1 also lists what was suppressed, skipped and known; 0 only counts it.

    Returns:
        Lines ending with a newline.
    """
    page = _Page(report, Ink(colour), max(width, 60))
    lines = [page.app(app) for app in report.apps[:_MAX_APPS]]
    if len(report.apps) > _MAX_APPS:
        lines.append(f"and {len(report.apps) - _MAX_APPS} more apps")
    lines.append("")
    for finding in report.findings:
        lines += [*page.finding(finding), ""]
    if verbose:
        lines += page.accepted()
    lines += page.skipped(everything=verbose > 0)
    lines += [page.ink("good", f"fixed  {clean(sentence)}") for sentence in report.fixed]
    lines += wrap(totals(report), page.width)
    lines += [page.ink("dim", line) for line in wrap(advisory_line(report), page.width)]
    return "\n".join(lines).lstrip("\n") + "\n"


_MAX_APPS = 20


class _Page:
    """Knows the report, the colours and the width, and writes pieces as lists of lines."""

    def __init__(self, report: Report, ink: Ink, width: int) -> None:
        self.report = report
        self.ink = ink
        self.width = width

    def app(self, app: AppSummary) -> str:
        """``shop   SAM · 8 functions · 11 triggers · 6 resources · 2 roles``."""
        sizes = (
            plural(app.functions, "function"),
            plural(app.triggers, "trigger"),
            plural(app.resources, "resource"),
            plural(app.roles, "role"),
        )
        return f"{self.ink('bold', clean(app.name))}   {app.form} · {' · '.join(sizes)}"

    def place(self, location: Location) -> str:
        """A location as the user can open it."""
        return clean(f"{self.report.shown}{location}")

    def finding(self, finding: Finding) -> list[str]:
        """All lines of one finding."""
        head = self.ink.severity(finding.severity, f"{finding.severity.word}[{finding.rule}]")
        indent = "      "
        first, *rest = wrap(clean(finding.message), self.width - 4) or [""]
        plain = len(f"{finding.severity.word}[{finding.rule}]")
        if plain + 2 + len(first) > self.width:
            first, *rest = wrap(clean(finding.message), self.width - plain - 2) or [""]
        lines = [f"{head}  {self.ink('bold', first)}", *(indent + line for line in rest)]
        lines += self.hops(finding) if finding.hops else self.single(finding)
        if finding.reach:
            lines += self.labelled(f"as {finding.notes.get('role') or finding.function}", " · ".join(finding.reach))
        for number, fix in enumerate(finding.fixes[:2]):
            lines += self.labelled("fix" if number == 0 else "", _fix(fix))
        if "suppression" in finding.notes:
            lines += self.labelled("note", f"its suppression {finding.notes['suppression']}")
        if finding.confidence != "high":
            why = ": a step went through code not seen whole" if finding.is_path else ""
            lines += self.labelled("note", f"confidence {finding.confidence}{why}")
        lines += self.labelled("more", _more(finding))
        return lines

    def hops(self, finding: Finding) -> list[str]:
        """The numbered way of an attack path; the last hop, the sink, with carets."""
        column = max(len(self.place(hop.location)) for hop in finding.hops) + 2
        lines = []
        last = len(finding.hops)
        for number, hop in enumerate(finding.hops, 1):
            lines += self.hop(number, hop, column, sink=number == last)
        return lines + self.related(finding, column)

    def hop(self, number: int, hop: Hop, column: int, *, sink: bool) -> list[str]:
        """One numbered line: a place, then the source line or what happens there."""
        head, pad, room = self.head(f"{number:>2} ", hop.location, column)
        code = excerpt(hop.location, self.report.texts, room) if _is_code(hop.location) else None
        if code is None:
            first, *rest = wrap(clean(hop.text), room) or [""]
            return [*head[:-1], head[-1] + first, *(pad + line for line in rest)]
        text = clean(hop.text)
        if sink:
            return [*head[:-1], head[-1] + code.text, *self.carets(code, text, pad)]
        if text and len(code.text) + len(text) + 3 <= room:
            return [*head[:-1], f"{head[-1]}{code.text}   {self.ink('dim', text)}"]
        return [*head[:-1], head[-1] + code.text]

    def head(self, number: str, location: Location, column: int) -> tuple[list[str], str, int]:
        """The beginning of a line about a place.

        Returns:
            The line so far (two lines where the place is long), the indentation of what continues it, and the
            columns that are left.
        """
        place = self.place(location)
        if column > _LONG_PLACE:
            pad = _MARGIN + " " * (len(number) + 3)
            return [f"{_MARGIN}{self.ink('dim', number)}{place}", pad], pad, max(self.width - len(pad), 24)
        line = f"{_MARGIN}{self.ink('dim', number)}{place:<{column}}"
        size = len(_MARGIN) + len(number) + column
        return [line], " " * size, max(self.width - size, 24)

    def single(self, finding: Finding) -> list[str]:
        """The place of a finding about one place, and the other places that matter."""
        places = [finding.location, *(hop.location for hop in finding.related[:_MAX_RELATED])]
        column = max(len(self.place(place)) for place in places) + 2
        head, pad, room = self.head("", finding.location, column)
        code = excerpt(finding.location, self.report.texts, room)
        if code is None:
            first, *rest = wrap(clean(finding.label), room) or [""]
            lines = [*head[:-1], (head[-1] + first).rstrip(), *(pad + line for line in rest)]
        else:
            lines = [*head[:-1], head[-1] + code.text, *self.carets(code, finding.label, pad)]
        return lines + self.related(finding, column)

    def carets(self, code: Excerpt, label: str, pad: str) -> list[str]:
        """The underline of a span with its label, wrapped under the span where it does not fit beside it."""
        marks = self.ink("mark", "~" * max(code.length, 1))
        room = self.width - len(pad) - code.start - code.length - 1
        label = clean(label)
        under = f"{pad}{' ' * code.start}{marks}"
        if not label or len(label) <= room:
            return [f"{under} {label}".rstrip()]
        return [under, *(pad + line for line in wrap(label, max(self.width - len(pad), 24)))]

    def related(self, finding: Finding, column: int) -> list[str]:
        """Other places, a few of them, the rest counted."""
        lines = []
        for hop in finding.related[:_MAX_RELATED]:
            number = "   " if finding.hops else ""
            head, pad, room = self.head(number, hop.location, column)
            first, *rest = wrap(clean(hop.text), room) or [""]
            lines += [*head[:-1], head[-1] + self.ink("dim", first), *(pad + self.ink("dim", line) for line in rest)]
        more = len(finding.related) - _MAX_RELATED
        if more > 0:
            lines.append(self.ink("dim", f"{_MARGIN}and {plural(more, 'more place')}"))
        return lines

    def labelled(self, label: str, text: str) -> list[str]:
        """``fix    pass a list ...``, wrapped under itself."""
        name = clean(label).ljust(_LABELS)
        lines = wrap(clean(text), max(self.width - len(_MARGIN) - len(name) - 2, 24), break_on_hyphens=False) or [""]
        pad = " " * (len(_MARGIN) + _LABELS + 1)
        return [
            f"{_MARGIN}{self.ink('dim', name)} {' ' * (len(name) > _LABELS)}{lines[0]}",
            *(pad + line for line in lines[1:]),
        ]

    def accepted(self) -> list[str]:
        """What people accepted, and what the baseline knows."""
        lines = []
        for item in self.report.suppressed:
            finding = item.finding
            lines.append(
                f"suppressed  {finding.severity.word}[{finding.rule}] {self.place(finding.location)}: "
                f"{clean(item.suppression.reason)}"
            )
        for finding in self.report.baselined:
            lines.append(f"baseline    {finding.severity.word}[{finding.rule}] {self.place(finding.location)}")
        return [*lines, ""] if lines else []

    def skipped(self, *, everything: bool) -> list[str]:
        """What was not examined: always when it makes the result incomplete, else on request."""
        groups: dict[tuple[str, str], list[Skip]] = {}
        for skip in self.report.skips:
            if skip.blind or everything:
                file = skip.location.file if skip.location else f" {skip.what}"
                groups.setdefault((file, skip.why), []).append(skip)
        lines = []
        for same in groups.values():
            skip = same[0]
            where = f"{self.place(skip.location)}: " if skip.location else ""
            what = "" if (where and skip.what in where) or len(same) > 1 else f"{clean(skip.what)}: "
            more = f" ({len(same):,} times in this file)" if len(same) > 1 else ""
            lines += wrap(f"skipped  {where}{what}{clean(skip.why)}{more}", self.width, subsequent_indent=" " * 9)
        return [*lines, ""] if lines else []


def _is_code(location: Location) -> bool:
    return location.file.rpartition(".")[2] in ("py", "js", "mjs", "cjs", "ts", "jsx", "tsx")


def _fix(fix: Fix) -> str:
    if fix.edits:
        how = "remit scan --fix" if fix.safe else "remit scan --fix=all"
        return f"{fix.title}   ({how})"
    return f"{fix.title}   ({fix.command})" if fix.command else fix.title


def _more(finding: Finding) -> str:
    parts = [f"remit explain {finding.rule}"]
    parts += [value for key, value in finding.notes.items() if key in ("advisory", "aliases") and value]
    try:
        parts += rules.load(finding.rule).standards
    except KeyError:
        return " · ".join(parts)
    return " · ".join(parts)
