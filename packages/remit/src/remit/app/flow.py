"""Flows: a way from something untrusted to a sink, step by step; and what the analysis of one function found."""

from collections.abc import Mapping

from remit.app.effect import Effects
from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.report import Skip

#: Kinds of origins.
FIELD = "field"  # a field its sender controls
EVENT = "event"  # the event as a whole
EXCEPTION = "exception"  # the text or trace of a caught exception
SECRET = "secret"  # the value of a secret
STORED = "stored"  # what was read from a store, where somebody put it
CHANCE = "chance"  # a random number that others can foretell


class Origin(Struct, frozen=True):
    """Where a flow begins.

    Args:
        kind: ``field``, ``event``, ``exception``, ``secret``, ``stored`` or ``chance``.
        path: for a field, its path in the notation of ``remit_guard.core.source``.
        source: for a field or event, the name of the event source.
        location: the first place in the code where it is taken out; for what was stored, the call that read it.
        claim: the field is a claim that an authorizer vouches for.
    """

    kind: str
    path: str
    source: str
    location: Location
    claim: bool = False


class Step(Struct, frozen=True):
    """One hop of a flow: the place and what happens there, in a few words (``joined into the query``)."""

    location: Location
    text: str


class Flow(Struct, frozen=True):
    """One way from an origin to a sink inside one function.

    Args:
        function: logical id.
        origin: where it begins.
        sink: kind of sink, a name out of ``remit_guard.core.verdict.SINKS``.
        location: the span of the argument that becomes an effect.
        call: what is called there, as the code names it: ``cursor.execute``.
        steps: from the origin (first) to just before the sink, without repetitions.
        confidence: ``high`` when every step is exact, ``medium`` when one went through unknown code, ``low`` else.
        detail: facts for the rule, e.g. ``{"shell": "true"}``, ``{"part": "host"}``.
    """

    function: str
    origin: Origin
    sink: str
    location: Location
    call: str
    steps: tuple[Step, ...]
    confidence: str = "high"
    detail: Mapping[str, str] = field(default_factory=dict)


class Use(Struct, frozen=True):
    """A fact about how the code uses something, which is no flow: a token is read, a certificate is not looked at.

    Args:
        kind: what is used, one word of ``remit.flow.uses``: ``token``, ``tls``, ``hash``.
        location: the place.
        call: what is called there, as the code names it; ``""`` when nothing is.
        detail: facts for the rule.
        origins: which part of it comes from the event, and from where.
        steps: the way to there, when the part has come one.
    """

    kind: str
    location: Location
    call: str
    detail: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


class Analysis(Struct, frozen=True):
    """What was read off the code of one function.

    Args:
        function: logical id.
        handler: where its handler is defined, or ``None`` when it was not found.
        flows: every flow, in order of the sink's place.
        effects: what it does to the world.
        files: code files that were read for it, relative to the root.
        skips: parts that were not examined, each with its reason.
        uses: facts about the code that are no flows, in order of place.
    """

    function: str
    handler: Location | None
    flows: tuple[Flow, ...] = ()
    effects: Effects = field(default_factory=Effects)
    files: tuple[str, ...] = ()
    skips: tuple[Skip, ...] = ()
    uses: tuple[Use, ...] = ()
