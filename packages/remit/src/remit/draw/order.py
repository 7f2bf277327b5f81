"""Who stands above whom within a column, so that few links cross."""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

#: A tie between neighbouring columns: left stop, right stop, and how far below their upper edges it ends (0 to 1).
Tie = tuple[str, str, float, float]

_SWEEPS = 12
#: Above these sizes neighbours are not swapped one by one: a drawing as big is not read line by line.
_MOST_STOPS, _MOST_TIES = 260, 420


def arrange(columns: list[list[str]], ties: Sequence[Sequence[Tie]]) -> list[list[str]]:
    """Orders every column.

    Args:
        columns: the stops of each column, in any order (which decides where nothing else does).
        ties: for each column but the last, the ties to the next one.

    Returns:
        The best order that was met.
    """
    best, fewest = [list(column) for column in columns], crossings(columns, ties)
    now = [list(column) for column in columns]
    left, right = _sides(ties)
    small = sum(map(len, columns)) <= _MOST_STOPS and sum(map(len, ties)) <= _MOST_TIES
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        if sweep % 2:
            for number in range(len(now) - 2, -1, -1):
                now[number] = _by_middle(now[number], right, now[number + 1])
        else:
            for number in range(1, len(now)):
                now[number] = _by_middle(now[number], left, now[number - 1])
        if small:
            _swap(now, ties)
        count = crossings(now, ties)
        if count < fewest:
            best, fewest = [list(column) for column in now], count
    return best


def crossings(columns: Sequence[Sequence[str]], ties: Sequence[Sequence[Tie]]) -> int:
    """How many pairs of ties cross."""
    return sum(
        _between(columns[number], columns[number + 1], between) for number, between in enumerate(ties) if between
    )


def _between(left: Sequence[str], right: Sequence[str], ties: Sequence[Tie]) -> int:
    first = {name: row for row, name in enumerate(left)}
    second = {name: row for row, name in enumerate(right)}
    ends = sorted((first[start] + out, second[end] + into) for start, end, out, into in ties)
    count = 0
    seen: list[float] = []
    for number, (_, row) in enumerate(ends):
        count += number - bisect_right(seen, row)
        insort(seen, row)
    return count


Near = dict[str, list[tuple[str, float]]]


def _sides(ties: Sequence[Sequence[Tie]]) -> tuple[Near, Near]:
    left: Near = {}
    right: Near = {}
    for between in ties:
        for start, end, out, into in between:
            left.setdefault(end, []).append((start, out))
            right.setdefault(start, []).append((end, into))
    return left, right


def _by_middle(column: list[str], near: Near, beside: Sequence[str]) -> list[str]:
    row = {name: number for number, name in enumerate(beside)}
    size = max(len(column) - 1, 1)
    scale = max(len(beside) - 1, 1) / size
    wish: dict[str, float] = {}
    for number, name in enumerate(column):
        rows = sorted(row[other] + port for other, port in near.get(name, ()))
        wish[name] = sum(rows) / len(rows) if rows else number * scale
    return sorted(column, key=lambda name: wish[name])  # stable: ties keep their order


def _swap(columns: list[list[str]], ties: Sequence[Sequence[Tie]]) -> None:
    """Swaps neighbours as long as that uncrosses something."""
    left, right = _sides(ties)
    for number, column in enumerate(columns):
        before = _rows(columns[number - 1]) if number else {}
        after = _rows(columns[number + 1]) if number + 1 < len(columns) else {}
        for row in range(len(column) - 1):
            upper, lower = column[row], column[row + 1]
            now = _pair(upper, lower, left, before) + _pair(upper, lower, right, after)
            if now > _pair(lower, upper, left, before) + _pair(lower, upper, right, after):
                column[row], column[row + 1] = lower, upper


def _rows(column: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(column)}


def _pair(upper: str, lower: str, near: Near, rows: Mapping[str, int]) -> int:
    below = [rows[other] + port for other, port in near.get(lower, ())]
    return sum(1 for other, port in near.get(upper, ()) for end in below if rows[other] + port > end)
