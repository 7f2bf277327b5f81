"""A scan from plan to report: gather facts, ask the rules, sort out what people accepted already."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from remit import rules
from remit.app.errors import Incomplete, RemitError
from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.noun import replace
from remit.app.report import Failure, Finding, Skip, Suppression
from remit.read import config
from remit.scan import fixes, suppressions
from remit.scan.called import called, caller
from remit.scan.gather import gather
from remit.scan.rebase import Rebase
from remit.scan.report import AdvisoryData, AppSummary, Part, Plan, Report, Suppressed, Survey

Tell = Callable[[str], None]


def run(plan: Plan, tell: Tell | None = None) -> Report:
    """Scans.

    Args:
        plan: what to scan and how.
        tell: called with one short line for each thing begun, for a progress display.

    Returns:
        The report. Fixes, when the plan asks for them, are written to the files before it is made.

    Raises:
        RemitError: a root does not exist, or the baseline cannot be used.
    """
    report, collected = _scan(plan, tell)
    if plan.fix:
        fixed = _write_fixes(report, collected.texts, plan.fix)
        if fixed.fixed:
            again, _ = _scan(plan, tell)
            return replace(
                again, fixed=fixed.fixed, failures=(*again.failures, *fixed.failures), cpu=time.process_time()
            )
        report = replace(report, failures=(*report.failures, *fixed.failures))
    return report


def survey(plan: Plan, tell: Tell | None = None) -> Survey:
    """Scans, and keeps the facts beside the report: for those who show the app and not only what is wrong with it.

    Args:
        plan: what to examine and how; no fix is written.
        tell: called with one short line for each thing begun.

    Raises:
        RemitError: a root does not exist, or the baseline cannot be used.
    """
    report, collected = _scan(plan, tell)
    live = {id(finding) for finding in report.findings}
    return Survey(
        report,
        tuple(
            replace(
                part, findings=tuple(sorted((each for each in part.findings if id(each) in live), key=_worst_first))
            )
            for part in collected.parts
        ),
    )


class _Collected:
    """What the roots gave, together."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.suppressions: list[Suppression] = []
        self.comments: list[Suppression] = []  # in code that a template holds
        self.skips: list[Skip] = []
        self.failures: list[Failure] = []
        self.apps: list[AppSummary] = []
        self.empty: list[str] = []
        self.texts: dict[str, str] = {}
        self.secrets: list[Location] = []
        self.advisory_data: AdvisoryData | None = None
        self.parts: list[Part] = []


def _scan(plan: Plan, tell: Tell | None) -> tuple[Report, _Collected]:
    """The report, and what it was made of: source texts as they are (those of the report have secrets masked)."""
    known = rules.ids()
    base, shown = base_of(plan.roots)
    root = _common(plan.roots, base)
    collected = _Collected()
    for each in plan.roots:
        if tell:
            tell(f"reading {each}")
        _scan_root(each, base, plan, collected)
    seen = [finding for finding in collected.findings if finding.persona <= plan.persona]
    comments, wrong = suppressions.in_comments(collected.texts, known)
    failures = dict.fromkeys((*collected.failures, *wrong))
    comments += collected.comments
    live, accepted = suppressions.apply(seen, [*comments, *collected.suppressions], collected.texts, plan.today)
    old: list[Finding] = []
    if plan.baseline is not None:
        from remit.scan import baseline

        live, old = baseline.split(live, baseline.read(plan.baseline), collected.texts, root)
    report = Report(
        findings=tuple(sorted(live, key=_worst_first)),
        suppressed=tuple(sorted(accepted, key=_accepted_order)),
        baselined=tuple(sorted(old, key=_worst_first)),
        skips=tuple(dict.fromkeys(collected.skips)),
        failures=tuple(failures),
        apps=tuple(collected.apps),
        empty=tuple(collected.empty),
        texts=masked(collected.texts, collected.secrets),
        base=str(base),
        root=root,
        shown=shown,
        persona=plan.persona,
        fail_on=plan.fail_on,
        hidden=len(collected.findings) - len(seen),
        advisory_data=collected.advisory_data,
        aws_data=_aws_data() if any(summary.roles for summary in collected.apps) else "",
        today=plan.today,
        cpu=time.process_time(),
    )
    return report, collected


def masked(texts: Mapping[str, str], secrets: Iterable[Location]) -> dict[str, str]:
    """The texts with secrets made unreadable, so that no report can show one; nothing moves.

    Args:
        texts: source text by file.
        secrets: where secrets stand.
    """
    hidden = dict(texts)
    for place in secrets:
        text = hidden.get(place.file, "")
        span = fixes.offsets(place, text)
        if span is not None:
            start, end = span
            secret = "".join(char if char in "\r\n" else "•" for char in text[start + _LEFT : end])
            hidden[place.file] = text[: start + _LEFT] + secret + text[end:]
    return hidden


#: Characters of a secret that stay readable, to recognise which one it is.
_LEFT = 3


def _worst_first(finding: Finding) -> tuple[object, ...]:
    return (-finding.severity, not finding.is_path, finding.location, finding.rule, finding.message)


def _accepted_order(item: Suppressed) -> tuple[object, ...]:
    return _worst_first(item.finding)


