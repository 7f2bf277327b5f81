"""``package-lock.json``, lock file versions 2 and 3 (npm documentation, "package-lock.json").

Version 1 (npm 6) is read too: its nested ``dependencies`` say the same. Packages marked ``dev`` never reach a function.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from remit.app.facts import Dependency
from remit.app.location import Location
from remit.app.report import Failure, Skip
from remit.read.lockfiles import Locked

_KEY = re.compile(r'^\s*"((?:[^"\\]|\\.)*)"\s*:\s*\{', re.MULTILINE)
_DEEPEST = 200


def read(text: str, file: str) -> Locked:
    """Reads one package-lock.json.

    Args:
        text: its content.
        file: its path, for locations.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Locked(failures=(Failure(file, f"not JSON: {str(error)[:80]}", Location(file)),))
    if not isinstance(document, dict):
        return Locked(failures=(Failure(file, "not a package lock: the document is not an object", Location(file)),))
    lines: dict[str, int] = {}
    line, last = 1, 0
    for match in _KEY.finditer(text):
        line, last = line + text.count("\n", last, match.start(1)), match.start(1)
        lines.setdefault(match[1], line)
    if isinstance(document.get("packages"), dict):
        entries = _modern(document["packages"])
    elif isinstance(document.get("dependencies"), dict):
        entries = _nested(document["dependencies"])
    elif "lockfileVersion" in document:
        return Locked()
    else:
        return Locked(failures=(Failure(file, "not a package lock: no packages in it", Location(file)),))
    dependencies: list[Dependency] = []
    skips: list[Skip] = []
    for key, name, entry in entries:
        location = Location(file, lines.get(key, 0))
        resolved = str(entry.get("resolved", ""))
        if entry.get("link") or resolved.startswith(("git", "file:")):
            skips.append(Skip(name, "it comes from a path or a repository, not from the package index", location))
        else:
            dependencies.append(Dependency("npm", name, str(entry.get("version", "")), location))
    return Locked(tuple(dependencies), tuple(skips))


def _modern(packages: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for key, entry in packages.items():
        if key and isinstance(entry, dict) and not entry.get("dev") and "node_modules/" in key:
            # An alias ("npm:other@1") is installed under its own name but is the package named inside.
            name = entry.get("name") or key.rsplit("node_modules/", 1)[1]
            yield key, str(name), entry


def _nested(dependencies: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, entry in dependencies.items():
        if isinstance(entry, dict) and not entry.get("dev"):
            version = str(entry.get("version", ""))
            if version.startswith("npm:") and "@" in version[5:]:
                real, _, version = version[4:].rpartition("@")
                yield name, real, {**entry, "version": version}
            else:
                yield name, name, entry
            if isinstance(entry.get("dependencies"), dict) and depth < _DEEPEST:
                yield from _nested(entry["dependencies"], depth + 1)
