"""Boxes, links, and where they end up; all sizes are CSS pixels at scale 1."""

from collections.abc import Mapping

from remit.app.noun import Struct

Point = tuple[float, float]


class Box(Struct, frozen=True):
    """Something that takes room.

    Args:
        id: unique in the drawing.
        width, height: its size.
        least: the first column it may stand in, from 0.
    """

    id: str
    width: float
    height: float
    least: int = 0


class Link(Struct, frozen=True):
    """A way from the right side of one box to the left side of another.

    Args:
        start, end: ids of boxes.
        out, into: how far below the upper edge it leaves and arrives.
    """

    start: str
    end: str
    out: float = 0
    into: float = 0


class Layout(Struct, frozen=True):
    """The drawing.

    Args:
        places: upper left corner of every box.
        columns: column of every box.
        routes: for each link, in their order, the points it goes through: ends and the two sides of every column it passes.
        spans: left edge and width of every column.
        width, height: size of everything, without a margin.
    """

    places: Mapping[str, Point]
    columns: Mapping[str, int]
    routes: tuple[tuple[Point, ...], ...]
    spans: tuple[Point, ...]
    width: float
    height: float