def base_of(roots: Iterable[Path]) -> tuple[Path, str]:
    """The folder that all paths of a report are relative to, and what people must put before them.

    It is where the user stands when everything lies below; else the folder that the roots have in common.

    Raises:
        RemitError: a root does not exist, or may not be looked at.
    """
    here = Path.cwd()
    folders = []
    for root in roots:
        try:
            root.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise RemitError(f"{root}: no such file or folder") from None
        except OSError as error:
            raise Incomplete(f"{root}: cannot be read: {error.strerror}") from error
        absolute = Path(os.path.abspath(root))
        folders.append(absolute if absolute.is_dir() else absolute.parent)
    if all(folder.is_relative_to(here) for folder in folders):
        return here, ""
    common = Path(os.path.commonpath(folders))
    return common, f"{common}{os.sep}"


def _common(roots: Iterable[Path], base: Path) -> str:
    """What the scanned folders have in common below the base, ending in a slash; ``""`` for the base itself."""
    absolute = [os.path.abspath(root) for root in roots]
    common = os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in absolute])
    relative = Path(common).relative_to(base).as_posix()
    return "" if relative == "." else f"{relative}/"


def _scan_root(root: Path, base: Path, plan: Plan, collected: _Collected) -> None:
    folder = Path(os.path.abspath(root))
    folder = folder if folder.is_dir() else folder.parent
    relative = folder.relative_to(base).as_posix()
    settings = config.load(folder)
    gathered = gather(root, plan)
    if not gathered.facts and not gathered.failures:
        collected.empty.append(str(root))
    to_base = Rebase("" if relative == "." else relative, gathered.inline)
    collected.texts.update(to_base.texts(gathered.texts))
    ignores, wrong = suppressions.checked(settings.ignores, rules.ids())
    collected.failures += map(to_base.failure, (*gathered.failures, *settings.failures, *wrong))
    collected.suppressions += map(to_base.suppression, ignores)
    collected.skips += map(to_base.skip, gathered.skips)
    inline = {file: text for file, text in gathered.texts.items() if file in gathered.inline}
    accepted, wrong = suppressions.in_comments(inline, rules.ids())
    collected.comments += map(to_base.suppression, accepted)
    collected.failures += map(to_base.failure, wrong)
    for facts in gathered.facts:
        collected.secrets += (to_base.location(secret.location) for secret in facts.secrets)
        accepted, wrong = suppressions.in_metadata(facts.app, rules.ids())
        collected.suppressions += map(to_base.suppression, accepted)
        collected.failures += map(to_base.failure, wrong)
        summary = to_base.app(_summary(facts, folder.name))
        collected.apps.append(summary)
        found = tuple(map(to_base.finding, check(facts, plan.rules)))
        collected.findings += found
        collected.parts.append(Part(summary, facts, found, to_base.location))
    collected.advisory_data = _older(collected.advisory_data, gathered.advisory_data)


def check(facts: Facts, only: Iterable[str] = ()) -> list[Finding]:
    """Asks the rules about one app.

    Args:
        facts: what is known about it.
        only: ids of the rules to ask; none means all.

    Returns:
        Findings without exact repetitions, in the order of rules.
    """
    found: dict[tuple[object, ...], Finding] = {}
    rename = caller(facts.app)
    for rule in tuple(only) or rules.ids():
        for finding in rules.load(rule).check(facts):
            said = finding if rename is None else called(finding, rename)
            found.setdefault((said.rule, said.location, said.message), said)
    return list(found.values())


def _summary(facts: Facts, folder: str) -> AppSummary:
    app = facts.app
    # A template at the top that is called like every other is best known by the folder it stands in.
    name = folder if app.name == "template" and "/" not in app.template and folder else app.name
    written = sum(1 for trigger in app.triggers if not trigger.implied)
    return AppSummary(name, app.form, app.template, len(app.functions), written, len(app.resources), len(app.roles))


def _aws_data() -> str:
    """How old what is known of AWS is: the older of its two parts."""
    from remit.iam import catalog
    from remit.read import managed

    return min(catalog.freshness(), managed.index().date)


def _older(first: AdvisoryData | None, second: AdvisoryData | None) -> AdvisoryData | None:
    if first is None or second is None:
        return first or second
    older = first if first.days >= second.days else second
    return replace(older, dependencies=first.dependencies + second.dependencies)


def _write_fixes(report: Report, texts: Mapping[str, str], level: str) -> Report:
    """Writes what can be fixed; a file that changed since it was read is left alone, and that is said."""
    changed, done = fixes.apply(report.findings, texts, level)
    failures = []
    refused = set()
    for file, text in changed.items():
        path = Path(report.base, file)
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                current = stream.read()
            if current != texts[file]:
                failures.append(Failure(file, "not fixed: its line ends or content differ from what was scanned"))
                refused.add(file)
                continue
            with path.open("w", encoding="utf-8", newline="") as stream:
                stream.write(text)
        except OSError as error:
            failures.append(Failure(file, f"not fixed: {error.strerror}"))
            refused.add(file)
    fixed = tuple(
        f"{finding.location}: {fix.title}"
        for finding, fix in done
        if not any(edit.location.file in refused for edit in fix.edits)
    )
    return Report(fixed=fixed, failures=tuple(failures))
