"""What is known about each node, as articles: shown beside the picture when one is chosen, all of them without a script."""

from collections.abc import Iterable

from remit.app.location import Location
from remit.app.report import Finding
from remit.graph.nouns import Card, Node, Picture
from remit.render._totals import plural
from remit.render.graph._mark import dom, tag, text

_MOST = 60


def facts(app: Picture, prefix: str, shown: str) -> str:
    """An article for every node of a picture."""
    cards = {f"function:{card.function}": card for card in app.cards}
    parts = []
    for node in app.nodes:
        card = cards.get(node.id)
        body = _card(app, card, prefix, shown) if card is not None else _other(app, node, prefix, shown)
        parts.append(f'<article id="about-{dom(prefix, node.id)}" tabindex="-1">{_title(node)}{body}</article>')
    rest = f"<p>In the template, but no way leads there: {text(', '.join(app.apart))}.</p>" if app.apart else ""
    loose = _findings(app.findings, shown)
    loose = f"<article><h3>Findings about the app as a whole</h3>{loose}</article>" if loose else ""
    return f'<section class="facts"><h2>Everything in the picture</h2>{rest}{"".join(parts)}{loose}</section>'


def _title(node: Node) -> str:
    icon = node.kind if node.kind != "sender" else node.id.partition(":")[2]
    return (
        f'<h3><svg viewBox="0 0 16 16" class="icon" aria-hidden="true"><use href="#i-{text(icon)}"/></svg>'
        f'{text(node.label)}</h3><p class="kind">{text(node.note if node.kind != "function" else "function")}</p>'
    )


def _place(location: Location | None, shown: str) -> str:
    return f'<code class="place">{text(f"{shown}{location}")}</code>' if location is not None else ""


def _list(items: Iterable[str], most: int = _MOST) -> str:
    found = list(items)
    more = f"<li>and {len(found) - most} more</li>" if len(found) > most else ""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in found[:most])}{more}</ul>"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{text(name)}</dt><dd>{value}</dd>" for name, value in rows if value) + "</dl>"


def _link(app: Picture, name: str, prefix: str) -> str:
    label = app.label(name)
    return tag("a", text(label), href=f"#{dom(prefix, name)}") if label else text(name.rpartition(":")[2])


def _card(app: Picture, card: Card, prefix: str, shown: str) -> str:
    handler = f"<code>{text(card.handler or 'not known')}</code>"
    where = f"{handler} {text(card.runtime)}" + (f" in <code>{text(card.code)}</code>" if card.code else "")
    compare = ""
    if card.granted >= 0:
        needed = f"the code needs {card.needed}" if card.needed >= 0 else "what the code needs is not known"
        compare = f"{plural(card.granted, 'action')} granted, {needed}"
    role = text(card.role) or "not in the template"
    if card.role_shared > 1:
        role += f", shared by {card.role_shared} functions"
    env = _list(
        f"<code>{text(name)}</code>" + (f" → {_resource(app, target, prefix)}" if target else "")
        for name, target in card.environment
    ) if card.environment else ""  # fmt: skip
    rows = [
        ("code", f"{where} {_place(card.location, shown)}"),
        ("not read", f'<span class="warn">{text(card.gap)}</span>' if card.gap else ""),
        ("starts by", _triggers(app, card.function, prefix, shown)),
        ("role", f"{role}<br><span class=\"power p{card.power.level}\">{text(card.power.word)}</span>"),
        ("actions", compare),
        ("reach", _list(text(phrase) for phrase in card.reach) if card.reach else ""),
        ("not known", _list(text(name) for name in card.opaque) if card.opaque else ""),
        ("touches", _list(
            f"{_link(app, name, prefix)} {text(', '.join(verbs) or 'named only')} {_place(location, shown)}"
            for name, verbs, location in card.uses
        ) if card.uses else ""),
        ("environment", env),
        ("unresolved", _list(
            f"{text(said)} {_place(location, shown)}" for said, location in card.unresolved
        ) if card.unresolved else ""),
    ]  # fmt: skip
    return _table(rows) + _findings(card.findings, shown)


def _resource(app: Picture, target: str, prefix: str) -> str:
    for name in (f"resource:{target}", f"function:{target}"):
        if app.label(name):
            return _link(app, name, prefix)
    return text(target)


def _triggers(app: Picture, function: str, prefix: str, shown: str) -> str:
    rows = [
        f"{text(row.name)} {_who(row.sender.phrase, row.authorizer, row.because)} {_place(row.location, shown)}"
        for node in app.nodes
        for row in node.rows
        if row.function == function
    ]
    here = f"function:{function}"
    rows += [
        f"{_link(app, way.start, prefix)} {text(', '.join(way.verbs))} {_place(way.location, shown)}"
        for way in app.ways
        if way.end == here and way.row < 0
    ]
    return _list(rows) if rows else "nothing in this template"


def _who(phrase: str, authorizer: str, because: tuple[str, ...]) -> str:
    said = f"by {phrase}" + (f", checked by {authorizer}" if authorizer else "")
    said += f": {'; '.join(because)}" if because else ""
    return f'<span class="who">{text(said)}</span>'


def _other(app: Picture, node: Node, prefix: str, shown: str) -> str:
    into = [way for way in app.ways if way.end == node.id]
    out = [way for way in app.ways if way.start == node.id]
    rows = [
        ("declared", _place(node.location, shown)),
        ("triggers", _list(
            f"{text(row.name)} → {_link(app, f'function:{row.function}', prefix)} "
            f"{_who(row.sender.phrase, row.authorizer, row.because)} {_place(row.location, shown)}"
            for row in node.rows
        ) if node.rows else ""),
        ("used by", _list(
            f"{_link(app, way.start, prefix)} {text(', '.join(way.verbs))}"
            f"{' only by a role that was taken over' if way.reach else ''} {_place(way.location, shown)}"
            for way in into
        ) if into else ""),
        ("leads to", _list(
            f"{_link(app, way.end, prefix)} {text(', '.join(way.verbs))}" for way in out if way.row < 0
        ) if any(way.row < 0 for way in out) else ""),
    ]  # fmt: skip
    return _table(rows)


def _findings(findings: tuple[Finding, ...], shown: str) -> str:
    if not findings:
        return ""
    items = _list(
        f'<span class="{finding.severity.word} severity">{finding.severity.word}</span> {text(finding.message)} '
        f"{_place(finding.location, shown)}"
        for finding in findings
    )
    return f"<h4>Findings</h4>{items}"
