"""``remit scan``: what can an attacker do?"""

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from remit.cli import _options

if TYPE_CHECKING:
    from remit.scan.report import Report

_EPILOG = """\b
Examples:
  remit scan                              this folder, for people
  remit scan app/ --format sarif -o remit.sarif --fail-on high
\b
Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage, 3 nothing to examine,
4 incomplete (something was not read, or advisory data is stale), 70 our own fault.
"""


@click.command("scan", epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--format", "format_", type=click.Choice(_options.FORMATS), default="text", show_default=True,
    envvar="REMIT_FORMAT", help="How to write the report.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), envvar="REMIT_OUTPUT",
    help="Write the report to a file instead of stdout.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice((*_options.SEVERITIES, "never")), envvar="REMIT_FAIL_ON",
    help="Exit 1 from this severity on.  [default: medium]",
)  # fmt: skip
@click.option(
    "--persona", type=click.Choice(_options.PERSONAS), envvar="REMIT_PERSONA",
    help="How many findings that may not matter you accept.  [default: regular]",
)  # fmt: skip
@click.option(
    "--baseline", type=click.Path(path_type=Path, dir_okay=False), envvar="REMIT_BASELINE",
    help="Leave out findings that this file knows.",
)  # fmt: skip
@click.option(
    "--write-baseline", type=click.Path(path_type=Path, dir_okay=False), envvar="REMIT_WRITE_BASELINE",
    help="Write all findings to a baseline file; exit 0, or 4 when something was not examined.",
)  # fmt: skip
@click.option(
    "--fix", type=click.Choice(("safe", "all")), is_flag=False, flag_value="safe", envvar="REMIT_FIX",
    help="Write fixes into the files: safe ones, or all a machine can do.",
)  # fmt: skip
@click.option(
    "--advisories", type=click.Path(path_type=Path, dir_okay=False, readable=False), envvar="REMIT_ADVISORIES",
    help="Advisory data to compare dependencies with, in place of what came with this version.",
)  # fmt: skip
@click.option(
    "--max-advisory-age", type=click.IntRange(min=0), default=30, show_default=True, metavar="DAYS",
    envvar="REMIT_MAX_ADVISORY_AGE", help="Older advisory data is no answer: exit 4.",
)  # fmt: skip
@click.option("--exit-zero", is_flag=True, envvar="REMIT_EXIT_ZERO", help="Exit 0 in spite of findings (only of them).")
@click.option("--no-color", is_flag=True, envvar="REMIT_NO_COLOR", help="No colours, not even on a terminal.")
@click.option("-q", "--quiet", is_flag=True, envvar="REMIT_QUIET", help="No talk on stderr but errors.")
@click.option("-v", "--verbose", count=True, envvar="REMIT_VERBOSE", help="Also list what was suppressed and skipped.")
def command(
    paths: tuple[Path, ...],
    format_: str,
    output: Path | None,
    fail_on: str | None,
    persona: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    fix: str | None,
    advisories: Path | None,
    max_advisory_age: int,
    *,
    exit_zero: bool,
    no_color: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """What can an attacker do? Findings and whole attack paths, from code and template.

    PATH is a folder or a template; without one, this folder is scanned.
    """
    from datetime import UTC, datetime

    from remit.cli._progress import Progress
    from remit.scan import Plan, run

    roots = tuple(dict.fromkeys(paths)) or (Path(),)
    settings = _settings(roots)
    plan = Plan(
        roots=roots,
        persona=_options.persona(_setting(persona, settings, "persona", _options.PERSONAS, "regular")),
        fail_on=_options.severity(_setting(fail_on, settings, "fail-on", (*_options.SEVERITIES, "never"), "medium")),
        baseline=baseline or (roots[0] / settings["baseline"] if settings.get("baseline") else None),
        fix=fix or "",
        today=datetime.now(UTC).date().isoformat(),
        advisories=advisories,
        max_advisory_age=max_advisory_age,
    )
    with Progress(quiet=quiet) as progress:
        report = run(plan, progress.tell)
    for failure in report.failures:
        click.echo(f"remit: {report.shown if failure.location else ''}{failure}", err=True)
    if write_baseline:
        return _write_baseline(report, write_baseline, quiet=quiet)
    _options.write_result(_rendered(report, format_, output, no_color=no_color, verbose=verbose), output)
    if not quiet:
        _tell_empty(report, alone=len(roots) == 1)
    return report.exit_code_without_findings if exit_zero else report.exit_code


def _tell_empty(report: "Report", *, alone: bool) -> None:
    """Says where there was nothing to examine, by name where several folders were asked for."""
    for root in report.empty:
        where = "" if alone else f"{root}: "
        what = "no template (SAM, CloudFormation, Serverless, Terraform, CDK) and no function found"
        click.echo(f"remit: {where}nothing to examine: {what}", err=True)


def _settings(roots: tuple[Path, ...]) -> dict[str, str]:
    """The ``[scan]`` table of ``remit.toml`` where one folder is scanned; several would contradict each other."""
    from remit.read import config

    if len(roots) != 1 or not os.path.isdir(roots[0]):  # whether it may be read at all, the scan finds out
        return {}
    return dict(config.load(roots[0]).options)


def _setting(given: str | None, settings: dict[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    if given is not None:
        return given
    value = settings.get(name, default)
    if value not in choices:
        raise click.UsageError(f'remit.toml: scan.{name} is "{value}"; it must be one of {", ".join(choices)}')
    return value


def _rendered(report: "Report", format_: str, output: Path | None, *, no_color: bool, verbose: int) -> str:
    if format_ == "text":
        from remit.render import text

        colour = output is None and _options.colour_wanted(no_color=no_color)
        return text.render(report, colour=colour, width=_options.width(), verbose=verbose)
    rendered: str = importlib.import_module(f"remit.render.{format_}").render(report)
    return rendered


def _write_baseline(report: "Report", path: Path, *, quiet: bool) -> int:
    from remit.scan import baseline

    _options.write_result(baseline.write(report.findings, report.texts, report.root), path)
    if not quiet:
        click.echo(f"remit: {len(report.findings)} findings written to {path}", err=True)
    return 0 if report.complete else 4
