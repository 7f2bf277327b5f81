"""The whole way from boxes and links to places and routes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from remit.draw import order
from remit.draw.columns import columns, forward
from remit.draw.heights import Pull, heights
from remit.draw.nouns import Box, Layout, Link, Point

#: Room between boxes of a column, and around a link that passes it.
ROW, PASS = 18.0, 12.0
#: Room between columns: a least, and so much more for each link in it, up to a most.
GAP, GAP_EACH, GAP_MOST = 62.0, 2.2, 116.0
#: A link that passes columns is kept straight more than others.
_STRAIGHT = 4.0


class _Stops:
    """Boxes and the places where links pass a column, column by column."""

    def __init__(self, boxes: Sequence[Box], links: Sequence[Link], at: Mapping[str, int]) -> None:
        count = max(at.values(), default=-1) + 1
        self.columns: list[list[str]] = [[] for _ in range(count)]
        self.sizes = {box.id: box.height for box in boxes}
        self.gaps = {box.id: ROW for box in boxes}
        self.ties: list[list[order.Tie]] = [[] for _ in range(max(count - 1, 0))]
        self.pulls: list[Pull] = []
        self.chains: list[list[str]] = []
        for box in boxes:
            self.columns[at[box.id]].append(box.id)
        for number, link in enumerate(links):
            self._add(number, link, at)

    def _add(self, number: int, link: Link, at: Mapping[str, int]) -> None:
        chain = [link.start]
        for column in range(at[link.start] + 1, at[link.end]):
            name = f"\0{number}.{column}"
            self.columns[column].append(name)
            self.sizes[name], self.gaps[name] = 0.0, PASS
            chain.append(name)
        chain.append(link.end)
        self.chains.append(chain)
        for step, (start, end) in enumerate(pairwise(chain)):
            out = link.out if step == 0 else 0.0
            into = link.into if step == len(chain) - 2 else 0.0
            tall, deep = self.sizes[start] or 1.0, self.sizes[end] or 1.0
            self.ties[at[link.start] + step].append((start, end, min(out / tall, 0.99), min(into / deep, 0.99)))
            passes = (step > 0) + (step < len(chain) - 2)
            self.pulls.append((start, end, out, into, 1.0 + _STRAIGHT * passes))


def layout(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """Finds a place for every box and a route for every link.

    Args:
        boxes: in the order in which one reads, as far as nothing else decides; ids are unique.
        links: between these boxes, none from a box to itself.
    """
    onward = forward(boxes, links)
    turned = [
        link if ahead else Link(link.end, link.start, link.into, link.out)
        for link, ahead in zip(links, onward, strict=True)
    ]
    at = columns(boxes, [(link.start, link.end) for link in turned])
    stops = _Stops(boxes, turned, at)
    arranged = order.arrange(stops.columns, stops.ties)
    tops = heights(arranged, stops.sizes, stops.gaps, stops.pulls)
    spans = _spans(boxes, at, stops)
    places = {box.id: (spans[at[box.id]][0], tops[box.id]) for box in boxes}
    routes = []
    wide = {box.id: box.width for box in boxes}
    for link, ahead, chain in zip(turned, onward, stops.chains, strict=True):
        route = _route(link, chain, at, tops, spans, wide)
        routes.append(tuple(route if ahead else reversed(route)))
    bottom = max((tops[name] + size for name, size in stops.sizes.items()), default=0.0)
    right = spans[-1][0] + spans[-1][1] if spans else 0.0
    return Layout(places, at, tuple(routes), tuple(spans), right, bottom)


def _spans(boxes: Sequence[Box], at: Mapping[str, int], stops: _Stops) -> list[Point]:
    widths = [0.0] * len(stops.columns)
    for box in boxes:
        widths[at[box.id]] = max(widths[at[box.id]], box.width)
    left = 0.0
    spans: list[Point] = []
    for column, width in enumerate(widths):
        spans.append((left, width))
        busy = len(stops.ties[column]) if column < len(stops.ties) else 0
        left += width + min(GAP + GAP_EACH * busy, GAP_MOST)
    return spans


def _route(
    link: Link,
    chain: Sequence[str],
    at: Mapping[str, int],
    tops: Mapping[str, float],
    spans: Sequence[Point],
    wide: Mapping[str, float],
) -> list[Point]:
    column = at[link.start]
    points: list[Point] = [(spans[column][0] + wide[link.start], tops[link.start] + link.out)]
    for step, name in enumerate(chain[1:-1], 1):
        left, width = spans[column + step]
        points += [(left, tops[name]), (left + width, tops[name])]
    points.append((spans[at[link.end]][0], tops[link.end] + link.into))
    return points
