"""``remit ship``: build reproducibly, sign, verify."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from remit.ship.verify import Verified


@click.group()
def command() -> None:
    """Build reproducibly, sign, verify: only what was approved runs.

    \b
    remit ship keygen                          a key pair, once: remit.key (secret) and remit.key.pub
    remit ship build --key remit.key           one zip per function, its remit and manifest inside, all signed
    remit ship verify build/ship --key remit.key.pub
    """


@command.command()
@click.argument("path", type=click.Path(path_type=Path), default="remit.key")
def keygen(path: Path) -> None:
    """Make an ed25519 key pair: PATH (keep it secret) and PATH.pub (give it to whoever verifies)."""
    from remit.ship.keys import create

    public = create(path)
    click.echo(f"{path}      keep it secret, never commit it", err=True)
    click.echo(f"{public}  give it to whoever verifies", err=True)


@command.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--key", type=click.Path(path_type=Path), required=True, envvar="REMIT_SIGNING_KEY", help="Private key.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="build/ship", show_default=True, help="Folder."
)
@click.option("--artifacts", type=click.Path(path_type=Path), help="Built functions, one folder each: .aws-sam/build")
@click.option("--guard/--no-guard", default=True, show_default=True, help="Put remit-guard into each Python zip.")
@click.option("--enforce", is_flag=True, help="The guard blocks what leaves the remit; without it, it alerts.")
def build(path: Path, key: Path, output: Path, artifacts: Path | None, guard: bool, enforce: bool) -> None:
    """Build one zip per function of the app at PATH, under its remit.lock, and sign the whole.

    The same files give the same bytes. The build refuses when remit.lock is missing or does not say what the code says.
    """
    from remit.ship.build import run
    from remit.ship.prepare import prepare

    plan, notes = prepare(path, key, output, artifacts=artifacts, guard=guard, enforce=enforce)
    for note in notes:
        click.echo(f"remit: {note}", err=True)
    result = run(plan)
    for built in result.statement.functions:
        click.echo(f"{built.zip_digest}  {output / built.zip}")
    click.echo(f"signed {result.path}: {len(result.statement.functions)} functions", err=True)
    for skip in result.skips:
        click.echo(f"not built: {skip.what}: {skip.why}", err=True)
    sys.exit(4 if any(skip.blind for skip in result.skips) else 0)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path), default="build/ship")
@click.option(
    "--key", "keys", type=click.Path(path_type=Path), multiple=True, required=True, help="Trusted public key."
)
@click.option(
    "--template", type=click.Path(path_type=Path), help="The template about to be deployed: must be the built one."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def verify(folder: Path, keys: tuple[Path, ...], template: Path | None, form: str) -> None:
    """Verify that what lies in FOLDER is exactly what was built and signed. Exit 1 names every difference."""
    from remit.ship.keys import load_public
    from remit.ship.verify import verify as check

    outcome = check(folder, [load_public(path) for path in keys], template)
    if form == "json":
        problems = [{"file": problem.file, "what": problem.what} for problem in outcome.problems]
        document = {"version": 1, "verified": list(outcome.functions), "problems": problems, "notes": _limits(outcome)}
        click.echo(json.dumps(document, indent=1))
    else:
        for problem in outcome.problems:
            click.echo(f"{problem.file}: {problem.what}")
        if not outcome.problems:
            count = len(outcome.functions)
            what = "1 function is" if count == 1 else f"{count} functions are"
            click.echo(f"verified: {what} what was built and signed")
            for line in _limits(outcome):
                click.echo(line, err=True)
        else:
            click.echo(f"refused: {len(outcome.problems)} differences; do not deploy this", err=True)
    sys.exit(1 if outcome.problems else 0)


def _limits(outcome: "Verified") -> list[str]:
    """What a verified build does not give: functions outside it, functions whose guard nothing starts."""
    statement = outcome.statement
    if statement is None:
        return []
    lines = [f"{name}: not part of the build" for name in statement.absent]
    words = {"absent": "remit-guard is not in its zip", "included": "nothing starts the remit-guard in its zip"}
    return lines + [f"{built.function}: {words[built.guard]}" for built in statement.functions if built.guard in words]
