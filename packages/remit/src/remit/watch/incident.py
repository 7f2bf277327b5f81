"""Incident and Stage: signals that belong together, as values."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of an incident: what was tried in one function, through one kind of event.

    Args:
        function: name as the signals give it.
        rule: id of the rule that decided.
        source: the chain of event sources (``s3 via sns via sqs``), or ``""``.
        sink: kind of sink, or ``""``.
        first, last: milliseconds since the epoch.
        count: signals of this stage.
        blocked: how many of them the guard refused; the others went on.
        severity: the worst of them.
        fields: paths of the fields it came through, sorted; at most ``MOST`` (then ``more_fields``).
        reason: the guard's sentence for the earliest signal.
        evidence: its redacted proof.
        invocation: its request id.
        more_fields: there were more fields than are listed.
    """

    function: str
    rule: str
    source: str
    sink: str
    first: int
    last: int
    count: int
    blocked: int
    severity: str
    fields: tuple[str, ...] = ()
    reason: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    invocation: str = ""
    more_fields: bool = False


@dataclass(frozen=True, slots=True)
class Incident:
    """Signals that belong together.

    Args:
        id: 12 hex digits, those of its earliest signal: the same signals give the same id.
        first, last: milliseconds since the epoch.
        count, blocked: signals, and those the guard refused.
        severity: the worst of its stages.
        stages: in order of their first signal.
        functions: in order of first appearance.
        senders: who sent the events, sorted, where the signals say so; at most ``MOST``.
        more_senders: there were more senders than are listed.
    """

    id: str
    first: int
    last: int
    count: int
    blocked: int
    severity: str
    stages: tuple[Stage, ...]
    functions: tuple[str, ...]
    senders: tuple[str, ...] = ()
    more_senders: bool = False

    @property
    def stopped(self) -> bool:
        """Whether the guard refused every effect of it."""
        return self.blocked == self.count

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, without the words of ``remit.watch.story``."""
        data = asdict(self)
        for stage in data["stages"]:
            stage["evidence"] = dict(stage["evidence"])
        return data


#: How many fields of a stage and senders of an incident are kept by name.
MOST = 32
