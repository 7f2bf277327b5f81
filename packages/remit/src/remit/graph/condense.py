"""A large picture made small: functions in groups, and what only one group touches as one thing with a number on it.

Nothing is left out: every group can be cut out again and drawn by itself, and says how much it stands for.
"""

import posixpath
from collections.abc import Iterator, Sequence

from remit.app.noun import Struct, replace
from remit.graph.nouns import Node, Picture, Way

#: A picture with more functions than this is condensed.
MOST_FUNCTIONS = 36
#: The most functions of one group, and the most groups.
MOST_IN_GROUP = 24
#: Things with the same neighbours are one thing from this number on.
_LEAST_SAME = 2


class Group(Struct, frozen=True):
    """Some functions that belong together: a name, and their logical ids."""

    name: str
    functions: tuple[str, ...]


def groups(whole: Picture) -> tuple[Group, ...]:
    """The functions of a picture in groups: by folder where folders tell them apart, else by what starts them.

    Args:
        whole: the picture; none come out of a small one.
    """
    if len(whole.cards) <= MOST_FUNCTIONS:
        return ()
    by_folder = _by_folder(whole)
    chosen = by_folder if _tells_apart(by_folder, len(whole.cards)) else _by_door(whole)
    return tuple(_cut(chosen))


def _by_folder(whole: Picture) -> dict[str, list[str]]:
    """By the first folder in which their code differs."""
    paths = [posixpath.normpath(card.code or ".").split("/") for card in whole.cards]
    common = len(posixpath.commonprefix([tuple(path) for path in paths]))
    found: dict[str, list[str]] = {}
    for card, path in zip(whole.cards, paths, strict=True):
        found.setdefault("/".join(path[: common + 1]) if len(path) > common else "/".join(path), []).append(
            card.function
        )
    return found


