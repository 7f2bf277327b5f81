"""The order of a walk, worked out once from a source's field map.

Fields that share a list or mapping are grouped, so that a batch of records is gone through once and not once for every
field a record may have.
"""

from remit_guard.core.source import ANY_KEY, ANYTHING, ELEMENT, EventSource, parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    #: Steps of a path, its decodings, and whether the platform writes what is there.
    _Specs = list[tuple[tuple[str, ...], tuple[str, ...], bool]]
    #: Of one place: its key (none for what is in a list in a list), what is there (one of the kinds), its decodings,
    #: whether it is the list of records, and what is below it or below each of its values.
    _Step = tuple[str, int, tuple[str, ...], bool, "Plan"]
    #: The places in a mapping, the keys of single values that the platform writes, and all keys that either has; no keys
    #: when the places are not told apart by keys.
    Plan = tuple[tuple[_Step, ...], tuple[str, ...], frozenset[str] | None]

#: One value, each element of a list, each value of a mapping, every leaf below, more keys.
LEAF, EACH, EACH_KEY, EVERYTHING, BELOW = range(5)
_KINDS = {ELEMENT: EACH, ANY_KEY: EACH_KEY, ANYTHING: EVERYTHING}
_plans: "dict[EventSource, Plan]" = {}


def plan_of(source: EventSource) -> "Plan":
    """The plan for one source; the same object each time."""
    plan = _plans.get(source)
    if plan is None:
        specs = [(spec.steps, spec.decode, False) for spec in source.fields]
        specs += [(parse_path(path), (), True) for path in source.platform]
        plan = _plans[source] = _grouped(specs, source.records or "")
    return plan


def _grouped(specs: "_Specs", records: "str | None") -> "Plan":
    """Steps in the order of the field map; a group stands where its first field does.

    Args:
        specs: the paths.
        records: the key of the list of records, ``""`` when the event itself is a list; ``None`` inside of it.
    """
    steps: list[tuple[str, int, tuple[str, ...], _Specs]] = []
    groups: dict[tuple[str, int], _Specs] = {}
    platform: list[str] = []
    for path, decode, written in specs:
        if written and len(path) == 1:
            platform.append(path[0])
            continue
        key, rest = ("", path) if path[0] in _KINDS else (path[0], path[1:])
        kind = _KINDS.get(rest[0], BELOW) if rest else LEAF
        rest = rest if kind == BELOW else rest[1:]
        if not rest:
            steps.append((key, kind, decode, []))
            continue
        group = groups.get((key, kind))
        if group is None:
            group = groups[key, kind] = []
            steps.append((key, kind, (), group))
        group.append((rest, decode, written))
    places = tuple(
        (key, kind, decode, kind == EACH and key == records, _grouped(group, None))
        for key, kind, decode, group in steps
    )
    keys = [key for key, *_ in places]
    return places, tuple(platform), None if "" in keys else frozenset((*keys, *platform))
