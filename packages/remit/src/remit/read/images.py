"""Functions whose code is a container image: what its Dockerfile in this folder says they run, and where from."""

import os
import posixpath
from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Skip
from remit.app.value import Value
from remit.read import dockerfile
from remit.read.context import Context
from remit.read.draft import IMAGE

_MAX_BYTES = 512 * 1024
_SUFFIXES = (".py", "/__init__.py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx")


def settle(context: Context, apps: list[App]) -> list[App]:
    """The same Apps with handler, runtime and code of every function whose image is built from this folder."""
    settled: set[tuple[str, Location]] = set()
    result = [_settle(context, app, settled) for app in apps]
    context.skips[:] = [
        skip
        for skip in context.skips
        if skip.why != IMAGE or skip.location is None or (skip.what, skip.location) not in settled
    ]
    return result


def _settle(context: Context, app: App, settled: set[tuple[str, Location]]) -> App:
    functions = []
    for function in app.functions:
        found = _image(context, app, function) if _is_image(function) else None
        if found is not None:
            settled.add((function.id, function.location))
        functions.append(found or function)
    return app if tuple(functions) == app.functions else replace(app, functions=tuple(functions))


def _is_image(function: Function) -> bool:
    properties = function.properties
    if function.code is not None or function.inline is not None or properties is None:
        return False
    return properties.get("PackageType") == "Image" or any(
        properties.at(*path) is not None for path in (("ImageUri",), ("Code", "ImageUri"))
    )


def _image(context: Context, app: App, function: Function) -> Function | None:
    """A function with what its Dockerfile says; ``None`` when there is none here."""
    resource = app.resources.get(function.id)
    metadata = resource.metadata if resource is not None else None
    base = posixpath.dirname(function.location.file)
    for place, named in _places(metadata, base):
        path = posixpath.normpath(posixpath.join(place, named))
        if context.inside(path) and os.path.isfile(context.path(path)):
            return _from(context, function, metadata, place, path)
    return None


def _places(metadata: Node | None, base: str) -> Iterator[tuple[str, str]]:
    """Build context and Dockerfile, as SAM's metadata says them."""
    folder, named = _word(metadata, "DockerContext"), _word(metadata, "Dockerfile")
    if folder or named:
        place = posixpath.normpath(posixpath.join(base, folder or "."))
        yield place, named or "Dockerfile"


def _from(context: Context, function: Function, metadata: Node | None, place: str, path: str) -> Function | None:
    at = Location(path)
    text = _text(context, path)
    stage = dockerfile.parse(text, _word(metadata, "DockerBuildTarget")) if text is not None else None
    if stage is None:
        context.skips.append(Skip(function.id, f"its image: {path} cannot be read", function.location, blind=True))
        return replace(function)
    context.texts.setdefault(path, text or "")
    config = function.properties.at("ImageConfig") if function.properties else None
    handler = dockerfile.handler_of(stage, _words(config, "Command"), _words(config, "EntryPoint"))
    if not handler:
        what = (
            " ".join(_words(config, "Command") or stage.command or stage.entrypoint)[:60] or f"what {stage.base} starts"
        )
        why = f"its image starts no handler that can be seen but {what}"
        context.skips.append(Skip(function.id, why, replace(at, line=stage.line), blind=True))
        return replace(function, runtime=stage.runtime)
    workdir = _word(config, "WorkingDirectory") or stage.workdir
    code = _code(context, stage, place, workdir, handler)
    if code is None:
        why = f"its image: where {handler} comes from does not show in {path}"
        context.skips.append(Skip(function.id, why, replace(at, line=stage.line), blind=True))
    runtime = stage.runtime or _by_files(context, code, handler)
    return replace(function, handler=handler, runtime=runtime, code=code)


def _code(context: Context, stage: dockerfile.Stage, place: str, workdir: str, handler: str) -> str | None:
    """The folder that the handler's module is copied from."""
    roots = dict.fromkeys((stage.values.get("LAMBDA_TASK_ROOT", workdir), workdir, dockerfile.TASK_ROOT))
    for root in roots:
        for folder in dockerfile.folders(stage, root):
            path = posixpath.normpath(posixpath.join(place, folder))
            if context.inside(path) and _has(context, path, handler):
                return path
    return None


def _has(context: Context, folder: str, handler: str) -> bool:
    return any(os.path.isfile(context.path(posixpath.join(folder, file))) for file in _files(handler))


def _files(handler: str) -> Iterator[str]:
    text = handler.lstrip("/")
    python = text.rpartition(".")[0].replace(".", "/")
    head, _, last = text.rpartition("/")
    script = posixpath.join(head, last.partition(".")[0])
    for suffix in _SUFFIXES:
        yield (python if suffix.endswith(".py") else script) + suffix
    if "/" in script:  # compiled from a folder of sources
        tail = script.split("/", 1)[1]
        yield from (f"{folder}{tail}{suffix}" for folder in ("", "src/") for suffix in (".ts", ".mts", ".js"))


def _by_files(context: Context, code: str | None, handler: str) -> str:
    """A language where the base image names none: that of the file the handler is in."""
    for file in _files(handler) if code is not None else ():
        if os.path.isfile(context.path(posixpath.join(code or ".", file))):
            return "python3" if file.endswith(".py") else "nodejs"
    return ""


def _text(context: Context, path: str) -> str | None:
    from remit.read.discover import open_regular

    try:
        with open_regular(context.path(path)) as file:
            data = file.read(_MAX_BYTES + 1)
        return data.decode("utf-8-sig") if len(data) <= _MAX_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None


def _word(node: Node | None, key: str) -> str:
    value: Value = node.get(key) if node is not None and isinstance(node.value, Mapping) else None
    return value if isinstance(value, str) else ""


def _words(config: Node | None, key: str) -> tuple[str, ...]:
    listed = config.at(key) if config is not None else None
    return tuple(str(item.value) for item in listed.elements() if isinstance(item.value, str)) if listed else ()
