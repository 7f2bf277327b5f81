"""What came of one event: the answer, what was decided, and every effect the guard saw on the way."""

from dataclasses import dataclass, field
from typing import Any

from remit_guard.core.verdict import ALERT, BLOCK, Verdict


@dataclass(frozen=True)
class Effect:
    """One effect that the handler brought about, or tried to.

    Args:
        kind: what it was: ``sql``, ``process``, ``file``, ``url``, ``resolve``, ``connect``, ``code``, ``template``,
            ``document``, ``answer``, ``call`` and the other sinks.
        facts: what is known about it, as the hook saw it: statement and dialect, program and arguments, path and use, ...
        verdict: what was decided, ``None`` when it was let pass without a word.
    """

    kind: str
    facts: "tuple[Any, ...]"
    verdict: "Verdict | None" = None

    @property
    def text(self) -> str:
        """The facts as one line."""
        return " ".join(_shown(fact) for fact in self.facts)

    def __str__(self) -> str:
        return f"{self.kind} {self.text[:120]!r}"


@dataclass(frozen=True)
class Outcome:
    """What came of one event.

    Args:
        event: the event.
        answer: what the platform got.
        raised: what it got instead of an answer.
        verdicts: what was decided, in order, each cause once.
        effects: every effect, in order.
    """

    event: Any
    answer: Any = None
    raised: "BaseException | None" = None
    verdicts: "tuple[Verdict, ...]" = ()
    effects: "tuple[Effect, ...]" = field(default=(), repr=False)

    @property
    def blocked(self) -> "tuple[Verdict, ...]":
        """The verdicts that refused something."""
        return tuple(verdict for verdict in self.verdicts if verdict.action == BLOCK)

    @property
    def alerts(self) -> "tuple[Verdict, ...]":
        """The verdicts that only told something."""
        return tuple(verdict for verdict in self.verdicts if verdict.action == ALERT)

    @property
    def status(self) -> "int | None":
        """The status of an HTTP answer."""
        status = self.answer.get("statusCode") if isinstance(self.answer, dict) else None
        return status if isinstance(status, int) else None

    def shown(self) -> str:
        """The outcome for people: one line."""
        if self.raised is not None:
            return f"raised {type(self.raised).__name__}: {self.raised}"
        return f"answered {self.answer!r}"[:200]


def _shown(fact: object) -> str:
    if isinstance(fact, list | tuple):
        return " ".join(_shown(item) for item in fact)
    return fact.decode("utf-8", "replace") if isinstance(fact, bytes) else str(fact)
