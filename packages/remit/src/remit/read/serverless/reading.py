"""Reading a service: the files its variables refer to, inside the examined folder only."""

import os
import posixpath
from collections.abc import Callable
from pathlib import Path

from remit.app.location import Location
from remit.app.model import App
from remit.app.report import Failure, Skip
from remit.app.value import Unknown
from remit.read.discover import read_bytes
from remit.read.document import Document, Malformed, Raw, decode
from remit.read.resolve import Include
from remit.read.serverless.build import build_service
from remit.read.serverless.variables import Outside, ReadFile

_TREES = (".yml", ".yaml", ".json")
_MAX_FILES = 200

#: Parses one file below the folder and notes why it could not be.
Parse = Callable[[str], Document | None]


def read_service(
    folder: Path, name: str, document: Document, parse: Parse, include: Include, texts: dict[str, str]
) -> tuple[App | None, list[Skip], list[Failure], set[str]]:
    """Reads one configuration with everything it is put together from.

    Args:
        folder: the examined folder.
        name: the configuration, relative to it.
        document: the configuration, parsed.
        parse: parses further files.
        include: reads files that raw CloudFormation includes.
        texts: receives the text of every file that was read.

    Returns:
        The App, what was left out, what could not be read, and the other files that are parts of it.

    Raises:
        Malformed: what it expands to is too large.
    """
    failures: list[Failure] = []
    used: set[str] = set()
    read = _reader(folder, name, parse, texts, failures, used)
    app, skips, more = build_service(document, name, folder.resolve().name, read, include)
    return app, skips, failures + more, used


def _reader(
    folder: Path, service: str, parse: Parse, texts: dict[str, str], failures: list[Failure], used: set[str]
) -> ReadFile:
    base = os.path.realpath(folder)

    def read(path: str) -> "tuple[str, Raw] | Unknown | None":
        name = posixpath.normpath(posixpath.join(posixpath.dirname(service), path.removeprefix("~/")))
        real = os.path.realpath(os.path.join(base, name))
        if path.startswith(("/", "~")) or not real.startswith(base + os.sep):
            raise Outside(f"the file {path} lies outside the examined folder; nothing of it was read")
        if not os.path.isfile(real):
            return None
        if len(used) >= _MAX_FILES:
            return Unknown(f"the file {path}: more than {_MAX_FILES} files are referred to")
        used.add(name)
        if name.lower().endswith(_TREES):
            document = parse(name)
            if document is None:
                return Unknown(f"the content of {name}, which cannot be read")
            texts[name] = document.text
            return name, document.root
        return _text(base, name, failures)

    return read


def _text(base: str, name: str, failures: list[Failure]) -> "tuple[str, Raw] | Unknown":
    """A file of any other kind stands for its text."""
    try:
        return name, Raw(decode(read_bytes(os.path.join(base, name))), (1, 1, 1, 1))
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except ValueError as error:
        why = str(error)
    except Malformed as error:
        why = error.why
    failures.append(Failure(name, why, Location(name)))
    return Unknown(f"the content of {name}, which {why}")
