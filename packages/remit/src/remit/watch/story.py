"""What an incident is, said in one sentence, and what to do about it; pure.

Words are for people who have never heard of a rule id, and they never promise more than the signals prove: what was
not refused is told as having gone on, not as having succeeded.
"""

from collections.abc import Sequence

from remit.watch.incident import Incident, Stage

#: Rule -> what somebody who breaks it is after, as an infinitive that ``in <function>`` follows.
_AIMS = {
    "shell-injection": "run commands",
    "sql-injection": "rewrite database queries",
    "path-traversal": "reach files outside their folder",
    "ssrf": "send requests to other hosts",
    "code-injection": "run code of their own",
    "unsafe-deserialization": "load objects of their own",
    "html-injection": "plant HTML in answers",
    "log-injection": "forge log lines",
    "nosql-injection": "rewrite database queries",
    "expression-injection": "rewrite database conditions",
    "ldap-injection": "rewrite directory searches",
    "xpath-injection": "rewrite searches in documents",
    "xxe": "read files by documents",
    "header-injection": "write headers of their own",
    "graphql-injection": "rewrite GraphQL queries",
    "template-injection": "run template code of their own",
    "archive-slip": "write files outside their folder",
}

#: Rule -> what a function did by itself, as a past tense that follows its name.
_DEEDS = {
    "call-outside-remit": "made cloud calls outside its remit",
    "host-outside-remit": "connected to hosts outside its remit",
    "process-outside-remit": "started programs outside its remit",
    "file-outside-remit": "touched files outside its remit",
    "code-changed": "is running code that was not approved",
    "guard-fault": "ran with a guard that failed",
    "exception-to-caller": "had errors that its answers would have shown",
    "guard-off": "ran without its guard",
    "event-too-large": "was sent an event too large to be looked at whole",
}

#: Of these, what is a state and not an effect: there is nothing to stop.
_STATES = frozenset({"code-changed", "event-too-large", "exception-to-caller", "guard-fault", "guard-off"})
_HARMLESS = _STATES - {"code-changed"}
#: What the guard makes harmless without refusing anything: a forged line is written as one escaped line.
_NEUTRALISED = frozenset({"log-injection"})

#: Event source -> the way in.
_DOORS = {
    "http-api": "the HTTP API",
    "rest-api": "the REST API",
    "function-url": "the function's URL",
    "sqs": "queue messages",
    "sns": "notifications",
    "s3": "uploads",
    "dynamodb": "changed records",
    "eventbridge": "bus events",
    "schedule": "a schedule",
    "direct": "direct calls",
}

#: Rule -> what to do, an imperative sentence with a place for the functions.
_ADVICE = {
    "shell-injection": "In {functions}, pass a list to the program instead of text to a shell.",
    "sql-injection": "In {functions}, bind values as query parameters instead of joining them into the text.",
    "path-traversal": "In {functions}, resolve the path and check that it stays in its folder before opening it.",
    "ssrf": "In {functions}, take the host from a list of your own, never from the event.",
    "code-injection": "In {functions}, stop evaluating text from events.",
    "unsafe-deserialization": "In {functions}, read JSON instead of a format that can build objects.",
    "html-injection": "In {functions}, escape what goes into HTML.",
    "log-injection": "In {functions}, log structured values instead of joined text; the guard escaped these lines.",
    "nosql-injection": "In {functions}, check that what goes into a query is a text or a number, never a mapping.",
    "expression-injection": "In {functions}, keep expressions constant; give values as expression attribute values.",
    "ldap-injection": "In {functions}, escape values before they go into a directory filter.",
    "xpath-injection": "In {functions}, hand values to XPath as variables.",
    "xxe": "In {functions}, read XML with a parser that resolves no entities.",
    "header-injection": "In {functions}, refuse line breaks in what goes into a header.",
    "graphql-injection": "In {functions}, hand values to GraphQL as variables.",
    "template-injection": "In {functions}, keep template texts constant; give values to render.",
    "archive-slip": "In {functions}, extract archives with a filter that keeps members in their folder.",
    "call-outside-remit": (
        "If {functions} changed, review the new calls: remit lock --check. If not, treat its role as in hostile hands."
    ),
    "host-outside-remit": (
        "Find the code of {functions} that opens the connection; let remit.lock have the host only if you know it."
    ),
    "process-outside-remit": "Check which code of {functions} starts that program; no program should appear by itself.",
    "file-outside-remit": "Check which code of {functions} touches that file.",
    "code-changed": "Take {functions} out of service and deploy the approved build again: remit ship verify.",
    "exception-to-caller": "In {functions}, answer errors with a text of your own; the guard withheld theirs.",
    "event-too-large": "Limit the size of what {functions} accepts; the guard judged such events as one untrusted text.",
    "guard-off": "Somebody switched the guard of {functions} off: find out who set REMIT_GUARD=off, and take it out.",
    "guard-fault": "{functions} may be running unprotected: read the evidence below and report the fault.",
}

