"""The app as a drawing: who can send, what it triggers, which function runs, what that reaches; pure.

Nodes are put into columns by the way an event takes, so that every way reads from left to right. The page only draws
what is decided here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from remit.app.model import App, Function, Sender, Trigger
from remit.app.value import Ref, refs
from remit.draw import Box, Link, layout

#: Types that carry events or data and so deserve a place; the others (permissions, log groups, ...) are plumbing.
_SHOWN = {
    "AWS::DynamoDB::Table": "table",
    "AWS::DynamoDB::GlobalTable": "table",
    "AWS::S3::Bucket": "bucket",
    "AWS::SQS::Queue": "queue",
    "AWS::SNS::Topic": "topic",
    "AWS::Kinesis::Stream": "stream",
    "AWS::Events::EventBus": "bus",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::SSM::Parameter": "parameter",
    "AWS::RDS::DBInstance": "database",
    "AWS::RDS::DBCluster": "database",
    "AWS::StepFunctions::StateMachine": "workflow",
    "AWS::KMS::Key": "key",
    "AWS::Cognito::UserPool": "users",
}

#: What a trigger without a resource of its own is called and drawn as, by event source.
_DOORS = {
    "http-api": ("HTTP API", "api"),
    "rest-api": ("REST API", "api"),
    "function-url": ("Function URL", "api"),
    "sqs": ("Queue", "queue"),
    "sns": ("Topic", "topic"),
    "s3": ("Bucket", "bucket"),
    "dynamodb": ("Table stream", "table"),
    "eventbridge": ("Event bus", "bus"),
    "schedule": ("Schedule", "clock"),
}

#: Sizes in drawing units (CSS pixels at scale 1).
WIDTH, HEIGHT, MARGIN = 172, 44, 8


@dataclass(slots=True)
class GraphNode:
    """One box: ``kind`` is ``sender``, ``function`` or the kind of a resource; ``x``, ``y`` its upper left corner."""

    id: str
    kind: str
    label: str
    note: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A way from one node to another.

    Args:
        start, end: ids of nodes.
        sources: the event sources that come along it; empty where it is a function that reaches out.
        functions: from a sender: the functions whose triggers let this sender in.
    """

    start: str
    end: str
    sources: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """The drawing of one or more apps."""

    name: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    width: int
    height: int
    functions: tuple[str, ...]
    names: "dict[str, str]"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "width": self.width,
            "height": self.height,
            "box": [WIDTH, HEIGHT],
            "nodes": [
                {"id": node.id, "kind": node.kind, "label": node.label, "note": node.note, "x": node.x, "y": node.y}
                for node in self.nodes
            ],
            "edges": [
                {"start": edge.start, "end": edge.end, "sources": edge.sources, "functions": edge.functions}
                for edge in self.edges
            ],
            "functions": list(self.functions),
        }

    def resolve(self, name: str) -> str:
        """The logical id of a function by the name a signal gives it, or the name itself when it is none of ours.

        A deployed function is called as the template says (``FunctionName``) or ``<stack>-<logical id>-<random>``.
        """
        if name in self.functions:
            return name
        if name in self.names:
            return self.names[name]
        found = re.fullmatch(r".+-([A-Za-z0-9]+)-[A-Za-z0-9]{8,13}", name)
        return found[1] if found and found[1] in self.functions else name


#: Start and end of a way -> the event sources that come along it, each with the function it is for.
_Ways = dict[tuple[str, str], set[tuple[str, str]]]


