"""One picture as SVG: columns from who can send to what is touched, attack paths on top in red."""

from collections.abc import Mapping, Sequence

from remit.app.noun import Struct
from remit.draw import Box, Layout, Link, layout
from remit.draw.nouns import Point
from remit.graph import kinds
from remit.graph.nouns import EVENT, Attack, Node, Picture, Way
from remit.render.graph import _nodes
from remit.render.graph._mark import dom, tag, text, words
from remit.render.graph._sizes import Shape, out, shape, widths

_MARGIN, _TOP = 16.0, 40.0
_ARROW = 7.0
#: Drawings up to this width are fitted to the page; the others are shown at a smallest scale.
_WIDEST, _SMALLEST = 1750.0, 0.85


class Drawing(Struct, frozen=True):
    """A picture ready to be written.

    Args:
        picture: what is drawn.
        prefix: of every id in the page.
        shapes: node id -> its measures.
        ways: those that are drawn; several triggers between the same two nodes are one where they are not listed.
        layout: places and routes, in the order of ``ways``.
        steps: node id -> its steps on attack paths: letter and number.
        hot: ids of nodes that an attack path leads through.
    """

    picture: Picture
    prefix: str
    shapes: dict[str, Shape]
    ways: tuple[Way, ...]
    layout: Layout
    steps: dict[str, list[tuple[str, int]]]
    hot: frozenset[str]


def drawing(picture: Picture, prefix: str) -> Drawing:
    """Measures a picture and finds a place for everything."""
    steps = _steps(picture.attacks)
    passing: dict[str, tuple[str, ...]] = {
        name: tuple(letter for letter, _ in found) for name, found in steps.items() if name.startswith("function:")
    }
    cards = {f"function:{card.function}": card for card in picture.cards}
    wide = widths(picture.nodes)
    shapes = {
        node.id: shape(node, cards.get(node.id), passing.get(node.id, ()), wide, listed=_nodes.listed(node))
        for node in picture.nodes
    }
    ways = _drawn(picture)
    feeding = {way.start for way in ways if way.kind == EVENT}
    hot = frozenset(name for way in ways if way.attacks for name in (way.start, way.end))
    boxes = [
        Box(node.id, shapes[node.id].width, shapes[node.id].height, _least(node, feeding)) for node in picture.nodes
    ]
    links = [Link(way.start, way.end, out(way, shapes[way.start]), shapes[way.end].into) for way in ways]
    return Drawing(picture, prefix, shapes, ways, layout(boxes, links), steps, hot)


def _least(node: Node, feeding: set[str]) -> int:
    if node.kind == "sender":
        return 0
    if node.kind in ("function", "group"):
        return 2
    return 1 if node.id in feeding else 3


def _steps(attacks: Sequence[Attack]) -> dict[str, list[tuple[str, int]]]:
    """Node -> the steps that happen there; what the role opens has the number of the last step."""
    found: dict[str, list[tuple[str, int]]] = {}
    for attack in attacks:
        at = {step.node: number for number, step in enumerate(attack.steps, 1)}
        for name in attack.nodes:
            found.setdefault(name, []).append((attack.letter, at.get(name, len(attack.steps))))
    return found


def _drawn(picture: Picture) -> tuple[Way, ...]:
    """The ways that are worth a line: not the fetching of what an event told of, and no way twice."""
    listed = {node.id for node in picture.nodes if _nodes.listed(node)}
    fed = {(way.start, way.end) for way in picture.ways if way.kind == EVENT}
    found: dict[tuple[str, str, int], Way] = {}
    for way in picture.ways:
        if way.start == way.end:
            continue
        back = (
            (way.end, way.start) in fed and way.kind != EVENT and set(way.verbs) <= kinds.FETCHING and not way.attacks
        )
        key = (way.start, way.end, way.row if way.start in listed else -1)
        if not back:
            found[key] = _joined(found[key], way) if key in found else way
    return tuple(found.values())


def _joined(first: Way, second: Way) -> Way:
    from remit.app.noun import replace

    senders = [way.sender for way in (first, second) if way.sender is not None]
    return replace(
        first,
        attacks=tuple(dict.fromkeys((*first.attacks, *second.attacks))),
        functions=tuple(dict.fromkeys((*first.functions, *second.functions))),
        sender=max(senders, default=None),
    )


