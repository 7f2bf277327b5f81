"""From what is known about one app to its picture: triggers, what code touches, edges, and attack paths on top."""

from collections.abc import Callable, Iterable, Mapping

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Edge, Sender, Trigger
from remit.app.noun import replace
from remit.app.report import Finding
from remit.graph import kinds
from remit.graph.attacks import attacks
from remit.graph.cards import card
from remit.graph.draft import Draft, function_node, resource_node
from remit.graph.nouns import EVENT, Card, Picture, Row
from remit.graph.uses import Use, uses

Place = Callable[[Location], Location]

#: Kinds of edges out of a function -> the verb on the way.
_OUT = {
    "queue": "sends",
    "topic": "publishes",
    "task": "starts",
    "stream": "writes",
    "rule": "publishes",
    "api": "calls",
}


def picture(
    facts: Facts,
    findings: Iterable[Finding] = (),
    *,
    name: str = "",
    template: str = "",
    place: Place = lambda location: location,
    texts: Mapping[str, str] | None = None,
) -> Picture:
    """The picture of one app.

    Args:
        facts: what is known about it.
        findings: what the scan says about it, worst first, with places as they are to be shown.
        name: what people call it; else its own name.
        template: path of its template as it is to be shown.
        place: puts a place of the facts where it is to be shown.
        texts: source texts by the path that is shown, secrets masked.
    """
    app = facts.app
    findings = tuple(findings)
    draft = Draft(facts, place)
    touched = {function.id: uses(facts, function) for function in app.functions}
    for function in app.functions:
        draft.add_function(function)
    for trigger in app.triggers:
        if not trigger.implied:
            _add_trigger(draft, trigger)
    for function in app.functions:
        for use in touched[function.id]:
            draft.touch(function_node(function.id), use)
    for edge in facts.edges:
        _add_edge(draft, edge)
    _add_senders(draft)
    drawn = attacks(draft, facts, findings, texts or {})
    return Picture(
        name=name or app.name,
        form=app.form,
        template=template or app.template,
        functions=len(app.functions),
        triggers=sum(1 for trigger in app.triggers if not trigger.implied),
        resources=len(app.resources),
        roles=len(app.roles),
        nodes=draft.finished_nodes(),
        ways=draft.finished_ways(),
        attacks=drawn,
        cards=tuple(_cards(facts, findings, draft, touched)),
        findings=tuple(item for item in findings if app.function(item.function) is None),
        apart=tuple(
            resource.id
            for resource in app.resources.values()
            if resource.type in kinds.OF_TYPE and resource_node(resource.id) not in draft.nodes
        ),
    )


def _cards(
    facts: Facts, findings: tuple[Finding, ...], draft: Draft, touched: Mapping[str, tuple[Use, ...]]
) -> Iterable[Card]:
    for function in facts.app.functions:
        mine = tuple(item for item in findings if item.function == function.id)
        letters = tuple(draft.letters.get(function.id, ()))
        yield card(facts, function, mine, letters, touched[function.id], draft)


def _add_trigger(draft: Draft, trigger: Trigger) -> None:
    door = draft.door(trigger)
    row = Row(
        name=trigger.name,
        function=trigger.function,
        sender=trigger.sender,
        authorizer=_authorizer(trigger),
        location=draft.place(trigger.location),
        because=tuple(dict.fromkeys(reason for _, reason in trigger.because)),
        source=trigger.source,
    )
    number = draft.add_row(door, row)
    draft.way(
        door,
        function_node(trigger.function),
        EVENT,
        row=number,
        functions=(trigger.function,),
        location=row.location,
        sender=trigger.sender,
    )


def _authorizer(trigger: Trigger) -> str:
    found = trigger.authorizer
    if found is None:
        return ""
    return f"{found.kind} {found.name}".strip() if found.name and found.name != found.kind else found.kind


def _add_edge(draft: Draft, edge: Edge) -> None:
    app = draft.app
    if edge.kind in ("read", "write"):
        function, store = (edge.target, edge.source) if edge.kind == "read" else (edge.source, edge.target)
        if app.function(function) is not None and draft.shown(store):
            draft.touch(
                function_node(function), Use(draft.node_of(store), (f"{edge.kind}s",), edge.location), known=True
            )
        return
    if not (draft.shown(edge.source) and draft.shown(edge.target)) or edge.source == edge.target:
        return
    start, end = draft.node_of(edge.source), draft.node_of(edge.target)
    if app.function(edge.source) is not None and app.function(edge.target) is None:
        draft.touch(start, Use(end, (_OUT.get(edge.kind, edge.kind),), edge.location), known=True)
    elif not draft.tied(start, end):
        inner = (edge.target,) if app.function(edge.target) is not None else ()
        verbs = ("invokes",) if edge.kind == "invoke" else (edge.kind,)
        draft.way(
            start, end, EVENT, verbs=verbs, functions=inner, location=draft.place(edge.location), sender=Sender.APP
        )


def _add_senders(draft: Draft) -> None:
    """Who is outside; the app itself only where nothing in the picture is seen to send."""
    fed = {way.end for way in draft.ways.values() if way.kind == EVENT or not set(way.verbs) <= kinds.FETCHING}
    for door in list(draft.nodes.values()):
        by: dict[Sender, list[str]] = {}
        for row in door.rows:
            by.setdefault(row.sender, []).append(row.function)
        for sender in sorted(by, reverse=True):
            if sender == Sender.APP and door.id in fed:
                continue
            start = draft.add_sender(sender)
            draft.way(start, door.id, EVENT, functions=tuple(dict.fromkeys(by[sender])), sender=sender)
        if by:
            draft.nodes[door.id] = replace(door, sender=max(by))
    for name in _unfed(draft):
        draft.way(draft.add_sender(Sender.APP), name, EVENT, sender=Sender.APP)


def _unfed(draft: Draft) -> list[str]:
    """Resources that hand events on and that nothing in the picture sends to: what does is some part of the app."""
    ends = {way.end for way in draft.ways.values()}
    starts = {way.start for way in draft.ways.values() if way.kind == EVENT}
    return [
        node.id
        for node in draft.nodes.values()
        if node.id in starts and node.id not in ends and node.kind not in ("sender", "function")
    ]
