"""The inside of each node: what it is (a drawing and a word), what it is called, and what matters about it."""

from remit.graph import kinds
from remit.graph.nouns import Attack, Card, Node, Picture, Row
from remit.render._totals import plural
from remit.render.graph._mark import tag, text, use, words
from remit.render.graph._measure import fit, fit_mono, width
from remit.render.graph._sizes import HEAD, MOST_ATTACKS, Shape

_LEFT = 36.0
_CHIP = 15.0


def listed(node: Node) -> bool:
    """Whether the triggers of a node are told line by line."""
    return bool(node.rows) and (node.kind in kinds.LISTED or node.id.startswith("door:"))


def said(node: Node, card: Card | None) -> str:
    """A node in one phrase, for those who hear the picture."""
    parts = [f"{node.kind} {node.label}" if node.kind != "sender" else f"sender: {node.label} {node.note}"]
    if card is not None:
        parts.append(f"role: {card.power.word}")
        if card.attacks:
            parts.append(plural(len(card.attacks), "attack path"))
    if node.rows:
        parts.append(plural(len(node.rows), "trigger"))
    return ", ".join(parts)


def body(picture: Picture, node: Node, shape: Shape, steps: list[tuple[str, int]]) -> str:
    """Everything inside a node, its upper left corner at 0, 0.

    Args:
        picture: the whole.
        node: the node.
        shape: its measures.
        steps: letters and numbers of the steps of attack paths that happen there.
    """
    parts = [f"<title>{text(f'{node.label} ({node.note})' if node.note else node.label)}</title>", _frame(node, shape)]
    if node.kind == "sender":
        return "".join([*parts, *_sender(node, shape), *(_chip("1", shape.width - 29, 16) if steps else [])])
    card = picture.card(node.id.removeprefix("function:")) if node.kind == "function" else None
    parts.append(use(node.kind, 12, 14))
    chips = [] if card is not None or listed(node) else _marks(steps)
    room = shape.width - _LEFT - 8
    parts.append(words(fit(node.label, room, 12.5, bold=True), _LEFT, 20 if node.note else 28, "name"))
    if card is None:
        parts.append(words(fit(node.note, room - _room(chips), 11), _LEFT, 35, "note"))
    parts += _chips(chips, shape.width - 8, 32)
    if card is not None:
        parts += _function(picture, card, shape, steps)
    elif listed(node):
        parts += _rows(picture, node, shape)
    return "".join(parts)


def _frame(node: Node, shape: Shape) -> str:
    round_ = {"sender": shape.height / 2, "function": 10.0, "group": 10.0}.get(node.kind, 4.0)
    frame = tag("rect", width=shape.width, height=shape.height, rx=round_, class_="frame")
    if node.kind == "group":
        frame = tag("rect", width=shape.width, height=shape.height, x=5.0, y=5.0, rx=round_, class_="frame") + frame
    if node.kind in kinds.STORES:
        low = shape.height - 4
        frame += tag("path", d=f"M4 {low:.1f}H{shape.width - 4:.1f}", class_="rim")
    return frame


def _sender(node: Node, shape: Shape) -> list[str]:
    word = kinds.SENDERS[node.sender][0] if node.sender is not None else "app"
    return [
        use(word, 14, 15, class_=f"icon s-{word}"),
        words(fit(node.label, shape.width - 48, 12.5, bold=True), 38, 20, "name"),
        words(fit(node.note, shape.width - 48, 10.5), 38, 34, "note"),
    ]


