"""One function and what has to do with it: everything that leads there, and everything that it leads to."""

from remit.app.noun import replace
from remit.graph.nouns import Picture, Way


def focused(whole: Picture, function: str) -> Picture:
    """The part of a picture that leads to a function, or that it leads to.

    Args:
        whole: the picture.
        function: logical id of one of its functions.
    """
    here = f"function:{function}"
    before, behind = _walk(whole, here, back=True)
    after, ahead = _walk(whole, here, back=False)
    nodes, ways = before | after, behind | ahead
    rows = {(start, row) for start, _, row in ways if row >= 0}
    kept = tuple(way for way in whole.ways if _key(way) in ways)
    shown = []
    numbers: dict[tuple[str, int], int] = {}
    for node in whole.nodes:
        if node.id not in nodes:
            continue
        mine = [number for number in range(len(node.rows)) if (node.id, number) in rows]
        numbers.update({(node.id, old): new for new, old in enumerate(mine)})
        shown.append(replace(node, rows=tuple(node.rows[number] for number in mine)))
    names = {node.id.partition(":")[2] for node in shown if node.kind == "function"}
    attacks = tuple(
        attack for attack in whole.attacks if attack.finding.function in names and set(attack.nodes) & {here}
    )
    letters = {attack.letter for attack in attacks}
    return replace(
        whole,
        nodes=tuple(shown),
        ways=tuple(
            replace(
                way,
                row=numbers.get((way.start, way.row), -1),
                attacks=tuple(letter for letter in way.attacks if letter in letters),
            )
            for way in kept
        ),
        attacks=attacks,
        cards=tuple(card for card in whole.cards if card.function in names),
        findings=(),
        apart=(),
    )


def _key(way: Way) -> tuple[str, str, int]:
    return way.start, way.end, way.row


def _walk(whole: Picture, start: str, *, back: bool) -> tuple[set[str], set[tuple[str, str, int]]]:
    near: dict[str, list[Way]] = {}
    for way in whole.ways:
        near.setdefault(way.end if back else way.start, []).append(way)
    nodes = {start}
    ways: set[tuple[str, str, int]] = set()
    open_ = [start]
    while open_:
        here = open_.pop()
        for way in near.get(here, ()):
            if back and way.start.startswith("sender:") and not set(way.functions) & _names(nodes):
                continue  # it may use this API, but not what leads here
            ways.add(_key(way))
            there = way.start if back else way.end
            if there not in nodes:
                nodes.add(there)
                open_.append(there)
    return nodes, ways


def _names(nodes: set[str]) -> set[str]:
    return {name.partition(":")[2] for name in nodes if name.startswith("function:")}
