"""The one-line totals that text, HTML and JUnit share: every kind of outcome is counted, none is left out."""

from datetime import date

from remit.app.report import Severity
from remit.scan.report import Report

#: From this age on a report says that the knowledge of AWS is old.
STALE_DAYS = 365


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 finding``, ``2 findings``, ``3 policies``."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def severities(report: Report) -> str:
    """``2 critical, 3 high``, or an empty text when there is no finding."""
    counts = [(severity.word, report.count(severity)) for severity in sorted(Severity, reverse=True)]
    return ", ".join(f"{count} {word}" for word, count in counts if count)


def totals(report: Report) -> str:
    """The line that ends a report."""
    found = severities(report)
    functions = plural(report.functions, "function")
    parts = [f"{found} in {functions}" if found else f"no findings in {functions}"]
    if report.paths:
        parts.append(plural(report.paths, "attack path"))
    if report.suppressed:
        parts.append(f"{len(report.suppressed)} suppressed")
    if report.baselined:
        parts.append(f"{len(report.baselined)} in the baseline")
    if report.hidden:
        parts.append(f"{report.hidden} more for stricter personas")
    if report.skips:
        parts.append(f"{len(report.skips)} skipped")
    if report.failures:
        parts.append(f"{len(report.failures)} not read")
    return " · ".join(parts)


def aws_days(report: Report) -> int | None:
    """How many days old the knowledge of AWS is; ``None`` when no policy was judged by it or a date is missing."""
    if not (report.aws_data and report.today):
        return None
    return max(0, (date.fromisoformat(report.today) - date.fromisoformat(report.aws_data)).days)


def advisory_line(report: Report) -> str:
    """How old the advisory data and the knowledge of AWS are, and that nothing went over the network."""
    parts = []
    data = report.advisory_data
    if data is not None:
        compared = plural(data.dependencies, "dependency", "dependencies")
        if not data.date:
            parts.append(f"{compared} not compared: no advisory data")
        else:
            parts.append(f"{compared} compared with advisory data {plural(data.days, 'day')} old")
        if data.note:
            parts.append(data.note)
    days = aws_days(report)
    if days is not None:
        stale = ", more than a year old: what is newer is not known" if days > STALE_DAYS else ""
        parts.append(f"actions and policies of AWS as of {report.aws_data}{stale}")
    parts.append("nothing left this machine")
    return " · ".join(parts)
