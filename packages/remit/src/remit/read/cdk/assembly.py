"""A cloud assembly: which stacks it has, in which files, with which assets. Pure."""

import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_STACK = "aws:cloudformation:stack"
_ASSETS = "cdk:asset-manifest"
_NESTED = "cdk:cloud-assembly"


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack.

    Args:
        name: what people call it: its display name (``Prod/Orders``), else its id.
        template: path of its template relative to the assembly's folder.
    """

    name: str
    template: str


@dataclass(slots=True)
class Assembly:
    """What one manifest lists.

    Args:
        stacks: the stacks, in order.
        assets: files that describe assets.
        nested: folders of further assemblies (stages).
    """

    stacks: list[Stack] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Image:
    """An image that the CDK builds: folder of its build context, Dockerfile in it, target stage."""

    folder: str
    file: str
    target: str


def is_assembly(data: object) -> bool:
    """Whether a JSON document is the manifest of an assembly."""
    artifacts = data.get("artifacts") if isinstance(data, dict) else None
    if not isinstance(artifacts, dict) or not isinstance(data, dict) or "version" not in data:
        return False
    kinds = {_text(item.get("type")) for item in artifacts.values() if isinstance(item, dict)}
    return bool(kinds & {_STACK, _ASSETS, _NESTED, "cdk:tree"})


def read_assembly(data: Mapping[str, object]) -> Assembly:
    """The stacks, assets and nested assemblies of a manifest."""
    assembly = Assembly()
    for name, item in _mapping(data.get("artifacts")).items():
        entry = _mapping(item)
        properties = _mapping(entry.get("properties"))
        kind = entry.get("type")
        if kind == _STACK:
            file = _text(properties.get("templateFile")) or f"{name}.template.json"
            assembly.stacks.append(Stack(_text(entry.get("displayName")) or name, file))
        elif kind == _ASSETS:
            assembly.assets.append(_text(properties.get("file")) or f"{name}.json")
        elif kind == _NESTED:
            assembly.nested.append(_text(properties.get("directoryName")) or name)
    return assembly


def assets_of(text: str) -> tuple[dict[str, str], dict[str, Image]]:
    """The files and images of an asset manifest, by the hash (and by every name) that templates call them by.

    Raises:
        ValueError: it is no JSON.
    """
    data = _mapping(json.loads(text))
    files: dict[str, str] = {}
    images: dict[str, Image] = {}
    for name, item in _mapping(data.get("files")).items():
        path = _text(_mapping(_mapping(item).get("source")).get("path"))
        for key in (name, *_destinations(item, "objectKey")):
            if path:
                files[posixpath.basename(key)] = path
    for name, item in _mapping(data.get("dockerImages")).items():
        source = _mapping(_mapping(item).get("source"))
        folder = _text(source.get("directory"))
        target = _text(source.get("dockerBuildTarget"))
        for key in (name, *_destinations(item, "imageTag")):
            if folder:
                images[key] = Image(folder, _text(source.get("dockerFile")) or "Dockerfile", target)
    return files, images


def _destinations(item: object, key: str) -> Iterator[str]:
    for destination in _mapping(_mapping(item).get("destinations")).values():
        name = _text(_mapping(destination).get(key))
        if name:
            yield name


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
