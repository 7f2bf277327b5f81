"""From the remit that people review to the remit that the guard enforces: ``compile_remit``."""

from collections.abc import Iterator, Mapping

from remit.app.model import App, Function
from remit.app.need import FunctionRemit
from remit.app.value import Ref, Text, Value, options
from remit.iam import catalog
from remit.iam.arns import PARTITION, long, name_of, shape_of
from remit_guard.core.remit import Remit

ANY = "*"


def compile_remit(app: App, function: Function, remit: FunctionRemit, modes: Mapping[str, str]) -> Remit:
    """The remit one guard loads.

    What is only known after deployment is written as the environment variable that will hold it (``${ORDERS_TABLE}``),
    and as ``*`` when none does. A verb with something unresolved is named in ``unresolved``: the guard never blocks by it.
    A call whose *resource* is unresolved keeps its action with ``*``, so that other actions can still be refused.

    Args:
        app: the app.
        function: the function.
        remit: its derived (or locked) remit.
        modes: per verb or rule ``off``, ``alert`` or ``block``.

    Returns:
        The compiled remit; ``digest`` is that of its own JSON.
    """
    variables = _variables(app, function)
    calls = {(str(need.what), text) for need in remit.of("calls") for text in _resources(app, variables, need.on)}
    unresolved: set[str] = set()
    for item in remit.unresolved:
        if item.verb == "calls" and catalog.spelled(item.what):
            calls.add((item.what, ANY))
        else:
            unresolved |= _blind(item.verb)
    compiled = Remit(
        function=function.id,
        receives=_sources(app, function),
        calls=tuple(sorted(calls)),
        reaches=tuple(sorted(_texts(remit, "reaches", variables, app))),
        runs=tuple(sorted(_texts(remit, "runs", variables, app))),
        reads=tuple(sorted(_prefixes(remit, "reads", variables, app))),
        writes=tuple(sorted(_prefixes(remit, "writes", variables, app))),
        secrets=tuple(sorted(_texts(remit, "secrets", variables, app))),
        returns={str(need.what): str(need.on) for need in remit.of("returns")},
        modes=dict(modes),
        unresolved=tuple(sorted(unresolved)),
    )
    return Remit.from_json(compiled.to_json())


def _blind(verb: str) -> set[str]:
    """Code that was not read leaves every verb open."""
    return {"calls", "reaches", "runs", "reads", "writes", "secrets"} if verb == "code" else {verb}


def _sources(app: App, function: Function) -> tuple[str, ...]:
    mine = app.triggers_of(function.id)
    told = [trigger for trigger in mine if not trigger.implied]
    return tuple(sorted({trigger.source for trigger in told})) or ("direct",)


def _variables(app: App, function: Function) -> dict[str, str]:
    """What the environment will hold: the text of each symbolic value -> ``${NAME}``, first name in order wins."""
    found: dict[str, str] = {}
    for name in sorted(function.environment):
        value = function.environment[name].plain()
        if isinstance(value, Ref | Text):
            found.setdefault(str(value), "${" + name + "}")
            if isinstance(value, Ref) and shape_of(app, value.target):
                found.setdefault(str(Ref(value.target, "Arn")), "${" + name + "}")
    return found


def _resources(app: App, variables: Mapping[str, str], value: Value) -> Iterator[str]:
    for option in options(value):
        yield _resource(app, variables, option)


def _resource(app: App, variables: Mapping[str, str], value: Value) -> str:
    if value is None or value == ANY:
        return ANY
    parts = list(value.parts) if isinstance(value, Text) else [value]
    head = parts[0]
    if isinstance(head, Ref) and head.attribute == "Arn" and shape_of(app, head.target):
        name = name_of(app, head.target)
        known = variables.get(str(head)) or (_literal(app, variables, head) if isinstance(name, str) else "")
        shape = shape_of(app, head.target)
        # The guard sees table and index in two parameters; it is told the table.
        tail = () if shape is not None and shape.kind == "table" else parts[1:]
        return known + "".join(_part(variables, part) for part in tail) if known else ANY
    return _literal(app, variables, value)


def _literal(app: App, variables: Mapping[str, str], value: Value) -> str:
    """An ARN pattern for what is spelled out; ``*`` when something in it is only known after deployment."""
    spelled = long(app, value)
    texts = [_part(variables, part) for part in (spelled.parts if isinstance(spelled, Text) else (spelled,))]
    whole = "".join(texts)
    if whole.startswith("arn:") and whole.count(":") >= 5:
        name = whole.split(":", 5)[5]
        return ANY if name.strip("*/") in ("", "table", "function", "stateMachine", "secret", "parameter") else whole
    return whole if whole.strip("*") else ANY


def _part(variables: Mapping[str, str], part: Value) -> str:
    if isinstance(part, str):
        return part
    return "aws*" if part == PARTITION else variables.get(str(part), ANY)


def _texts(remit: FunctionRemit, verb: str, variables: Mapping[str, str], app: App) -> set[str]:
    found: set[str] = set()
    for need in remit.of(verb):
        value = need.what
        if isinstance(value, Ref) and shape_of(app, value.target):
            name = name_of(app, value.target)
            found.add(name if isinstance(name, str) else variables.get(str(Ref(value.target, "Arn")), ANY))
            continue
        found.add("".join(_part(variables, part) for part in (value.parts if isinstance(value, Text) else (value,))))
    return found


def _prefixes(remit: FunctionRemit, verb: str, variables: Mapping[str, str], app: App) -> set[str]:
    """File patterns as prefixes: what stands before the first ``*``."""
    return {text.partition("*")[0] for text in _texts(remit, verb, variables, app)}
