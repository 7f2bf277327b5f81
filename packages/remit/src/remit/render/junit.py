"""The report as JUnit XML: one test suite for each app, one failed case for each finding.

What was not read is an *error* (inconclusive), what was skipped or accepted is *skipped*; a suite without any of these
holds one passed case, so that a clean app is visible as one.
"""

import re
from xml.sax.saxutils import escape, quoteattr

from remit.app.report import Finding
from remit.render._totals import totals
from remit.scan.report import Report

#: What XML 1.0 cannot carry at all, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Writes a report as XML text."""
    cases = [_failed(finding) for finding in report.findings]
    cases += [_case("not read", item.what, f"<error message={_attribute(str(item))}/>") for item in report.failures]
    skips = [f"<skipped message={_attribute(f'{skip.what}: {skip.why}')}/>" for skip in report.skips]
    cases += [_case("skipped", skip.what, body) for skip, body in zip(report.skips, skips, strict=True)]
    for item in report.suppressed:
        body = f"<skipped message={_attribute(f'accepted: {item.suppression.reason}')}/>"
        cases.append(_case(item.finding.rule, f"{item.finding.location} {item.finding.message}", body))
    skipped = len(report.skips) + len(report.suppressed)
    if not cases:
        cases.append(_case("remit", totals(report), ""))
    head = (
        f'<testsuite name="remit scan" tests="{len(cases)}" failures="{len(report.findings)}" '
        f'errors="{len(report.failures)}" skipped="{skipped}" time="{report.cpu:.3f}">'
    )
    body = "\n".join(f"  {line}" for line in cases)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{head}\n{body}\n</testsuite>\n</testsuites>\n'


def _failed(finding: Finding) -> str:
    lines = [f"{finding.location}"]
    lines += [f"{number}. {hop.location} {hop.text}" for number, hop in enumerate(finding.hops, 1)]
    if finding.reach:
        lines.append(f"the role then allows: {', '.join(finding.reach)}")
    lines += [f"fix: {fix.title}" for fix in finding.fixes[:2]]
    message, kind = _attribute(finding.message), _attribute(finding.severity.word)
    body = f"<failure message={message} type={kind}>{_text(chr(10).join(lines))}</failure>"
    return _case(finding.rule, f"{finding.location} {finding.message}", body)


def _case(group: str, name: str, body: str) -> str:
    return f"<testcase classname={_attribute(group)} name={_attribute(name)}>{body}</testcase>"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))
