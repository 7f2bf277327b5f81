"""What the page shows: aggregates of the signals so far, bounded, and no clock of its own.

``Live.take`` eats signals, ``Live.state`` gives the whole picture as plain values. A page that was away for an hour
needs one state, not an hour of signals.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from remit.watch.incident import Incident
from remit.watch.incidents import HOUR, Grouping, concerns
from remit.watch.parse import SKEW
from remit.watch.story import advise, door, got_through, is_attack, outcome, tell, what
from remit_guard.core.signal import SEVERITY_ID, Signal

#: Kinds of steps (function, rule, source, sink) that are told apart; a stranger who makes up more gets ``OTHER``.
STEPS_LIMIT = 4000
OTHER = "(more)"
#: Links remembered; beyond it the oldest go early and the page says so. About 60 MB.
LINKS_LIMIT = 200_000
#: Incidents and functions in one state.
SHOWN = 40
STAGES_SHOWN = 12
HEARD_SHOWN = 500
#: The rate: so many buckets of so many milliseconds.
BUCKETS, BUCKET = 60, 30_000


@dataclass(slots=True)
class Heard:
    """What is known of one function from its signals."""

    last: int = 0
    count: int = 0
    blocked: int = 0
    tier: str = ""
    remit: str = ""
    remit_before: str = ""
    remit_since: int = 0
    remit_seen: int = 0


class Live:
    """The running picture.

    Args:
        history: milliseconds for which a quiet incident stays on the page.
    """

    def __init__(self, history: int = 24 * HOUR) -> None:
        self._history = history
        self._grouping = Grouping()
        self._steps: set[tuple[str, str, str, str]] = set()
        self._heard: dict[str, Heard] = {}
        self._rate: dict[int, list[int]] = {}
        self._total = 0
        self._crowded = False
        self._taken = 0
        self._incidents: tuple[Incident, ...] | None = None

    @property
    def total(self) -> int:
        """Signals taken so far."""
        return self._total

    def take(self, signals: Iterable[Signal], now: int) -> None:
        """Adds signals that were not seen before.

        Args:
            signals: in any order.
            now: milliseconds since the epoch.
        """
        for signal in signals:
            self._total += 1
            self._taken += 1
            signal = self._bounded(signal)
            self._hear(signal)
            self._count(signal, now)
            if concerns(signal) and signal.time >= now - self._history:
                self._grouping.add(signal)
        self._incidents = None
        if self._taken >= LINKS_LIMIT // 10 or self._grouping.links > LINKS_LIMIT:
            self._tidy(now)

    def incidents(self, now: int) -> tuple[Incident, ...]:
        """Open incidents, the one to look at first first: by severity, two steps less when stopped; then the latest."""
        if self._incidents is None:
            self._incidents = self._grouping.incidents()
        recent = [incident for incident in self._incidents if incident.last >= now - self._history]
        return tuple(sorted(recent, key=_urgency))

    def state(self, now: int) -> dict[str, Any]:
        """Everything the page shows, as plain values for JSON."""
        incidents = self.incidents(now)
        heard = sorted(self._heard.items(), key=lambda item: (-item[1].last, item[0]))
        return {
            "now": now,
            "total": self._total,
            "incidents": [told(incident) for incident in incidents[:SHOWN]],
            "incident_count": len(incidents),
            "rate": {"bucket": BUCKET, "start": _first_bucket(now) * BUCKET, "series": self._series(now)},
            "heard": [{"function": name, **_heard(heard)} for name, heard in heard[:HEARD_SHOWN]],
            "crowded": self._crowded,
        }

    def _bounded(self, signal: Signal) -> Signal:
        """The signal itself, or a copy without its own names when there are too many names already."""
        step = (signal.function, signal.rule, signal.source, signal.sink)
        if step in self._steps:
            return signal
        if len(self._steps) < STEPS_LIMIT:
            self._steps.add(step)
            return signal
        signal = copy(signal)  # the store keeps the one we were given
        signal.function, signal.rule, signal.source, signal.sink = OTHER, OTHER, "", ""
        return signal

    def _hear(self, signal: Signal) -> None:
        heard = self._heard.setdefault(signal.function, Heard())
        heard.count += 1
        heard.blocked += signal.verdict == "block"
        if signal.time >= heard.last:
            heard.last, heard.tier = signal.time, signal.tier
        if signal.remit and signal.time >= heard.remit_seen:
            if signal.remit != heard.remit:
                heard.remit_before, heard.remit, heard.remit_since = heard.remit, signal.remit, signal.time
            heard.remit_seen = signal.time

    def _count(self, signal: Signal, now: int) -> None:
        number = signal.time // BUCKET
        if number < _first_bucket(now) or number > now // BUCKET:
            return
        counts = self._rate.setdefault(number, [0, 0, 0])
        counts[("block", "alert", "allow").index(signal.verdict)] += 1
        if len(self._rate) > 2 * BUCKETS:
            self._rate = {key: value for key, value in self._rate.items() if key >= _first_bucket(now)}

    def _series(self, now: int) -> list[list[int]]:
        first = _first_bucket(now)
        return [self._rate.get(first + index, [0, 0, 0]) for index in range(BUCKETS)]

    def _tidy(self, now: int) -> None:
        """Forgets what is too old to be shown, and under pressure what is merely old."""
        self._taken = 0
        self._incidents = None
        span = self._history
        self._grouping.forget(now - span)
        while self._grouping.links > LINKS_LIMIT:
            self._crowded = True
            span = span // 2 if span > HOUR // 60 else -2 * SKEW  # below a minute: everything, even the future
            self._grouping.loosen(now - span)


def told(incident: Incident) -> dict[str, Any]:
    """An incident with its words, as plain values; long lists are cut and counted."""
    data = incident.to_dict()
    data["story"] = tell(incident)
    data["outcome"] = outcome(incident)
    data["stopped"] = incident.stopped
    data["advice"] = list(advise(incident))
    data["through"] = got_through(incident)
    for entry, stage in zip(data["stages"], incident.stages, strict=True):
        entry["what"], entry["attack"], entry["door"] = what(stage), is_attack(stage), door(stage.source)
    data["stage_count"] = len(data["stages"])
    data["function_count"] = len(data["functions"])
    data["stages"] = data["stages"][:STAGES_SHOWN]
    data["functions"] = list(data["functions"][:SHOWN])
    return data


def _urgency(incident: Incident) -> tuple[int, int, int, str]:
    severity = SEVERITY_ID[incident.severity]
    return (2 * incident.stopped - severity, -severity, -incident.last, incident.id)


def _first_bucket(now: int) -> int:
    return now // BUCKET - BUCKETS + 1


def _heard(heard: Heard) -> dict[str, Any]:
    return {
        "last": heard.last,
        "count": heard.count,
        "blocked": heard.blocked,
        "tier": heard.tier,
        "remit": heard.remit,
        "remit_before": heard.remit_before,
        "remit_since": heard.remit_since,
    }
