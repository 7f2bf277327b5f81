"""The service while its configuration becomes the resources that the framework would deploy."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remit.app.location import Location
from remit.app.node import Node
from remit.app.report import Failure, Skip
from remit.app.value import Ref, Unknown, Value, join
from remit.read.draft import Declared, Draft
from remit.read.sam import merge
from remit.read.serverless import ids
from remit.read.serverless.variables import STAGE


@dataclass(slots=True)
class Entry:
    """One function as the configuration has it."""

    name: str
    node: Node
    location: Location

    @property
    def id(self) -> str:
        """Its logical id."""
        return ids.function_id(self.name)


@dataclass(slots=True)
class Service:
    """What every lowering step reads and adds to.

    Args:
        draft: receives what the framework would make.
        config: the whole configuration, resolved.
        entries: its functions.
        plugins: names of its plugins.
        nullable: parameters that are nothing unless they are given.
    """

    draft: Draft
    config: Node
    entries: dict[str, Entry] = field(default_factory=dict)
    plugins: frozenset[str] = frozenset()
    nullable: frozenset[str] = frozenset()
    #: Ids under ``resources`` that the framework did not make something for yet.
    written: set[str] = field(default_factory=set)
    #: Statements that the framework adds to roles: nobody wrote them, nobody can take them away.
    added: list[Node] = field(default_factory=list)

    @property
    def provider(self) -> Node:
        """``provider``; an empty mapping where it is missing or of a wrong shape."""
        return mapping(self.config.at("provider")) or Node({}, self.config.location)

    @property
    def name(self) -> Value:
        """The service's name."""
        service = self.config.at("service")
        return (
            self.config.get("service", "name")
            if service and isinstance(service.value, Mapping)
            else (service.plain() if service else None)
        )

    @property
    def prefix(self) -> Value:
        """``service-stage``, with which the framework begins every name."""
        return join([self.name if self.name is not None else Unknown("the service's name"), "-", STAGE])

    def add(self, id_: str, type_: str, properties: Mapping[str, object], location: Location) -> str:
        """Declares a resource that the framework makes; what the user says about this id is merged into it."""
        known = self.draft.declared.get(id_)
        if known is None:
            self.draft.declared[id_] = Declared(id_, type_, tree(properties, location), location)
        elif id_ in self.written:
            self.written.discard(id_)
            known.properties = merge(tree(properties, location), known.properties)
        return id_

    def blind(self, what: str, why: str, at: Location) -> None:
        """Something that was not examined."""
        self.draft.skips.append(Skip(what, why, at, blind=True))

    def wrong(self, node: Node, why: str) -> None:
        """Something of a wrong shape: one clear line, the rest is examined."""
        if isinstance(node.value, Unknown):
            self.draft.skips.append(Skip(str(node.location), f"{why}: {node.value.why}", node.location, blind=True))
            return
        self.draft.failures.append(Failure(node.location.file, why, node.key or node.location))

    def may_be_none(self, node: Node) -> bool:
        """Whether a value is nothing unless it is given when the service is deployed: ``${opt:authorizer, null}``."""
        return isinstance(node.value, Ref) and node.value.target in self.nullable

    def word(self, node: Node | None) -> str:
        """A node's text with parameters at their defaults."""
        return self.draft.word(node)

    def section(self, node: Node | None, what: str) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping, or of a list of mappings as ``functions`` may be; anything else is said."""
        if node is None or node.value is None:
            return
        for part in node.elements():
            if isinstance(part.value, Mapping):
                yield from part.value.items()
            elif part.value is not None:
                self.wrong(part, f'"{what}" is not a mapping of names here')

    def listed(self, node: Node | None, what: str) -> Iterator[Node]:
        """The elements of a list; anything else is said."""
        if node is None or node.value is None:
            return
        if isinstance(node.value, tuple):
            yield from (item for item in node.value if item.value is not None)
        else:
            self.wrong(node, f'"{what}" is not a list here')

    def function(self, value: Value) -> str:
        """The logical id of a function that is named by its key, its deployed name or a reference; or ``""``."""
        if isinstance(value, str) and value in self.entries:
            return self.entries[value].id
        found = self.draft.function_of(value)
        if found:
            return found
        return next((entry.id for entry in self.entries.values() if self.deployed_name(entry) == value), "")

    def deployed_name(self, entry: Entry) -> Value:
        """The name a function will have."""
        own = entry.node.at("name")
        return own.plain() if own is not None and own.value is not None else join([self.prefix, "-", entry.name])

    def path(self, text: str) -> str:
        """A path of the configuration relative to the root."""
        return posixpath.normpath(posixpath.join(self.draft.folder, text)).removeprefix("./")


def mapping(node: Node | None) -> Node | None:
    """The node when it is a mapping, else ``None``."""
    return node if node is not None and isinstance(node.value, Mapping) else None


def tree(made: object, location: Location) -> Node:
    """Nodes for what the framework makes, all at one place; nodes inside keep their own.

    ``None`` in a mapping stands for what is left out.
    """
    if isinstance(made, Node):
        return made
    if isinstance(made, Mapping):
        entries = {str(key): tree(value, location) for key, value in made.items() if value is not None}
        return Node(entries, location)
    if isinstance(made, list | tuple):
        return Node(tuple(tree(item, location) for item in made), location)
    return Node(made, location)  # type: ignore[arg-type]


def arn(function: str) -> Ref:
    """The ARN of something by its logical id."""
    return Ref(function, "Arn")