def _tells_apart(found: dict[str, list[str]], functions: int) -> bool:
    return 2 <= len(found) <= max(functions // 3, 2)


def _by_door(whole: Picture) -> dict[str, list[str]]:
    """By what starts them: the first API, else the kind of what they listen to."""
    labels = {node.id: node for node in whole.nodes}
    door: dict[str, str] = {}
    for way in whole.ways:
        end = way.end.partition(":")[2]
        start = labels[way.start]
        if way.end.startswith("function:") and start.kind not in ("sender", "function") and end not in door:
            door[end] = start.label if start.kind == "api" else f"{start.kind}s"
    found: dict[str, list[str]] = {}
    for card in whole.cards:
        found.setdefault(door.get(card.function, "started by nothing here"), []).append(card.function)
    return found


def _cut(found: dict[str, list[str]]) -> Iterator[Group]:
    for name, functions in found.items():
        parts = -(-len(functions) // MOST_IN_GROUP)
        size = -(-len(functions) // parts)
        for number in range(parts):
            mine = functions[number * size : (number + 1) * size]
            yield Group(f"{mine[0]} … {mine[-1]}" if parts > 1 and len(mine) > 1 else name, tuple(mine))


def condensed(whole: Picture, into: Sequence[Group]) -> Picture:
    """The picture with each group as one node.

    Args:
        whole: the picture.
        into: groups that hold all of its functions.
    """
    names = {f"function:{name}": f"group:{group.name}" for group in into for name in group.functions}
    nodes: dict[str, Node] = {node.id: node for node in whole.nodes if node.id not in names}
    for group in into:
        members = tuple(f"function:{name}" for name in group.functions)
        name = f"group:{group.name}"
        paths = sum(1 for attack in whole.attacks if attack.finding.function in group.functions)
        note = f"{len(members)} functions" + (f" · {paths} path{'s' * (paths > 1)}" if paths else "")
        nodes[name] = Node(name, "group", group.name, note, count=len(members), members=members)
    names.update(_same(whole, names, nodes))
    ways: dict[tuple[str, str], Way] = {}
    for way in whole.ways:
        start, end = names.get(way.start, way.start), names.get(way.end, way.end)
        if start != end:
            ways[start, end] = _joined(ways.get((start, end)), way, start, end)
    return replace(
        whole,
        nodes=tuple(
            replace(node, rows=(), note=_counted(node)) if len(node.rows) > 1 else node for node in nodes.values()
        ),
        ways=tuple(ways[key] for key in sorted(ways)),
        attacks=(),
    )


def _same(whole: Picture, names: dict[str, str], nodes: dict[str, Node]) -> dict[str, str]:
    """Puts things of one kind that have the same neighbours into one node; returns who is in which."""
    near: dict[str, set[tuple[bool, str]]] = {}
    for way in whole.ways:
        start, end = names.get(way.start, way.start), names.get(way.end, way.end)
        near.setdefault(way.start, set()).add((True, end))
        near.setdefault(way.end, set()).add((False, start))
    alike: dict[tuple[str, tuple[tuple[bool, str], ...]], list[Node]] = {}
    for node in whole.nodes:
        if node.id in nodes and node.kind not in ("sender", "api"):
            alike.setdefault((node.kind, tuple(sorted(near.get(node.id, ())))), []).append(node)
    found: dict[str, str] = {}
    for (kind, _), members in alike.items():
        if len(members) < _LEAST_SAME:
            continue
        name = f"all:{members[0].id}"
        senders = [node.sender for node in members if node.sender is not None]
        for node in members:
            found[node.id] = name
            del nodes[node.id]
        nodes[name] = Node(
            name, kind, f"{len(members)} {_many(kind)}", f"{members[0].label} …",
            sender=max(senders, default=None), count=len(members), members=tuple(node.id for node in members),
        )  # fmt: skip
    return found


def _counted(node: Node) -> str:
    return f"{len(node.rows)} triggers" if node.kind != "api" else f"{node.note} · {len(node.rows)} routes"


def _many(kind: str) -> str:
    return {"bus": "buses", "files": "file systems", "users": "user pools"}.get(kind, f"{kind}s")


def _joined(old: Way | None, way: Way, start: str, end: str) -> Way:
    if old is None:
        return replace(way, start=start, end=end, row=-1)
    senders = [sender for sender in (old.sender, way.sender) if sender is not None]
    return replace(
        old,
        verbs=tuple(dict.fromkeys((*old.verbs, *way.verbs))),
        functions=tuple(dict.fromkeys((*old.functions, *way.functions))),
        sender=max(senders, default=None),
        attacks=tuple(dict.fromkeys((*old.attacks, *way.attacks))),
        reach=old.reach and way.reach,
    )


def cut_out(whole: Picture, group: Group) -> Picture:
    """One group of a picture: its functions, what starts them and what they touch.

    Args:
        whole: the picture.
        group: one of its groups.
    """
    mine = {f"function:{name}" for name in group.functions}
    inner = [way for way in whole.ways if way.start in mine or way.end in mine]
    doors = {way.start for way in inner} - mine
    let_in = [
        way
        for way in whole.ways
        if way.end in doors and way.start.startswith("sender:") and not set(way.functions).isdisjoint(group.functions)
    ]
    ways = [*let_in, *inner]
    kept = {name for way in ways for name in (way.start, way.end)} | mine
    numbers: dict[tuple[str, int], int] = {}
    nodes = []
    for node in whole.nodes:
        if node.id in kept:
            rows = [number for number, row in enumerate(node.rows) if row.function in group.functions]
            numbers.update({(node.id, old): new for new, old in enumerate(rows)})
            nodes.append(replace(node, rows=tuple(node.rows[number] for number in rows)))
    attacks = tuple(attack for attack in whole.attacks if attack.finding.function in group.functions)
    letters = {attack.letter for attack in attacks}
    return replace(
        whole,
        name=group.name,
        functions=len(group.functions),
        nodes=tuple(nodes),
        ways=tuple(
            replace(
                way,
                row=numbers.get((way.start, way.row), -1),
                attacks=tuple(letter for letter in way.attacks if letter in letters),
            )
            for way in ways
        ),
        attacks=attacks,
        cards=tuple(card for card in whole.cards if card.function in group.functions),
        findings=(),
        apart=(),
    )
