"""Which column a box stands in: one further right than everything that leads to it."""

from collections.abc import Iterable, Sequence

from remit.draw.nouns import Box, Link


def forward(boxes: Sequence[Box], links: Sequence[Link]) -> list[bool]:
    """For each link whether it goes forward; turning the others round leaves no circle.

    Args:
        boxes: in the order in which one begins to read.
        links: between them.
    """
    ahead: dict[str, list[int]] = {box.id: [] for box in boxes}
    for number, link in enumerate(links):
        ahead[link.start].append(number)
    result = [True] * len(links)
    done: set[str] = set()
    for first in sorted(boxes, key=lambda box: box.least):
        if first.id in done:
            continue
        trail: dict[str, None] = {first.id: None}
        stack = [(first.id, iter(ahead[first.id]))]
        while stack:
            name, rest = stack[-1]
            number = next(rest, -1)
            if number < 0:
                stack.pop()
                trail.pop(name)
                done.add(name)
                continue
            after = links[number].end
            if after in trail:
                result[number] = False
            elif after not in done:
                trail[after] = None
                stack.append((after, iter(ahead[after])))
    return result


def columns(boxes: Sequence[Box], ways: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The column of each box, by the longest way that leads to it; empty columns are left out.

    Args:
        boxes: all of them.
        ways: start and end of links without a circle.
    """
    after: dict[str, list[str]] = {box.id: [] for box in boxes}
    open_: dict[str, int] = dict.fromkeys(after, 0)
    for start, end in ways:
        after[start].append(end)
        open_[end] += 1
    found = {box.id: box.least for box in boxes}
    ready = [name for name in found if not open_[name]]
    for name in ready:  # grows while it is walked
        for end in after[name]:
            found[end] = max(found[end], found[name] + 1)
            open_[end] -= 1
            if not open_[end]:
                ready.append(end)
    used = {column: number for number, column in enumerate(sorted(set(found.values())))}
    return {name: used[column] for name, column in found.items()}
