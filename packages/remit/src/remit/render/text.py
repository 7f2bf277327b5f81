"""The report for a terminal: one screen answers what an attacker can do, and where to mend it."""

from textwrap import wrap

from remit import rules
from remit.app.location import Location
from remit.app.report import Finding, Fix, Hop
from remit.render._excerpt import Excerpt, clean, excerpt
from remit.render._ink import Ink
from remit.render._totals import advisory_line, plural, totals
from remit.scan.report import AppSummary, Report

_MAX_RELATED = 6
_MARGIN = "   "
_LABELS = 9


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
            lines += self.labelled("note", f"confidence {finding.confidence}: a step went through code not seen whole")
        lines += self.labelled("more", _more(finding))
        return lines

    def hops(self, finding: Finding) -> list[str]:
        """The numbered way of an attack path; the last hop, the sink, with carets."""
        column = min(max(len(self.place(hop.location)) for hop in finding.hops), 42) + 2
        lines = []
        last = len(finding.hops)
        for number, hop in enumerate(finding.hops, 1):
            lines += self.hop(number, hop, column, sink=number == last)
        return lines + self.related(finding, column)

    def hop(self, number: int, hop: Hop, column: int, *, sink: bool) -> list[str]:
        """One numbered line: a place, then the source line or what happens there."""
        head = f"{_MARGIN}{number} {self.place(hop.location):<{column}}"
        room = max(self.width - len(head), 24)
        code = excerpt(hop.location, self.report.texts, room) if _is_code(hop.location) else None
        head = f"{_MARGIN}{self.ink('dim', str(number))} {self.place(hop.location):<{column}}"
        pad = " " * (len(_MARGIN) + 2 + max(column, len(self.place(hop.location))))
        if code is None:
            first, *rest = wrap(clean(hop.text), room) or [""]
            return [head + first, *(pad + line for line in rest)]
        if sink:
            return [head + code.text, *self.carets(code, hop.text, pad)]
        text = clean(hop.text)
        if text and len(code.text) + len(text) + 3 <= room:
            return [f"{head}{code.text}   {self.ink('dim', text)}"]
        return [head + code.text]

    def single(self, finding: Finding) -> list[str]:
        """The place of a finding about one place, and the other places that matter."""
        column = min(len(self.place(finding.location)), 42) + 2
        head = f"{_MARGIN}{self.place(finding.location):<{column}}"
        code = excerpt(finding.location, self.report.texts, max(self.width - len(head), 24))
        lines = [head.rstrip() if code is None else head + code.text]
        pad = " " * len(head)
        if code is not None:
            lines += self.carets(code, finding.label, pad)
        elif finding.label:
            lines += [pad + line for line in wrap(clean(finding.label), max(self.width - len(pad), 24))]
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
            head = f"{_MARGIN}{self.place(hop.location):<{column}}"
            first, *rest = wrap(clean(hop.text), max(self.width - len(head), 24)) or [""]
            lines += [self.ink("dim", head + first), *(self.ink("dim", " " * len(head) + line) for line in rest)]
        more = len(finding.related) - _MAX_RELATED
        if more > 0:
            lines.append(self.ink("dim", f"{_MARGIN}and {plural(more, 'more place')}"))
        return lines

    def labelled(self, label: str, text: str) -> list[str]:
        """``fix    pass a list ...``, wrapped under itself."""
        head = f"{_MARGIN}{clean(label):<{_LABELS}} "
        lines = wrap(clean(text), max(self.width - len(head), 24), break_on_hyphens=False) or [""]
        return [
            f"{_MARGIN}{self.ink('dim', clean(label).ljust(_LABELS))} {lines[0]}",
            *(" " * len(head) + line for line in lines[1:]),
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
        lines = []
        for skip in self.report.skips:
            if skip.blind or everything:
                where = f"{self.place(skip.location)}: " if skip.location else ""
                what = "" if where and skip.what in where else f"{clean(skip.what)}: "
                lines += wrap(f"skipped  {where}{what}{clean(skip.why)}", self.width, subsequent_indent=" " * 9)
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
