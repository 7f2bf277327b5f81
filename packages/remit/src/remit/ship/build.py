"""Build: one zip per function, the same bytes from the same files, its remit and manifest inside, the whole signed."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from remit import __version__
from remit.app.errors import NothingToExamine, RemitError
from remit.app.model import App, Function
from remit.app.report import Skip
from remit.ship import dsse
from remit.ship.archive import LARGEST_UNZIPPED, Entry, digest, write
from remit.ship.keys import load_private
from remit.ship.manifest import STATEMENT_FILE, Built, Statement, manifest, write_statement
from remit_guard.core.remit import MANIFEST_FILE, REMIT_FILE

_LEFT_OUT = {
    "__pycache__",
    ".git",
    ".hg",
    ".venv",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".DS_Store",
    ".remit",
}


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


@dataclass(frozen=True, slots=True)
class Result:
    """What was built, where the statement is, and which functions were left out and why."""

    statement: Statement
    path: Path
    skips: tuple[Skip, ...]


def run(plan: Plan) -> Result:
    """Builds and signs.

    Raises:
        RemitError: the key cannot be used, a file cannot be read or leads out of the tree, a function is too large.
        NothingToExamine: the app has no function whose code is here.
    """
    key = load_private(plan.key)  # first: a build that cannot be signed is not begun
    template = _bytes(plan.root / plan.app.template)
    zips: dict[str, bytes] = {}
    built: list[Built] = []
    skips: list[Skip] = []
    for function in plan.app.functions:
        if function.id not in plan.remits or (function.code is None and plan.artifacts is None):
            skips.append(Skip(function.id, "its code is not in this repository", function.location, blind=True))
            continue
        if function.layers:
            skips.append(Skip(f"layers of {function.id}", "layers are not part of the build yet", function.location))
        entries = _entries(plan, function)
        remit = plan.remits[function.id]
        entries[REMIT_FILE] = Entry(remit)
        inner = manifest(function.id, {path: entry.content for path, entry in entries.items()}, remit, template)
        entries[MANIFEST_FILE] = Entry(inner)
        name = f"{function.id}.zip"
        zips[name] = write(entries)
        built.append(Built(function.id, name, digest(zips[name]), digest(inner), digest(remit)))
    if not built:
        raise NothingToExamine(f"{plan.app.template}: no function with code in this repository")
    statement = Statement(plan.app.template, digest(template), digest(plan.lock), f"remit {__version__}", tuple(built))
    envelope = dsse.sign(write_statement(statement), key)
    _write_all(plan.output, {**zips, STATEMENT_FILE: envelope})
    return Result(statement, plan.output / STATEMENT_FILE, tuple(skips))


def _entries(plan: Plan, function: Function) -> dict[str, Entry]:
    folder = plan.artifacts / function.id if plan.artifacts else plan.root / (function.code or "")
    if not folder.is_dir():
        raise RemitError(f"{folder}: no folder with the code of {function.id}")
    entries: dict[str, Entry] = {}
    total = 0
    for path in _files(folder):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise RemitError(
                f"{path}: a link that leads out of the code of {function.id}; a build holds no foreign files"
            )
        content = _bytes(path)
        total += len(content)
        if total > LARGEST_UNZIPPED:
            raise RemitError(f"{folder}: larger than Lambda takes ({LARGEST_UNZIPPED} bytes unzipped)")
        executable = bool(path.stat().st_mode & stat.S_IXUSR)
        entries[path.relative_to(folder).as_posix()] = Entry(content, executable)
    if plan.guard and function.language == "python":
        entries.update(guard_files())
    return entries


def _files(folder: Path) -> Iterator[Path]:
    for current, folders, names in os.walk(folder):  # links to folders are not followed: no loops
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in folders:
            if (Path(current) / name).is_symlink():
                raise RemitError(
                    f"{Path(current) / name}: a link to a folder; copy the files, so that the build holds them"
                )
        for name in sorted(names):
            path = Path(current) / name
            if name in _LEFT_OUT or name.endswith(".pyc"):
                continue
            if not path.is_file():
                raise RemitError(f"{path}: not a regular file")
            yield path


def guard_files() -> dict[str, Entry]:
    """The files of the installed remit-guard, as they go into a function's zip."""
    return dict(_packaged(resources.files("remit_guard"), "remit_guard"))


def _packaged(folder: Traversable, prefix: str) -> Iterator[tuple[str, Entry]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        path = f"{prefix}/{item.name}"
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _packaged(item, path)
        elif item.name.endswith((".py", ".sh", ".typed")):
            yield path, Entry(item.read_bytes(), executable=item.name.endswith(".sh"))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RemitError(f"{path}: cannot be read: {error.strerror}") from error


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in [*folder.glob("*.zip"), folder / STATEMENT_FILE]:
            old.unlink(missing_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise RemitError(f"{folder}: cannot be written: {error.strerror}") from error
