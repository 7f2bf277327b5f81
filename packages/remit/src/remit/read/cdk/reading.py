"""Reading cloud assemblies; an app that was never synthesised is a blind spot with the command to run."""

import json
import posixpath
from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import App
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Failure, Skip
from remit.app.value import Text, Value
from remit.read.build import NESTS, declared_of, finished
from remit.read.cdk.assembly import Image, Stack, assets_of, is_assembly, read_assembly
from remit.read.cdk.origin import Origins
from remit.read.context import Context
from remit.read.discover import Found, read_bytes
from remit.read.document import Malformed
from remit.read.draft import Declared, Draft

FORM = "CDK"
MANIFEST = "manifest.json"
_MAX_DEPTH = 8
_FUNCTION = "AWS::Lambda::Function"
_PROPERTIES = {_FUNCTION: "Code", "AWS::Lambda::LayerVersion": "Content"}


def read_cdk(context: Context, found: Found) -> list[App]:
    """Every stack of every assembly that was found.

    Args:
        context: the reading; templates of assemblies are noted as parts.
        found: the walk: manifests, configurations of apps, folders of output.
    """
    names = found.others.get("cdk", [])
    manifests = [f"{folder}{MANIFEST}" for folder in found.passed if context.is_file(f"{folder}{MANIFEST}")]
    manifests += [name for name in names if posixpath.basename(name) == MANIFEST]
    code = found.others.get("code", [])
    apps: list[App] = []
    read: set[str] = set()
    for name in manifests:
        if posixpath.dirname(name) not in read:
            apps += _Assembly(context, posixpath.dirname(name), code).stacks(read)
    for name in names:
        if posixpath.basename(name) == "cdk.json" and not _synthesised(context, name, read):
            why = 'a CDK app whose templates are not here; run "npx cdk synth" and examine it again'
            context.skips.append(Skip(name, why, Location(name), blind=True))
    return apps


def _synthesised(context: Context, name: str, read: set[str]) -> bool:
    """Whether the assembly of a configuration was read: ``cdk.out`` beside it, or where it says."""
    folder = posixpath.dirname(name)
    output = _mapping(_json(context, name, told=False)).get("output")
    places = ["cdk.out", *([output] if isinstance(output, str) else [])]
    return any(posixpath.normpath(posixpath.join(folder, place)) in read for place in places)


