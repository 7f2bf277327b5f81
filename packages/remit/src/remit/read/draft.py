"""The App while it is being put together: what every reader of a part of the template adds to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar, cast

from remit.app.location import Location
from remit.app.model import Edge, Function, Grant, Resource, Role, Trigger
from remit.app.node import Node, maybe, possible
from remit.app.report import Failure, Skip
from remit.app.value import Choice, Ref, Text, Value, options, refs, spread
from remit.read.resolve import Resolver

#: Of a function whose code is an image; whoever finds its Dockerfile takes it back.
IMAGE = "its code is a container image"


T = TypeVar("T")


@dataclass(slots=True)
class Declared:
    """One entry of ``Resources`` as the template has it (SAM types not expanded yet).

    Args:
        id: logical id.
        type: the type as written.
        properties: resolved; Globals merged for SAM types.
        location: where its logical id stands.
        metadata: its ``Metadata``, resolved.
        attributes: the whole resolved entry, for ``Connectors``, ``DependsOn`` and the like.
        foreign: the template that really declares it, when this one only imports it; else ``""``.
        optional: whether a condition that is open, or does not hold by default, decides if it is there at all. What it
            opens counts; what it protects does not.
    """

    id: str
    type: str
    properties: Node
    location: Location
    metadata: Node | None = None
    attributes: Node | None = None
    foreign: str = ""
    optional: bool = False

    def document(self, *path: str | int) -> Node | None:
        """A policy document of it, which may be absent where the whole may be: then nothing in it surely denies."""
        node = self.properties.at(*path)
        return maybe(node) if node is not None and self.optional else node


@dataclass(slots=True)
class Draft:
    """Everything found so far.

    Args:
        file: path of the template, relative to the root.
        folder: its folder relative to the root; ``""`` for the root.
        resolver: resolves values of this template.
        sam: whether the SAM transform is on.
        declared: what the template declares, by logical id.
    """

    file: str
    folder: str
    resolver: Resolver
    sam: bool
    declared: dict[str, Declared] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    #: What delivers to parts that are no functions (a route to a queue, a rule to a state machine): not triggers of the
    #: App, but edges, and they say who can reach a function through such a part. ``function`` names that part.
    feeds: list[Trigger] = field(default_factory=list)
    #: How the parts are wired; ``settle_senders`` adds those of triggers and feeds.
    edges: list[Edge] = field(default_factory=list)
    roles: dict[str, Role] = field(default_factory=dict)
    policies: dict[str, list[Grant]] = field(default_factory=dict)
    #: Outputs by name, and what they are exported as by the name of the output.
    outputs: dict[str, Value] = field(default_factory=dict)
    exports: dict[str, Value] = field(default_factory=dict)
    #: What imported resources are called in the template that declares them, by their id here.
    origins: dict[str, str] = field(default_factory=dict)
    #: Nested stacks whose template is part of this draft.
    nested: set[str] = field(default_factory=set)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    _names: tuple[int, dict[str, list[str]]] | None = None
    _known: dict[str, tuple[int, object]] = field(default_factory=dict)

    def of_type(self, *types: str) -> Iterator[Declared]:
        """What is declared with one of these types, in order."""
        if len(types) == 1:
            return iter(self.once("types", self._by_type).get(types[0], ()))
        places = self.once("types", self._by_type)
        found = [item for type_ in dict.fromkeys(types) for item in places.get(type_, ())]
        order = self.once("order", lambda: {id_: place for place, id_ in enumerate(self.declared)})
        return iter(sorted(found, key=lambda item: order[item.id]))

    def _by_type(self) -> dict[str, list[Declared]]:
        found: dict[str, list[Declared]] = {}
        for item in self.declared.values():
            found.setdefault(item.type, []).append(item)
        return found

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What is worked out once for the whole template, for as long as nothing more is declared.

        Args:
            key: names it.
            make: works it out.
        """
        known = self._known.get(key)
        if known is None or known[0] != len(self.declared):
            known = self._known[key] = (len(self.declared), make())
        return cast("T", known[1])

    def naming(self, type_: str, *path: str) -> dict[str, list[Declared]]:
        """What is declared with a type, by the id of the part that one of its properties names, in order."""

        def make() -> dict[str, list[Declared]]:
            found: dict[str, list[Declared]] = {}
            for item in self.of_type(type_):
                values = spread(item.properties.get(*path))
                for target in dict.fromkeys(self.function_of(value) or self.target(value) for value in values):
                    if target:
                        found.setdefault(target, []).append(item)
            return found

        return self.once(f"{type_} {path}", make)

    def target(self, value: Value, *types: str) -> str:
        """The logical id of the resource a value names: by reference, or by the name the template gives it.

        Args:
            value: a name, ARN, URL or reference.
            types: only resources of these types count, if any are given.

        Returns:
            The logical id, or ``""``.
        """
        if isinstance(value, Choice):
            return next((found for item in options(value) if (found := self.target(item, *types))), "")
        if isinstance(value, Text):
            for id_ in self._named(_spelled(value)):
                if self._is(id_, types):
                    return id_
        for ref in refs(value):
            if self._is(ref.target, types):
                return ref.target
        if isinstance(value, str | Text) and value:
            spelled = _spelled(value)
            service = _SERVICE.match(spelled)
            for name in dict.fromkeys((spelled, *_names_in(spelled))):
                for id_ in self._named(name):
                    if self._is(id_, types) and (service is None or _belongs(self.declared[id_].type, service[1])):
                        return id_
        return ""

    def targets(self, node: Node | None, *types: str) -> list[str]:
        """The logical ids of all resources that an open condition may mean; none for what is outside."""
        found = [self.target(value, *types) for value in possible(node)]
        return list(dict.fromkeys(id_ for id_ in found if id_))

    def _is(self, id_: str, types: tuple[str, ...]) -> bool:
        found = self.declared.get(id_)
        return found is not None and (not types or found.type in types)

    def _named(self, spelled: str) -> list[str]:
        """Ids of the resources that the template gives a name."""
        if self._names is None or self._names[0] != len(self.resources):
            index: dict[str, list[str]] = {}
            for item in self.resources.values():
                if isinstance(item.name, str | Text | Ref):
                    index.setdefault(_spelled(item.name), []).append(item.id)
            self._names = (len(self.resources), index)
        return self._names[1].get(spelled, [])

    def function_of(self, value: Value) -> str:
        """The logical id of the function a value names (its ARN, name, alias or version), or ``""``."""
        found = self.target(value, "AWS::Serverless::Function", "AWS::Lambda::Function")
        if found:
            return found
        # Through an alias or version: their FunctionName says which function.
        hop = self.target(value, "AWS::Lambda::Alias", "AWS::Lambda::Version")
        return self.function_of(self.declared[hop].properties.get("FunctionName")) if hop else ""

    def settled(self, node: Node | None) -> Value:
        """A node's plain value with parameters at their defaults."""
        return None if node is None else self.resolver.settled(node.plain())

    def word(self, node: Node | None) -> str:
        """A node's text with parameters at their defaults; ``""`` unless it is literal then, and surely there."""
        value = self.settled(node)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) else ""

    def likely(self, node: Node | None) -> str:
        """The one text a node can have where it is there, also if it may not be; ``""`` when there are several."""
        found = {
            str(value) for option in possible(node) if isinstance(value := self.resolver.settled(option), str | int)
        }
        return found.pop() if len(found) == 1 and len(possible(node)) == 1 else ""

    def truth(self, node: Node | None) -> bool:
        """Whether a switch is on when parameters keep their defaults."""
        return self.word(node).lower() == "true"


