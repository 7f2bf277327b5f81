"""``package.json`` where no lock stands beside it: names what is wanted; only exact versions are pinned."""

import json
import re

from remit.app.facts import Dependency
from remit.app.location import Location
from remit.app.report import Failure
from remit.read.lockfiles import Locked

_EXACT = re.compile(r"^=?v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$")


def read(text: str, file: str) -> Locked:
    """Reads the ``dependencies`` of one package.json; development dependencies never reach a function.

    Args:
        text: its content.
        file: its path, for locations.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Locked(failures=(Failure(file, f"not JSON: {str(error)[:80]}", Location(file)),))
    wanted = document.get("dependencies", {}) if isinstance(document, dict) else None
    if not isinstance(wanted, dict):
        return Locked(failures=(Failure(file, "not a package.json", Location(file)),))
    dependencies = []
    for name, version in wanted.items():
        at = text.find(json.dumps(name), max(text.find('"dependencies"'), 0))
        line = text.count("\n", 0, at) + 1 if at >= 0 else 0
        exact = _EXACT.match(str(version))
        dependencies.append(Dependency("npm", name, exact[1] if exact else "", Location(file, line)))
    return Locked(tuple(dependencies))
