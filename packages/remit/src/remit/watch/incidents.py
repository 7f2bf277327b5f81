"""Which signals belong together: pure grouping.

Two signals are *linked* when they share a link (the same trace, invocation, sender, door, ...) and lie no further
apart than that link's window. An incident is everything connected by links. What follows from that, and is tested:

1. every signal that is not an ``allow`` belongs to exactly one incident;
2. the order in which signals arrive changes nothing;
3. merging groupings is associative and commutative, and grouping parts and merging them equals grouping the whole.

It works because of what a link remembers: the stretches of time it was seen in (``_Run``). Inside a stretch no gap is
wider than the window, so a new signal within the window of a stretch's ends, or inside it, is within the window of
one of its signals: the signals themselves can be forgotten. Memory is proportional to links, not to signals.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from types import MappingProxyType

from remit.watch.incident import MOST, Incident, Stage
from remit_guard.core.signal import SEVERITY_ID, Signal
from remit_guard.core.verdict import RULE_OF_SINK, SEVERITIES

HOUR = 3_600_000
QUARTER = HOUR // 4

#: How far apart two signals with the same link may lie, in milliseconds. One request or one sender is strong
#: evidence of one story; the same door or the same attack on other functions is weak, so its window is narrower. The
#: weakest is that attacks come in one wave: where the sender is not known it is all there is to tell a campaign by,
#: and attacks proven at a sink are rare enough that two strangers seldom share two minutes.
WINDOWS: Mapping[str, int] = MappingProxyType(
    {
        "trace": HOUR,
        "invocation": HOUR,
        "sender": HOUR,
        "door": QUARTER,
        "attack": QUARTER,
        "habit": QUARTER,
        "wave": HOUR // 30,
    }
)

#: Rules by which a stranger's input changed a structure: an attack, and not merely a function beyond its remit.
ATTACKS = frozenset(RULE_OF_SINK.values())

#: Senders that are platforms, not people: every message of a queue "comes from" its service.
_PLATFORM_SENDERS = (".amazonaws.com", ".azure.com", ".googleapis.com")

Link = tuple[str, str]


def identity(signal: Signal) -> str:
    """16 hex digits that name a signal: made of its OCSF ``uid`` and its time, so a re-sent signal has the same."""
    uid = signal.to_dict()["finding_info"]["uid"]
    return blake2b(f"{signal.time}\0{uid}".encode("utf-8", "replace"), digest_size=8).hexdigest()


def concerns(signal: Signal) -> bool:
    """Whether a signal is part of an incident: an ``allow`` is an observation and never is."""
    return signal.verdict != "allow"


def links(signal: Signal) -> tuple[Link, ...]:
    """What ties a signal to others; never empty."""
    found: list[Link] = []
    if signal.trace:
        found.append(("trace", _root(signal.trace)))
    if signal.invocation:
        found.append(("invocation", signal.invocation))
    if signal.sender and not signal.sender.endswith(_PLATFORM_SENDERS):
        found.append(("sender", signal.sender))
    if signal.rule in ATTACKS or signal.field:
        # Everything that comes to one function by one kind of event, and one attack tried on several functions.
        origin = signal.source.split(" via ")[0]
        found.append(("door", f"{signal.function}\0{origin}"))
        found.append(("attack", f"{signal.rule}\0{origin}"))
        if signal.rule in ATTACKS:
            found.append(("wave", ""))
    else:
        # A function beyond its remit without a field in sight may be a gap in the remit: tying it to every attack
        # on that function would chain days of attacks into one. It joins them by trace, invocation or sender.
        found.append(("habit", f"{signal.function}\0{signal.rule}"))
    return tuple(found)


def _root(trace: str) -> str:
    """What the parts of one request share of a trace: of an X-Ray header the root, since each part has its own parent."""
    for part in trace.split(";"):
        name, _, value = part.strip().partition("=")
        if name.lower() == "root" and value:
            return value
    return trace


def group(signals: Iterable[Signal], windows: Mapping[str, int] = WINDOWS) -> tuple[Incident, ...]:
    """The incidents of some signals.

    Args:
        signals: in any order; ``allow`` signals are left out. Give each once (``identity`` tells re-sent ones).
        windows: milliseconds by kind of link.

    Returns:
        Incidents, earliest first.
    """
    grouping = Grouping(windows)
    for signal in signals:
        grouping.add(signal)
    return grouping.incidents()


@dataclass(slots=True)
class _Run:
    """A stretch of time in which a link was seen without a gap wider than its window, and the cluster it is in."""

    start: int
    end: int
    cluster: int


@dataclass(slots=True)
class _Tally:
    """What is kept of the signals of one stage; every part of it merges in any order."""

    count: int = 0
    blocked: int = 0
    last: int = 0
    severity: int = 0
    first: tuple[int, str] = (0, "")
    sample: Signal | None = None
    fields: frozenset[str] = frozenset()
    more: bool = False


@dataclass(slots=True)
class _Cluster:
    stages: dict[tuple[str, str, str, str], _Tally] = field(default_factory=dict)
    senders: frozenset[str] = frozenset()
    more: bool = False


class Grouping:
    """Incidents in the making: takes signals one by one, merges with others, forgets what is long past.

    Args:
        windows: milliseconds by kind of link.
    """

    def __init__(self, windows: Mapping[str, int] = WINDOWS) -> None:
        self._windows = windows
        self._runs: dict[Link, list[_Run]] = {}
        self._parents: list[int] = []
        self._clusters: dict[int, _Cluster] = {}

    def __len__(self) -> int:
        return len(self._clusters)

    @property
    def links(self) -> int:
        """How many links are remembered: what its memory grows with."""
        return len(self._runs)

    def add(self, signal: Signal) -> None:
        """Puts one signal where it belongs."""
        if not concerns(signal):
            return
        cluster = self._new_cluster(_cluster_of(signal))
        for link in links(signal):
            self._mark(link, signal.time, signal.time, cluster)

    def merge(self, other: "Grouping") -> None:
        """Takes over everything another grouping knows; the other stays as it is. Both need the same windows."""
        clusters, seen = other._clusters, other._runs  # noqa: SLF001  (another of our own kind)
        moved = {root: self._new_cluster(_merged(_Cluster(), cluster)) for root, cluster in clusters.items()}
        for link, runs in seen.items():
            for run in runs:
                self._mark(link, run.start, run.end, moved[other._root(run.cluster)])  # noqa: SLF001

    def incidents(self) -> tuple[Incident, ...]:
        """Every incident, earliest first."""
        found = [_incident(cluster) for cluster in self._clusters.values()]
        return tuple(sorted(found, key=lambda incident: (incident.first, incident.id)))

    def forget(self, before: int) -> None:
        """Drops incidents whose last signal is older than ``before`` (milliseconds), and links that old.

        A link that is forgotten cannot tie a signal that arrives later than that to its incident.
        """
        old = {root for root, cluster in self._clusters.items() if _last(cluster) < before}
        for root in old:
            del self._clusters[root]
        for link in list(self._runs):
            window = self._windows[link[0]]
            kept = [
                run for run in self._runs[link] if run.end + window >= before and self._root(run.cluster) not in old
            ]
            if kept:
                self._runs[link] = kept
            else:
                del self._runs[link]
        self._compact()

    def loosen(self, before: int) -> None:
        """Drops only links last seen before ``before``, to save memory; incidents stay, later signals may start anew."""
        for link in [link for link, runs in self._runs.items() if runs[-1].end < before]:
            del self._runs[link]

    def _compact(self) -> None:
        """Renumbers clusters, so that the table of parents does not grow with every signal ever seen."""
        numbers = {root: number for number, root in enumerate(self._clusters)}
        for runs in self._runs.values():
            for run in runs:
                run.cluster = numbers[self._root(run.cluster)]
        self._clusters = {numbers[root]: cluster for root, cluster in self._clusters.items()}
        self._parents = list(range(len(numbers)))

    def _new_cluster(self, cluster: _Cluster) -> int:
        number = len(self._parents)
        self._parents.append(number)
        self._clusters[number] = cluster
        return number

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number

    def _join(self, one: int, other: int) -> None:
        one, other = self._root(one), self._root(other)
        if one == other:
            return
        if len(self._clusters[one].stages) < len(self._clusters[other].stages):
            one, other = other, one
        self._parents[other] = one
        _merged(self._clusters[one], self._clusters.pop(other))

    def _mark(self, link: Link, start: int, end: int, cluster: int) -> None:
        """Notes that a link was seen in a stretch of time, and joins the clusters of the stretches that touches."""
        runs = self._runs.setdefault(link, [])
        window = self._windows[link[0]]
        low = bisect_left(runs, start - window, key=_end)
        high = low
        while high < len(runs) and runs[high].start <= end + window:
            start, end = min(start, runs[high].start), max(end, runs[high].end)
            self._join(runs[high].cluster, cluster)
            high += 1
        runs[low:high] = [_Run(start, end, self._root(cluster))]


def _end(run: _Run) -> int:
    return run.end


def _last(cluster: _Cluster) -> int:
    return max(tally.last for tally in cluster.stages.values())


def _cluster_of(signal: Signal) -> _Cluster:
    tally = _Tally(
        count=1,
        blocked=int(signal.verdict == "block"),
        last=signal.time,
        severity=SEVERITY_ID[signal.severity],
        first=(signal.time, identity(signal)),
        sample=signal,
        fields=frozenset({signal.field} if signal.field else ()),
    )
    stage = (signal.function, signal.rule, signal.source, signal.sink)
    return _Cluster({stage: tally}, frozenset({signal.sender} if signal.sender else ()))


def _merged(into: _Cluster, cluster: _Cluster) -> _Cluster:
    """Adds one cluster to another, and gives that back. The tallies of the added one are copied, never shared."""
    for stage, tally in cluster.stages.items():
        mine = into.stages.get(stage)
        if mine is None:
            mine = into.stages[stage] = _Tally(first=tally.first, sample=tally.sample)
        mine.count += tally.count
        mine.blocked += tally.blocked
        mine.last = max(mine.last, tally.last)
        mine.severity = max(mine.severity, tally.severity)
        if tally.first < mine.first:
            mine.first, mine.sample = tally.first, tally.sample
        mine.fields, mine.more = _smallest(mine.fields, tally.fields, more=mine.more or tally.more)
    into.senders, into.more = _smallest(into.senders, cluster.senders, more=into.more or cluster.more)
    return into


def _smallest(one: frozenset[str], other: frozenset[str], *, more: bool) -> tuple[frozenset[str], bool]:
    """The first ``MOST`` of two sets in sorted order: the same whatever is merged first."""
    if other <= one:
        return one, more
    both = one | other
    if len(both) <= MOST:
        return both, more
    return frozenset(sorted(both)[:MOST]), True


def _incident(cluster: _Cluster) -> Incident:
    ordered = sorted(cluster.stages.items(), key=lambda item: (item[1].first, item[0]))
    stages = tuple(_stages(ordered))
    return Incident(
        id=ordered[0][1].first[1][:12],
        first=stages[0].first,
        last=max(stage.last for stage in stages),
        count=sum(stage.count for stage in stages),
        blocked=sum(stage.blocked for stage in stages),
        severity=SEVERITIES[max(tally.severity for _, tally in ordered) - 1],
        stages=stages,
        functions=tuple(dict.fromkeys(stage.function for stage in stages)),
        senders=tuple(sorted(cluster.senders)),
        more_senders=cluster.more,
    )


def _stages(ordered: "list[tuple[tuple[str, str, str, str], _Tally]]") -> Iterator[Stage]:
    for (function, rule, source, sink), tally in ordered:
        sample = tally.sample
        yield Stage(
            function=function,
            rule=rule,
            source=source,
            sink=sink,
            first=tally.first[0],
            last=tally.last,
            count=tally.count,
            blocked=tally.blocked,
            severity=SEVERITIES[tally.severity - 1],
            fields=tuple(sorted(tally.fields)),
            reason=sample.reason if sample else "",
            evidence=tuple(sorted(sample.evidence.items())) if sample else (),
            invocation=sample.invocation if sample else "",
            more_fields=tally.more,
        )
