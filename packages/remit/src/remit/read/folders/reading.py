"""Functions in folders that no template of any form describes: one App, every handler a guess."""

import os
import posixpath
from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import App, Function, Sender, Trigger
from remit.app.report import Skip
from remit.read.context import Context
from remit.read.discover import Found, open_regular
from remit.read.folders.guess import Guess, configured, guesses, is_test

FORM = "folder"
#: Files of code that are looked into; what is larger than this is no handler anybody wrote.
_MAX_FILES = 5_000
_MAX_BYTES = 256 * 1024
_MAX_FUNCTIONS = 500
#: What stands at the top of a folder that is packed and deployed as one.
_PACKED = ("requirements.txt", "package.json", "pyproject.toml", "Pipfile", "setup.py", "host.json")
_WHO = "there is no template: who can send to it is not known, and everyone is assumed"


def read_folders(context: Context, found: Found, apps: list[App]) -> list[App]:
    """The App of all code that lies below no template; none when nothing in it looks like a handler.

    Args:
        context: the reading so far.
        found: the walk.
        apps: the Apps of templates, whose code is theirs.
    """
    names = [name for name in found.others.get("code", []) if not is_test(name)]
    free = list(_free(names, _covered(found, apps)))
    if len(free) > _MAX_FILES:
        why = f"more than {_MAX_FILES:,} files of code without a template; the rest was not looked into"
        context.skips.append(Skip(".", why, None, blind=True))
    taken: set[str] = set()
    functions: list[Function] = []
    for file, guess in _guessed(context, free[:_MAX_FILES]):
        if len(functions) >= _MAX_FUNCTIONS:
            why = f"more than {_MAX_FUNCTIONS} handlers without a template; the rest was not examined"
            context.skips.append(Skip(".", why, None, blind=True))
            break
        functions.append(_function(context, file, guess, taken))
    if not functions:
        return []
    for function in functions:
        why = f"its handler {function.handler} is a guess: {function.guessed}; no template says what triggers it"
        context.skips.append(Skip(function.id, why, function.location))
    name = context.folder.resolve().name
    triggers = tuple(_trigger(function) for function in functions)
    return [App(name=name, form=FORM, template="", functions=tuple(functions), triggers=triggers)]


def _covered(found: Found, apps: list[App]) -> set[str]:
    """Folders that a template describes: its own, and those it takes code from; with a slash at the end, ``""`` the root."""
    files = [*found.files, *(name for form, names in found.others.items() if form != "code" for name in names)]
    # A manifest.json is many things; only that of an assembly, which is an App by now, describes code.
    files = [name for name in files if posixpath.basename(name) != "manifest.json"]
    files += [app.template for app in apps if app.template]
    folders = {posixpath.dirname(name) for name in files}
    for app in apps:
        for function in app.functions:
            folders |= {
                posixpath.normpath(folder) for folder in (function.code, *function.layers) if folder is not None
            }
    return {"" if folder in ("", ".") else f"{folder}/" for folder in folders}


def _free(names: list[str], covered: set[str]) -> Iterator[str]:
    if "" in covered:
        return
    for name in names:
        parts = name.split("/")
        if not any("/".join(parts[:number]) + "/" in covered for number in range(1, len(parts))):
            yield name


def _guessed(context: Context, names: list[str]) -> Iterator[tuple[str, Guess]]:
    bound: set[str] = set()
    for name in names:
        if posixpath.basename(name).lower() == "function.json":
            text = _text(context, name)
            entry = configured(name, text) if text is not None else None
            if entry is not None:
                bound.add(entry[0])
                yield entry
    for name in names:
        if name not in bound and not name.endswith(".json"):
            text = _text(context, name)
            for guess in guesses(name, text) if text is not None else ():
                yield name, guess


def _function(context: Context, file: str, guess: Guess, taken: set[str]) -> Function:
    code = _packed(context, posixpath.dirname(file))
    inner = posixpath.splitext(posixpath.relpath(file, code or "."))[0]
    module = inner.removesuffix("/__init__") if inner != "__init__" else inner
    words = posixpath.splitext(file)[0].removesuffix("/__init__").replace("/", "_")
    base = "".join(char if char.isalnum() or char == "_" else "_" for char in words)
    id_ = base if base not in taken else f"{base}_{guess.name}"
    number = 2
    while id_ in taken:
        id_, number = f"{base}_{guess.name}_{number}", number + 1
    taken.add(id_)
    at = Location(file, guess.line)
    return Function(id_, f"{module}.{guess.name}", guess.runtime, code or ".", at, guessed=guess.why)


def _packed(context: Context, folder: str) -> str:
    """The folder that is deployed with a handler: the nearest above it that declares packages, else its own."""
    above = folder
    while True:
        if any(os.path.isfile(context.path(posixpath.join(above, name))) for name in _PACKED):
            return above
        if not above:
            return folder
        above = posixpath.dirname(above)


def _trigger(function: Function) -> Trigger:
    because = ((function.location, _WHO),)
    return Trigger(
        function.id, "unknown", "an unknown trigger", function.location, Sender.ANYONE, because, implied=True
    )


def _text(context: Context, name: str) -> str | None:
    """A file's text; ``None`` for what is no handler anybody wrote: too large, or not text."""
    try:
        with open_regular(context.path(name)) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        context.skips.append(Skip(name, f"cannot be read: {error.strerror}", Location(name), blind=True))
        return None
    return data.decode("utf-8", "replace") if len(data) <= _MAX_BYTES else None
