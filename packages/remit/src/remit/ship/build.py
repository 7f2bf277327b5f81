"""Build: one zip per function, the same bytes from the same files, its remit and manifest inside, the whole signed."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit import __version__
from remit.app.errors import NothingToExamine, RemitError
from remit.app.model import App, Function
from remit.app.report import Skip
from remit.ship import dsse
from remit.ship.archive import Entry, digest, write
from remit.ship.collect import collect, guard_files, read_bytes
from remit.ship.keys import load_private
from remit.ship.manifest import (
    ABSENT,
    INCLUDED,
    STARTED,
    STATEMENT_FILE,
    Built,
    Statement,
    manifest,
    read_statement,
    write_statement,
)
from remit_guard.core.remit import MANIFEST_FILE, REMIT_FILE

#: Logical ids are alphanumeric (CloudFormation user guide, "Resources"); an id becomes a file name here.
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
#: Handler and variables by which a template starts the guard.
_REDIRECT = "remit_guard.platforms.aws.handler"
_STARTERS = ("REMIT_HANDLER", "AWS_LAMBDA_EXEC_WRAPPER")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build.

    Args:
        root: the app's folder.
        app: the app, as it was read.
        remits: compiled remit by function id (the bytes that go into the zip).
        lock: the bytes of remit.lock.
        key: path of the private key.
        output: folder to write to; created; an earlier build in it is replaced.
        artifacts: folder with one subfolder per function, as ``sam build`` leaves them; without it, the code folders.
        guard: whether remit-guard itself goes into each Python zip.
    """

    root: Path
    app: App
    remits: Mapping[str, bytes]
    lock: bytes
    key: Path
    output: Path
    artifacts: Path | None = None
    guard: bool = True

    def folder(self, function: Function) -> Path | None:
        """Where the files of a function are, ``None`` when they are not here."""
        if self.artifacts is not None:
            return self.artifacts / function.id
        if function.code is None or function.code.lower().endswith((".zip", ".jar")):
            return None  # what was packed by somebody else is not packed again
        return self.root / function.code


@dataclass(frozen=True, slots=True)
class Result:
    """What was built, where the statement is, and what was left out and why."""

    statement: Statement
    path: Path
    skips: tuple[Skip, ...]


def run(plan: Plan) -> Result:
    """Builds and signs.

    Raises:
        RemitError: the key cannot be used, a file does not belong into a build, a function is too large.
        NothingToExamine: the app has no function whose code is here.
    """
    key = load_private(plan.key)  # first: a build that cannot be signed is not begun
    template = read_bytes(plan.root / plan.app.template)
    zips: dict[str, bytes] = {}
    built: list[Built] = []
    skips: list[Skip] = []
    for function in plan.app.functions:
        folder = plan.folder(function)
        if function.id not in plan.remits or folder is None:
            skips.append(Skip(function.id, "its code is not in this repository", function.location, blind=True))
            continue
        if function.layers:
            skips.append(Skip(f"layers of {function.id}", "layers are not part of the build yet", function.location))
        entries = _entries(plan, function, folder, skips)
        remit = plan.remits[function.id]
        entries[REMIT_FILE] = Entry(remit)
        inner = manifest(function.id, {path: entry.content for path, entry in entries.items()}, remit, template)
        entries[MANIFEST_FILE] = Entry(inner)
        name = f"{function.id}.zip"
        zips[name] = write(entries)
        built.append(
            Built(function.id, name, digest(zips[name]), digest(inner), digest(remit), _guard(function, entries))
        )
    if not built:
        raise NothingToExamine(f"{plan.app.template}: no function with code in this repository")
    names = {item.function for item in built}
    absent = tuple(function.id for function in plan.app.functions if function.id not in names)
    statement = Statement(
        plan.app.template, digest(template), digest(plan.lock), f"remit {__version__}", tuple(built), absent
    )
    envelope = dsse.sign(write_statement(statement), key)
    _write_all(plan.output, {**zips, STATEMENT_FILE: envelope})
    return Result(statement, plan.output / STATEMENT_FILE, tuple(dict.fromkeys(skips)))


def _entries(plan: Plan, function: Function, folder: Path, skips: list[Skip]) -> dict[str, Entry]:
    if not _ID.fullmatch(function.id):
        raise RemitError(f"{plan.app.template}: {function.id!r} is not a logical id; no file is named after it")
    if not folder.is_dir():
        raise RemitError(f"{folder}: no folder with the code of {function.id}")
    never = (plan.output, plan.root / plan.app.template, plan.key, plan.key.with_name(plan.key.name + ".pub"))
    entries = collect(folder, frozenset(path.resolve() for path in never), skips)
    if plan.guard and function.language == "python":
        entries.update(guard_files())
    return entries


def _guard(function: Function, entries: Mapping[str, Entry]) -> str:
    """Whether the guard is in a zip, and whether the template or the code starts it."""
    if "remit_guard/__init__.py" not in entries:
        return ABSENT
    if function.handler == _REDIRECT or any(name in function.environment for name in _STARTERS):
        return STARTED
    own = (path for path in entries if path.endswith(".py") and not path.startswith("remit_guard/"))
    return STARTED if any(b"remit_guard" in entries[path].content for path in own) else INCLUDED


def _earlier(folder: Path) -> list[str]:
    """The zips that an earlier build left in a folder, by its own statement; nothing else there is ours to delete."""
    try:
        envelope = json.loads((folder / STATEMENT_FILE).read_bytes())
        statement = read_statement(base64.b64decode(envelope["payload"]))
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [built.zip for built in statement.functions if Path(built.zip).name == built.zip]


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _earlier(folder):
            (folder / name).unlink(missing_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise RemitError(f"{folder}: cannot be written: {error.strerror}") from error
