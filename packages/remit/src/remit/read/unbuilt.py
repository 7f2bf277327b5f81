"""Code that is not built yet: the sources it would be built from, found by the names that a build keeps. Pure."""

import posixpath
from collections.abc import Iterable, Iterator

from remit.app.noun import Struct
from remit.read.code import OUTPUT
from remit.read.folders.guess import is_test
from remit.read.handlers import split

_PYTHON = (".py",)


class Source(Struct, frozen=True):
    """What a missing build would be made from.

    Args:
        file: the source of the handler's module.
        root: the folder that is the top of the build; ``"."`` for the root.
    """

    file: str
    root: str


def source_of(code: str, handler: str, language: str, files: Iterable[str]) -> Source | None:
    """The source of a handler whose build is missing; ``None`` when none, or more than one, has its name.

    Args:
        code: the missing folder, file or archive.
        handler: as the template says it.
        language: ``python`` or ``javascript``.
        files: the sources near it.
    """
    module, _ = split(handler, language)
    if not module or module.startswith(".."):
        return None
    sources = [file for file in files if not is_test(file) and not file.endswith((".d.ts", ".json", ".txt"))]
    found = _best(code, [file for file in sources if _ends(file, module)])
    if found is not None:
        root = found[: len(found) - len(_tail(found, module))].rstrip("/") or "."
        return Source(found, root)
    if language != "javascript":
        return None
    # Bundlers write ``index.js`` into a folder, or an archive, of the source's name.
    for name in _names(code):
        same = [file for file in sources if posixpath.basename(file).partition(".")[0].lower() == name.lower()]
        found = _best(code, same)
        if found is not None:
            return Source(found, posixpath.dirname(found) or ".")
    return None


def _ends(file: str, module: str) -> bool:
    return bool(_tail(file, module))


def _tail(file: str, module: str) -> str:
    """The end of a path that is a module: its name, or that of its package's file; ``""`` when it is not."""
    stem, suffix = posixpath.splitext(file)
    for end in (module, f"{module}/__init__" if suffix in _PYTHON else f"{module}/index"):
        if stem == end or stem.endswith(f"/{end}"):
            return end + suffix
    return ""


def _best(code: str, files: list[str]) -> str | None:
    """The one that shares most of its path with what is missing; ``None`` when there is no single one."""
    wanted = {part for part in code.split("/") if part not in OUTPUT}
    scored = sorted(((len(wanted & set(posixpath.dirname(file).split("/"))), file) for file in files), reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return scored[0][1]


def _names(code: str) -> Iterator[str]:
    """What the build may be called after: its archive or file, then the folders around it, but for output folders."""
    parts = [*posixpath.dirname(code).split("/")[::-1]]
    last = posixpath.basename(code)
    for name in (posixpath.splitext(last)[0], *parts[:1]):
        if name and name not in OUTPUT and name != "index":
            yield name
