"""How high each stop stands: near what it is tied to, in the order that was found, without touching its neighbours."""

from collections import Counter
from collections.abc import Mapping, Sequence

#: A tie with its ends in pixels below the upper edges, and its weight.
Pull = tuple[str, str, float, float, float]
_Near = dict[str, list[tuple[str, float, float]]]
_ROUNDS = 10
#: Ties to one side from which on something is tied to many.
_MANY = 10


def heights(
    columns: Sequence[Sequence[str]],
    sizes: Mapping[str, float],
    gaps: Mapping[str, float],
    pulls: Sequence[Pull],
) -> dict[str, float]:
    """The upper edge of each stop.

    Args:
        columns: stops from top to bottom.
        sizes: heights of stops.
        gaps: room below each stop.
        pulls: ties between neighbouring columns.
    """
    near: _Near = {}
    left: _Near = {}
    right: _Near = {}
    outs, ins = Counter(pull[0] for pull in pulls), Counter(pull[1] for pull in pulls)
    for start, end, out, into, weight in pulls:
        # What is tied to many follows them, and does not draw them together.
        if ins[end] <= _MANY:
            near.setdefault(start, []).append((end, into - out, weight))
            right.setdefault(start, []).append((end, into - out, weight))
        if outs[start] <= _MANY:
            near.setdefault(end, []).append((start, out - into, weight))
            left.setdefault(end, []).append((start, out - into, weight))
    sides = (left, right)
    found: dict[str, float] = {}
    for column in columns:
        at = 0.0
        for name in column:
            found[name] = at
            at += sizes[name] + gaps[name]
        middle = at / 2
        for name in column:
            found[name] -= middle
    for turn in range(_ROUNDS):
        last = turn >= _ROUNDS - 2
        order = range(len(columns)) if turn % 2 == 0 else range(len(columns) - 1, -1, -1)
        side = near if last else sides[turn % 2]
        for number in order:
            _settle(columns[number], found, sizes, gaps, side)
    top = min(found.values(), default=0.0)
    return {name: round(at - top, 1) for name, at in found.items()}


def _wish(pull: Sequence[tuple[str, float, float]], weight: float, found: Mapping[str, float]) -> float:
    """In the middle of what it is tied to; what is tied to many begins where they begin, so that one finds it first."""
    wishes = [(found[other] + by, force) for other, by, force in pull]
    if len(wishes) > _MANY:
        return min(wish for wish, _ in wishes)
    return sum(wish * force for wish, force in wishes) / weight


def _settle(
    column: Sequence[str],
    found: dict[str, float],
    sizes: Mapping[str, float],
    gaps: Mapping[str, float],
    near: Mapping[str, list[tuple[str, float, float]]],
) -> None:
    """The nearest places to those wished for that keep order and distance: pools of stops that touch share their error."""
    pools: list[list[float]] = []  # sum of weight * wish, weight, members
    shift = 0.0
    shifts = []
    for name in column:
        pull = near.get(name, ())
        weight = sum(item[2] for item in pull) or 0.2
        wish = _wish(pull, weight, found) if pull else found[name]
        pools.append([(wish - shift) * weight, weight, 1])
        shifts.append(shift)
        shift += sizes[name] + gaps[name]
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, weight, members = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += weight
            pools[-1][2] += members
    places = iter(zip(column, shifts, strict=True))
    for total, weight, members in pools:
        for _ in range(int(members)):
            name, shift = next(places)
            found[name] = total / weight + shift
