"""The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere."""

from html import escape
from string import Template

from remit import rules
from remit.app.location import Location
from remit.app.report import Finding, Fix, Hop
from remit.render._excerpt import excerpt
from remit.render._totals import advisory_line, plural, totals
from remit.scan.report import Report

_PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Remit: $title</title>
<style>
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d8dde3; --paper: #fff; --box: #f5f7f9;
  --critical: #8a1a7a; --high: #b3261e; --medium: #9a5b00; --low: #1f6f8b; --info: #4a5a9a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #333b44; --paper: #14181d;
  --box: #1c2229; --critical: #e58ad8; --high: #ff8a80; --medium: #ffb74d; --low: #6cc5e0; --info: #a5b4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1rem; font: 16px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 1rem; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; font-weight: 600; }
.soft { color: var(--soft); } ul.apps { padding: 0; list-style: none; margin: .5rem 0; }
article { border: 1px solid var(--line); border-left: .35rem solid var(--tone); border-radius: .4rem; padding: 1rem;
  margin: 0 0 1rem; break-inside: avoid; }
.badge { color: var(--tone); font-weight: 700; text-transform: uppercase; font-size: .8rem; letter-spacing: .04em; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); }
.low { --tone: var(--low); } .info { --tone: var(--info); }
code, pre { font: .85rem/1.5 ui-monospace, monospace; } pre { margin: .25rem 0 0; padding: .5rem .75rem; overflow-x: auto;
  background: var(--box); border-radius: .3rem; } mark { background: none; color: inherit;
  border-bottom: .15rem solid var(--tone); } ol.hops { padding-left: 1.4rem; margin: .75rem 0; } ol.hops li { margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0 0; } dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; } .note { border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; }
</style>
</head>
<body>
<header>
<h1>What can an attacker do?</h1>
<p class="soft">$totals</p>
<ul class="apps">$apps</ul>
$incomplete
</header>
<main>
$findings
</main>
$accepted
$skipped
<footer class="soft"><p>$advisories · $date</p></footer>
</body>
</html>
""")


def render(report: Report) -> str:
    """Writes a report as HTML text; everything out of a scanned file is escaped."""
    names = ", ".join(app.name for app in report.apps[:3]) or "nothing examined"
    return _PAGE.substitute(
        title=escape(names),
        totals=escape(totals(report)),
        apps="".join(
            f"<li><strong>{escape(app.name)}</strong> <span class=soft>{escape(app.form)} · "
            f"{plural(app.functions, 'function')} · {plural(app.triggers, 'trigger')} · "
            f"{plural(app.resources, 'resource')} · {plural(app.roles, 'role')}</span></li>"
            for app in report.apps
        ),
        incomplete=_incomplete(report),
        findings=_findings(report),
        accepted=_accepted(report),
        skipped=_skipped(report),
        advisories=escape(advisory_line(report)),
        date=escape(report.today),
    )


def _incomplete(report: Report) -> str:
    if report.complete:
        return ""
    rows = [str(failure) for failure in report.failures]
    rows += [f"{skip.what}: {skip.why}" for skip in report.skips if skip.blind]
    items = "".join(f"<li>{escape(row)}</li>" for row in rows)
    return f'<div class="note"><strong>This report is incomplete.</strong> Not examined:<ul>{items}</ul></div>'


def _findings(report: Report) -> str:
    if not report.findings:
        return "<p>No findings.</p>" if report.apps else "<p>Nothing was examined.</p>"
    parts = []
    paths = [finding for finding in report.findings if finding.is_path]
    others = [finding for finding in report.findings if not finding.is_path]
    for title, found in (("Attack paths", paths), ("Findings", others)):
        if found:
            parts.append(f"<h2>{title}</h2>")
            parts += [_finding(finding, report) for finding in found]
    return "\n".join(parts)


def _finding(finding: Finding, report: Report) -> str:
    word = finding.severity.word
    body = _hops(finding, report) if finding.hops else _place(finding.location, finding.label, report)
    facts = []
    if finding.reach:
        role = finding.notes.get("role") or finding.function
        facts.append((f"as {role}", " · ".join(finding.reach)))
    facts += [("fix", _fix(fix)) for fix in finding.fixes[:2]]
    facts += [("also", f"{hop.location} {hop.text}") for hop in finding.related[:10]]
    if finding.confidence != "high":
        facts.append(("confidence", finding.confidence))
    standards = rules.load(finding.rule).standards if finding.rule in rules.ids() else ()
    facts.append(("more", " · ".join((f"remit explain {finding.rule}", *standards))))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return (
        f'<article class="{word}"><span class="badge">{word}</span> <code>{escape(finding.rule)}</code>'
        f"<h3>{escape(finding.message)}</h3>{body}<dl>{rows}</dl></article>"
    )


def _hops(finding: Finding, report: Report) -> str:
    return f'<ol class="hops">{"".join(_hop(hop, report) for hop in finding.hops)}</ol>'


def _hop(hop: Hop, report: Report) -> str:
    return f"<li>{_place(hop.location, hop.text, report)}</li>"


def _place(location: Location, text: str, report: Report) -> str:
    code = excerpt(location, report.texts, 160)
    shown = ""
    if code is not None:
        before, span = code.text[: code.start], code.text[code.start : code.start + code.length]
        after = code.text[code.start + code.length :]
        shown = f"<pre>{escape(before)}<mark>{escape(span)}</mark>{escape(after)}</pre>"
    label = f" <span class=soft>{escape(text)}</span>" if text else ""
    return f"<code>{escape(str(location))}</code>{label}{shown}"


def _fix(fix: Fix) -> str:
    return f"{fix.title} ({fix.command})" if fix.command else fix.title


def _accepted(report: Report) -> str:
    rows = [
        f"<li><code>{escape(item.finding.rule)}</code> {escape(str(item.finding.location))}: "
        f"{escape(item.suppression.reason)}</li>"
        for item in report.suppressed
    ]
    return f"<h2>Accepted</h2><ul>{''.join(rows)}</ul>" if rows else ""


def _skipped(report: Report) -> str:
    rows = [f"<li>{escape(skip.what)}: {escape(skip.why)}</li>" for skip in report.skips if not skip.blind]
    return f"<h2>Left out</h2><ul>{''.join(rows)}</ul>" if rows else ""
