"""Attack paths on the picture: which nodes and ways a finding's hops take."""

from collections.abc import Mapping

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Role, Sender, Trigger
from remit.app.noun import replace
from remit.app.report import Finding, Hop
from remit.graph import kinds
from remit.graph.draft import Draft, function_node, resource_node, sender_node
from remit.graph.nouns import USE, Attack, Line, Step

#: Ways up that put other code into a function: ids of ``iam.escalations``.
_REPLACING = ("swap-", "write-code-bucket", "push-image")
#: Characters of a code line that are shown.
_MOST = 110


def attacks(draft: Draft, facts: Facts, findings: tuple[Finding, ...], texts: Mapping[str, str]) -> tuple[Attack, ...]:
    """Every attack path, marked on the draft's ways.

    Args:
        draft: the picture so far; its ways get letters.
        facts: what is known about the app.
        findings: worst first, places as shown.
        texts: source texts by the path that is shown.
    """
    found: list[Attack] = []
    for finding in findings:
        if finding.is_path and facts.app.function(finding.function) is not None:
            attack = _attack(draft, facts, finding, letter(len(found)), texts)
            found.append(attack)
            draft.letters.setdefault(finding.function, []).append(attack.letter)
    return tuple(found)


def letter(number: int) -> str:
    """``A`` ... ``Z``, ``AA``, ``AB``, ..."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _attack(draft: Draft, facts: Facts, finding: Finding, mark: str, texts: Mapping[str, str]) -> Attack:
    triggers = _triggers(draft, facts, finding)
    nodes: list[str] = []
    for trigger in triggers:
        _along(draft, trigger, nodes, mark)
    here = function_node(finding.function)
    if here not in nodes:
        nodes.append(here)
    after = _reach(draft, facts, finding, mark)
    steps = _steps(draft, facts, finding, triggers, texts)
    return Attack(mark, finding, finding.rule.replace("-", " "), (*nodes, *after), steps)


def _triggers(draft: Draft, facts: Facts, finding: Finding) -> list[Trigger]:
    """The triggers that the hops go through, in their order; the widest of the function where no hop names one."""
    by_place: dict[Location, list[Trigger]] = {}
    for trigger in facts.app.triggers:
        if not trigger.implied:
            by_place.setdefault(draft.place(trigger.location), []).append(trigger)
    found: list[Trigger] = []
    for hop in finding.hops:
        fitting = by_place.get(hop.location, [])
        named = [trigger for trigger in fitting if trigger.name in hop.text] or fitting
        mine = [trigger for trigger in named if trigger.function == finding.function] or named
        if mine and mine[0] not in found:
            found.append(mine[0])
    if not any(trigger.function == finding.function for trigger in found):
        own = [trigger for trigger in facts.app.triggers_of(finding.function) if not trigger.implied]
        found += own[:1]
    return found


def _along(draft: Draft, trigger: Trigger, nodes: list[str], mark: str) -> None:
    door, end = draft.door(trigger), function_node(trigger.function)
    if nodes and draft.tied(nodes[-1], door):
        _mark(draft, nodes[-1], door, mark)
    elif draft.tied(sender_node(trigger.sender), door):
        nodes.append(sender_node(trigger.sender))
        _mark(draft, nodes[-1], door, mark)
    row = next(
        (number for number, row in enumerate(draft.nodes[door].rows)
         if (row.name, row.function) == (trigger.name, trigger.function)), -1,
    )  # fmt: skip
    _mark(draft, door, end, mark, row)
    nodes += [name for name in (door, end) if name not in nodes]


def _mark(draft: Draft, start: str, end: str, mark: str, row: int | None = None) -> None:
    for key, way in draft.ways.items():
        if key[:2] == (start, end) and row in (None, key[2]):
            draft.ways[key] = replace(way, attacks=(*way.attacks, mark))


def _reach(draft: Draft, facts: Facts, finding: Finding, mark: str) -> tuple[str, ...]:
    """What the role of a taken-over function opens: ways that are there are marked, the others are added."""
    found = _mark_sink(draft, finding, mark)
    function = facts.app.function(finding.function)
    role = facts.app.role_of(function) if function is not None else None
    if role is None or not finding.reach:
        return tuple(found)
    here = function_node(finding.function)
    for name, verbs in draft.reach(role)[2].items():
        resource = facts.app.resources.get(name)
        if resource is None or resource.type not in kinds.OF_TYPE:
            continue  # functions, by the dozen: the badge says it
        end = resource_node(name)
        if draft.tied(end, here):
            continue
        if end not in draft.nodes:
            draft.node_of(name)
        if not draft.tied(here, end):
            location = draft.place(role.location)
            draft.way(here, end, USE, verbs=tuple(verbs), location=location, reach=True)
        if mark not in draft.ways[here, end, -1].attacks:
            _mark(draft, here, end, mark)
        found.append(end)
    found += _stronger(draft, function_node(finding.function), role, mark)
    return tuple(dict.fromkeys(found))


def _stronger(draft: Draft, here: str, role: Role, mark: str) -> list[str]:
    """Functions with a stronger role that a taken-over function feeds or replaces, where no way of the app leads there yet."""
    from remit import iam
    from remit.rules._moves import fed

    found = []
    taken = (way for way in iam.escalations(draft.app, role) if way.id.startswith(_REPLACING))
    for way in (*taken, *fed(draft.facts, role)):
        for name in way.targets:
            end = function_node(name)
            if draft.app.function(name) is None or end == here:
                continue
            if not draft.tied(here, end):
                verb = "replaces" if way.id.startswith(_REPLACING) else "feeds"
                draft.way(here, end, USE, verbs=(verb,), location=draft.place(role.location), reach=True)
                _mark(draft, here, end, mark)
                found.append(end)
    return found


def _mark_sink(draft: Draft, finding: Finding, mark: str) -> list[str]:
    """What a function touches by the very call that the attacker steers belongs to the path; returns those nodes."""
    found = []
    here = function_node(finding.function)
    sink = (finding.location.file, finding.location.line)
    for key, way in draft.ways.items():
        place = way.location
        if way.start == here and way.kind == USE and place is not None and (place.file, place.line) == sink:
            draft.ways[key] = replace(way, attacks=tuple(dict.fromkeys((*way.attacks, mark))))
            found.append(way.end)
    return found


def _steps(
    draft: Draft, facts: Facts, finding: Finding, triggers: list[Trigger], texts: Mapping[str, str]
) -> tuple[Step, ...]:
    first = triggers[0] if triggers else None
    sender = first.sender if first is not None else Sender.ACCOUNT
    phrase = sender.phrase
    steps = [Step(sender_node(sender), phrase[0].upper() + phrase[1:])]
    rest = list(finding.hops)
    for number, trigger in enumerate(triggers):
        at = next((spot for spot, hop in enumerate(rest) if hop.location == draft.place(trigger.location)), -1)
        before, rest = rest[: at + 1], rest[at + 1 :]
        between = len(before) - 1 if number else 0
        if number:  # what comes before another trigger is the code of the function that passes it on
            name = triggers[number - 1].function
            steps.append(Step(function_node(name), f"{name} passes it on", _lines(before[:between], texts)))
        steps.append(Step(draft.door(trigger), trigger.name, _lines(before[max(between, 0) :], texts)))
    steps.append(Step(function_node(finding.function), finding.function, _lines(rest, texts)))
    function = facts.app.function(finding.function)
    if finding.reach:
        role = function.role if function is not None else ""
        steps.append(Step("", f"as {role}: {' · '.join(finding.reach)}"))
    return tuple(steps)


def _lines(hops: list[Hop], texts: Mapping[str, str]) -> tuple[Line, ...]:
    return tuple(Line(hop.location, hop.text, _code(hop.location, texts)) for hop in hops)


def _code(location: Location, texts: Mapping[str, str]) -> str:
    lines = texts.get(location.file, "").splitlines()
    if not 0 < location.line <= len(lines) or location.file.endswith((".yaml", ".yml", ".json", ".template", ".tf")):
        return ""
    line = lines[location.line - 1].strip()
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"