def _function(picture: Picture, card: Card, shape: Shape, steps: list[tuple[str, int]]) -> list[str]:
    level = card.power.level
    badge = card.power.word + (" · code not read" if card.gap else "")
    room = shape.width - _LEFT - 26
    parts = [
        use(f"level{level}", _LEFT - 1, 25.5, 12, f"icon power p{level}"),
        words(fit(badge, room, 11), _LEFT + 15, 35, f"power p{level}"),
    ]
    attacks = {attack.letter: attack for attack in picture.attacks}
    for letter, number in steps[:MOST_ATTACKS]:
        middle = shape.attacks[letter]
        mark = f"{letter}{number}"
        parts.append(tag("rect", x=5.0, y=middle - 9.5, width=shape.width - 10, height=19, rx=5, class_="strip"))
        parts += _chip(mark, 9, middle)
        wide = _wide(mark) + 16
        parts.append(words(fit(_what(attacks[letter], card), shape.width - wide - 12, 11.5), wide, middle + 4, "sink"))
    if shape.hidden:
        middle = shape.attacks[steps[-1][0]]
        parts.append(words(f"and {plural(shape.hidden, 'more path')}", _LEFT, middle + 4, "sink"))
    return parts


def _what(attack: Attack, card: Card) -> str:
    return attack.short if attack.finding.function == card.function else "passes it on"


def _rows(picture: Picture, node: Node, shape: Shape) -> list[str]:
    marks = _row_marks(picture, node)
    parts = [tag("path", d=f"M10 {HEAD - 2:.1f}H{shape.width - 10:.1f}", class_="rule")]
    for number, row in enumerate(node.rows):
        middle = shape.rows[number]
        if shape.hidden and middle == shape.rows[len(node.rows) - 1]:
            break
        parts.append(_row(number, row, marks.get(number, []), shape, middle))
    if shape.hidden:
        middle = shape.rows[len(node.rows) - 1]
        parts.append(words(f"and {shape.hidden} more", _LEFT, middle + 4, "note"))
    return parts


def _row(number: int, row: Row, marks: list[str], shape: Shape, middle: float) -> str:
    word = kinds.SENDERS[row.sender][0]
    chips = marks[:2] + ([f"+{len(marks) - 2}"] if len(marks) > 2 else [])
    room = shape.width - _LEFT - 8 - _room(chips)
    told = f"{row.name} · {row.sender.phrase}" + (f" · {row.authorizer}" if row.authorizer else "")
    inner = [
        f"<title>{text(told)}</title>",
        use(word, 14, middle - 6.5, 13, f"icon s-{word}"),
        words(fit_mono(row.name.removeprefix("events of rule "), room, 11), _LEFT, middle + 4, f"row s-{word}"),
        *_chips(chips, shape.width - 8, middle),
    ]
    return tag("g", "".join(inner), class_="trigger", data_sender=word, data_row=number)


def _row_marks(picture: Picture, node: Node) -> dict[int, list[str]]:
    """Trigger -> the steps of attack paths that come in by it."""
    number_of = {
        attack.letter: number
        for attack in picture.attacks
        for number, step in enumerate(attack.steps, 1)
        if step.node == node.id
    }
    found: dict[int, list[str]] = {}
    for way in picture.ways:
        if way.start == node.id and way.row >= 0:
            found[way.row] = [f"{letter}{number_of[letter]}" for letter in way.attacks if letter in number_of]
    return found


def _marks(steps: list[tuple[str, int]]) -> list[str]:
    marks = [f"{letter}{number}" for letter, number in steps]
    return marks if len(marks) <= 2 else [marks[0], f"+{len(marks) - 1}"]


def _wide(mark: str) -> float:
    return max(width(mark, 10, bold=True) + 8, _CHIP + 4)


def _room(marks: list[str]) -> float:
    return sum(_wide(mark) + 3 for mark in marks) + (4 if marks else 0)


def _chips(marks: list[str], right: float, middle: float) -> list[str]:
    parts: list[str] = []
    for mark in reversed(marks):
        right -= _wide(mark)
        parts += _chip(mark, right, middle)
        right -= 3
    return parts


def _chip(mark: str, x: float, middle: float) -> list[str]:
    wide = _wide(mark)
    return [
        tag("rect", x=x, y=middle - _CHIP / 2, width=wide, height=_CHIP, rx=_CHIP / 2, class_="chip"),
        words(mark, x + wide / 2, middle + 3.6, "mark", "middle"),
    ]
