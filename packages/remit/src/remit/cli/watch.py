"""``remit watch``: the server with its page, and ``remit watch incidents`` for the terminal."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from remit.app.errors import NothingToExamine, RemitError

if TYPE_CHECKING:
    from remit.watch.graph import Graph
    from remit.watch.parse import Batch

DEMO = Path("build/demo/signals.jsonl")
SEVERITIES = ("info", "low", "medium", "high", "critical", "never")


def default_data() -> Path:
    """Where signals are kept unless told otherwise: the user's state folder."""
    home = os.environ.get("XDG_STATE_HOME", "")
    return (Path(home) if os.path.isabs(home) else Path.home() / ".local" / "state") / "remit"


@click.group(invoke_without_command=True)
@click.option("--port", default=7373, show_default=True, type=click.IntRange(0, 65535), help="0 for any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--allow-remote", is_flag=True, help="Let other machines in, with a token (REMIT_WATCH_TOKEN, or made up)."
)
@click.option(
    "--log", "logs", multiple=True, type=click.Path(path_type=Path, dir_okay=False), help="Follow a log file."
)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Where signals are kept.")
@click.option("--memory", is_flag=True, help="Keep signals in memory only.")
@click.option("--app", "app", type=click.Path(path_type=Path, exists=True), help="The app to draw: folder or template.")
@click.option("--demo", is_flag=True, help="Play back what `make demo` recorded; keeps nothing.")
@click.pass_context
def command(
    context: click.Context,
    port: int,
    host: str,
    logs: tuple[Path, ...],
    data: Path | None,
    app: Path | None,
    *,
    allow_remote: bool,
    memory: bool,
    demo: bool,
) -> None:
    """Collect signals, group them into incidents, show them live.

    Guards send signals to POST /signals, or write them to a log that --log follows. Open the address it prints.
    """
    if context.invoked_subcommand is not None:
        return
    if data is not None and (memory or demo):
        raise click.UsageError("--data keeps signals, --memory and --demo do not: choose one")
    _run(
        port, host, logs, None if memory or demo else data or default_data(), app, allow_remote=allow_remote, demo=demo
    )


def _run(
    port: int, host: str, logs: tuple[Path, ...], data: Path | None, app: Path | None, *, allow_remote: bool, demo: bool
) -> None:
    remote = _is_remote(host)
    if remote and not allow_remote:
        raise click.UsageError(f"--host {host} lets other machines in; say --allow-remote if you mean it")
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise RemitError("the page needs a web server: pip install 'remit[watch]'") from error
    import asyncio

    from remit.watch import server
    from remit.watch.hub import Hub
    from remit.watch.store import open_store

    replay = _recorded() if demo else None
    graph = _draw(app or (Path("examples/leaky-shop") if demo and Path("examples/leaky-shop").is_dir() else None))
    listener = server.bind("127.0.0.1" if host == "localhost" else host, port)
    token = _token() if remote else ""
    url = _url(host, listener.getsockname()[1])
    store = open_store(data)
    note = getattr(store, "note", None)
    if note is not None:
        note(url)

    def ready() -> None:
        print(url + (f"?token={token}" if token else ""), flush=True)
        print(f"signals: POST {url}signals; kept: {store.where}; stop with Ctrl-C", file=sys.stderr)

    async def main() -> None:
        await server.serve(Hub(store, graph), listener, logs, replay, token, remote=remote, ready=ready)

    try:
        asyncio.run(main())
    finally:
        listener.close()
        store.close()


def _is_remote(host: str) -> bool:
    from remit.watch.server import is_loopback

    try:
        return not is_loopback(host)
    except ValueError:
        raise click.UsageError(f"--host {host}: an address is wanted, such as 127.0.0.1") from None


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _token() -> str:
    import secrets

    given = os.environ.get("REMIT_WATCH_TOKEN", "")
    if given and (len(given) < 16 or not given.isascii() or not given.replace("-", "").replace("_", "").isalnum()):
        raise RemitError("REMIT_WATCH_TOKEN: at least 16 letters, digits, - or _")
    return given or secrets.token_urlsafe(24)


def _recorded() -> "Batch":
    """The signals a demo run left."""
    from remit.watch.hub import now_ms
    from remit.watch.parse import log

    try:
        data = DEMO.read_bytes()
    except OSError as error:
        raise NothingToExamine(f"{DEMO}: {error.strerror}; run `make demo` first, here") from error
    batch = log(data.splitlines(), now_ms())
    if batch.bad_count:
        number, why = batch.bad[0]
        print(f"remit: {DEMO}:{number}: {why} ({batch.bad_count} lines left out)", file=sys.stderr)
    if not batch.signals:
        raise NothingToExamine(f"{DEMO}: no signals in it; run `make demo` again")
    return batch


def _draw(app: Path | None) -> "Graph | None":
    """The drawing of an app; what of it could not be read is said."""
    if app is None:
        return None
    from remit.read import load
    from remit.watch.graph import draw

    reading = load(app)
    for failure in reading.failures:
        print(f"remit: {failure}; the drawing is without it", file=sys.stderr)
    if not reading.apps:
        raise NothingToExamine(f"{app}: no app to draw")
    folder = app.resolve() if app.is_dir() else app.resolve().parent
    return draw(reading.apps, folder.name)


@command.command("incidents")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Where signals are kept.")
@click.option("--url", help="A running `remit watch` to ask.")
@click.option("--since", default="24h", show_default=True, help="How far back: 30m, 24h, 7d.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="medium",
    show_default=True,
    help="Least severity that makes exit 1.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 where it would be 1.")
def incidents(data: Path | None, url: str | None, since: str, form: str, fail_on: str, *, exit_zero: bool) -> int:
    """List incidents: the stories that the signals tell, the one to look at first first.

    Exit 0 none, 1 some (see --fail-on), 3 no signal was ever kept there, 4 not readable.
    """
    from remit.watch.listing import ask, from_store, parse_since, render_json, render_text
    from remit.watch.store import StoreBusy

    span = parse_since(since)
    if url is not None:
        listing = ask(url, span)
    else:
        try:
            listing = from_store(data or default_data(), span)
        except StoreBusy as busy:
            if not busy.url:
                raise
            listing = ask(busy.url, span)
    if form == "json":
        print(render_json(listing))
    else:
        print(render_text(listing), end="")
    if not listing.kept:
        raise NothingToExamine(f"{listing.where}: no signals there; that is not the same as quiet")
    grave = any(SEVERITIES.index(incident["severity"]) >= SEVERITIES.index(fail_on) for incident in listing.incidents)
    return int(grave and not exit_zero)
