"""The report as workflow commands of GitHub Actions: each finding becomes an annotation at its line."""

from remit.app.location import Location
from remit.app.report import Finding, Severity
from remit.render._totals import totals
from remit.scan.report import Report

_LEVELS = {
    Severity.INFO: "notice",
    Severity.LOW: "notice",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}


def render(report: Report) -> str:
    """One line for each finding, failure and blind skip, and the totals as a notice."""
    lines = [_finding(finding) for finding in report.findings]
    lines += [_command("error", f"remit: not read: {item.what}", item.why, item.location) for item in report.failures]
    lines += [
        _command("warning", f"remit: not examined: {skip.what}", skip.why, skip.location)
        for skip in report.skips
        if skip.blind
    ]
    return "\n".join((*lines, _command("notice", "remit", totals(report), None))) + "\n"


def _finding(finding: Finding) -> str:
    parts = [finding.message]
    parts += [f"{number}. {hop.location} {hop.text}" for number, hop in enumerate(finding.hops, 1)]
    if finding.reach:
        parts.append(f"the role then allows: {', '.join(finding.reach)}")
    parts += [f"fix: {fix.title}" for fix in finding.fixes[:2]]
    title = f"{finding.severity.word}: {finding.rule}"
    return _command(_LEVELS[finding.severity], title, "\n".join(parts), finding.location)


def _command(level: str, title: str, text: str, location: Location | None) -> str:
    properties = []
    if location is not None:
        properties.append(f"file={_property(location.file)}")
        if location.line:
            properties += [f"line={location.line}", f"endLine={location.end_line or location.line}"]
            if (location.end_line or location.line) == location.line:
                properties.append(f"col={location.column}")
    properties.append(f"title={_property(title)}")
    return f"::{level} {','.join(properties)}::{_data(text)}"


def _data(text: str) -> str:
    """Escapes what would end a command: a scanned file must not be able to write commands of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
