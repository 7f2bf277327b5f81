"""Edges of an app: whatever its triggers and feeds tie together, as the template says it."""

from remit.app.graph import KINDS
from remit.app.model import Edge, Trigger
from remit.app.node import Node
from remit.read.draft import Draft

#: Settings of a trigger that decide which events it takes, by the name under which they stand.
_FILTERS = (
    ("FilterPolicy",),
    ("FilterCriteria",),
    ("EventPattern",),
    ("Pattern",),
    ("Filter",),
    ("FilterPattern",),
    ("SourceParameters", "FilterCriteria"),
)
_VERBS = {
    "queue": "feeds",
    "topic": "delivers to",
    "stream": "feeds",
    "rule": "delivers to",
    "notification": "notifies",
    "task": "runs",
    "api": "routes to",
    "pipe": "feeds",
    "invoke": "invokes",
    "schedule": "starts",
}


def add_edges(draft: Draft) -> None:
    """Adds an edge for each trigger and feed whose two ends are in the app, after those that readers added themselves."""
    known = {(edge.source, edge.target): edge for edge in draft.edges}
    seen = set()
    for trigger in (*draft.triggers, *draft.feeds):
        source, target = trigger.resource, trigger.function
        if source not in draft.declared or (source, target) in known:
            continue
        edge = _edge(trigger)
        if (source, target, edge.kind, edge.location) not in seen:
            seen.add((source, target, edge.kind, edge.location))
            draft.edges.append(edge)


def _edge(trigger: Trigger) -> Edge:
    kind = KINDS.get(trigger.source, "notification")
    text = f"{trigger.resource} {_VERBS[kind]} {trigger.function}"
    return Edge(trigger.resource, trigger.function, kind, trigger.location, text, _filter(trigger.properties))


def _filter(node: Node | None) -> Node | None:
    if node is None:
        return None
    return next((found for path in _FILTERS if (found := node.at(*path)) is not None), None)