def svg(sketch: Drawing, label: str, links: Mapping[str, str]) -> str:
    """The picture as an SVG element.

    Args:
        sketch: the picture with its places.
        label: what it shows, for those who cannot see it.
        links: node id -> id of the element that tells more about it; of all others it is their own facts.
    """
    width = sketch.layout.width + 2 * _MARGIN
    height = sketch.layout.height + _TOP + _MARGIN
    order = sorted(range(len(sketch.ways)), key=lambda number: (bool(sketch.ways[number].attacks), number))
    ways = "".join(_way(sketch, number) for number in order)
    nodes = "".join(_node(sketch, node, links) for node in sketch.picture.nodes)
    body = f'<title>{text(label)}</title>{_heads(sketch)}<g class="ways">{ways}</g><g class="nodes">{nodes}</g>'
    box = f"0 0 {width:.0f} {height:.0f}"
    # What would be too small to read at the width of a page keeps its size, and is scrolled.
    large = width > _WIDEST
    scale = _SMALLEST if large else 1.0
    return tag(
        "svg", body, viewBox=box, width=f"{width * scale:.0f}", height=f"{height * scale:.0f}", role="group", aria_label=label,
        class_="graph large" if large else "graph",
    )  # fmt: skip


def _heads(sketch: Drawing) -> str:
    """What each column holds."""
    columns = sketch.layout.columns
    kinds_of: dict[int, list[str]] = {}
    for node in sketch.picture.nodes:
        kinds_of.setdefault(columns[node.id], []).append(node.kind)
    heads = []
    ran = touched = False
    for number, (left, _) in enumerate(sketch.layout.spans):
        mine = kinds_of.get(number, [])
        runs = sum(kind in ("function", "group") for kind in mine) * 2 > len(mine)
        if "sender" in mine:
            word = "Who can send"
        elif runs:
            word = "What that starts" if ran else "What runs"
        elif not ran:
            word = "Where it comes in"
        elif touched:
            word = "What that starts" if any(kind in ("function", "group") for kind in mine) else "What that touches"
        else:
            word, touched = "What it touches", True
        ran = ran or runs
        heads.append(words(word, left + _MARGIN, 22, "head"))
    return "".join(heads)


def _way(sketch: Drawing, number: int) -> str:
    way = sketch.ways[number]
    points = [(x + _MARGIN, y + _TOP) for x, y in sketch.layout.routes[number]]
    line = _line(points)
    (before, _), (x, y) = points[-2], points[-1]
    by = -_ARROW if x > before else _ARROW
    arrow = f"M{x + by:.1f} {y - 4:.1f}L{x:.1f} {y:.1f}L{x + by:.1f} {y + 4:.1f}z"
    sender = f"s-{kinds.SENDERS[way.sender][0]}" if way.sender is not None else "s-none"
    classes = ["way", way.kind, sender, *(["attack"] if way.attacks else []), *(["reach"] if way.reach else [])]
    start, end = (sketch.picture.label(name) for name in (way.start, way.end))
    said = f"{start} → {end}" + (f": {', '.join(way.verbs)}" if way.verbs else "")
    return tag(
        "g",
        f"<title>{text(said)}</title>" + tag("path", d=line, class_="line") + tag("path", d=arrow, class_="tip"),
        class_=" ".join(classes),
        data_from=dom(sketch.prefix, way.start),
        data_to=dom(sketch.prefix, way.end),
        data_for=" ".join(dom(sketch.prefix, f"function:{name}") for name in way.functions),
        data_row=way.row if way.row >= 0 else None,
        data_paths=" ".join(way.attacks),
    )


def _line(points: Sequence[Point]) -> str:
    x, y = points[0]
    parts = [f"M{x:.1f} {y:.1f}"]
    for number, (right, low) in enumerate(points[1:]):
        if number % 2:  # through a column: straight
            parts.append(f"L{right:.1f} {low:.1f}")
        else:
            bend = (right - x) * 0.5
            parts.append(f"C{x + bend:.1f} {y:.1f} {right - bend:.1f} {low:.1f} {right:.1f} {low:.1f}")
        x, y = right, low
    return "".join(parts)


def _node(sketch: Drawing, node: Node, links: Mapping[str, str]) -> str:
    x, y = sketch.layout.places[node.id]
    body = _nodes.body(sketch.picture, node, sketch.shapes[node.id], sketch.steps.get(node.id, []))
    card = sketch.picture.card(node.id.removeprefix("function:")) if node.kind == "function" else None
    classes = ["node", node.kind]
    if node.kind in kinds.STORES:
        classes.append("store")
    if card is not None and card.gap:
        classes.append("unread")
    if node.id in sketch.steps or node.id in sketch.hot:
        classes.append("attack")
    name = dom(sketch.prefix, node.id)
    return tag(
        "a",
        body,
        href=f"#{links.get(node.id, f'about-{name}')}",
        id=name,
        class_=" ".join(classes),
        transform=f"translate({x + _MARGIN:.1f} {y + _TOP:.1f})",
        data_word=kinds.SENDERS[node.sender][0] if node.kind == "sender" and node.sender is not None else "",
        data_paths=" ".join(letter for letter, _ in sketch.steps.get(node.id, [])),
        aria_label=_nodes.said(node, card),
    )
