"""The order of a walk, worked out once from a source's field map.

Fields that share a list or mapping are grouped, so that a batch of records is gone through once and not once for every
field a record may have.
"""

from remit_guard.core.source import ANY_KEY, ANYTHING, ELEMENT, EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    _Specs = list[tuple[tuple[str, ...], tuple[str, ...]]]
    #: Of one place: its key (none for what is in a list in a list), what is there (one of the kinds), its decodings,
    #: whether it is the list of records, and what is below it or below each of its values.
    _Step = tuple[str, int, tuple[str, ...], bool, "Plan"]
    Plan = tuple[_Step, ...]

#: One value, each element of a list, each value of a mapping, every leaf below, more keys.
LEAF, EACH, EACH_KEY, EVERYTHING, BELOW = range(5)
_KINDS = {ELEMENT: EACH, ANY_KEY: EACH_KEY, ANYTHING: EVERYTHING}
_plans: "dict[EventSource, Plan]" = {}


def plan_of(source: EventSource) -> "Plan":
    """The plan for one source; the same object each time."""
    plan = _plans.get(source)
    if plan is None:
        specs = [(spec.steps, spec.decode) for spec in source.fields]
        plan = _plans[source] = _grouped(specs, source.records or "")
    return plan


def _grouped(specs: "_Specs", records: str) -> "Plan":
    """Steps in the order of the field map; a group stands where its first field does."""
    steps: list[tuple[str, int, tuple[str, ...], _Specs]] = []
    groups: dict[tuple[str, int], _Specs] = {}
    for path, decode in specs:
        key, rest = ("", path) if path[0] in _KINDS else (path[0], path[1:])
        kind = LEAF if not rest else _KINDS.get(rest[0], BELOW)
        rest = rest if kind == BELOW else rest[1:]
        if not rest:
            steps.append((key, kind, decode, []))
            continue
        group = groups.get((key, kind))
        if group is None:
            group = groups[key, kind] = []
            steps.append((key, kind, (), group))
        group.append((rest, decode))
    return tuple(
        (key, kind, decode, kind == EACH and bool(key) and key == records, _grouped(group, ""))
        for key, kind, decode, group in steps
    )