#: Stages and functions that are named one by one; the rest are counted.
_NAMED = 2


def tell(incident: Incident) -> str:
    """The incident as one sentence without a full stop."""
    attack = [stage for stage in incident.stages if is_attack(stage)]
    deeds = [stage for stage in incident.stages if not is_attack(stage)]
    if not attack:
        end = outcome(incident)
        return f"{_deeds(deeds)}{_times(incident.count)}" + (f"; {end}" if end else "")
    way = _listed([*dict.fromkeys(door(stage.source) for stage in attack if stage.source)], "ways")
    used = f" used {way}" if way else " tried"
    fields = {field for stage in attack for field in stage.fields}
    more = any(stage.more_fields for stage in attack)
    over = f" over {len(fields)}{'+' if more else ''} fields" if len(fields) > 1 else ""
    times = _times(sum(stage.count for stage in attack))
    then = f"; then {_deeds(deeds)}" if deeds else ""
    return f"{_who(incident)}{used} to {_aims(attack)}{times}{over}{then}; {outcome(incident)}"


def outcome(incident: Incident) -> str:
    """How it ended: a clause that follows a semicolon; ``""`` where there was nothing to stop."""
    if all(stage.rule in _STATES for stage in incident.stages):
        return ""
    at_sink = any(is_attack(stage) for stage in incident.stages)
    if all(stage.rule in _NEUTRALISED for stage in incident.stages):
        return "the guard made it harmless"
    if incident.stopped:
        stopped = "stopped at the sink" if at_sink else "stopped"
        return stopped if incident.count == 1 else f"all {stopped}"
    if incident.blocked == 0:
        return "nothing stopped it" if at_sink else "reported, not stopped"
    last = incident.stages[-1]
    whole = [stage for stage in incident.stages if stage.blocked]
    one = len({stage.function for stage in incident.stages}) == 1  # steps of one way, not two ways side by side
    if one and len(incident.stages) > 1 and whole == [last] and last.blocked == last.count:
        return f"stopped at the {_ordinal(len(incident.stages))} step"
    missed = [stage for stage in incident.stages if is_attack(stage) and _open(stage)]
    rest = f"; not stopped: {_aims(missed)}" if missed and any(not _open(stage) for stage in incident.stages) else ""
    return f"{incident.blocked:,} of {incident.count:,} stopped{rest}"


def _open(stage: Stage) -> bool:
    """Whether some of a stage was neither refused nor made harmless."""
    return stage.blocked < stage.count and stage.rule not in _NEUTRALISED


