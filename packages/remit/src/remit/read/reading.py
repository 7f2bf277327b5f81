"""From a folder or a template file to the Apps in it. This is where files are opened; everything below is pure."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.model import App
from remit.app.report import Failure, Skip
from remit.read.discover import Found, read_bytes, templates


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Args:
        root: the folder every path is relative to.
        apps: one for each template.
        texts: text of every template, by path.
        skips: what was not examined, each with its reason.
        failures: what should have been read and could not be.
    """

    root: Path
    apps: tuple[App, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()


def load(root: Path) -> Reading:
    """Reads every template below a folder, or one template file.

    Args:
        root: a folder, or a template file (whose folder is then the root).

    Returns:
        The Apps with what was left out. A template that cannot be read is a failure; the others are read all the
        same. No template at all is an empty reading, not an error.

    Raises:
        RemitError: there is no such path.
    """
    if root.is_dir():
        folder, found = root, templates(root)
    elif root.exists():
        folder, found = root.parent, Found([root.name])
    else:
        raise RemitError(f"{root}: there is no such file or folder")
    apps: list[App] = []
    texts: dict[str, str] = {}
    skips, failures = list(found.skips), list(found.failures)
    for name in found.files:
        app = _read_one(folder, name, texts, skips, failures)
        if app is not None:
            apps.append(app)
    return Reading(folder, tuple(apps), texts, tuple(skips), tuple(failures))


def _read_one(folder: Path, name: str, texts: dict[str, str], skips: list[Skip], failures: list[Failure]) -> App | None:
    from remit.read.build import build
    from remit.read.document import Malformed, parse

    try:
        data = read_bytes(os.path.join(folder, name))
        is_json = name.lower().endswith(".json") or data.lstrip()[:1] == b"{" and name.lower().endswith(".template")
        document = parse(data, json=is_json)
    except OSError as error:
        failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
        return None
    except ValueError as error:
        failures.append(Failure(name, str(error), Location(name)))
        return None
    except Malformed as error:
        failures.append(Failure(name, error.why, Location(name, error.line, error.column)))
        return None
    resources = document.root.under("Resources")
    if resources is None:
        return None
    app, more_skips, more_failures = build(document, name)
    texts[name] = document.text
    skips += more_skips
    failures += more_failures
    return app
