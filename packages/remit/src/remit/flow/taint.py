"""Taint: where a value came from, what happened to it on the way, and for which sinks it is clean."""

from collections.abc import Iterable

from remit.app.flow import EVENT, FIELD, STORED, Origin, Step
from remit.app.location import Location
from remit.app.noun import Struct
from remit_guard.core import verdict

HIGH, MEDIUM, LOW = 0, 1, 2
CONFIDENCE = ("high", "medium", "low")

#: Clean for every sink.
ALL = frozenset(verdict.SINKS)
#: Not a sink: the value is a path without ``..`` in it, so that a check of its prefix means something.
NORMAL = "normal"
#: Not a sink: one word of a script, quoted; between quotes it is open again.
WORD = "word"
#: Not a sink: nothing in it means anything in a regular expression.
PATTERN = "pattern"
_MOST = 10
#: Steps that are told even when another one stands on the same line.
HANDED = "passed to"
#: What a step says when a text is parted at its dots, as tokens are.
PARTED = "parted at its dots"
#: What a step says when a few letters of a text are all that is left of it.
PIECE = "keeps a few letters of it"
_WORTH_SAYING = ("goes through", HANDED)
_MOST_STEPS = 40


class Trace(Struct, frozen=True):
    """The last step of a way; ``before`` is the one before it. Ways share their beginnings."""

    before: "Trace | None"
    location: Location
    text: str
    length: int = 1


def onward(trace: Trace | None, location: Location, text: str) -> Trace:
    """A way, one step longer; one that is very long already stays as it is."""
    if trace is not None and (trace.length >= _MOST_STEPS or (trace.location == location and trace.text == text)):
        return trace
    return Trace(trace, location, text, trace.length + 1 if trace else 1)


class Taint(Struct, frozen=True, eq=False):
    """One origin that a value carries.

    Args:
        origin: where it came from.
        trace: the steps since.
        confidence: ``HIGH``, ``MEDIUM`` or ``LOW``.
        clean: sinks for which it is harmless by now, and ``NORMAL``.
    """

    origin: Origin
    trace: Trace | None
    confidence: int = HIGH
    clean: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two taints the same."""
        origin = self.origin
        return (origin.kind, origin.path, origin.source, origin.claim, self.clean)

    def step(self, location: Location, text: str, confidence: int = HIGH) -> "Taint":
        """After one more step."""
        return Taint(self.origin, onward(self.trace, location, text), max(self.confidence, confidence), self.clean)

    def cleaned(self, sinks: frozenset[str]) -> "Taint":
        """Harmless for more sinks."""
        return Taint(self.origin, self.trace, self.confidence, self.clean | sinks)


Taints = tuple[Taint, ...]


def merge(*many: Taints) -> Taints:
    """All of them without duplicates: of two with the same origin the surer, then the first, stays."""
    full = [taints for taints in many if taints]
    if not full:
        return ()
    if len(full) == 1 or all(taints is full[0] for taints in full):
        return full[0]
    best: dict[tuple[object, ...], Taint] = {}
    for taints in full:
        for taint in taints:
            key = taint.key
            known = best.get(key)
            if known is None or taint.confidence < known.confidence:
                best[key] = taint
    return tuple(best.values())[:_MOST]


def step(taints: Taints, location: Location, text: str, confidence: int = HIGH) -> Taints:
    """All of them after one more step."""
    return tuple(taint.step(location, text, confidence) for taint in taints)


def cleaned(taints: Taints, sinks: frozenset[str]) -> Taints:
    """All of them, harmless for ``sinks``; those harmless everywhere are gone. Only what a sender wrote is cleaned."""
    if not taints:
        return ()
    kept = []
    for taint in taints:
        if taint.origin.kind not in (FIELD, EVENT, STORED):
            kept.append(taint)
        elif not sinks <= taint.clean:
            clean = taint.clean | sinks
            if not clean >= ALL:
                kept.append(Taint(taint.origin, taint.trace, taint.confidence, clean))
        else:
            kept.append(taint)
    return tuple(kept)


def steps(trace: Trace | None) -> tuple[Step, ...]:
    """The steps of a way, first to last, one for each line."""
    found: list[Step] = []
    while trace is not None:
        found.append(Step(trace.location, trace.text))
        trace = trace.before
    told: dict[tuple[str, int], Step] = {}
    for item in reversed(found):
        place = (item.location.file, item.location.line)
        first = told.get(place)
        if first is None:
            told[place] = item
        elif item.text.startswith(_WORTH_SAYING) and item.text not in first.text:
            told[place] = Step(first.location, f"{first.text}, {item.text}")
    return tuple(told.values())


def same(one: Taints, other: Taints) -> bool:
    """Whether two sets of taints say the same."""
    if one is other:
        return True
    if len(one) != len(other):
        return False
    return {taint.key for taint in one} == {taint.key for taint in other}


def any_of(taints: Iterable[Taint], *kinds: str) -> bool:
    """Whether one of them has an origin of these kinds."""
    return any(taint.origin.kind in kinds for taint in taints)