def advise(incident: Incident) -> tuple[str, ...]:
    """What to do, most urgent first; one sentence each."""
    steps = []
    open_functions = [*dict.fromkeys(stage.function for stage in incident.stages if is_attack(stage) and _open(stage))]
    if open_functions:
        steps.append(f"Let the guard refuse it now: set REMIT_MODE=block on {_listed(open_functions)}.")
    for rule in dict.fromkeys(stage.rule for stage in incident.stages):
        functions = [*dict.fromkeys(stage.function for stage in incident.stages if stage.rule == rule)]
        advice = _ADVICE.get(rule)
        steps.append(
            advice.format(functions=_listed(functions))
            if advice
            else f"Look at {_listed(functions)}: remit explain {rule}"
        )
    if len(incident.senders) == 1 and not incident.more_senders and any(is_attack(stage) for stage in incident.stages):
        steps.append(f"All of it came from {incident.senders[0]}: block it in front of the app if it goes on.")
    return tuple(dict.fromkeys(steps))


def what(stage: Stage) -> str:
    """What happened in one stage, in a few plain words.

    For an attack they are followed by ``in <function>``, for what a function did they follow its name (``is_attack``).
    """
    if is_attack(stage):
        goal = _AIMS.get(stage.rule, f"break {stage.rule}")
        return goal[:1].upper() + goal[1:]
    return _deed(stage)


def _deed(stage: Stage) -> str:
    if stage.rule == "code-changed" and stage.blocked == stage.count:
        return "was kept from running code that was not approved"
    return _DEEDS.get(stage.rule, f"broke {stage.rule}")


def got_through(incident: Incident) -> bool:
    """Whether some effect that should not be was not refused. A state, such as a failed guard, is not an effect."""
    return any(_open(stage) and stage.rule not in _HARMLESS for stage in incident.stages)


def door(source: str) -> str:
    """The way in that a chain of event sources begins with, for people; ``""`` for none."""
    origin = source.split(" via ", maxsplit=1)[0]
    return _DOORS.get(origin, origin)


def is_attack(stage: Stage) -> bool:
    """Whether a stranger tried something, and not the function itself did."""
    return stage.rule not in _DEEDS and bool(stage.rule in _AIMS or stage.fields)


def _who(incident: Incident) -> str:
    if incident.more_senders:
        return f"More than {len(incident.senders)} senders"
    if len(incident.senders) > 1:
        return f"{len(incident.senders)} senders"
    ways = {(stage.function, door(stage.source)) for stage in incident.stages if is_attack(stage)}
    # Without a sender, several ways at once are a wave of attacks: one person or more, the signals cannot say.
    return "Someone" if incident.senders or len(ways) == 1 else "Attackers"


def _aims(stages: Sequence[Stage]) -> str:
    """``run commands in Thumbnail, rewrite database queries in Orders and Search and 2 more``."""
    functions: dict[str, list[str]] = {}
    for stage in stages:
        mine = functions.setdefault(stage.rule, [])
        if stage.function not in mine:
            mine.append(stage.function)
    if len(functions) > _NAMED + 1:  # not all will be named: those that were not stopped come first
        open_rules = {stage.rule for stage in stages if stage.blocked < stage.count}
        functions = dict(sorted(functions.items(), key=lambda item: item[0] not in open_rules))
    parts = [f"{_AIMS.get(rule, f'break {rule}')} in {_listed(names)}" for rule, names in functions.items()]
    return _listed(parts, "kinds of attack")


def _deeds(stages: Sequence[Stage]) -> str:
    """``Thumbnail made cloud calls outside its remit and connected to hosts outside its remit``."""
    rules: dict[str, list[str]] = {}
    for stage in stages:
        mine = rules.setdefault(stage.function, [])
        if _deed(stage) not in mine:
            mine.append(_deed(stage))
    parts = [f"{function or 'a function'} {_listed(names)}" for function, names in rules.items()]
    return _listed(parts, "functions")


def _times(count: int) -> str:
    return "" if count == 1 else f" {count:,} times"


def _listed(names: Sequence[str], what: str = "") -> str:
    names = [name or "an unnamed function" for name in names]
    if len(names) > _NAMED + 1:
        more = f"{len(names) - _NAMED} more{' ' + what if what else ''}"
        names = [*names[:_NAMED], more]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _ordinal(number: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[number - 1] if number <= len(words) else f"{number}th"
