"""What a scan was asked for and what came of it: plain values that every renderer reads."""

from collections.abc import Callable, Mapping
from pathlib import Path

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.report import Failure, Finding, Persona, Severity, Skip, Suppression

CLEAN = 0
FINDINGS = 1
NOTHING = 3
INCOMPLETE = 4


class Plan(Struct, frozen=True):
    """What to scan and how.

    Args:
        roots: folders or templates, as the user wrote them.
        persona: how many findings that may not matter one accepts.
        fail_on: the severity from which findings fail the run; ``None`` lets none fail it.
        baseline: a baseline file whose findings are known, or ``None``.
        fix: ``""``, ``safe`` or ``all``: which fixes to write into the files.
        today: ISO date, for ends of life and expiries.
        rules: ids of the rules to run; empty means all.
        advisories: a file of advisory data in place of the packaged one.
        max_advisory_age: days up to which advisory data counts as an answer.
        code: whether to read the code; without it only what templates say is known.
        dependencies: whether to compare dependencies with advisory data.
    """

    roots: tuple[Path, ...]
    persona: Persona = Persona.REGULAR
    fail_on: Severity | None = Severity.MEDIUM
    baseline: Path | None = None
    fix: str = ""
    today: str = ""
    rules: tuple[str, ...] = ()
    advisories: Path | None = None
    max_advisory_age: int = 30
    code: bool = True
    dependencies: bool = True


class AppSummary(Struct, frozen=True):
    """One line about an app that was examined: its name, form (``SAM``), template and sizes."""

    name: str
    form: str
    template: str
    functions: int
    triggers: int
    resources: int
    roles: int


class Suppressed(Struct, frozen=True):
    """A finding that a person accepted, with their words."""

    finding: Finding
    suppression: Suppression


class AdvisoryData(Struct, frozen=True):
    """How old the advisory data is that dependencies were compared with.

    Args:
        date: ISO date of the snapshot, ``""`` when there is none.
        days: its age.
        dependencies: how many dependencies were compared with it.
        note: what people should know about its coverage, or ``""``.
    """

    date: str
    days: int
    dependencies: int
    note: str = ""


class Report(Struct, frozen=True):
    """Everything a scan brought to light.

    Args:
        findings: what is live after persona, suppressions and baseline, worst first.
        suppressed: what people accepted, with the reason.
        baselined: what the baseline file knows already.
        skips: what was not examined, each with its reason.
        failures: what should have been read and could not be.
        apps: what was examined.
        empty: the roots, as the user wrote them, in which there was nothing to examine.
        texts: source text by file, for excerpts.
        base: the absolute folder that all paths are relative to.
        root: what the scanned folders have in common, as a prefix of paths (``""`` for the base itself): fingerprints
            leave it out.
        shown: what to put before a path when showing it to people (``""`` when ``base`` is where they stand).
        persona, fail_on: as asked.
        hidden: how many findings only a stricter persona sees.
        advisory_data: ``None`` when no dependency had to be compared.
        aws_data: ISO date of what is known of AWS's actions and managed policies; ``""`` when no policy was judged by it.
        fixed: one sentence for each fix that was written.
        today: the date of the scan.
        cpu: seconds of CPU time it took.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
    apps: tuple[AppSummary, ...] = ()
    empty: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    root: str = ""
    shown: str = ""
    persona: Persona = Persona.REGULAR
    fail_on: Severity | None = Severity.MEDIUM
    hidden: int = 0
    advisory_data: AdvisoryData | None = None
    aws_data: str = ""
    fixed: tuple[str, ...] = ()
    today: str = ""
    cpu: float = 0.0

    @property
    def functions(self) -> int:
        """How many functions were examined."""
        return sum(app.functions for app in self.apps)

    @property
    def complete(self) -> bool:
        """Whether everything was examined that should have been."""
        return not self.failures and not any(skip.blind for skip in self.skips)

    @property
    def exit_code(self) -> int:
        """What the command ends with: findings first, then incompleteness, then emptiness (docs/exit-codes.md)."""
        if self.fail_on is not None and any(finding.severity >= self.fail_on for finding in self.findings):
            return FINDINGS
        return self.exit_code_without_findings

    @property
    def exit_code_without_findings(self) -> int:
        """What the command ends with when findings are not to fail it: what was not examined still does."""
        if not self.complete:
            return INCOMPLETE
        return CLEAN if self.apps else NOTHING

    def count(self, severity: Severity) -> int:
        """How many live findings have a severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)

    @property
    def paths(self) -> int:
        """How many live findings are whole attack paths."""
        return sum(1 for finding in self.findings if finding.is_path)


class Part(Struct, frozen=True):
    """One app of a survey.

    Args:
        summary: what it is called, and its sizes.
        facts: what the rules saw; places are relative to the scanned folder.
        findings: what they found; places are relative to the report's base.
        place: puts a place of the facts where the report has it.
    """

    summary: AppSummary
    facts: Facts
    findings: tuple[Finding, ...]
    place: Callable[[Location], Location]


class Survey(Struct, frozen=True):
    """A report, and the apps it speaks of."""

    report: Report
    parts: tuple[Part, ...] = ()
