"""The graph as JSON: versioned, described by docs/schema/graph-1.json. Within a version, fields are only added."""

from typing import Any

from remit import __version__
from remit.app.location import Location
from remit.app.model import Sender
from remit.graph import kinds
from remit.graph.nouns import Attack, Card, Node, Picture, Pictures, Row, Way
from remit.render._json import dumps

SCHEMA = "remit-graph-1"


def render(pictures: Pictures) -> str:
    """Writes the graph as JSON text."""
    return dumps(to_data(pictures))


def to_data(pictures: Pictures) -> dict[str, Any]:
    """The graph as plain data, in the shape of the schema."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "remit", "version": __version__},
        "date": pictures.date,
        "exit_code": pictures.exit_code,
        "complete": pictures.complete,
        "code": pictures.code,
        "function": pictures.only or None,
        "apps": [_app(app) for app in pictures.apps],
        "skipped": [
            {"what": skip.what, "why": skip.why, "location": _place(skip.location), "blind": skip.blind}
            for skip in pictures.skips
        ],
        "failures": [
            {"what": failure.what, "why": failure.why, "location": _place(failure.location)}
            for failure in pictures.failures
        ],
    }


def _app(app: Picture) -> dict[str, Any]:
    return {
        "name": app.name,
        "form": app.form,
        "template": app.template,
        "counts": {
            "functions": app.functions,
            "triggers": app.triggers,
            "resources": app.resources,
            "roles": app.roles,
            "paths": len(app.attacks),
        },
        "nodes": [_node(node) for node in app.nodes],
        "edges": [_way(app, way) for way in app.ways],
        "paths": [_attack(attack) for attack in app.attacks],
        "functions": [_card(card) for card in app.cards],
        "apart": list(app.apart),
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "kind": node.kind,
        "label": node.label,
        "note": node.note,
        "sender": _sender(node.sender),
        "location": _place(node.location),
        "triggers": [_row(row) for row in node.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "source": row.source,
        "function": f"function:{row.function}",
        "sender": _sender(row.sender),
        "authorizer": row.authorizer or None,
        "because": list(row.because),
        "location": _place(row.location),
    }


def _way(app: Picture, way: Way) -> dict[str, Any]:
    row = None
    if way.row >= 0:
        row = next((node.rows[way.row].name for node in app.nodes if node.id == way.start), None)
    return {
        "from": way.start,
        "to": way.end,
        "kind": "reach" if way.reach else way.kind,
        "verbs": list(way.verbs),
        "trigger": row,
        "functions": [f"function:{name}" for name in way.functions],
        "sender": _sender(way.sender),
        "paths": list(way.attacks),
        "location": _place(way.location),
    }


def _attack(attack: Attack) -> dict[str, Any]:
    finding = attack.finding
    return {
        "id": attack.letter,
        "rule": finding.rule,
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "message": finding.message,
        "function": f"function:{finding.function}",
        "nodes": list(attack.nodes),
        "steps": [
            {
                "node": step.node or None,
                "text": step.text,
                "lines": [
                    {"location": _place(line.location), "text": line.text, "code": line.code} for line in step.lines
                ],
            }
            for step in attack.steps
        ],
        "reach": list(finding.reach),
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "id": f"function:{card.function}",
        "handler": card.handler,
        "runtime": card.runtime,
        "code": card.code or None,
        "location": _place(card.location),
        "not_read": card.gap or None,
        "role": {
            "id": card.role or None,
            "functions": card.role_shared,
            "level": card.power.level,
            "badge": card.power.word,
            "reach": list(card.reach),
            "not_known": list(card.opaque),
        },
        "actions": {
            "granted": card.granted if card.granted >= 0 else None,
            "needed": card.needed if card.needed >= 0 else None,
        },
        "environment": [{"name": name, "names": target or None} for name, target in card.environment],
        "uses": [
            {"node": node, "verbs": list(verbs), "location": _place(location)} for node, verbs, location in card.uses
        ],
        "unresolved": [{"text": text, "location": _place(location)} for text, location in card.unresolved],
        "paths": list(card.attacks),
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity.word,
                "message": finding.message,
                "location": _place(finding.location),
            }
            for finding in card.findings
        ],
    }


def _sender(sender: Sender | None) -> str | None:
    return kinds.SENDERS[sender][0] if sender is not None else None


def _place(location: Location | None) -> dict[str, Any] | None:
    if location is None:
        return None
    return {"file": location.file, "line": location.line, "column": location.column}
