"""From a folder or a template file to the Apps in it. This is where files are opened; everything below is pure."""

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.model import App, Resource
from remit.app.report import Failure, Skip
from remit.read.discover import Found, is_service_file, named_like_template, read_bytes, templates
from remit.read.sam import NESTED

if TYPE_CHECKING:
    from remit.read.document import Document, Malformed, Raw
    from remit.read.resolve import Include


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
    # Services first: files that one is put together from are not templates of their own.
    parts: set[str] = set()
    for name in sorted(found.files, key=lambda name: not is_service_file(name)):
        app = _read_one(folder, name, texts, skips, failures, parts) if name not in parts else None
        if app is not None:
            apps.append(app)
    return Reading(folder, tuple(apps), texts, tuple(_without_read(skips, apps)), tuple(failures))


def _without_read(skips: list[Skip], apps: list[App]) -> list[Skip]:
    """The skips without those of nested applications whose template was read all the same, as one of its own."""
    read = {app.template for app in apps}
    known = {
        (resource.id, resource.location)
        for app in apps
        for resource in _nested(app)
        if _template_of(app, resource) in read
    }
    return [skip for skip in skips if not (skip.why == NESTED and (skip.what, skip.location) in known)]


def _nested(app: App) -> list[Resource]:
    return [resource for resource in app.resources.values() if resource.type == "AWS::Serverless::Application"]


def _template_of(app: App, resource: Resource) -> str:
    """The local file that a nested application names, relative to the root; ``""`` when it lies elsewhere."""
    location = resource.properties.get("Location")
    if not isinstance(location, str) or "://" in location:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(app.template), location))


def _not_a_template(name: str, root: "Raw", skips: list[Skip], failures: list[Failure]) -> None:
    """Says of a file that looked like a template why it is none."""
    if root.under("AWSTemplateFormatVersion") is not None or root.under("Transform") is not None:
        failures.append(Failure(name, 'there is no "Resources" in this template', Location(name, root.span[0], 1)))
    elif named_like_template(name):
        skips.append(Skip(name, 'called like a template, but there is no "Resources" in it', Location(name)))


def _read_one(
    folder: Path, name: str, texts: dict[str, str], skips: list[Skip], failures: list[Failure], parts: set[str]
) -> App | None:
    if is_service_file(name) and not name.lower().endswith((".yml", ".yaml", ".json")):
        why = 'a service written as a program is not run here; examine what "serverless print" makes of it'
        skips.append(Skip(name, why, Location(name), blind=True))
        return None
    document = _document(folder, name, failures)
    if document is None:
        return None
    from remit.read.build import build
    from remit.read.document import Malformed

    service = document.root.under("Resources") is None
    if service:
        # Loaded only for what may be one: a scan of a template needs none of its modules.
        from remit.read.serverless.build import is_service

        if not is_service(document.root):
            _not_a_template(name, document.root, skips, failures)
            return None
    include = _includer(folder, name, texts, failures)
    texts[name] = document.text
    app: App | None
    try:
        if service:
            from remit.read.serverless.reading import read_service

            parse = partial(_document, folder, failures=failures)
            app, more_skips, more_failures, used = read_service(folder, name, document, parse, include, texts)
            parts |= used
        else:
            app, more_skips, more_failures = build(document, name, folder.resolve().name, include)
    except Malformed as error:
        failures.append(_failure(name, error))
        return None
    skips += more_skips
    failures += more_failures
    return app


def _document(folder: Path, name: str, failures: list[Failure]) -> "Document | None":
    """One file, parsed; notes why it could not be."""
    from remit.read.document import Malformed, parse

    try:
        data = read_bytes(os.path.join(folder, name))
        looks_json = name.lower().endswith(".template") and data.lstrip()[:1] == b"{"
        return parse(data, json=name.lower().endswith(".json") or looks_json)
    except OSError as error:
        failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
    except ValueError as error:
        failures.append(Failure(name, str(error), Location(name)))
    except Malformed as error:
        failures.append(_failure(name, error))
    return None


def _failure(name: str, error: "Malformed") -> Failure:
    return Failure(name, error.why, Location(name, error.line, error.column))


def _includer(folder: Path, template: str, texts: dict[str, str], failures: list[Failure]) -> "Include":
    """Reads files that one template includes, as long as they are below the root."""
    base = os.path.realpath(folder)

    def include(path: str) -> "tuple[str, Raw] | None":
        if "://" in path:
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(template), path))
        real = os.path.realpath(os.path.join(base, name))
        if not real.startswith(base + os.sep) or not os.path.isfile(real):
            return None
        document = _document(folder, name, failures)
        if document is None:
            return None
        texts[name] = document.text
        return name, document.root

    return include
