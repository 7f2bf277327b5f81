"""A picture in the making: nodes and ways by what identifies them."""

from collections.abc import Callable, Mapping

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function, Resource, Role, Sender, Trigger
from remit.app.noun import replace
from remit.graph import kinds
from remit.graph.nouns import EVENT, USE, Node, Row, Way
from remit.graph.uses import Use
from remit.rules._moves import fed, with_moves
from remit.rules._paths import without_polling

#: Resources that say how others are wired and are no stop of their own.
_PLUMBING = (
    "AWS::IAM::",
    "AWS::Logs::",
    "AWS::Lambda::",
    "AWS::CloudFormation::",
    "AWS::ApiGateway::",
    "AWS::ApiGatewayV2::",
    "AWS::CloudWatch::",
    "AWS::EC2::",
)


def function_node(function: str) -> str:
    """Id of the node of a function."""
    return f"function:{function}"


def resource_node(resource: str) -> str:
    """Id of the node of a resource of the template."""
    return f"resource:{resource}"


def sender_node(sender: Sender) -> str:
    """Id of the node of a circle of senders."""
    return f"sender:{kinds.SENDERS[sender][0]}"


class Draft:
    """Collects nodes and ways of one app, each once.

    Args:
        facts: what is known about the app.
        place: puts a place of the app where it is to be shown.
    """

    def __init__(self, facts: Facts, place: Callable[[Location], Location]) -> None:
        self.facts = facts
        self.app = facts.app
        self.place = place
        self.nodes: dict[str, Node] = {}
        self.ways: dict[tuple[str, str, int], Way] = {}
        self.letters: dict[str, list[str]] = {}
        self._pairs: set[tuple[str, str]] = set()
        self._reach: dict[str, tuple[Role, tuple[str, ...], Mapping[str, tuple[str, ...]]]] = {}

    def reach(self, role: Role) -> tuple[Role, tuple[str, ...], Mapping[str, tuple[str, ...]]]:
        """A role without what polling asks for, what it reaches in words, and resource by resource; once for each role."""
        if role.id not in self._reach:
            from remit import iam

            bare = without_polling(role)
            words = with_moves(iam.reach(self.app, bare), fed(self.facts, role))
            self._reach[role.id] = (bare, words, iam.reached(self.app, bare))
        return self._reach[role.id]

    def add_function(self, function: Function) -> None:
        """A function's node."""
        note = " · ".join(part for part in (function.runtime, function.handler) if part)
        name = function_node(function.id)
        resource = self.app.resources.get(function.id)
        label = resource.label if resource is not None and resource.label else function.id
        self.nodes[name] = Node(name, "function", label, note, location=self.place(function.location))

    def add_sender(self, sender: Sender) -> str:
        """A sender's node; returns its id."""
        name = sender_node(sender)
        _, label, note = kinds.SENDERS[sender]
        self.nodes.setdefault(name, Node(name, "sender", label, note, sender=sender))
        return name

    def shown(self, id_: str) -> bool:
        """Whether a function or resource of the app has a place in the picture."""
        if self.app.function(id_) is not None or resource_node(id_) in self.nodes:
            return True
        resource = self.app.resources.get(id_)
        return resource is not None and (resource.type in kinds.OF_TYPE or not resource.type.startswith(_PLUMBING))

    def node_of(self, id_: str) -> str:
        """Id of the node of a function or resource, which is made if need be."""
        if self.app.function(id_) is not None:
            return function_node(id_)
        return self._resource(self.app.resources[id_], "resource")

    def _resource(self, resource: Resource, otherwise: str) -> str:
        name = resource_node(resource.id)
        if name not in self.nodes:
            kind = kinds.OF_TYPE.get(resource.type, otherwise)
            note = resource.type.rpartition("::")[2] if kind == "resource" else kind
            location = self.place(resource.location)
            self.nodes[name] = Node(name, kind, resource.label or resource.id, note, location=location)
        return name

    def door(self, trigger: Trigger) -> str:
        """Id of the node a trigger belongs to, which is made if need be."""
        label, kind = kinds.DOORS.get(trigger.source, (trigger.source.replace("-", " "), "door"))
        resource = self.app.resources.get(trigger.resource)
        if resource is not None:
            name = self._resource(resource, kind)
            if kind == "api":
                self.nodes[name] = replace(self.nodes[name], note=label)
            return name
        name = f"door:{trigger.source}"
        self.nodes.setdefault(name, Node(name, kind, label, "" if trigger.source in kinds.DOORS else "event source"))
        return name

    def add_row(self, door: str, row: Row) -> int:
        """Adds a trigger to its node; returns its number there."""
        node = self.nodes[door]
        self.nodes[door] = replace(node, rows=(*node.rows, row))
        return len(node.rows)

    def way(
        self,
        start: str,
        end: str,
        kind: str,
        *,
        verbs: tuple[str, ...] = (),
        row: int = -1,
        functions: tuple[str, ...] = (),
        location: Location | None = None,
        sender: Sender | None = None,
        reach: bool = False,
    ) -> None:
        """Adds a way, or verbs and functions to the one that is there."""
        old = self.ways.get((start, end, row))
        if old is not None:
            self.ways[start, end, row] = replace(
                old,
                verbs=tuple(dict.fromkeys((*old.verbs, *verbs))),
                functions=tuple(dict.fromkeys((*old.functions, *functions))),
                kind=USE if USE in (old.kind, kind) and EVENT not in (old.kind, kind) else old.kind,
            )
            return
        self._pairs.add((start, end))
        self.ways[start, end, row] = Way(start, end, kind, verbs, row, functions, location, sender, reach=reach)

    def tied(self, start: str, end: str) -> bool:
        """Whether a way leads from one node to another already."""
        return (start, end) in self._pairs

    def touch(self, start: str, use: Use, *, known: bool = False) -> None:
        """A function's way to what it touches.

        Args:
            start: id of the function's node.
            use: what is touched.
            known: where a way is there already, its verbs say it better.
        """
        if use.node not in self.nodes:
            resource = self.app.resources.get(use.node.partition(":")[2]) if use.node.startswith("resource:") else None
            if resource is not None:
                self._resource(resource, "resource")
            elif use.node.startswith("outside:"):
                self.nodes[use.node] = Node(use.node, use.kind, use.label, use.note)
            else:
                return
        if use.node == start or (known and self.tied(start, use.node)):
            return
        location = self.place(use.location) if use.location else None
        self.way(start, use.node, use.how, verbs=use.verbs, location=location)

    def finished_nodes(self) -> tuple[Node, ...]:
        """Nodes in the order in which one reads: senders from the widest circle on, then as they were found."""
        senders = sorted(
            (node for node in self.nodes.values() if node.kind == "sender"), key=lambda node: -(node.sender or 0)
        )
        return (*senders, *(node for node in self.nodes.values() if node.kind != "sender"))

    def finished_ways(self) -> tuple[Way, ...]:
        """Ways in stable order."""
        return tuple(self.ways[key] for key in sorted(self.ways))
