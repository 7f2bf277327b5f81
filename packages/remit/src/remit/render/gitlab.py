"""The report for GitLab: its security report format for static analysis (``gl-sast-report.json``, schema 15)."""

import uuid
from typing import Any

from remit import __version__, rules
from remit.app.report import Finding
from remit.render._json import dumps
from remit.scan.fingerprint import fingerprints
from remit.scan.report import Report

SCHEMA_VERSION = "15.0.7"
_NAMESPACE = uuid.UUID("6d1c9f0e-0d8c-5e0b-9a53-3a7c1e2b4d5f")
_TOOL = {"id": "remit", "name": "Remit", "version": __version__, "vendor": {"name": "Remit"}}


def render(report: Report) -> str:
    """Writes a report as JSON text."""
    return dumps(to_data(report))


def to_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    # The format wants local times without a zone; a scan has a date, no clock.
    time = f"{report.today or '1970-01-01'}T00:00:00"
    marks = fingerprints(report.findings, report.texts, report.root)
    messages = [{"level": "warn", "value": f"not read: {failure}"} for failure in report.failures]
    messages += [
        {"level": "warn", "value": f"not examined: {skip.what}: {skip.why}"} for skip in report.skips if skip.blind
    ]
    return {
        "version": SCHEMA_VERSION,
        "scan": {
            "analyzer": _TOOL,
            "scanner": _TOOL,
            "type": "sast",
            "start_time": time,
            "end_time": time,
            "status": "success" if report.complete else "failure",
            "messages": messages,
        },
        "vulnerabilities": [_finding(item, mark) for item, mark in zip(report.findings, marks, strict=True)],
    }


def _finding(finding: Finding, mark: str) -> dict[str, Any]:
    location: dict[str, Any] = {"file": finding.location.file}
    if finding.location.line:
        location["start_line"] = finding.location.line
        location["end_line"] = finding.location.end_line or finding.location.line
    if finding.function:
        location["method"] = finding.function
    data: dict[str, Any] = {
        "id": str(uuid.uuid5(_NAMESPACE, mark)),
        "name": finding.message[:255],
        "description": _description(finding),
        "severity": finding.severity.word.capitalize(),
        "location": location,
        "identifiers": _identifiers(finding.rule),
    }
    if finding.fixes:
        data["solution"] = finding.fixes[0].title
    return data


def _description(finding: Finding) -> str:
    lines = [finding.message]
    lines += [f"{number}. {hop.location}: {hop.text}" for number, hop in enumerate(finding.hops, 1)]
    if finding.reach:
        lines.append(f"The role then allows: {', '.join(finding.reach)}")
    return "\n".join(lines)


def _identifiers(rule: str) -> list[dict[str, str]]:
    found = [{"type": "remit_rule", "name": rule, "value": rule}]
    for name in rules.load(rule).standards if rule in rules.ids() else ():
        if name.startswith("CWE-"):
            number = name[4:]
            url = f"https://cwe.mitre.org/data/definitions/{number}.html"
            found.append({"type": "cwe", "name": name, "value": number, "url": url})
        else:
            found.append({"type": "remit_standard", "name": name, "value": name})
    return found