def draw(apps: Iterable[App], name: str = "") -> Graph:
    """The drawing of some apps, usually one.

    Args:
        apps: in the order in which they are drawn.
        name: what people call the whole; else the apps' own names.
    """
    apps = tuple(apps)
    nodes: dict[str, GraphNode] = {}
    ways: _Ways = {}
    names: dict[str, str] = {}
    for app in apps:
        for trigger in app.triggers:
            _add_trigger(app, trigger, nodes, ways)
        for function in app.functions:
            nodes.setdefault(f"function:{function.id}", GraphNode(f"function:{function.id}", "function", function.id))
            for target in _targets(app, function):
                _add_target(app, function, target, nodes, ways)
            given = function.properties.get("FunctionName") if function.properties else None
            if isinstance(given, str):
                names[given] = function.id
    edges = tuple(
        GraphEdge(start, end, tuple(sorted({source for source, _ in let})), tuple(sorted({into for _, into in let})))
        for (start, end), let in sorted(ways.items())
    )
    width, height = _place(nodes, edges)
    return Graph(
        name=name or " + ".join(app.name for app in apps),
        nodes=tuple(nodes.values()),
        edges=edges,
        width=width,
        height=height,
        functions=tuple(function.id for app in apps for function in app.functions),
        names=names,
    )


def _add_trigger(app: App, trigger: Trigger, nodes: dict[str, GraphNode], ways: _Ways) -> None:
    if trigger.implied:
        return
    resource = app.resources.get(trigger.resource)
    label, kind = _DOORS.get(trigger.source, (trigger.source, "door"))
    if resource is not None:
        label, kind = resource.id, _SHOWN.get(resource.type, kind)
    door = f"resource:{resource.id}" if resource else f"door:{trigger.source}"
    node = nodes.setdefault(door, GraphNode(door, kind, label, _kind_note(trigger.source, kind)))
    node.note = node.note or _kind_note(trigger.source, kind)
    ways.setdefault((door, f"function:{trigger.function}"), set()).add((trigger.source, trigger.function))
    if trigger.sender > Sender.APP:
        sender = f"sender:{int(trigger.sender)}"
        nodes.setdefault(sender, GraphNode(sender, "sender", trigger.sender.phrase))
        ways.setdefault((sender, door), set()).add((trigger.source, trigger.function))


def _kind_note(source: str, kind: str) -> str:
    return _DOORS[source][0] if kind == "api" and source in _DOORS else kind


def _targets(app: App, function: Function) -> Iterator[str]:
    """Logical ids of what a function refers to by environment or by grant, each once, in order."""
    found: dict[str, None] = {}
    for node in function.environment.values():
        found.update((ref.target, None) for ref in refs(node.plain()))
    role = app.role_of(function)
    # A role that several functions share says nothing about which of them uses what.
    for grant in role.grants if role and len(role.functions) <= 1 else ():
        for resource in grant.resources if grant.effect == "Allow" else ():
            found.update((ref.target, None) for ref in refs(resource) if isinstance(ref, Ref))
    yield from found


def _add_target(app: App, function: Function, target: str, nodes: dict[str, GraphNode], ways: _Ways) -> None:
    here = f"function:{function.id}"
    if app.function(target) is not None and target != function.id:
        ways.setdefault((here, f"function:{target}"), set())
        return
    resource = app.resources.get(target)
    if resource is None or resource.type not in _SHOWN:
        return
    there = f"resource:{target}"
    kind = _SHOWN[resource.type]
    nodes.setdefault(there, GraphNode(there, kind, target, kind))
    if (there, here) not in ways:  # it reads what triggers it: one line is enough
        ways.setdefault((here, there), set())


def _place(nodes: dict[str, GraphNode], edges: tuple[GraphEdge, ...]) -> tuple[int, int]:
    """Gives every node its place; returns the size of the drawing."""
    strangers = any(node.kind == "sender" for node in nodes.values())
    entered = {edge.end for edge in edges}
    boxes = []
    for name, node in nodes.items():
        # What begins inside the app begins beside the doors and functions, not beside the strangers.
        inside = strangers and node.kind != "sender" and name not in entered
        boxes.append(Box(name, WIDTH, HEIGHT, (2 if node.kind == "function" else 1) if inside else 0))
    found = layout(boxes, [Link(edge.start, edge.end, HEIGHT / 2, HEIGHT / 2) for edge in edges])
    for name, (x, y) in found.places.items():
        nodes[name].x, nodes[name].y = round(x) + MARGIN, round(y) + MARGIN
    return round(found.width) + 2 * MARGIN, round(found.height) + 2 * MARGIN