class _Assembly:
    """One assembly with its stages."""

    def __init__(self, context: Context, folder: str, code: list[str]) -> None:
        self._context = context
        self._folder = folder
        self._app = posixpath.dirname(folder)
        self._files: dict[str, str] = {}
        self._images: dict[str, Image] = {}
        self._origins = Origins(context, self._app, [name for name in code if not name.startswith(f"{folder}/")])

    def stacks(self, read: set[str]) -> Iterator[App]:
        """Reads every stack.

        Args:
            read: receives the folder of every assembly that was read.
        """
        stacks: list[tuple[str, Stack]] = []
        pending = [(self._folder, 0)]
        while pending:
            folder, depth = pending.pop(0)
            data = _json(self._context, posixpath.join(folder, MANIFEST))
            if data is None or not is_assembly(data) or folder in read or depth > _MAX_DEPTH:
                continue
            read.add(folder)
            assembly = read_assembly(_mapping(data))
            stacks += [(folder, stack) for stack in assembly.stacks]
            inner = [posixpath.normpath(posixpath.join(folder, name)) for name in assembly.nested]
            pending += [(name, depth + 1) for name in inner if self._context.inside(name)]
            for name in assembly.assets:
                self._add_assets(folder, posixpath.normpath(posixpath.join(folder, name)))
        self._context.templates += [
            posixpath.normpath(posixpath.join(folder, stack.template)) for folder, stack in stacks
        ]
        for folder, stack in stacks:
            app = self._stack(posixpath.normpath(posixpath.join(folder, stack.template)), stack)
            if app is not None:
                yield app

    def _add_assets(self, folder: str, name: str) -> None:
        text = _text(self._context, name)
        try:
            files, images = assets_of(text) if text is not None else ({}, {})
        except (ValueError, RecursionError):
            self._context.failures.append(Failure(name, "is not JSON that can be read", Location(name)))
            return
        self._files |= {key: posixpath.normpath(posixpath.join(folder, path)) for key, path in files.items()}
        for key, image in images.items():
            place = posixpath.normpath(posixpath.join(folder, image.folder))
            self._images[key] = Image(place, image.file, image.target)

    def _stack(self, name: str, stack: Stack) -> App | None:
        context = self._context
        context.parts.add(name)
        if not context.inside(name):
            context.failures.append(Failure(stack.name, f"its template {name} lies outside the examined folder", None))
            return None
        document = context.parse(name)
        if document is None:
            return None
        context.texts[name] = document.text
        try:
            draft = declared_of(document, name, context.includer(name), context=context)
            if any(draft.of_type(*NESTS)):
                from remit.read.nested import Nesting

                Nesting(context, draft.folder).add(draft, (name,))
            for declared in draft.declared.values():
                self._place(draft, declared)
            app, skips, failures = finished(draft, "", FORM, context)
        except Malformed as error:
            context.failed(name, error)
            return None
        context.skips += skips
        context.failures += failures
        return replace(app, name=stack.name)

    def _place(self, draft: Draft, declared: Declared) -> None:
        """Gives a resource its construct path, and a function or layer the folder its asset was made from."""
        path = _word(declared.metadata, "aws:cdk:path").removesuffix("/Resource")
        resource = draft.resources[declared.id]
        if path:
            resource = replace(resource, label=path)
        key = _PROPERTIES.get(declared.type)
        content = declared.properties.at(key) if key else None
        if key is not None and content is not None and isinstance(content.value, Mapping):
            self._code(draft, declared, key, content)
        draft.resources[declared.id] = replace(resource, properties=declared.properties, metadata=declared.metadata)

    def _code(self, draft: Draft, declared: Declared, key: str, content: Node) -> None:
        image = self._image(declared, content)
        if image is not None:
            folder = self._origins.folder(image.folder) or image.folder
            base = posixpath.dirname(declared.location.file)
            made = {"DockerContext": posixpath.relpath(folder, base or "."), "Dockerfile": image.file}
            entries = dict(declared.metadata.items()) if declared.metadata is not None else {}
            for name, value in (*made.items(), ("DockerBuildTarget", image.target)):
                entries[name] = Node(value, content.location)
            declared.metadata = Node(entries, content.location)
            return
        asset = self._asset(declared, content)
        if asset is None:
            return
        place, handler = self._source(declared, asset)
        entries = dict(declared.properties.items())
        entries[key] = Node(
            posixpath.relpath(place, draft.folder or "."), content.location, content.key, content.absent
        )
        if handler:
            old = entries["Handler"]
            entries["Handler"] = Node(handler, old.location, old.key, old.absent)
        declared.properties = Node(
            entries, declared.properties.location, declared.properties.key, declared.properties.absent
        )

    def _source(self, declared: Declared, asset: str) -> tuple[str, str]:
        """The folder of the user's own code, and the handler in it where a bundler renamed that."""
        origin = self._origins.folder(asset)
        if origin is not None:
            return origin, ""
        module, _, name = str(declared.properties.get("Handler") or "").rpartition(".")
        entry = self._origins.entry(asset, module) if declared.type == _FUNCTION and module else None
        if entry is None:
            return asset, ""
        return posixpath.dirname(entry) or ".", f"{posixpath.basename(entry).split('.')[0]}.{name}"

    def _asset(self, declared: Declared, content: Node) -> str | None:
        """Where the asset of a function or layer lies in the assembly."""
        base = posixpath.dirname(declared.location.file)
        written = _word(declared.metadata, "aws:asset:path")
        key = posixpath.basename(_literal(content.get("S3Key")))
        found = self._files.get(key) or self._files.get(posixpath.splitext(key)[0])
        folder = base
        candidates = [found] if found else []
        while written:
            candidates.append(posixpath.normpath(posixpath.join(folder, written)))
            if folder == self._folder or not folder:
                break
            folder = posixpath.dirname(folder)
        return next((path for path in candidates if path and self._is_there(path)), None)

    def _is_there(self, path: str) -> bool:
        import os

        return self._context.inside(path) and os.path.exists(self._context.path(path))

    def _image(self, declared: Declared, content: Node) -> Image | None:
        uri = content.get("ImageUri")
        if uri is None:
            return None
        text = _literal(uri)
        found = next((image for key, image in self._images.items() if key and key in text), None)
        if found is not None:
            return found
        written = _word(declared.metadata, "aws:asset:path")
        if not written:
            return None
        place = posixpath.normpath(posixpath.join(posixpath.dirname(declared.location.file), written))
        return Image(place, _word(declared.metadata, "aws:asset:dockerfile-path") or "Dockerfile", "")


def _json(context: Context, name: str, *, told: bool = True) -> object:
    text = _text(context, name, told=told)
    try:
        return json.loads(text) if text is not None else None
    except (ValueError, RecursionError):
        if told:
            context.failures.append(Failure(name, "is not JSON that can be read", Location(name)))
        return None


def _text(context: Context, name: str, *, told: bool = True) -> str | None:
    why = "lies outside the examined folder"
    try:
        if context.inside(name):
            return read_bytes(context.path(name)).decode("utf-8-sig")
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        why = "is not UTF-8"
    except ValueError as error:
        why = str(error)
    if told:
        context.failures.append(Failure(name, why, Location(name)))
    return None


def _literal(value: Value) -> str:
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part for part in parts if isinstance(part, str))


def _word(node: Node | None, key: str) -> str:
    value = node.get(key) if node is not None else None
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
