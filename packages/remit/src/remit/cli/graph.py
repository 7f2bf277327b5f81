"""``remit graph``: what is here, and who reaches what?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from remit.cli import _options

if TYPE_CHECKING:
    from remit.graph import Pictures
    from remit.scan.report import Survey

_EPILOG = """\b
Examples:
  remit graph                                 this folder, for the terminal
  remit graph --format html -o graph.html     a picture: one file, no network, opens anywhere
  remit graph --function Orders               one function: who starts it, what it touches
  remit graph --format json | jq '.apps[].paths'
\b
How to read it: senders on the left, then what they can send to, the functions that run, and what those
touch. Attack paths are those that remit scan finds, in red, each with a letter and numbered steps.
\b
Exit codes: 0 drawn, 2 usage, 3 nothing to draw, 4 drawn but incomplete (something was not read),
70 our own fault. Findings do not fail this command: remit scan does that.
"""


@click.command("graph", epilog=_EPILOG)
@click.argument("path", default=".", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--format", "format_", type=click.Choice(("text", "json", "html")), default="text", show_default=True,
    envvar="REMIT_FORMAT", help="Text for people, JSON for programs, HTML to look at.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), envvar="REMIT_OUTPUT",
    help="Write to a file instead of stdout.",
)  # fmt: skip
@click.option("--function", "only", metavar="NAME", default="", help="Only what leads to this function, and from it.")
@click.option(
    "--no-code", is_flag=True, envvar="REMIT_NO_CODE",
    help="Do not read code: faster, but no attack paths, and only what environment and triggers name.",
)  # fmt: skip
@click.option("--no-color", is_flag=True, envvar="REMIT_NO_COLOR", help="No colours, not even on a terminal.")
@click.option("-q", "--quiet", is_flag=True, envvar="REMIT_QUIET", help="No talk on stderr but errors.")
@click.option("-v", "--verbose", count=True, envvar="REMIT_VERBOSE", help="Text: also what reaches nothing.")
def command(
    path: Path,
    format_: str,
    output: Path | None,
    only: str,
    *,
    no_code: bool,
    no_color: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """What is here, and who reaches what? The app as a graph: senders, triggers, functions, stores, attack paths.

    PATH is a folder or a template; without one, this folder.
    """
    from datetime import UTC, datetime

    from remit.cli._progress import Progress
    from remit.scan import Plan, survey

    plan = Plan((path,), today=datetime.now(UTC).date().isoformat(), code=not no_code, dependencies=False)
    with Progress(quiet=quiet) as progress:
        pictures = _pictures(survey(plan, progress.tell), plan.today, only, code=not no_code)
    for failure in pictures.failures:
        click.echo(f"remit: {pictures.shown if failure.location else ''}{failure}", err=True)
    if not quiet:
        gaps = [skip for skip in pictures.skips if skip.blind]
        for where, what, why in dict.fromkeys((skip.location, skip.what, skip.why) for skip in gaps):
            at = f"{pictures.shown}{where}: " if where is not None else ""
            click.echo(f"remit: not examined: {at}{what}: {why}", err=True)
    _options.write_result(_rendered(pictures, format_, output, no_color=no_color, verbose=verbose), output)
    if not quiet and not any(app.functions for app in pictures.apps):
        click.echo("remit: nothing to draw: no template or folder with a function found", err=True)
    return pictures.exit_code


def _pictures(found: "Survey", today: str, only: str, *, code: bool) -> "Pictures":
    """Joins what the survey brought into pictures.

    Raises:
        UsageError: no app has the function that was asked for.
    """
    from remit.graph import Pictures, focused, picture

    report = found.report
    apps = [
        picture(
            part.facts, part.findings,
            name=part.summary.name, template=part.summary.template, place=part.place, texts=report.texts,
        )
        for part in found.parts
    ]  # fmt: skip
    if only:
        known = [card.function for app in apps for card in app.cards]
        if only not in known:
            import difflib

            near = difflib.get_close_matches(only, known, 3, 0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f'there is no function "{only}"{hint}')
        apps = [focused(app, only) for app in apps if app.card(only) is not None]
    apps = [app for app in apps if app.functions or app.ways] or apps[:1]
    return Pictures(tuple(apps), report.skips, report.failures, code, report.shown, today, only)


def _rendered(pictures: "Pictures", format_: str, output: Path | None, *, no_color: bool, verbose: int) -> str:
    if format_ == "html":
        from remit.render.graph import html

        return html.render(pictures)
    if format_ == "json":
        from remit.render.graph import json

        return json.render(pictures)
    from remit.render.graph import text

    colour = output is None and _options.colour_wanted(no_color=no_color)
    return text.render(pictures, colour=colour, width=_options.width(), verbose=bool(verbose))
