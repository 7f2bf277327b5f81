"""``remit lock``: what must each function be allowed to do, and nothing more?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from remit.cli import _options

if TYPE_CHECKING:
    from remit.lock.report import Report

_EPILOG = """\b
Examples:
  remit lock                     write remit.lock beside each template below this folder
  remit lock --check             in a pull request: do code, lock and role still say the same?
  remit lock app/ --format json
\b
Exit codes: 0 done, or nothing differs; 1 something differs (--check); 2 usage; 3 nothing to examine;
4 incomplete (something was not read; the lock is written, and says what is missing), 70 our own fault.
"""


@click.command("lock", epilog=_EPILOG)
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, envvar="REMIT_CHECK", help="Write nothing; exit 1 when code, lock and role differ."
)
@click.option(
    "--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True,
    envvar="REMIT_FORMAT", help="How to write the report.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
    help="The lock's file, in place of remit.lock beside the template; with --check the lock to compare with.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, envvar="REMIT_QUIET", help="No talk on stderr but errors.")
@click.option("-v", "--verbose", count=True, envvar="REMIT_VERBOSE", help="List everything, not the first few.")
def command(path: Path, format_: str, output: Path | None, *, check: bool, quiet: bool, verbose: int) -> int:
    """What must each function be allowed to do, and nothing more? Derives remit.lock from code and template.

    PATH is a folder or a template; without one, this folder.
    """
    from datetime import UTC, datetime

    from remit.cli._progress import Progress
    from remit.lock import Plan, run

    plan = Plan(path, datetime.now(UTC).date().isoformat(), check, output)
    with Progress(quiet=quiet) as progress:
        report = run(plan, progress.tell)
    if not check:
        _write(report)
    for failure in report.failures:
        click.echo(f"remit: {failure}", err=True)
    if not quiet:
        for skip in report.skips:
            if skip.blind:
                click.echo(f"remit: not examined: {skip.what}: {skip.why}", err=True)
    _options.write_result(_rendered(report, format_, verbose=bool(verbose)), None)
    if not any(item.functions for item in report.apps) and not quiet:
        what = "no template (SAM, CloudFormation, Serverless, Terraform, CDK) with a function found"
        click.echo(f"remit: nothing to examine: {what}", err=True)
    return report.exit_code


def _rendered(report: "Report", format_: str, *, verbose: bool) -> str:
    if format_ == "json":
        from remit.lock import document

        return document.render(report)
    from remit.lock import text

    return text.render(report, verbose=verbose)


def _write(report: "Report") -> None:
    """Writes each lock over what is there: it is derived, so even a broken one (a merge conflict) can be made anew.

    Raises:
        RemitError: a file cannot be written.
    """
    for item in report.apps:
        _options.write_result(item.text, item.path)
