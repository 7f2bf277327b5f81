"""Nested stacks and applications whose template lies here: read as a part of the template that nests them.

Parameters that are passed down become what the parent says, outputs that are read become what the child says, so that
roles, environment variables and triggers cross the border. A child's logical ids stay as they are unless they are
taken; then the id of the stack is put in front (docs/decisions/0007-nested-templates-are-parts.md).
"""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Failure, Skip
from remit.app.value import Ref, Text, Value
from remit.read.build import declared_of, resource_of
from remit.read.context import Context
from remit.read.document import Malformed
from remit.read.draft import Declared, Draft
from remit.read.rebind import closed, rebind, rebound_value

STACK = "AWS::CloudFormation::Stack"
APPLICATION = "AWS::Serverless::Application"
_MAX_DEPTH = 10
#: Templates that one template may pull in, and resources that they may declare together.
_MAX_TEMPLATES = 200
_MAX_RESOURCES = 20_000
#: Where the code of a function or layer is said, by type.
_CODE = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Lambda::Function": "Code",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Lambda::LayerVersion": "Content",
}
_IMPLICIT = {"Api": ("ServerlessRestApi", "RestApiId"), "HttpApi": ("ServerlessHttpApi", "ApiId")}


class Nesting:
    """Reads what one template nests.

    Args:
        context: the reading.
        place: folder of the template that nothing nests, which paths of code are relative to.
    """

    def __init__(self, context: Context, place: str) -> None:
        self._context = context
        self._place = place
        self._left = _MAX_TEMPLATES

    def add(self, draft: Draft, chain: tuple[str, ...]) -> None:
        """Adds everything that the template of a draft nests, at any depth.

        Args:
            draft: declares the nested stacks; receives what they declare.
            chain: the templates from the outermost to this one.
        """
        outputs: dict[Ref, Value] = {}
        for declared in list(draft.of_type(STACK, APPLICATION)):
            child = self._child(draft, declared, chain)
            if child is not None:
                outputs |= _merge(draft, declared, child, self._place)
        if outputs:
            known = closed(outputs)
            for item in draft.declared.values():
                rebind(item, known.get)
                old = draft.resources[item.id]
                draft.resources[item.id] = replace(resource_of(item), implied=old.implied, label=old.label)
            draft.outputs = {name: rebound_value(value, known.get) for name, value in draft.outputs.items()}

    def _child(self, draft: Draft, declared: Declared, chain: tuple[str, ...]) -> Draft | None:
        path = self._path(draft, declared)
        if path is None:
            return None
        at = declared.location
        if path in chain:
            way = " → ".join([*chain[chain.index(path) :], path])
            draft.failures.append(Failure(declared.id, f"this template nests itself: {way}", at))
            return None
        self._left -= 1
        if len(chain) >= _MAX_DEPTH or self._left < 0 or len(draft.declared) > _MAX_RESOURCES:
            why = f"nested more than {_MAX_DEPTH} levels deep, or more than {_MAX_TEMPLATES} templates: not read"
            draft.failures.append(Failure(declared.id, why, at))
            return None
        self._context.parts.add(path)
        document = self._context.parse(path)
        if document is None:
            return None
        self._context.texts[path] = document.text
        try:
            child = declared_of(document, path, self._context.includer(path), _given(draft, declared), self._context)
        except Malformed as error:
            self._context.failed(path, error)
            return None
        self.add(child, (*chain, path))
        return child

    def _path(self, draft: Draft, declared: Declared) -> str | None:
        """The local file of a nested template; notes why there is none."""
        key = "TemplateURL" if declared.type == STACK else "Location"
        node = declared.properties.at(key)
        asset = declared.metadata.get("aws:asset:path") if declared.metadata is not None else None
        base = posixpath.dirname(declared.location.file)
        if isinstance(asset, str) and self._context.inside(posixpath.join(base, asset)):
            found = posixpath.normpath(posixpath.join(base, asset))
            if self._context.is_file(found):
                return found
        written = draft.settled(node)
        text = _literal(written)
        why = "a nested stack: its template is not here"
        if isinstance(written, str) and "://" not in written:
            path = posixpath.normpath(posixpath.join(base, written))
            if self._context.inside(path) and self._context.is_file(path):
                return path
            why = f"a nested stack: its template {path} is not there"
        elif text:
            likely = next(self._likely(text, base), None)
            if likely is not None:
                note = f"its template is deployed from a bucket; {likely}, which has its name, was read in its place"
                draft.skips.append(Skip(declared.id, note, declared.location))
                return likely
        elif node is not None and isinstance(node.value, Mapping):
            why = "an application of a repository: its template is not here"
        draft.skips.append(Skip(declared.id, why, declared.location, blind=True))
        return None

    def _likely(self, url: str, base: str) -> Iterator[str]:
        """Files of this folder whose path is an end of an address; the longest first."""
        parts = [part for part in unquote(url.split("://", 1)[-1].split("?", 1)[0]).split("/")[1:] if part]
        for number in range(len(parts)):
            tail = "/".join(parts[number:])
            for folder in dict.fromkeys((base, "")):
                path = posixpath.normpath(posixpath.join(folder, tail))
                if not path.startswith("..") and self._context.inside(path) and self._context.is_file(path):
                    yield path


