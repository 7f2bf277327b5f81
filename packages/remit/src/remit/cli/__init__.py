"""The command line: one module per command, loaded when called, so that ``--version`` and ``--help`` stay cheap.

Conventions (docs/exit-codes.md): results on stdout, talk on stderr, progress only on a terminal; exit 0 clean,
1 findings, 2 usage, 3 nothing to examine, 4 incomplete, 70 our own fault.
"""

import importlib
import os
import sys

import click

from remit import __version__
from remit.app.errors import RemitError

INTERNAL_FAULT = 70

#: Command name -> (module with a click command named ``command``, one line of help).
COMMANDS = {
    "scan": ("remit.cli.scan", "What can an attacker do? Findings and attack paths, from code and template."),
    "lock": (
        "remit.cli.lock",
        "What must each function be allowed to do, and nothing more? Writes remit.lock.",
    ),
    "graph": ("remit.cli.graph", "What is here, and who reaches what? The app as text, JSON, or a picture."),
    "ship": ("remit.cli.ship", "Build reproducibly, sign, verify: only what was approved runs."),
    "watch": ("remit.cli.watch", "Collect signals, group them into incidents, show them live."),
    "explain": ("remit.cli.explain", "Explain a rule: what it finds, why it matters, how to mend it."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Loads the module of one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Lists the commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", message="remit %(version)s")
def remit() -> None:
    """Every serverless function stays within its remit.

    Remit derives what each function may do from its code and template, keeps that in remit.lock, proves it, signs it
    with the build, enforces it inside the function and watches production against it. Offline, silent, yours.

    Start with:  remit scan
    """


def main() -> None:
    """Runs the command line and ends the process; the one place where nothing may escape as a traceback."""
    try:
        code = remit.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = _tell("stopped", 130)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except RemitError as error:
        code = _tell(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader went away (``remit scan | head``): not a fault of ours, and nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if os.environ.get("REMIT_DEBUG"):
            raise
        name = type(error).__name__
        code = _tell(
            f"our own fault: {name}: {error}\n       run again with REMIT_DEBUG=1 for the trace, and please report it",
            INTERNAL_FAULT,
        )
    sys.exit(code if isinstance(code, int) else 0)


def _tell(text: str, code: int) -> int:
    print(f"remit: {text}", file=sys.stderr)
    return code
