"""The graph for a terminal: attack paths first, then who can send what to which function, and what that touches."""

from textwrap import wrap

from remit.app.model import Sender
from remit.graph import kinds
from remit.graph.nouns import EVENT, Attack, Card, Node, Picture, Pictures, Row, Way
from remit.render._excerpt import clean
from remit.render._ink import Ink
from remit.render._totals import plural

_MOST_ROWS = 40
_STYLE = {Sender.ANYONE: "medium", Sender.AUTHENTICATED: "info"}


def render(pictures: Pictures, *, colour: bool = False, width: int = 100, verbose: bool = False) -> str:
    """Writes the graph for people.

    Args:
        pictures: the apps.
        colour: whether to use ANSI styles.
        width: columns of the terminal; at least 60 are used.
        verbose: also say what no way leads to, and every line of long lists.

    Returns:
        Lines ending with a newline.
    """
    lines: list[str] = []
    for app in pictures.apps:
        page = _Page(app, Ink(colour), max(width, 60), verbose=verbose)
        lines += [*page.lines(), ""]
    gaps = sum(1 for skip in pictures.skips if skip.blind) + len(pictures.failures)
    said = [plural(sum(app.functions for app in pictures.apps), "function")]
    said.append(plural(sum(len(app.attacks) for app in pictures.apps), "attack path"))
    if gaps:
        said.append(f"incomplete: {plural(gaps, 'thing')} could not be examined")
    if not pictures.code:
        said.append("code not read, as asked: no paths through it")
    said.append("a picture: remit graph --format html -o graph.html")
    lines += wrap(" · ".join(said), max(width, 60))
    return "\n".join(lines) + "\n"


