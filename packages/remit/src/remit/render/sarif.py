"""The report as SARIF 2.1.0 (OASIS): whole paths are code flows, accepted findings are suppressions.

URIs are relative to the run's base (``originalUriBaseIds``), as code hosts want them. What could not be read becomes
tool notifications, and ``executionSuccessful`` is false then: a viewer must not take such a run for a clean one.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from remit import __version__, rules
from remit.app.location import Location
from remit.app.report import Finding, Fix, Hop, Severity
from remit.render._json import dumps
from remit.scan.fingerprint import fingerprints
from remit.scan.report import Report
from remit.scan.suppressions import ANY

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BASE = "ROOT"
#: Code hosts refuse larger runs; what is cut is said in a notification.
MAX_RESULTS = 5000
_MAX_HOPS = 1000

_LEVELS = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
#: The scale on which code hosts sort: 9.0 and above is critical, 7.0 high, 4.0 medium.
_SCORES = {
    Severity.INFO: "0.5",
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


def render(report: Report) -> str:
    """Writes a report as SARIF text."""
    return dumps(to_data(report))


def to_data(report: Report) -> dict[str, Any]:
    """The report as a SARIF log."""
    live = list(report.findings)
    accepted = [item.finding for item in report.suppressed]
    known = list(report.baselined)
    used = sorted({finding.rule for finding in (*live, *accepted, *known)})
    index = {rule: number for number, rule in enumerate(used)}
    prints = fingerprints([*live, *accepted, *known], report.texts, report.root)
    marks = iter(prints)
    results = [_result(finding, index, next(marks)) for finding in live]
    for item in report.suppressed:
        result = _result(item.finding, index, next(marks))
        in_source = item.suppression.location.file == item.finding.location.file
        result["suppressions"] = [
            {
                "kind": "inSource" if in_source or item.suppression.rule == ANY else "external",
                "status": "accepted",
                "justification": item.suppression.reason,
                "location": {"physicalLocation": _physical(item.suppression.location)},
            }
        ]
        results.append(result)
    for finding in known:
        results.append({**_result(finding, index, next(marks)), "baselineState": "unchanged"})
    run = {
        "tool": {
            "driver": {
                "name": "remit",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in used],
            }
        },
        "originalUriBaseIds": {BASE: {"description": {"text": "The folder the scan was started in."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(results) - MAX_RESULTS)],
        "results": results[:MAX_RESULTS],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(report: Report, cut: int) -> dict[str, Any]:
    notes = [_notification("error", failure.what, str(failure), failure.location) for failure in report.failures]
    for skip in report.skips:
        level = "warning" if skip.blind else "note"
        notes.append(_notification(level, skip.what, f"{skip.what}: not examined: {skip.why}", skip.location))
    if cut > 0:
        notes.append(_notification("warning", "results", f"{cut} results left out: more than {MAX_RESULTS}", None))
    return {
        "executionSuccessful": report.complete,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": notes,
    }


def _notification(level: str, what: str, text: str, location: Location | None) -> dict[str, Any]:
    note: dict[str, Any] = {"level": level, "message": {"text": text or what}}
    if location is not None:
        note["locations"] = [{"physicalLocation": _physical(location)}]
    return note


def _rule(rule: str) -> dict[str, Any]:
    if rule not in rules.ids():
        return {"id": rule}
    found = rules.load(rule)
    page = rules.page(rule)
    summary = page.strip().partition("\n\n")[0].replace("\n", " ")
    return {
        "id": rule,
        "name": "".join(part.capitalize() for part in rule.split("-")),
        "shortDescription": {"text": found.title},
        "fullDescription": {"text": summary or found.title},
        "help": {"text": page.strip() or found.title, "markdown": page.strip() or found.title},
        "defaultConfiguration": {"level": _LEVELS[found.severity]},
        "properties": {
            "security-severity": _SCORES[found.severity],
            "tags": ["security", "serverless", *(_tag(name) for name in found.standards)],
            "precision": "high" if found.persona.word == "regular" else "medium",
        },
    }


def _tag(standard: str) -> str:
    """Code hosts recognise weaknesses as ``external/cwe/cwe-078``."""
    if standard.startswith("CWE-"):
        return f"external/cwe/cwe-{standard[4:].zfill(3)}"
    return standard


def _result(finding: Finding, index: dict[str, int], mark: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.location, finding.label, _logical(finding))],
        "partialFingerprints": {"primaryLocationLineHash": mark, "remit/v1": mark},
        "rank": {"high": 90.0, "medium": 60.0, "low": 30.0}.get(finding.confidence, 50.0),
        "properties": {
            "security-severity": _SCORES[finding.severity],
            "confidence": finding.confidence,
            "persona": finding.persona.word,
            **({"reach": list(finding.reach)} if finding.reach else {}),
            **({"notes": dict(finding.notes)} if finding.notes else {}),
        },
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(hop.location, hop.text)} for number, hop in enumerate(finding.related, 1)
        ]
    if finding.hops:
        result["codeFlows"] = [_flow(finding.hops)]
    fixes = [_fix(fix) for fix in finding.fixes if fix.edits]
    if fixes:
        result["fixes"] = fixes
    return result


def _message(finding: Finding) -> str:
    parts = [finding.message[:1].upper() + finding.message[1:] + "."]
    if finding.reach:
        parts.append(f"The role then allows: {', '.join(finding.reach)}.")
    if finding.fixes:
        parts.append(f"To mend it: {finding.fixes[0].title}.")
    return " ".join(parts)


def _logical(finding: Finding) -> str:
    return finding.resource or finding.function


def _location(location: Location, text: str = "", logical: str = "") -> dict[str, Any]:
    data: dict[str, Any] = {"physicalLocation": _physical(location)}
    if text:
        data["message"] = {"text": text}
    if logical:
        data["logicalLocations"] = [{"name": logical, "kind": "resource"}]
    return data


def _physical(location: Location) -> dict[str, Any]:
    data: dict[str, Any] = {
        "artifactLocation": {"uri": quote(location.file.removeprefix("./"), safe="/~!$&'()*+,;=:@"), "uriBaseId": BASE}
    }
    if location.line:
        data["region"] = region(location)
    return data


def region(location: Location) -> dict[str, int]:
    """A SARIF region: lines and columns from 1, the end column after the last character."""
    data = {"startLine": location.line, "startColumn": max(location.column, 1)}
    if location.end_line > location.line:
        data["endLine"] = location.end_line
    if location.end_column and (location.end_line > location.line or location.end_column >= location.column):
        data["endColumn"] = location.end_column
    return data


def _flow(hops: Iterable[Hop]) -> dict[str, Any]:
    steps = list(hops)[:_MAX_HOPS]
    return {
        "threadFlows": [
            {
                "locations": [
                    {
                        "location": _location(hop.location, hop.text or "the value passes here"),
                        "executionOrder": number,
                        "importance": "essential" if number in (1, len(steps)) else "important",
                    }
                    for number, hop in enumerate(steps, 1)
                ]
            }
        ]
    }


def _fix(fix: Fix) -> dict[str, Any]:
    files: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        files.setdefault(edit.location.file, []).append(
            {"deletedRegion": region(edit.location), "insertedContent": {"text": edit.replacement}}
        )
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _physical(Location(file))["artifactLocation"], "replacements": replacements}
            for file, replacements in files.items()
        ],
    }
