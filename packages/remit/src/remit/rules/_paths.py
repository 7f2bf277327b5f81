"""From a flow to a whole attack path: who sends it, through which trigger, step by step to the sink, and what then.

The rules about injections differ in words and weight only; what they share is here. Severity is exposure x sink x
reach: the weight of the sink, one more when anyone on the internet can send the event, one less when only the account
or the app itself can, one more when the role lets the attacker go on from there.
"""

from collections.abc import Callable, Iterable, Iterator

from remit.app.facts import Facts
from remit.app.flow import EVENT, FIELD, STORED, Flow
from remit.app.location import Location
from remit.app.model import Function, Grant, Role, Sender, Trigger
from remit.app.noun import Struct, replace
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules._grants import shown
from remit.rules._relay import Relay, relay_to
from remit.rules._stored import sources
from remit_guard import events

_EXPOSURE = {
    Sender.ANYONE: 1,
    Sender.AUTHENTICATED: 0,
    Sender.OTHER_ACCOUNT: 0,
    Sender.ACCOUNT: -1,
    Sender.APP: -1,
    Sender.PLATFORM: -2,
}
#: Words in what a role reaches that let an attacker go on from the function: other code, other identities, all data.
_FAR = ("every ", "can ", "changes the code", "anything")
#: Managed policies that hold what polling an event source asks for, and the function's log.
_POLLING = frozenset(
    f"AWSLambda{source}ExecutionRole" for source in ("Basic", "SQSQueue", "Kinesis", "DynamoDB", "MSK", "VPCAccess")
)
_MOST_HOPS = 24


def _is_shapeless(source: str) -> bool:
    """Whether nobody here knows the shape of a source's events: which values a stranger chose cannot be said then."""
    return source == "direct" or source not in events.names()


class Injection(Struct, frozen=True):
    """What one injection rule says.

    Args:
        rule: its id.
        sink: kind of sink.
        weight: severity for a sender who is signed in and a role that reaches little.
        does: what the sender does to the function, a verb phrase with ``{function}`` in it.
        label: what the carets under the sink say.
        fixes: ways to mend one flow, best first.
        wanted: which flows count; all by default.
        persona: who sees it; findings that only someone inside the account can cause are pedantic for light sinks.
    """

    rule: str
    sink: str
    weight: int
    does: Callable[[Flow], str]
    label: Callable[[Flow], str]
    fixes: Callable[[Facts, Flow], tuple[Fix, ...]]
    wanted: Callable[[Flow], bool] = lambda _flow: True
    persona: Persona = Persona.REGULAR


class _Case(Struct, frozen=True):
    function: Function
    flow: Flow
    trigger: Trigger | None
    relay: Relay | None

    @property
    def sender(self) -> Sender:
        """Who is behind the event in the end."""
        if self.relay is not None:
            return self.relay.sender
        return self.trigger.sender if self.trigger else Sender.ACCOUNT

    @property
    def exposure(self) -> int:
        """How much nearer or farther that brings the sink; another function on the way is never nearer."""
        exposure = _EXPOSURE[self.sender]
        return exposure if self.relay is None else min(exposure, 0)

    @property
    def confidence(self) -> str:
        """Of the flow; what another function passes on is not followed exactly."""
        return "medium" if self.relay is not None and self.flow.confidence == "high" else self.flow.confidence


def in_words_of(flow: Flow, python: str, script: str) -> Fix:
    """A fix in the words of the language that a flow's sink is written in."""
    return Fix(python if flow.location.file.endswith(".py") else script)


def find(facts: Facts, kind: Injection) -> Iterator[Finding]:
    """One finding for each sink that a sender reaches; other ways to the same sink are related places."""
    groups: dict[Location, list[_Case]] = {}
    for origin in (FIELD, EVENT):
        for function, flow in facts.flows(kind.sink, origin):
            if kind.wanted(flow):
                trigger = trigger_of(facts, function, flow)
                relay = relay_to(facts, trigger) if trigger else None
                groups.setdefault(flow.location, []).append(_Case(function, flow, trigger, relay))
    for function, flow in facts.flows(kind.sink, STORED):
        if kind.wanted(flow):
            for source in sources(facts, function, flow)[:1]:
                relay = Relay(source.sender, source.through, source.hops)
                groups.setdefault(flow.location, []).append(_Case(function, flow, None, relay))
    for cases in groups.values():
        cases.sort(key=lambda case: (-case.sender, case.flow.confidence != "high", len(case.flow.steps)))
        yield _finding(facts, kind, cases)


def trigger_of(facts: Facts, function: Function, flow: Flow) -> Trigger | None:
    """The widest trigger that can deliver the origin of a flow."""
    triggers = facts.app.triggers_of(function.id)
    fitting = [trigger for trigger in triggers if trigger.source == flow.origin.source]
    wanted = fitting or [trigger for trigger in triggers if not trigger.implied] or list(triggers)
    return wanted[0] if wanted else None


