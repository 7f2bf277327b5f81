"""The dependencies functions ship: lock and requirements files found beside their code."""

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from remit.app.facts import Dependency
from remit.app.location import Location
from remit.app.model import Function
from remit.app.noun import replace
from remit.app.report import Failure, Skip
from remit.read.discover import NOT_REGULAR, open_regular
from remit.read.lockfiles import Locked, package_json, package_lock, requirements, uv_lock

#: File name -> reader. A lock file says exactly what is installed, so it is preferred over what it was made from.
READERS: dict[str, Callable[[str, str], Locked]] = {
    "requirements.txt": requirements.read,
    "uv.lock": uv_lock.read,
    "package-lock.json": package_lock.read,
    "package.json": package_json.read,
}
#: Dependency files that exist in the world and that no reader knows yet; found ones are blind skips.
UNKNOWN = ("poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml", "yarn.lock", "pnpm-lock.yaml", "bun.lock")
_MADE_FROM = (
    ("uv.lock", "requirements.txt"),
    ("poetry.lock", "requirements.txt"),
    ("package-lock.json", "package.json"),
    ("yarn.lock", "package.json"),
    ("pnpm-lock.yaml", "package.json"),
    ("bun.lock", "package.json"),
)
LARGEST = 32 * 1024 * 1024
_MOST_INCLUDES = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: dependencies (each with the function that ships it), skips and failures."""

    dependencies: tuple[Dependency, ...] = ()
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()


def read(root: Path, functions: Iterable[Function], template: str = "") -> Found:
    """Reads the dependency files of functions.

    A function's files are those in its code folder and in its local layers; where its code folder has none, those of the
    nearest folder above, up to the template's (or the one that holds both), count: that is where monorepos keep them.

    Args:
        root: the scanned root.
        functions: the functions of one app.
        template: path of its template, relative to the root.

    Returns:
        One dependency per entry of each file; when several functions share a file, the first one is named.
    """
    found: dict[Path, str] = {}
    unread: dict[Path, str] = {}
    top = (root / template).parent if template else root
    for function in functions:
        for name in (function.code, *function.layers):
            # Code outside the scanned folder is not read, and neither is what lies beside it.
            if name is None or os.path.normpath(name).startswith(".."):
                continue
            folder = root / os.path.normpath(name)
            for path in _files_for(folder, Path(os.path.commonpath((top, folder))), unread):
                found.setdefault(path, function.id)
    dependencies: list[Dependency] = []
    skips: list[Skip] = []
    failures = [
        Failure(at, why, Location(at)) for at, why in ((_relative(path, root), unread[path]) for path in unread)
    ]
    for path in sorted(found):
        relative = _relative(path, root)
        if path.name in UNKNOWN:
            skips.append(Skip(relative, "no reader for this kind of lock file yet", Location(relative), blind=True))
            continue
        for locked in _read_with_includes(path, root):
            dependencies += [replace(each, function=found[path]) for each in locked.dependencies]
            skips += locked.skips
            failures += locked.failures
    return Found(tuple(dependencies), tuple(skips), tuple(failures))


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _files_for(folder: Path, top: Path, unread: dict[Path, str]) -> list[Path]:
    while True:
        names = _present(folder, unread)
        if names:
            # What stands beside a lock is what the lock was made from: the lock is the truth.
            dropped = {made_from for lock, made_from in _MADE_FROM if lock in names}
            return [folder / name for name in names if name not in dropped]
        if folder == top or not folder.is_relative_to(top):
            return []
        folder = folder.parent


def _present(folder: Path, unread: dict[Path, str]) -> list[str]:
    """The dependency files in a folder; where one cannot even be asked for, ``unread`` gets the reason."""
    names = []
    for name in (*READERS, *UNKNOWN):
        try:
            mode = (folder / name).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            # The same words as those of a walk over this folder, so that they are said once.
            unread[folder] = f"cannot be listed: {error.strerror}"
            break
        if stat.S_ISREG(mode):
            names.append(name)
        elif not stat.S_ISDIR(mode):
            unread[folder / name] = f"cannot be read: {NOT_REGULAR}"
    return names


def _read_with_includes(start: Path, root: Path) -> list[Locked]:
    done: list[Locked] = []
    seen: set[Path] = set()
    pending = [start]
    while pending and len(seen) < _MOST_INCLUDES:
        path = pending.pop(0)
        if path in seen:
            continue
        seen.add(path)
        relative = _relative(path, root)
        try:
            text = _text(path)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            done.append(Locked(failures=(Failure(relative, f"cannot be read: {why}", Location(relative)),)))
            continue
        locked = READERS.get(path.name, requirements.read)(text, relative)
        done.append(locked)
        for name in locked.includes:
            target = Path(os.path.normpath(path.parent / name))
            if target.is_relative_to(root):
                pending.append(target)
            else:
                skip = Skip(name, "it includes a file outside the scanned folder", Location(relative), blind=True)
                done.append(Locked(skips=(skip,)))
    return done


def _text(path: Path) -> str:
    with open_regular(str(path)) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST // 1024 // 1024} MB")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from error
