"""Which files of a folder go into a function's zip, and which never do."""

import os
import stat
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from remit.app.errors import RemitError
from remit.app.report import Skip
from remit.ship.archive import LARGEST_UNZIPPED, Entry
from remit.ship.manifest import STATEMENT_FILE

#: What tools leave behind and no function needs.
_DEBRIS = frozenset(
    [
        "__pycache__",
        ".git",
        ".hg",
        ".venv",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        ".DS_Store",
        ".remit",
        ".aws-sam",
    ]
)
#: What belongs to the project and not into a function; leaving it out is told.
_NOT_CODE = frozenset({"remit.lock", "remit.toml", STATEMENT_FILE, ".env"})
_PRIVATE_KEY = b"PRIVATE KEY-----"


def collect(folder: Path, never: frozenset[Path], skips: list[Skip]) -> dict[str, Entry]:
    """Reads the files of one function.

    Args:
        folder: its code.
        never: resolved paths that are left out with everything below them: the build's own output, the key, the template.
        skips: gets what was left out because it is no code.

    Returns:
        Each file by its name in the zip.

    Raises:
        RemitError: a file that cannot be read, leads out, is a private key, or has a name that not every system unpacks;
            or more than Lambda takes.
    """
    entries: dict[str, Entry] = {}
    total = 0
    home = folder.resolve()
    for path in _files(folder, never, skips):
        if not path.resolve().is_relative_to(home):
            raise RemitError(f"{path}: a link that leads out of {folder}; a build holds no foreign files")
        content = read_bytes(path)
        if _PRIVATE_KEY in content:
            raise RemitError(f"{path}: a private key; a build is handed around, so no key goes into it")
        total += len(content)
        if total > LARGEST_UNZIPPED:
            raise RemitError(f"{folder}: larger than Lambda takes ({LARGEST_UNZIPPED} bytes unzipped)")
        entries[_name(path, folder)] = Entry(content, bool(path.stat().st_mode & stat.S_IXUSR))
    return entries


def _files(folder: Path, never: frozenset[Path], skips: list[Skip]) -> Iterator[Path]:
    for current, folders, names in os.walk(folder, onerror=_unreadable):  # links to folders are not followed: no loops
        here = Path(current)
        folders[:] = sorted(name for name in folders if name not in _DEBRIS and (here / name).resolve() not in never)
        for name in folders:
            if (here / name).is_symlink():
                raise RemitError(f"{here / name}: a link to a folder; copy the files, so that the build holds them")
        for name in sorted(names):
            path = here / name
            if name in _DEBRIS or name.endswith(".pyc") or path.resolve() in never:
                continue
            if name in _NOT_CODE or name.startswith(".env."):
                skips.append(Skip(str(path), "it is no code of a function"))
                continue
            if not path.is_file():
                raise RemitError(f"{str(path)!r}: not a regular file")
            yield path


def _unreadable(error: OSError) -> None:
    raise RemitError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    if "\\" in name or not name.isprintable():
        raise RemitError(f"{str(path)!r}: a name that not every system can unpack; rename the file")
    return name


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


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        RemitError: it cannot be read; the message names it.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise RemitError(f"{path}: cannot be read: {error.strerror}") from error