def _finding(facts: Facts, kind: Injection, cases: list[_Case]) -> Finding:
    case = cases[0]
    flow, function = case.flow, case.function
    role = facts.app.role_of(function)
    reach = reach_of(facts, role)
    weight = kind.weight + case.exposure + _far(reach)
    severity = Severity(min(max(weight, int(Severity.LOW)), int(Severity.CRITICAL)))
    return Finding(
        rule=kind.rule,
        severity=severity,
        confidence=case.confidence,
        message=f"{_who(case)} {kind.does(flow).format(function=function.id)}",
        location=flow.location,
        label=kind.label(flow),
        hops=(*(case.relay.hops if case.relay else ()), *hops(case.trigger, flow, kind.label(flow))),
        related=tuple(_others(cases)),
        function=function.id,
        reach=reach,
        fixes=(*kind.fixes(facts, flow), *narrower(facts, function)),
        persona=max(kind.persona, _persona(kind, case)),
        content=f"{flow.call} <- {flow.origin.source}:{flow.origin.path}",
        notes={"role": role.id} if role else {},
        is_path=case.trigger is not None or case.relay is not None,
    )


def _who(case: _Case) -> str:
    return case.sender.phrase + (f", through {case.relay.through}," if case.relay else "")


def _persona(kind: Injection, case: _Case) -> Persona:
    """What only the account itself can send into a light sink, or what rests on a guess, is for the pedantic."""
    if case.flow.confidence == "low" or case.sender <= Sender.PLATFORM:
        return Persona.PEDANTIC
    trigger = case.trigger
    if case.flow.origin.kind == STORED:
        return Persona.REGULAR if case.sender > Sender.APP and kind.weight >= Severity.HIGH else Persona.PEDANTIC
    shapeless = trigger is None or _is_shapeless(trigger.source)
    inside = shapeless or (trigger is not None and trigger.implied and case.relay is None) or case.sender <= Sender.APP
    return Persona.PEDANTIC if inside and kind.weight < Severity.HIGH else Persona.REGULAR


def hops(trigger: Trigger | None, flow: Flow, label: str) -> Iterator[Hop]:
    """The way from the sender to the sink, without stopping twice at one place."""
    what = field_name(flow)
    if trigger is not None:
        why = [(place, text) for place, text in reversed(trigger.because) if place != trigger.location]
        for place, text in why:
            yield Hop(place, text)
        here = [
            text
            for place, text in trigger.because
            if place == trigger.location and text != f"attached to {flow.function}"
        ]
        yield Hop(trigger.location, " · ".join(dict.fromkeys([trigger.name, *here, what])))
    by_place = {step.location: step for step in reversed(flow.steps) if step.location != flow.location}
    steps = [step for step in flow.steps if by_place.get(step.location) is step]
    if not steps and flow.origin.location != flow.location:
        yield Hop(flow.origin.location, f"takes {what}")
    if len(steps) > _MOST_HOPS:
        half = _MOST_HOPS // 2
        steps = [*steps[:half], *steps[-half:]]
    for step in steps:
        yield Hop(step.location, step.text)
    yield Hop(flow.location, label)


def field_name(flow: Flow) -> str:
    """What the sender controls, for people."""
    return flow.origin.path or "the whole event"


def _others(cases: list[_Case]) -> Iterator[Hop]:
    first = cases[0]
    seen = {(first.function.id, first.flow.origin.path, first.trigger.name if first.trigger else "")}
    for case in cases[1:]:
        name = case.trigger.name if case.trigger else "a direct call"
        key = (case.function.id, case.flow.origin.path, name)
        if key in seen:
            continue
        seen.add(key)
        where = f" of {case.function.id}" if case.function.id != first.function.id else ""
        yield Hop(case.flow.origin.location, f"also from {field_name(case.flow)} by {name}{where}")


def reach_of(facts: Facts, role: Role | None) -> tuple[str, ...]:
    """What a role lets an attacker do inside the app, one short phrase each.

    What the platform itself asks of the role to hand events to the function does not count: it comes with the trigger, on
    whatever resource the policy names, and no way of writing the app better would be without it.
    """
    if role is None:
        return ()
    from remit import iam
    from remit.rules._moves import fed, with_moves

    reach = iam.reach(facts.app, without_polling(role))
    return with_moves(reach, fed(facts, role))


def without_polling(role: Role) -> Role:
    """A role without what polling its own event sources asks for: nobody gets far with that."""
    return replace(role, grants=tuple(grant for grant in role.grants if not is_polling(grant)))


def is_polling(grant: Grant) -> bool:
    """Whether a statement is of a managed policy that holds what polling an event source asks for."""
    return grant.origin.rpartition("/")[2].removeprefix("managed:") in _POLLING


def _far(reach: Iterable[str]) -> int:
    return int(any(word in phrase for phrase in reach for word in _FAR))


def narrower(facts: Facts, function: Function) -> tuple[Fix, ...]:
    """The fix that narrows the role to what the code calls, when the role allows more than that."""
    from remit.rules._excess import excess_of

    remit = facts.remits.get(function.id)
    role = facts.app.role_of(function)
    if remit is None or role is None or any(item.verb == "calls" for item in remit.unresolved):
        return ()
    calls = remit.of("calls")
    if not excess_of(facts, function):
        return ()
    names = [f"{need.what} on {shown(need.on)}" for need in calls[:3]]
    more = f" and {len(calls) - 3} more" if len(calls) > 3 else ""
    if len(role.functions) > 1:
        title = f"give {function.id} a role of its own, with {', '.join(names) or 'no grants'}{more}"
    elif names:
        title = f"narrow {role.id} to {', '.join(names)}{more}"
    else:
        title = f"take all grants from {role.id}: nothing is used"
    return (Fix(title, command="remit lock"),)
