"""The manifest of a build against the files that are really there.

``remit ship build`` writes ``.remit/manifest.json`` with the digest of every file of the function. At a cold start
the function's own code is hashed (40 files take under a millisecond); what a package installer recorded in a
``RECORD`` file is third-party code, which is large, and is checked file by file as it is imported.
"""

import json
import os

from remit_guard.core.digest import sha256_hex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
#: Bytes of own code from which on OpenSSL's faster digest pays for its load.
_LARGE = 256 * 1024


class ManifestError(ValueError):
    """A manifest that cannot be used; the text says why."""


class Manifest:
    """Digest of each file of a build.

    Args:
        files: path relative to the task root -> SHA-256 in hexadecimal.
        function: name of the function it was built for.
    """

    __slots__ = ("files", "function")

    def __init__(self, files: "dict[str, str]", function: str = "") -> None:
        self.files = files
        self.function = function


def read(content: bytes, pinned: str = "") -> Manifest:
    """Reads a manifest.

    Args:
        content: the file's bytes.
        pinned: the SHA-256 it must have (``REMIT_MANIFEST``), with or without ``sha256:`` before it; ``""`` for any.

    Raises:
        ManifestError: it is not the pinned one, or is no manifest of this version.
    """
    if pinned and sha256_hex(content) != pinned.removeprefix("sha256:").lower():
        raise ManifestError("is not the manifest that REMIT_MANIFEST pins")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"is not JSON: {error}") from error
    files = data.get("files") if isinstance(data, dict) and data.get("version") == VERSION else None
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        raise ManifestError(f"is no manifest of version {VERSION}")
    return Manifest(files, str(data.get("function", "")))


def own_files(root: str, manifest: Manifest) -> "list[str]":
    """The listed files that no package installer recorded: the function's own code.

    Args:
        root: the task root.
        manifest: the build's manifest.
    """
    recorded: set[str] = set()
    for path in manifest.files:
        if path.endswith(".dist-info/RECORD"):
            folder = path.rpartition("/")[0].rpartition("/")[0]
            recorded |= _recorded(os.path.join(root, path), folder)
    return [path for path in manifest.files if path not in recorded]


def _recorded(path: str, folder: str) -> "set[str]":
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            names = {line.partition(",")[0].strip('"') for line in file}
    except OSError:  # a RECORD that cannot be read makes its files own code: they are checked
        return set()
    return {f"{folder}/{name}" if folder else name for name in names if name}


def changed(root: str, manifest: Manifest, paths: "list[str]") -> "Iterator[tuple[str, str]]":
    """The files among ``paths`` that are not as built: path and ``changed``, ``missing`` or ``unreadable``."""
    size = 0
    for path in paths:
        try:
            with open(os.path.join(root, path), "rb") as file:
                data = file.read()
        except (FileNotFoundError, NotADirectoryError):
            yield path, "missing"
            continue
        except OSError:
            yield path, "unreadable"
            continue
        size += len(data)
        if sha256_hex(data, large=size > _LARGE) != manifest.files[path]:
            yield path, "changed"


def unlisted(root: str, manifest: Manifest) -> "Iterator[str]":
    """Files that could run and are not in the manifest: beside the function's own code, where an import finds them.

    Compiled caches count where the task root cannot be written, as on the platform: there nobody but the packager
    can have made them, and Python runs them in place of their source. The ``.remit`` folder is left out.
    """
    known = set(manifest.files)
    folders = {""} | {path.rpartition("/")[0] for path in known}
    runs: tuple[str, ...] = _RUNS
    if not os.access(root, os.W_OK):
        runs = (*_RUNS, ".pyc")
        folders |= {f"{folder}/__pycache__".lstrip("/") for folder in folders}
    for folder in sorted(folders):
        try:
            names = os.listdir(os.path.join(root, folder))
        except OSError:  # a missing folder has no extra files
            continue
        for name in sorted(names):
            path = f"{folder}/{name}" if folder else name
            if path not in known and name.endswith(runs) and not path.startswith(".remit/"):
                yield path


#: What an import or a start of Python runs.
_RUNS = (".py", ".so", ".pth", ".zip", ".egg")
