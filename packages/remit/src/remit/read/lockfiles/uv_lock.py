"""``uv.lock`` (TOML; https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile)."""

import re
import tomllib

from remit.app.facts import Dependency
from remit.app.location import Location
from remit.app.report import Failure, Skip
from remit.read.lockfiles import Locked

_NAME = re.compile(r'^name = "([^"]+)"', re.MULTILINE)


def read(text: str, file: str) -> Locked:
    """Reads one uv.lock.

    Args:
        text: its content.
        file: its path, for locations.

    Returns:
        Every locked package of a registry; the project itself and packages from paths or repositories are skips.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Locked(failures=(Failure(file, f"not TOML: {error}", Location(file)),))
    packages = document.get("package", [])
    if "version" not in document:
        return Locked(failures=(Failure(file, "not a uv.lock: it has no version", Location(file)),))
    if not isinstance(packages, list):
        return Locked(failures=(Failure(file, '"package" is not a list of tables', Location(file)),))
    lines: dict[str, list[int]] = {}
    for match in _NAME.finditer(text):
        lines.setdefault(match[1], []).append(text.count("\n", 0, match.start()) + 1)
    dependencies: list[Dependency] = []
    skips: list[Skip] = []
    failures: list[Failure] = []
    for package in packages:
        name = package.get("name") if isinstance(package, dict) else None
        if not isinstance(name, str):
            failures.append(Failure(file, "a package without a name", Location(file)))
            continue
        places = lines.get(name) or [0]
        location = Location(file, places.pop(0) if len(places) > 1 else places[0])
        source = package.get("source")
        if isinstance(source, dict) and source and "registry" not in source:
            skips.append(Skip(name, f"it comes from {next(iter(source))}, not from the package index", location))
            continue
        dependencies.append(Dependency("PyPI", name, str(package.get("version", "")), location))
    return Locked(tuple(dependencies), tuple(skips), tuple(failures))
