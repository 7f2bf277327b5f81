"""``requirements.txt`` (https://pip.pypa.io/en/stable/reference/requirements-file-format/).

Continuation lines, comments, hashes, environment markers, extras, ``-r``/``-c`` includes and the options in between. A
version counts as pinned by ``==`` (without a wildcard) or ``===``; anything else leaves it open. An entry under a marker
counts: the function's platform decides, not ours.
"""

import re
from collections.abc import Iterator

from remit.app.facts import Dependency
from remit.app.location import Location
from remit.app.report import Failure, Skip
from remit.read.lockfiles import Locked

_INCLUDE = re.compile(r"^(?:-r|--requirement|-c|--constraint)(?:\s+|=)(\S+)|^-[rc](\S+)")
_OPTION = re.compile(r"\s--?[a-z][a-z-]*(?:[= ]\S+)?")


def read(text: str, file: str) -> Locked:
    """Reads one requirements file.

    Args:
        text: its content.
        file: its path, for locations.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    dependencies: list[Dependency] = []
    skips: list[Skip] = []
    failures: list[Failure] = []
    includes: list[str] = []
    for number, column, entry in _entries(text):
        location = Location(file, number, column, number, column + len(entry.split(" --", 1)[0].rstrip()))
        if entry.startswith("-"):
            if match := _INCLUDE.match(entry):
                includes.append(match[1] or match[2])
            elif entry.startswith(("-e", "--editable")):
                skips.append(Skip(entry.split()[-1], "an editable path is the app's own code", location))
            continue
        wanted = _OPTION.sub("", " " + entry).strip()
        try:
            requirement = Requirement(wanted)
        except InvalidRequirement:
            if _is_path_or_url(wanted):
                skips.append(Skip(wanted, "it comes from a path or an address, not from the package index", location))
            else:
                failures.append(Failure(file, f"not a requirement: {wanted[:60]!r}", location))
            continue
        if requirement.url:
            skips.append(Skip(requirement.name, "it comes from an address, not from the package index", location))
            continue
        pins = [each.version for each in requirement.specifier if each.operator in ("==", "===")]
        version = next((pin for pin in pins if not pin.endswith(".*")), "")
        dependencies.append(Dependency("PyPI", requirement.name, version, location))
    return Locked(tuple(dependencies), tuple(skips), tuple(failures), tuple(includes))


def _entries(text: str) -> Iterator[tuple[int, int, str]]:
    """Logical lines: number of the first physical line, column, and the text without comments."""
    pending, start, column = "", 0, 1
    for number, raw in enumerate(text.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*$", "", raw)
        if not pending:
            start, column = number, len(line) - len(line.lstrip()) + 1
        if line.endswith("\\"):
            pending += line[:-1].strip() + " "
            continue
        entry = (pending + line.strip()).strip()
        pending = ""
        if entry:
            yield start, column, entry
    if pending.strip():
        yield start, column, pending.strip()


def _is_path_or_url(entry: str) -> bool:
    return entry.startswith((".", "/")) or "://" in entry or entry.endswith((".whl", ".tar.gz", ".zip"))
