"""What the rules about uses share: who may send events, one finding for each place, and the way to it."""

from remit.app.facts import Facts
from remit.app.flow import Flow, Origin, Use
from remit.app.location import Location
from remit.app.model import Function, Sender, Trigger
from remit.app.noun import Struct
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules._paths import hops, trigger_of

#: Sources that answer a person or a program on the web.
WEB = frozenset((
    "http-api", "rest-api", "function-url", "websocket", "alb", "lattice", "appsync", "cloudfront", "azure-http", "gcp-http",
))  # fmt: skip


class Place(Struct, frozen=True):
    """One place where something is used, and the functions that come past it."""

    use: Use
    function: Function
    others: tuple[Function, ...] = ()


def places(facts: Facts, kind: str) -> list[Place]:
    """Where something of a kind is used, each place once: functions that share a file share its findings."""
    found: dict[tuple[Location, tuple[tuple[str, str], ...]], list[tuple[Function, Use]]] = {}
    for function in facts.app.functions:
        analysis = facts.analyses.get(function.id)
        for use in analysis.uses if analysis else ():
            if use.kind == kind:
                found.setdefault((use.location, tuple(sorted(use.detail.items()))), []).append((function, use))
    result = []
    for items in found.values():
        items.sort(key=lambda item: -int(sender_of(facts, item[0])))
        function, use = items[0]
        result.append(Place(use, function, tuple(other for other, _ in items[1:])))
    return result


def sender_of(facts: Facts, function: Function) -> Sender:
    """The widest circle that can make a function run."""
    return max((trigger.sender for trigger in facts.app.triggers_of(function.id)), default=Sender.ACCOUNT)


def routes(facts: Facts, function: Function) -> list[Trigger]:
    """The routes by which a function is called on the web."""
    return [trigger for trigger in facts.app.triggers_of(function.id) if trigger.source in WEB]


def way(facts: Facts, place: Place, origin: Origin, label: str) -> tuple[tuple[Hop, ...], bool]:
    """The way of a part of the event to a use, and whether it begins at a trigger."""
    use = place.use
    flow = Flow(place.function.id, origin, "use", use.location, use.call, use.steps)
    trigger = trigger_of(facts, place.function, flow)
    return tuple(hops(trigger, flow, label)), trigger is not None


def is_script(use_or_location: "Use | Location") -> bool:
    """Whether a place is in JavaScript or TypeScript."""
    location = use_or_location.location if isinstance(use_or_location, Use) else use_or_location
    return not location.file.endswith(".py")


class Words(Struct, frozen=True):
    """What a rule says about one place: who does what, what the carets say, and how to mend it."""

    message: str
    label: str
    fix: str


def finding(
    facts: Facts,
    place: Place,
    rule: str,
    severity: Severity,
    words: Words,
    *,
    persona: Persona = Persona.REGULAR,
    confidence: str = "high",
    origin: Origin | None = None,
) -> Finding:
    """A finding at one place; with an origin, the whole way to it."""
    path, complete = way(facts, place, origin, words.label) if origin is not None else ((), False)
    also = ", ".join(dict.fromkeys(other.id for other in place.others if other.id != place.function.id))
    return Finding(
        rule=rule,
        severity=severity,
        confidence=confidence,
        message=words.message,
        location=place.use.location,
        label=words.label,
        hops=path,
        function=place.function.id,
        fixes=(Fix(words.fix),),
        persona=persona,
        content=f"{place.use.call} {' '.join(f'{key}={value}' for key, value in sorted(place.use.detail.items()))}",
        notes={"also": also} if also else {},
        is_path=complete,
    )