def _spelled(value: Value) -> str:
    """A name with its symbols spelled out, so that equal names are equal texts; symbols have no colons nor slashes."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part if isinstance(part, str) else str(part).replace(":", "|").replace("/", "|") for part in parts)


#: Names at the places where ARNs, URLs and integration URIs have them.
_IN = (re.compile(r":function:([^:/]+)"), re.compile(r":::([^:/]+)"), re.compile(r"[:/]([^:/]+)/?\Z"))
_SERVICE = re.compile(r"arn:[^:]*:([a-z0-9-]+):")
#: Services whose ARNs spell them differently from their types.
_SPELLED = {"states": "stepfunctions", "firehose": "kinesisfirehose", "es": "opensearchservice", "kafka": "msk"}


def _names_in(spelled: str) -> Iterator[str]:
    for pattern in _IN:
        found = pattern.search(spelled)
        if found:
            yield found[1]


def _belongs(type_: str, service: str) -> bool:
    """Whether a resource can have an ARN of a service; API Gateway's integration URIs name all of them."""
    own = type_.split("::")[1].lower() if type_.count("::") == 2 else ""
    return own in (_SPELLED.get(service, service), "serverless") or service == "apigateway"


def label(value: Value) -> str:
    """What people call the thing a value names: a logical id, the end of an ARN, a text."""
    if isinstance(value, Ref):
        return value.target
    if isinstance(value, str):
        return value.rsplit(":", 1)[-1] if value.startswith("arn:") else value
    first = next(refs(value), None)
    names = [ref for ref in refs(value) if not ref.target.startswith("AWS::")]
    return names[0].target if names else first.target if first else "something outside this template"
