"""What is drawn: nodes, ways between them, attack paths along them, and what there is to say about each function."""

from functools import cached_property

from remit.app.location import Location
from remit.app.model import Sender
from remit.app.noun import Struct
from remit.app.report import Failure, Finding, Skip

#: What a way means: an event arrives; code touches something; one function runs another; code was not seen, only named.
EVENT, USE, NAMED = "event", "use", "named"


class Row(Struct, frozen=True):
    """One trigger: a line in the node it belongs to.

    Args:
        name: ``POST /orders``.
        function: logical id of the function it starts.
        sender: the widest circle that can make an event arrive.
        authorizer: what checks the sender, for people; ``""`` for nothing.
        location: where the template attaches it.
        because: reasons for the sender.
        source: name of the event source.
    """

    name: str
    function: str
    sender: Sender
    authorizer: str
    location: Location
    because: tuple[str, ...] = ()
    source: str = ""


class Node(Struct, frozen=True):
    """One thing in the picture.

    Args:
        id: ``sender:anyone``, ``function:Orders``, ``resource:Table``, ``door:schedule``, ``outside:host:api.example``;
            stable as long as the thing keeps its name.
        kind: ``sender``, ``function``, ``api``, ``table``, ``bucket``, ``queue``, ``host``, ... (docs/graph.md).
        label: what people call it.
        note: one short line under it, or ``""``.
        rows: the triggers that belong to it, in the template's order.
        location: where it is declared, if it is.
        sender: for a sender who; for others the widest circle of their triggers; ``None`` when nobody sends there.
        count: how many things it stands for, in a condensed picture.
        members: ids of the nodes it stands for, in a condensed picture.
    """

    id: str
    kind: str
    label: str
    note: str = ""
    rows: tuple[Row, ...] = ()
    location: Location | None = None
    sender: Sender | None = None
    count: int = 1
    members: tuple[str, ...] = ()


class Way(Struct, frozen=True):
    """A way from one node to another.

    Args:
        start, end: ids of nodes.
        kind: ``event``, ``use`` or ``named``.
        verbs: what happens along it: ``reads``, ``writes``, ``sends``; sorted.
        row: index of the trigger in the node it starts from; -1 for the node itself.
        functions: logical ids of the functions it is for: from a sender, those whose triggers let this sender in.
        location: where it is written.
        sender: who is at the far end, for ways of events.
        attacks: letters of the attack paths that go along it.
        reach: it is no way of the app: only a taken-over function's role opens it.
    """

    start: str
    end: str
    kind: str
    verbs: tuple[str, ...] = ()
    row: int = -1
    functions: tuple[str, ...] = ()
    location: Location | None = None
    sender: Sender | None = None
    attacks: tuple[str, ...] = ()
    reach: bool = False


class Line(Struct, frozen=True):
    """One line of the user's files on an attack path: where, what happens there, and the code as it stands."""

    location: Location
    text: str
    code: str = ""


class Step(Struct, frozen=True):
    """One numbered step of an attack path: the node where it happens, one phrase, and the lines that show it.

    ``node`` is ``""`` for what no single node stands for: what the role then allows.
    """

    node: str
    text: str
    lines: tuple[Line, ...] = ()


class Attack(Struct, frozen=True):
    """One attack path on the picture.

    Args:
        letter: ``A``, ``B``, ...: worst first.
        finding: as the scan has it.
        short: two or three words: ``shell injection``.
        nodes: ids of the nodes it takes, sender first.
        steps: what happens, sender first.
    """

    letter: str
    finding: Finding
    short: str
    nodes: tuple[str, ...]
    steps: tuple[Step, ...]


class Power(Struct, frozen=True):
    """How much the role of a function can do, for one badge.

    Args:
        level: 0 nothing but its log ... 5 everything in the account; -1 when it is not known.
        word: ``logs only``, ``own table only``, ``reads secrets``, ``every bucket``, ``can change code``, ``admin-like``.
    """

    level: int
    word: str


class Card(Struct, frozen=True):
    """What there is to say about one function.

    Args:
        function: logical id.
        handler, runtime, code: as the template says.
        location: where it is declared.
        language: of its code; ``""`` when unknown.
        role: id of its role; ``""`` when it is not in the template.
        role_shared: how many functions run as that role.
        power: the badge.
        reach: what its role lets an attacker do.
        opaque: policies of the role whose content is not known.
        needed: how many different cloud actions the code needs; -1 when its code was not read.
        granted: how many the role allows; -1 when what it allows is not known.
        environment: variable, and the logical id of the resource it names (or ``""``), in the template's order.
        uses: what it touches: node id, verbs, place.
        unresolved: what it does that could not be pinned down, each as one clause with its place.
        attacks: letters of the paths that end in it.
        findings: everything the scan says about it.
        gap: why its code was not examined; ``""`` when it was.
    """

    function: str
    handler: str
    runtime: str
    code: str
    location: Location
    language: str
    role: str
    role_shared: int
    power: Power
    reach: tuple[str, ...]
    opaque: tuple[str, ...]
    needed: int
    granted: int
    environment: tuple[tuple[str, str], ...]
    uses: tuple[tuple[str, tuple[str, ...], Location | None], ...]
    unresolved: tuple[tuple[str, Location], ...]
    attacks: tuple[str, ...]
    findings: tuple[Finding, ...]
    gap: str = ""


class Picture(Struct, frozen=True, dict=True):
    """One app.

    Args:
        name, form, template: as the scan's summary has them.
        functions, triggers, resources, roles: how many there are in the template.
        nodes, ways: the graph, in stable order.
        attacks: worst first.
        cards: by position of the functions.
        findings: those that belong to no function.
        apart: logical ids of resources that carry data or events and that no way leads to.
    """

    name: str
    form: str
    template: str
    functions: int
    triggers: int
    resources: int
    roles: int
    nodes: tuple[Node, ...] = ()
    ways: tuple[Way, ...] = ()
    attacks: tuple[Attack, ...] = ()
    cards: tuple[Card, ...] = ()
    findings: tuple[Finding, ...] = ()
    apart: tuple[str, ...] = ()

    def card(self, function: str) -> Card | None:
        """The card of a function by its logical id."""
        return self._cards.get(function)

    def label(self, node: str) -> str:
        """What people call a node; ``""`` for one that is not in the picture."""
        return self._labels.get(node, "")

    @cached_property
    def _cards(self) -> dict[str, Card]:
        return {card.function: card for card in self.cards}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {node.id: node.label for node in self.nodes}


class Pictures(Struct, frozen=True):
    """All apps below a folder, and what was not examined.

    Args:
        apps: one picture each.
        skips, failures: as in a scan's report.
        code: whether code was to be read.
        shown: what to put before a path when showing it to people.
        date: ISO date.
        only: the function that was asked for, or ``""``.
    """

    apps: tuple[Picture, ...] = ()
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
    code: bool = True
    shown: str = ""
    date: str = ""
    only: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything was examined that should have been."""
        return not self.failures and not any(skip.blind for skip in self.skips)

    @property
    def exit_code(self) -> int:
        """As docs/exit-codes.md says: incompleteness, then emptiness."""
        if not self.complete:
            return 4
        return 0 if any(app.functions for app in self.apps) else 3