def _literal(value: Value) -> str:
    """An address with something unknown in it, as far as its path can be told."""
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else "?" if "/" in str(part) else "x" for part in value.parts)
    return ""


def _given(draft: Draft, declared: Declared) -> dict[str, Value]:
    parameters = declared.properties.at("Parameters")
    return {name: draft.settled(node) for name, node in parameters.items()} if parameters is not None else {}


def _merge(draft: Draft, nest: Declared, child: Draft, place: str) -> dict[Ref, Value]:
    """Puts what a child declares into its parent; returns what its outputs are."""
    given = nest.properties.at("Parameters")
    names: dict[str, Value | Node] = {}
    for name, default in child.resolver.parameters.items():
        passed = given.at(name) if given is not None else None
        if passed is not None:
            names[name] = passed
            continue
        own = _free(draft, nest.id, name)
        draft.resolver.parameters[own] = default
        if name in child.resolver.defaults:
            draft.resolver.defaults[own] = child.resolver.defaults[name]
        names[name] = Ref(own)
    ids = {id_: _free(draft, nest.id, id_) for id_ in child.declared}

    def rename(ref: Ref) -> Value | Node | None:
        if ref.target in ids:
            return Ref(ids[ref.target], ref.attribute) if ids[ref.target] != ref.target else None
        return names.get(ref.target) if not ref.attribute else None

    for id_, declared in child.declared.items():
        _move_events(declared, ids)
        rebind(declared, rename)
        _move_code(child, declared, place)
        old = child.resources[id_]
        declared.id = ids[id_]
        draft.declared[declared.id] = declared
        label = f"{nest.id}/{old.label or id_}"
        draft.resources[declared.id] = replace(resource_of(declared), implied=old.implied, label=label)
    draft.sam = draft.sam or child.sam
    draft.skips += child.skips
    draft.failures += child.failures
    draft.resolver.blind += child.resolver.blind
    draft.nested.add(nest.id)
    return {Ref(nest.id, f"Outputs.{name}"): rebound_value(value, rename) for name, value in child.outputs.items()}


def _free(draft: Draft, nest: str, name: str) -> str:
    """A name that nothing has yet."""
    own, number = name, 1
    while own in draft.declared or own in draft.resolver.parameters:
        own, number = f"{nest}{name}{number if number > 1 else ''}", number + 1
    return own


def _move_events(declared: Declared, ids: Mapping[str, str]) -> None:
    """Events of an implicit API that has to be called otherwise now name it."""
    events = declared.properties.at("Events")
    if events is None or all(ids.get(api, api) == api for api, _ in _IMPLICIT.values()):
        return
    moved: dict[str, Node] = {}
    for name, event in events.items():
        api, key = _IMPLICIT.get(str(event.get("Type")), ("", ""))
        properties = event.at("Properties")
        if (
            api in ids
            and properties is not None
            and properties.at(key) is None
            and isinstance(properties.value, Mapping)
        ):
            filled = Node(
                {**properties.value, key: Node(Ref(api), event.location)}, properties.location, properties.key
            )
            event = _with(event, "Properties", filled)
        moved[name] = event
    declared.properties = _with(declared.properties, "Events", Node(moved, events.location, events.key, events.absent))


def _move_code(child: Draft, declared: Declared, place: str) -> None:
    """Paths of a child are relative to its own folder."""
    key = _CODE.get(declared.type)
    if key is None or child.folder == place:
        return
    node = declared.properties.at(key)
    if node is None and declared.type == "AWS::Serverless::Function" and declared.properties.at("InlineCode") is None:
        node = Node(".", declared.location)
    if node is None or not isinstance(node.value, str) or "://" in node.value or node.value.startswith("/"):
        return
    if declared.location.file != child.file:
        return  # of a child's child: it was moved already
    path = posixpath.relpath(posixpath.join(child.folder or ".", node.value), place or ".")
    declared.properties = _with(declared.properties, key, Node(path, node.location, node.key, node.absent))


def _with(node: Node, key: str, item: Node) -> Node:
    entries = dict(node.value) if isinstance(node.value, Mapping) else {}
    return Node({**entries, key: item}, node.location, node.key, node.absent)