class _Page:
    """Writes one app."""

    def __init__(self, app: Picture, ink: Ink, width: int, *, verbose: bool) -> None:
        self.app = app
        self.ink = ink
        self.width = width
        self.most = 10**9 if verbose else _MOST_ROWS
        self.verbose = verbose
        self.nodes = {node.id: node for node in app.nodes}
        self.cards = {f"function:{card.function}": card for card in app.cards}
        self.out: dict[str, list[Way]] = {}
        for way in app.ways:
            self.out.setdefault(way.start, []).append(way)
        self.told: set[str] = set()

    def lines(self) -> list[str]:
        """Everything about the app."""
        app = self.app
        sizes = (plural(app.functions, "function"), plural(app.triggers, "trigger"), plural(app.resources, "resource"))
        found = [f"{self.ink('bold', clean(app.name))}   {app.form} · {' · '.join(sizes)} · {clean(app.template)}", ""]
        for attack in app.attacks:
            found += self.attack(attack)
        if app.attacks:
            found.append("")
        for node in app.nodes:
            if node.kind == "sender" and node.sender is not None:
                found += self.sender(node, node.sender)
        found += self.rest()
        if app.apart and self.verbose:
            found += ["", *wrap(f"no way leads to {clean(', '.join(app.apart))}", self.width)]
        return found

    def attack(self, attack: Attack) -> list[str]:
        """``A critical  anyone → POST /orders → Orders: shell injection``, and where."""
        finding = attack.finding
        _, *steps = [step.text for step in attack.steps if step.node]
        last = f"{steps[-1]}: {attack.short}"
        sender = self.nodes.get(attack.nodes[0])
        who = sender.label if sender is not None and sender.kind == "sender" else "This account"
        way = " → ".join((who, *steps[:-1], last))
        head = f"{attack.letter:>2} {finding.severity.word:<9}"
        first, *more = wrap(
            clean(f"{way}  {finding.location}"), self.width - len(head) - 1, break_on_hyphens=False
        ) or [""]
        pad = " " * (len(head) + 1)
        return [f"{self.ink.severity(finding.severity, head)} {first}", *(f"{pad}{line}" for line in more)]

    def sender(self, node: Node, sender: Sender) -> list[str]:
        """A sender, and everything that it can send to."""
        found = [self.ink(_STYLE.get(sender, "bold"), sender.phrase)]
        doors = [self.nodes[way.end] for way in self.out.get(node.id, ())]
        for number, door in enumerate(doors):
            found += self.door(door, sender, last=number == len(doors) - 1)
        return found

    def door(self, door: Node, sender: Sender, *, last: bool) -> list[str]:
        """A place where events come in, and what each of its triggers starts."""
        rows = [(number, row) for number, row in enumerate(door.rows) if row.sender == sender]
        stem, pad = ("└─ ", "   ") if last else ("├─ ", "│  ")
        found = [f"{stem}{clean(door.label)} {self.ink('dim', f'({clean(door.note)})' if door.note else '')}".rstrip()]
        single = len(rows) == 1 and door.kind not in kinds.LISTED
        wide = max((len(row.name) for _, row in rows), default=0) if not single else 0
        for number, row in rows[: self.most]:
            letters = self.letters(door.id, number)
            name = "" if single else clean(row.name).ljust(min(wide, 34)) + " "
            check = f" [{clean(row.authorizer)}]" if row.authorizer else ""
            found += self.function(row, f"{pad}{name}→ ", f"{check}{letters}", pad)
        if len(rows) > self.most:
            found.append(f"{pad}and {len(rows) - self.most} more (-v)")
        return found

    def letters(self, start: str, row: int) -> str:
        """The attack paths that come by one trigger."""
        marks = [letter for way in self.out.get(start, ()) if way.row == row for letter in way.attacks]
        return f"  {self.ink('mark', 'path ' + ' '.join(marks))}" if marks else ""

    def function(self, row: Row, head: str, tail: str, pad: str) -> list[str]:
        """The function that a trigger starts; what it touches is told once."""
        name = f"function:{row.function}"
        card = self.cards.get(name)
        badge = f"  {self.badge(card)}" if card is not None and name not in self.told else ""
        found = [f"{head}{clean(row.function)}{tail}{badge}"]
        if name not in self.told:
            self.told.add(name)
            found += [f"{pad}   {line}" for line in self.touches(name, set())]
        return found

    def badge(self, card: Card) -> str:
        """How far its role gets, and how its grants compare with what it needs."""
        style = {5: "critical", 4: "high", 3: "medium"}.get(card.power.level, "dim")
        said = card.power.word
        if card.granted > 0 and card.needed >= 0:
            said += f" ({card.needed} of {card.granted} actions needed)"
        if card.gap:
            said += " · code not read"
        return self.ink(style, f"⟨{clean(said)}⟩")

    def touches(self, name: str, above: set[str]) -> list[str]:
        """What a function touches, and what that starts in turn."""
        found = []
        for way in self.out.get(name, ()):
            end = self.nodes[way.end]
            verbs = "only if taken over" if way.reach else ", ".join(way.verbs) or "named"
            marks = f"  {self.ink('mark', 'path ' + ' '.join(way.attacks))}" if way.attacks else ""
            place = "" if way.location is None or way.reach else f"  {self.ink('dim', clean(str(way.location)))}"
            found.append(f"{verbs} {clean(end.label)}{marks}{place}")
            if way.end not in above:
                found += self.after(way.end, above | {name, way.end})
        return found

    def after(self, name: str, above: set[str]) -> list[str]:
        """What runs in turn when something arrives at a node."""
        found = []
        for way in self.out.get(name, ()):
            if way.kind != EVENT or way.end in above:
                continue
            end = self.nodes[way.end]
            card = self.cards.get(way.end)
            marks = f"  {self.ink('mark', 'path ' + ' '.join(way.attacks))}" if way.attacks else ""
            if way.end in self.told:
                found.append(f"   → {clean(end.label)}{marks}")
                continue
            badge = f"  {self.badge(card)}" if card is not None else ""
            found.append(f"   → {clean(end.label)}{marks}{badge}")
            if card is not None:
                self.told.add(way.end)
                found += [f"      {line}" for line in self.touches(way.end, above | {way.end})]
            else:
                found += [f"   {line}" for line in self.after(way.end, above | {way.end})]
        return found

    def rest(self) -> list[str]:
        """Functions that no sender in the picture leads to."""
        found: list[str] = []
        for name, card in self.cards.items():
            if name in self.told:
                continue
            if not found:
                found.append(self.ink("bold", "nothing in this template starts"))
            self.told.add(name)
            found.append(f"├─ {clean(card.function)}  {self.badge(card)}")
            found += [f"│     {line}" for line in self.touches(name, {name})]
        return found
