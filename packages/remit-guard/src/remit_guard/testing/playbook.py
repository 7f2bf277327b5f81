"""A playbook: events in, verdicts and effects out, written as one reads them.

>>> from remit_guard.testing import Playbook, blocked, answers
>>> from remit_guard.testing.events import http_api
>>> def handler(event, context):
...     import json, sqlite3
...     name = json.loads(event["body"])["name"]
...     sqlite3.connect(":memory:").execute(f"select '{name}'")
...     return {"statusCode": 200, "body": name}
>>> assert (
...     Playbook(handler)
...     >> http_api({"name": "Siobhan"}) << answers(200)
...     >> http_api({"name": "x' or '1'='1"}) << blocked("sql-injection", field="body→name") << answers(403)
... )

The handler really runs, in this process, with the guard around it: give it a database, a queue and a cloud that are safe to
run against. What an event brings must be expected: a verdict that no line claims fails the playbook, so that an event with
nothing behind it says "nothing is refused or told here".
"""

import asyncio
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Self

from remit_guard.core.remit import Remit
from remit_guard.core.verdict import Verdict
from remit_guard.testing.expect import Expectation, shown
from remit_guard.testing.outcome import Effect, Outcome

Handler = Callable[[Any, Any], Any]

#: How much of an event a report shows.
SHOWN = 160


