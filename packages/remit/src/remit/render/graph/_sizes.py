"""How large each node is, and where on it ways begin and end."""

from collections.abc import Iterable, Mapping

from remit.app.noun import Struct, field
from remit.graph.nouns import Card, Node, Way
from remit.render.graph._measure import width as measure

HEAD, LINE, FOOT = 46.0, 21.0, 7.0
WIDTHS = {"sender": 166.0, "function": 200.0, "api": 222.0, "group": 200.0}
#: Of every other kind; those with a list of triggers are as wide as an API.
WIDTH = 176.0
#: Lines of a list that are drawn; the rest is counted.
MOST_ROWS = 44
MOST_ATTACKS = 3


class Shape(Struct, frozen=True):
    """The measures of one node.

    Args:
        width, height: in pixels.
        rows: index of a trigger -> height of the middle of its line.
        attacks: letter -> height of the middle of its line, for a function.
        into: height at which ways arrive.
        hidden: how many lines are only counted.
    """

    width: float
    height: float
    rows: Mapping[int, float] = field(default_factory=dict)
    attacks: Mapping[str, float] = field(default_factory=dict)
    into: float = HEAD / 2
    hidden: int = 0


#: No node is wider than this; longer names are cut.
_WIDEST = {"function": 256.0, "group": 256.0, "api": 256.0, "other": 204.0}
_BESIDE = 46.0


def widths(nodes: Iterable[Node]) -> dict[str, float]:
    """The width of each kind of node: wide enough for its names, within reason, and the same for all of a kind."""
    found: dict[str, float] = {}
    for node in nodes:
        kind = _kind(node)
        needed = min(measure(node.label, 12.5, bold=True) + _BESIDE, _WIDEST[kind]) if kind != "sender" else 0.0
        found[kind] = max(found.get(kind, WIDTHS.get(kind, WIDTH)), needed)
    return found


def _kind(node: Node) -> str:
    return node.kind if node.kind in WIDTHS else "other"


def shape(node: Node, card: Card | None, passing: tuple[str, ...], wide: Mapping[str, float], *, listed: bool) -> Shape:
    """The measures of a node.

    Args:
        node: the node.
        card: of the function it is, if it is one.
        passing: letters of attack paths that end in it or pass it, for a function.
        wide: width of each kind.
        listed: whether its triggers are told line by line.
    """
    if node.kind == "function" and card is not None:
        return _function(passing, wide["function"])
    if listed and node.rows:
        count = min(len(node.rows), MOST_ROWS)
        hidden = len(node.rows) - count
        middle = {number: HEAD + (number + 0.5) * LINE for number in range(count)}
        last = HEAD + (count + 0.5) * LINE
        middle.update(dict.fromkeys(range(count, len(node.rows)), last))
        return Shape(
            max(WIDTHS["api"], wide[_kind(node)]), HEAD + (count + bool(hidden)) * LINE + FOOT, middle, hidden=hidden
        )
    return Shape(wide[_kind(node)], HEAD)


def _function(passing: tuple[str, ...], wide: float) -> Shape:
    count = min(len(passing), MOST_ATTACKS)
    hidden = len(passing) - count
    lines = {letter: HEAD + (number + 0.5) * LINE for number, letter in enumerate(passing[:count])}
    lines.update(dict.fromkeys(passing[count:], HEAD + (count + 0.5) * LINE))
    height = HEAD + (count + bool(hidden)) * LINE + (4 if passing else 0)
    return Shape(wide, height, attacks=lines, hidden=hidden)


def out(way: Way, of: Shape) -> float:
    """How far below the upper edge of its first node a way begins."""
    if way.row in of.rows:
        return of.rows[way.row]
    for letter in way.attacks:
        if letter in of.attacks:
            return of.attacks[letter]
    return of.into
