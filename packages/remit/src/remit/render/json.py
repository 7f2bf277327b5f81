"""The report as JSON: versioned, described by docs/schema/scan-1.json. Within a version, fields are only added."""

from typing import Any

from remit import __version__, rules
from remit.app.location import Location
from remit.app.report import Failure, Finding, Fix, Hop, Skip
from remit.render._json import dumps
from remit.render._totals import STALE_DAYS, aws_days
from remit.scan.fingerprint import fingerprints
from remit.scan.report import Report

SCHEMA = "remit-scan-1"


def render(report: Report) -> str:
    """Writes a report as JSON text."""
    return dumps(to_data(report))


def to_data(report: Report) -> dict[str, Any]:
    """The report as plain data, in the shape of the schema."""
    prints = fingerprints(report.findings, report.texts, report.root)
    return {
        "schema": SCHEMA,
        "tool": {"name": "remit", "version": __version__},
        "date": report.today,
        "persona": report.persona.word,
        "fail_on": report.fail_on.word if report.fail_on is not None else None,
        "exit_code": report.exit_code,
        "complete": report.complete,
        "apps": [
            {
                "name": app.name,
                "form": app.form,
                "template": app.template,
                "functions": app.functions,
                "triggers": app.triggers,
                "resources": app.resources,
                "roles": app.roles,
            }
            for app in report.apps
        ],
        "findings": [_finding(finding, mark) for finding, mark in zip(report.findings, prints, strict=True)],
        "suppressed": [
            {
                "finding": _finding(item.finding, ""),
                "reason": item.suppression.reason,
                "expires": item.suppression.expires,
                "location": _location(item.suppression.location),
            }
            for item in report.suppressed
        ],
        "baselined": [_finding(finding, "") for finding in report.baselined],
        "skipped": [_skip(skip) for skip in report.skips],
        "failures": [_failure(failure) for failure in report.failures],
        "counts": counts(report),
        "advisories": _advisories(report),
        "aws_data": _aws(report),
        "fixed": list(report.fixed),
        "cpu_seconds": round(report.cpu, 3),
    }


def counts(report: Report) -> dict[str, int]:
    """How many of each kind of outcome."""
    return {
        "functions": report.functions,
        "findings": len(report.findings),
        "paths": report.paths,
        "suppressed": len(report.suppressed),
        "baselined": len(report.baselined),
        "hidden": report.hidden,
        "skipped": len(report.skips),
        "failures": len(report.failures),
    }


def _advisories(report: Report) -> dict[str, Any] | None:
    data = report.advisory_data
    if data is None:
        return None
    return {"date": data.date, "days": data.days, "dependencies": data.dependencies, "note": data.note}


def _aws(report: Report) -> dict[str, Any] | None:
    days = aws_days(report)
    return None if days is None else {"date": report.aws_data, "days": days, "stale": days > STALE_DAYS}


def _finding(finding: Finding, mark: str) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "message": finding.message,
        "location": _location(finding.location),
        "label": finding.label,
        "function": finding.function,
        "resource": finding.resource,
        "persona": finding.persona.word,
        "path": finding.is_path,
        "hops": [_hop(hop) for hop in finding.hops],
        "related": [_hop(hop) for hop in finding.related],
        "reach": list(finding.reach),
        "fixes": [_fix(fix) for fix in finding.fixes],
        "standards": list(standards(finding.rule)),
        "notes": dict(finding.notes),
        "fingerprint": mark,
    }


def standards(rule: str) -> tuple[str, ...]:
    """The ids of a rule's standards; none for a rule that is not of this version."""
    return rules.load(rule).standards if rule in rules.ids() else ()


def _location(location: Location) -> dict[str, Any]:
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line or location.line,
        "end_column": location.end_column,
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {"location": _location(hop.location), "text": hop.text}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "command": fix.command,
        "edits": [{"location": _location(edit.location), "replacement": edit.replacement} for edit in fix.edits],
    }


def _skip(skip: Skip) -> dict[str, Any]:
    where = _location(skip.location) if skip.location else None
    return {"what": skip.what, "why": skip.why, "location": where, "blind": skip.blind}


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "what": failure.what,
        "why": failure.why,
        "location": _location(failure.location) if failure.location else None,
    }
