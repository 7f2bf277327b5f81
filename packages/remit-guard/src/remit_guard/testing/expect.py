"""What a playbook may expect of an event: verdicts, effects and answers. Each says in one sentence why it does not hold."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from remit_guard.core.verdict import ALERT, BLOCK, Verdict
from remit_guard.testing.outcome import Effect, Outcome


class Expectation:
    """One thing that must hold of an outcome.

    Args:
        name: how it was written, for the report.
        judge: gets the outcome; gives what is wrong, ``""`` when it holds.
        claims: whether a verdict is the one that is expected, so that it is no surprise.
    """

    def __init__(
        self, name: str, judge: "Callable[[Outcome], str]", claims: "Callable[[Verdict], bool] | None" = None
    ) -> None:
        self.name = name
        self._judge = judge
        self._claims = claims

    def wrong(self, outcome: Outcome) -> str:
        """Why it does not hold, ``""`` when it does."""
        return self._judge(outcome)

    def claims(self, verdict: Verdict) -> bool:
        """Whether it expects this verdict."""
        return self._claims is not None and self._claims(verdict)

    def __repr__(self) -> str:
        return self.name


def blocked(rule: str = "", *, sink: str = "", field: str = "") -> Expectation:
    """Something was refused.

    Args:
        rule: under this rule (``sql-injection``); any when empty.
        sink: at this kind of sink (``sql``, ``process``, ...).
        field: because of this field of the event: a path (``body→name``), with ``*`` for what does not matter.
    """
    return _verdict("blocked", BLOCK, rule, sink, field)


def alerted(rule: str = "", *, sink: str = "", field: str = "") -> Expectation:
    """Something was told and let pass; the arguments are those of ``blocked``."""
    return _verdict("alerted", ALERT, rule, sink, field)


def allowed() -> Expectation:
    """Nothing was refused, and the handler did not fail."""

    def judge(outcome: Outcome) -> str:
        if outcome.blocked:
            return "refused: " + "; ".join(map(shown, outcome.blocked))
        return outcome.shown() if outcome.raised is not None else ""

    return Expectation("allowed()", judge)


def answers(status: "int | None" = None, body: object = None) -> Expectation:
    """The platform gets an answer.

    Args:
        status: with this HTTP status.
        body: a text that stands in the answer, or the whole answer.
    """

    def judge(outcome: Outcome) -> str:
        if outcome.raised is not None:
            return outcome.shown()
        if status is not None and outcome.status != status:
            return outcome.shown()
        text = outcome.answer.get("body") if isinstance(outcome.answer, dict) else outcome.answer
        if isinstance(body, str) and isinstance(text, str):
            return "" if body in text else outcome.shown()
        return "" if body is None or body == outcome.answer else outcome.shown()

    return Expectation(_name("answers", status=status, body=body), judge)


def raises(kind: "type[BaseException]" = Exception) -> Expectation:
    """The platform gets an error, which retries or goes to the dead letters."""
    return Expectation(
        f"raises({kind.__name__})", lambda outcome: "" if isinstance(outcome.raised, kind) else outcome.shown()
    )


def fails(*ids: str) -> Expectation:
    """Exactly these records of the batch are reported as failed."""

    def judge(outcome: Outcome) -> str:
        answer = outcome.answer if isinstance(outcome.answer, dict) else {}
        found = [item.get("itemIdentifier") for item in answer.get("batchItemFailures") or ()]
        return "" if outcome.raised is None and sorted(found) == sorted(ids) else outcome.shown()

    return Expectation(f"fails({', '.join(map(repr, ids))})", judge)


def effect(kind: str, contains: str = "", *, times: "int | None" = None) -> Expectation:
    """The handler brought about, or tried, an effect.

    Args:
        kind: ``sql``, ``process``, ``file``, ``connect``, ``call``, ... (``outcome.Effect.kind``).
        contains: a text in its facts: of the statement, the command, the path, the host, the operation.
        times: how often; at least once when not given.
    """

    def judge(outcome: Outcome) -> str:
        found = [one for one in outcome.effects if one.kind == kind and contains in one.text]
        if len(found) == times or (times is None and found):
            return ""
        seen = [str(one) for one in outcome.effects if one.kind == kind] or [str(one) for one in outcome.effects]
        return f"{len(found)} such, seen: " + (", ".join(seen[:6]) or "nothing")

    return Expectation(_name("effect", kind, contains=contains or None, times=times), judge)


def queries(contains: str = "", *, times: "int | None" = None) -> Expectation:
    """A statement is sent to a database."""
    return effect("sql", contains, times=times)


def runs(contains: str = "", *, times: "int | None" = None) -> Expectation:
    """A program is started."""
    return effect("process", contains, times=times)


def opens(contains: str = "", *, times: "int | None" = None) -> Expectation:
    """A file is read, written or changed."""
    return effect("file", contains, times=times)


def reaches(contains: str = "", *, times: "int | None" = None) -> Expectation:
    """A connection is made."""
    return effect("connect", contains, times=times)


def calls(contains: str = "", *, times: "int | None" = None) -> Expectation:
    """The cloud is called."""
    return effect("call", contains, times=times)


def shown(verdict: Verdict) -> str:
    """A verdict for people."""
    return f"{verdict.action} {verdict.rule}: {verdict.reason}" + (f" (from {verdict.field})" if verdict.field else "")


def _verdict(word: str, action: str, rule: str, sink: str, field: str) -> Expectation:
    def claims(verdict: Verdict) -> bool:
        return (
            verdict.action == action
            and rule in ("", verdict.rule)
            and sink in ("", verdict.sink)
            and (not field or _same_place(verdict.field, field))
        )

    def judge(outcome: Outcome) -> str:
        if any(map(claims, outcome.verdicts)):
            return ""
        said = "; ".join(map(shown, outcome.verdicts))
        return said or "nothing was decided, " + outcome.shown()

    return Expectation(_name(word, *filter(None, [rule]), sink=sink or None, field=field or None), judge, claims)


def _same_place(path: str, wanted: str) -> bool:
    """Whether a path is the one that is meant; brackets are no pattern in it."""
    return path == wanted or fnmatchcase(path, wanted.replace("[", "[[]"))


def _name(word: str, *arguments: object, **named: object) -> str:
    parts = [repr(argument) for argument in arguments]
    parts += [f"{name}={value!r}" for name, value in named.items() if value is not None]
    return f"{word}({', '.join(parts)})"


def effects_of(outcome: Outcome, kind: str) -> "list[Effect]":
    """The effects of one kind."""
    return [one for one in outcome.effects if one.kind == kind]


__all__ = [
    "Expectation", "alerted", "allowed", "answers", "blocked", "calls", "effect", "effects_of", "fails", "opens",
    "queries", "raises", "reaches", "runs", "shown",
]  # fmt: skip