class Playbook:
    """A handler, and what is played to it.

    Args:
        handler: the handler, guarded already or not, plain, ``async`` or a generator.
        remit: what it may do: a compiled remit or its file; without one only injections are judged.
        mode: ``alert`` or ``block`` for every rule that is not off.
        root: the folder of the function's code, by which hosts it names itself are known; the handler's own when empty.
        context: the context it gets; one with an ``aws_request_id`` when not given.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        remit: "Remit | str | None" = None,
        mode: str = "",
        root: str = "",
        context: object = None,
    ) -> None:
        self._player = Player(handler, remit=remit, mode=mode, root=root, context=context)
        self._script: list[tuple[Any, list[Expectation]]] = []
        self._played = False

    def __rshift__(self, event: object) -> Self:
        """Plays an event, in its turn."""
        self._script.append((event, []))
        self._played = False
        return self

    def __lshift__(self, expectation: object) -> Self:
        """Expects something of the event before."""
        if not isinstance(expectation, Expectation):
            self._played = True  # it never will be
            raise TypeError(f"not an expectation: {expectation!r}; write blocked(...), answers(...), queries(...), ...")
        if not self._script:
            raise ValueError("an expectation needs an event before it: Playbook(handler) >> event << expectation")
        self._script[-1][1].append(expectation)
        return self

    def __bool__(self) -> bool:
        """Plays it all, so that ``assert`` does.

        Raises:
            AssertionError: something did not come as expected; the text is the whole script with what came instead.
        """
        self.play()
        return True

    def play(self) -> "list[Outcome]":
        """Plays every event in turn.

        Returns:
            What came of each.

        Raises:
            AssertionError: as for ``assert``.
        """
        self._played = True
        outcomes, report, failed = [], [f"playbook of {self._player.name}"], False
        for event, expectations in self._script:
            outcome = self._player.send(event)
            outcomes.append(outcome)
            report.append(f"  >> {_brief(event)}")
            for expectation in expectations:
                wrong = expectation.wrong(outcome)
                failed = failed or bool(wrong)
                report.append(f"  << {expectation!r:50} {'WRONG: ' + wrong if wrong else 'ok'}")
            for verdict in outcome.verdicts:
                if not any(expectation.claims(verdict) for expectation in expectations):
                    failed = True
                    report.append(f"  !! NOT EXPECTED: {shown(verdict)}")
            if outcome.raised is not None and not expectations:
                failed = True
                report.append(f"  !! NOT EXPECTED: {outcome.shown()}")
        if failed:
            raise AssertionError("\n".join(report))
        return outcomes

    @property
    def played(self) -> bool:
        """Whether all of it was played."""
        return self._played or not self._script

    def __del__(self) -> None:
        if not getattr(self, "_played", True) and self._script:
            warnings.warn("a playbook was written and never played: put assert before it", stacklevel=2)


class Player:
    """A handler with the guard around it, and ears on the guard; parameters as for ``Playbook``.

    >>> Player(lambda event, context: event["name"]).send({"name": "Ada"}).answer
    'Ada'
    """

    def __init__(
        self,
        handler: Handler,
        *,
        remit: "Remit | str | None" = None,
        mode: str = "",
        root: str = "",
        context: object = None,
    ) -> None:
        self.name = getattr(handler, "__qualname__", type(handler).__name__)
        self._handler = handler
        self._remit = remit
        self._mode = mode
        self._root = root or _folder(handler)
        self._context = context if context is not None else SimpleNamespace(aws_request_id="r-1")

    def send(self, event: object) -> Outcome:
        """Plays one event.

        Raises:
            RuntimeError: the guard is switched off, or could not start.
        """
        from remit_guard.hooks import gate
        from remit_guard.platforms import aws, checks, start
        from remit_guard.sandbox.own_hosts import OwnHosts

        effects: list[Effect] = []
        verdicts: list[Verdict] = []
        with _ears(verdicts, effects):
            policy = start.prepare(self._remit, self._mode)
            if policy is None:
                raise RuntimeError(
                    "the guard is switched off (REMIT_GUARD=off), or could not start: nothing would be judged"
                )
            guarded = aws.guard(self._handler, remit=policy.remit, mode=self._mode)
            checks._hosts[:] = [OwnHosts(self._root, dict(os.environ))]  # noqa: SLF001
            _listen(gate, checks, verdicts, effects)
            answer, raised = _run(guarded, event, self._context)
        return Outcome(event, answer, raised, tuple(verdicts), tuple(effects))


def _run(handler: Handler, event: object, context: object) -> "tuple[Any, BaseException | None]":
    try:
        answer = handler(event, context)
        if hasattr(answer, "__await__"):
            answer = asyncio.run(answer)
        if hasattr(answer, "__anext__"):
            answer = asyncio.run(_all(answer))
        elif hasattr(answer, "__next__"):
            answer = list(answer)
    except Exception as error:  # noqa: BLE001  (the entry: whatever the handler raises is an outcome)
        return None, error
    return answer, None


async def _all(stream: "Any") -> "list[Any]":
    return [part async for part in stream]


@contextmanager
def _ears(verdicts: "list[Verdict]", effects: "list[Effect]") -> "Iterator[None]":  # noqa: ARG001
    """Puts back afterwards what the guard of this process was."""
    from remit_guard.hooks import gate
    from remit_guard.platforms import checks

    before = list(gate._judge), list(gate._tell), list(checks._hosts)  # noqa: SLF001
    try:
        yield
    finally:
        gate._judge[:], gate._tell[:], checks._hosts[:] = before  # noqa: SLF001


def _listen(gate: "Any", checks: "Any", verdicts: "list[Verdict]", effects: "list[Effect]") -> None:
    """Has the real judge asked, and writes down what it was asked and what it said."""

    def judge(invocation: "Any", kind: str, facts: "tuple[Any, ...]") -> "Verdict | None":
        verdict: Verdict | None = checks.decide(invocation, kind, facts)
        effects.append(Effect(kind, facts, verdict))
        return verdict

    def tell(invocation: "Any", verdict: Verdict) -> None:
        if invocation is not None:
            kind = (verdict.action, verdict.rule)
            invocation.counts[kind] = invocation.counts.get(kind, 0) + 1
        verdicts.append(verdict)

    gate.install(judge, tell)


def _folder(handler: Handler) -> str:
    module = sys.modules.get(getattr(handler, "__module__", "") or "")
    return os.path.dirname(os.path.abspath(getattr(module, "__file__", None) or "handler.py"))


def _brief(event: object) -> str:
    from remit_guard.events import recognise

    text = repr(event)
    if isinstance(event, dict):
        for name in ("body", "queryStringParameters", "Records", "detail"):
            if event.get(name):
                text = f"{name}={event[name]!r}"
                break
    return f"{recognise(event).name} {text if len(text) <= SHOWN else text[:SHOWN] + '...'}"
