"""Calls: of the code's own functions (run where they are called, memoised), of classes, libraries and the unknown."""

from remit.app.location import Location
from remit.flow import access, ir, taint, uses
from remit.flow.machine import MOST_CALLS, Arguments, Frame, Machine
from remit.flow.models import library
from remit.flow.places import HELD, base_of, place_of, refined
from remit.flow.taint import MEDIUM
from remit.flow.values import (
    NONE,
    NOTHING,
    UNKNOWN,
    Atom,
    Closure,
    Dictionary,
    Instance,
    Kind,
    Known,
    Lib,
    Method,
    Part,
    Partial,
    Scope,
    Sequence,
    Symbol,
    Thing,
    Val,
    union,
    unknown,
)  # fmt: skip

#: What a call shows about the callee's parameters: always, when it gives something true, when something false.
Summary = tuple[dict[str, frozenset[str]], dict[str, frozenset[str]], dict[str, frozenset[str]]]
#: The summary of a call, and whether it never comes back.
Outcome = tuple[Summary | None, bool]


def evaluate_call(machine: Machine, frame: Frame, node: ir.Call) -> Val:
    """A call expression."""
    function = node.function
    at = machine.place(frame, node.at)
    if isinstance(function, ir.Attr):
        receiver = machine.evaluate(frame, function.value)
        callee = access.attribute(machine, frame, receiver, function.name, at, calling=True)
    elif isinstance(function, ir.Name) and function.id == "super" and frame.this is not None:
        return super_of(frame, frame.this)
    else:
        callee = machine.evaluate(frame, function)
    given = arguments(machine, frame, node, at)
    value = call(machine, frame, callee, given)
    return refined(frame, node, value)


def evaluate_new(machine: Machine, frame: Frame, node: ir.New) -> Val:
    """``new Class(...)``."""
    callee = machine.evaluate(frame, node.function)
    given = arguments(machine, frame, node, machine.place(frame, node.at))
    made: list[Val] = [machine.language.construct(machine, frame, atom, callee, given) for atom in callee.atoms]
    return union(*made) if made else call(machine, frame, callee, given)


def arguments(machine: Machine, frame: Frame, node: ir.Call, at: Location) -> Arguments:
    """The evaluated arguments of a call."""
    given = Arguments(at, node.text, node=node)
    for argument in node.arguments:
        if isinstance(argument, ir.Spread):
            value = machine.evaluate(frame, argument.value)
            only = value.atoms[0] if len(value.atoms) == 1 else None
            if isinstance(only, Sequence) and only.rest is None:
                for item in only.items:
                    given.args.append(item)
                    given.spans.append(machine.place(frame, argument.at))
                    given.places.append("")
            else:
                each = access.elements(machine, frame, value, at)
                given.rest = each if given.rest is None else union(given.rest, each)
            continue
        given.args.append(machine.evaluate(frame, argument))
        given.spans.append(machine.place(frame, argument.at))
        given.places.append(place_of(argument))
    for name, expression in node.keywords:
        value = machine.evaluate(frame, expression)
        if name != "**":
            given.keywords[name] = value
            given.keyword_spans[name] = machine.place(frame, expression.at)
            continue
        for atom in value.atoms:
            if isinstance(atom, Dictionary):
                for key, item in atom.entries.items():
                    if isinstance(key, str):
                        given.keywords[key] = item
                        given.keyword_spans[key] = atom.places.get(key, machine.place(frame, expression.at))
                if atom.rest is not None:
                    given.rest = atom.rest if given.rest is None else union(given.rest, atom.rest)
            else:
                inner = access.index(machine, frame, Val((atom,), value.taints), UNKNOWN, at)
                given.rest = inner if given.rest is None else union(given.rest, inner)
    return given


def call(machine: Machine, frame: Frame, callee: Val, given: Arguments) -> Val:
    """Calls whatever it may be."""
    results = [_call(machine, frame, atom, callee, given) for atom in callee.atoms]
    if not results:
        return _unknown(machine, frame, callee, given)
    return union(*results)


def _unknown(machine: Machine, frame: Frame, callee: Val, given: Arguments) -> Val:
    found: Val = machine.language.unknown(machine, frame, callee, given)
    return found


def _call(machine: Machine, frame: Frame, atom: Atom, callee: Val, given: Arguments) -> Val:
    if isinstance(atom, Closure):
        return call_closure(machine, frame, atom, given)
    if isinstance(atom, Kind):
        return instantiate(machine, frame, atom, given)
    if isinstance(atom, Lib | Method):
        language = machine.language
        found: Val = (
            language.function(machine, frame, atom.name, given)
            if isinstance(atom, Lib)
            else language.method(machine, frame, atom, given)
        )
        return found
    if isinstance(atom, Partial):
        extended = Arguments(
            given.at, given.text, [*atom.arguments, *given.args], {**dict(atom.keywords), **given.keywords},
            [given.at] * len(atom.arguments) + given.spans, given.keyword_spans, given.rest,
            [""] * len(atom.arguments) + given.places,
        )  # fmt: skip
        return call(machine, frame, atom.function, extended)
    if isinstance(atom, Instance) and atom.kind is not None:
        method = access.class_member(atom.kind, "__call__", atom)
        if method is not None:
            return call(machine, frame, method, given)
    if isinstance(atom, Thing):
        made: Val = machine.language.thing(machine, frame, atom, given)
        return made
    if isinstance(atom, Known) and atom.value is None:
        return NOTHING
    return _unknown(machine, frame, Val((atom,), callee.taints), given)


def super_of(frame: Frame, this: Val) -> Val:
    """``super()``: the same object, seen from the bases."""
    owner = frame.owner
    if owner is None:
        return this
    bases = Kind(owner.code, owner.scope, {}, owner.bases)
    atoms: list[Atom] = []
    for atom in this.atoms:
        if isinstance(atom, Instance):
            view = Instance(atom.branch, atom.serial, atom.frame, kind=bases, fields=atom.fields)
            atoms.append(view)
        elif isinstance(atom, Kind):
            atoms.append(bases)
    return Val(tuple(atoms)) if atoms else UNKNOWN


# -- the code's own functions ------------------------------------------------------------------------------------------


def call_closure(machine: Machine, frame: Frame, closure: Closure, given: Arguments) -> Val:
    """Runs a function of the code with these arguments."""
    code = closure.code
    running = sum(1 for _, other in machine.stack if other is code)
    if running >= 2 or len(machine.stack) >= MOST_CALLS:
        if running < 2:
            machine.skip("this call", "it is deeper than the analysis follows", given.at)
        taints = taint.merge(*(machine.taints(value, given.at) for value in given.every()))
        return unknown(f"{code.name}()", taint.step(taints, given.at, f"goes through {code.name}()", MEDIUM))
    bound = bind(machine, closure, given)
    carried = _carried(frame, closure, given) if frame.refined else {}
    key = _memo_key(machine, closure, bound, carried)
    if key is not None:
        known_result = machine.memo.get(key)
        if known_result is not None:
            _learn(frame, given, closure, known_result[1])
            return known_result[0]
    machine.ran.add(id(code))
    value, shown, dead = _run(machine, closure, bound, given.at, carried)
    if value.taints:
        uses.named(machine, code.name, value, given.at)
    _learn(frame, given, closure, (shown, dead))
    if key is not None:
        machine.memo[key] = (value, (shown, dead))
    return value


def _names(closure: Closure, given: Arguments) -> dict[str, str]:
    """For each parameter, the variable or path that the caller hands over as it."""
    parameters = [item.name for item in closure.code.parameters if item.kind in ("plain", "keyword")]
    offset = 1 if closure.bound is not None and not closure.code.this else 0
    names: dict[str, str] = {}
    for number, place in enumerate(given.places):
        if place and number + offset < len(parameters):
            names[parameters[number + offset]] = place
    for name, expression in given.node.keywords if given.node is not None else ():
        place = place_of(expression)
        if place:
            names[name] = place
    return names


def _carried(frame: Frame, closure: Closure, given: Arguments) -> dict[str, frozenset[str]]:
    """What the caller has checked below the things it hands over: ``event['body']`` of ``event``."""
    found: dict[str, frozenset[str]] = {}
    for name, place in _names(closure, given).items():
        for key, sinks in frame.refined.items():
            if key.startswith((f"{place}[", f"{place}.")) and HELD not in key:
                found[name + key[len(place) :]] = sinks
    return found


def _run(
    machine: Machine, closure: Closure, bound: dict[str, Val], at: Location, carried: dict[str, frozenset[str]]
) -> tuple[Val, Summary | None, bool]:
    from remit.flow.statements import execute

    code = closure.code
    scope = Scope(closure.scope.module, closure.scope, bound, code.outer, closure.scope.depth + 1)
    machine.frames += 1
    inner = Frame(scope, closure.scope.module, machine.frames, code)
    inner.owner = closure.owner
    inner.refined = carried
    if closure.bound is not None:
        inner.this = Val((closure.bound,))
    machine.stack.append((at, code))
    outer = machine.frames
    try:
        execute(machine, inner, code.body)
    finally:
        machine.stack.pop()
        machine.frames = outer - 1 if machine.frames == outer else machine.frames
    dead = inner.dead and not inner.returns
    returned = [value for value, _, _ in inner.returns]
    if not inner.dead:
        returned.append(NONE)
        inner.returns.append((NONE, None, inner.refined))  # type: ignore[arg-type]
    if code.generator:
        rest = inner.yields if inner.yields.atoms else None
        return Val((machine.sequence([], rest, "generator"),)), None, False
    return (union(*returned) if returned else NOTHING), _summary(inner, bound, scope), dead


def _summary(inner: Frame, bound: dict[str, Val], scope: Scope) -> Summary:
    """What a call shows about its parameters: always, when it returns something true, when something false."""
    always: list[dict[str, frozenset[str]]] = []
    truly: list[dict[str, frozenset[str]]] = []
    falsely: list[dict[str, frozenset[str]]] = []
    for _, when_true, when_false in inner.returns:
        for shown, holder in ((when_true, truly), (when_false, falsely)):
            if shown is not None:
                holder.append(shown)
        both = [shown for shown in (when_true, when_false) if shown is not None]
        always.append(_meet(both))
    names = {name for name in bound if scope.vars.get(name) is bound[name]}
    first, second, third = (
        {place: sinks for place, sinks in found.items() if base_of(place) in names and HELD not in place}
        for found in map(_meet, (always, truly, falsely))
    )
    return first, second, third


def _meet(many: list[dict[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    if not many:
        return {}
    first = many[0]
    return {
        name: sinks
        for name in first
        if (sinks := frozenset.intersection(*(other.get(name, frozenset()) for other in many)))
    }


def _learn(frame: Frame, given: Arguments, closure: Closure, outcome: Outcome) -> None:
    """What the callee's checks mean for the caller's variables."""
    shown, dead = outcome
    if dead:
        frame.dead = True
        return
    if not shown or given.node is None:
        return
    names = _names(closure, given)
    always, truly, falsely = (
        {names[base] + place[len(base) :]: sinks for place, sinks in found.items() if (base := base_of(place)) in names}
        for found in shown
    )
    if always:
        frame.refined = {
            **frame.refined,
            **{key: frame.refined.get(key, frozenset()) | sinks for key, sinks in always.items()},
        }
    frame.verdicts[id(given.node)] = (truly, falsely)


def bind(machine: Machine, closure: Closure, given: Arguments) -> dict[str, Val]:
    """Arguments to parameters."""
    code = closure.code
    bound: dict[str, Val] = {}
    said = f"{taint.HANDED} {code.name}()"
    values = list(given.args)
    if closure.code.this:
        bound["this"] = Val((closure.bound,)) if closure.bound is not None else unknown("this")
    elif closure.bound is not None:
        values.insert(0, Val((closure.bound,)))
    plain = [item for item in code.parameters if item.kind == "plain"]
    for number, parameter in enumerate(plain):
        if number < len(values):
            bound[parameter.name] = values[number]
    extra = values[len(plain) :]
    used = set()
    for parameter in code.parameters:
        if parameter.kind in ("plain", "keyword") and parameter.name not in bound:
            if parameter.name in given.keywords:
                bound[parameter.name] = given.keywords[parameter.name]
                used.add(parameter.name)
            elif given.rest is not None:
                default = closure.defaults.get(parameter.name)
                bound[parameter.name] = union(given.rest, default) if default else given.rest
            else:
                bound[parameter.name] = closure.defaults.get(parameter.name, unknown(parameter.name))
        elif parameter.kind == "rest":
            bound[parameter.name] = Val((machine.sequence(extra, given.rest, "tuple"),))
        elif parameter.kind == "all":
            bound[parameter.name] = Val((machine.sequence(list(values), given.rest),))
        elif parameter.kind == "others":
            others = {key: value for key, value in given.keywords.items() if key not in used and key not in bound}
            bound[parameter.name] = Val((machine.dictionary(dict(others), given.rest),))
    return {name: _passed(value, given.at, said) for name, value in bound.items()}


def _passed(value: Val, at: Location, said: str) -> Val:
    """A value after the step of being handed on; things in the heap keep their identity."""
    from remit.flow import event

    if not value.taints and not any(isinstance(atom, Part) for atom in value.atoms):
        return value
    atoms = tuple(event.moved(atom, at, said) if isinstance(atom, Part) else atom for atom in value.atoms)
    return Val(atoms, taint.step(value.taints, at, said))


def _memo_key(machine: Machine, closure: Closure, bound: dict[str, Val], carried: dict[str, frozenset[str]]) -> object:
    budget = [60]
    try:
        prints = tuple((name, _print(value, budget, 0)) for name, value in bound.items())
    except _Big:
        return None
    return (id(closure.code), id(closure.scope), machine.world, prints, frozenset(carried.items()))


class _Big(Exception):  # noqa: N818
    pass


def _print(value: Val, budget: list[int], depth: int) -> object:
    budget[0] -= 1
    if budget[0] < 0 or depth > 4:
        raise _Big
    atoms: list[object] = []
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            inner = [*atom.items, *([atom.rest] if atom.rest else [])]
            atoms.append((id(atom), atom.version, tuple(_print(item, budget, depth + 1) for item in inner)))
        elif isinstance(atom, Dictionary):
            inner = [*atom.entries.values(), *([atom.rest] if atom.rest else [])]
            atoms.append((id(atom), atom.version, tuple(_print(item, budget, depth + 1) for item in inner)))
        elif isinstance(atom, Instance):
            atoms.append(
                (id(atom), atom.version, tuple(_print(item, budget, depth + 1) for item in atom.fields.values()))
            )
        elif isinstance(atom, Thing | Kind | Closure):
            atoms.append(id(atom))
        elif isinstance(atom, Symbol):
            atoms.append(repr(atom))
        else:
            atoms.append(atom)
    return tuple(atoms), frozenset(item.key for item in value.taints)


# -- classes -----------------------------------------------------------------------------------------------------------


def instantiate(machine: Machine, frame: Frame, kind: Kind, given: Arguments) -> Val:
    """A new instance of one of the code's classes."""
    foreign = {atom.name.rsplit(".", 1)[-1] for atom in kind.lineage() if isinstance(atom, Lib)}
    taints = taint.merge(*(machine.taints(value, given.at) for value in given.every()))
    if foreign & {"Enum", "IntEnum", "StrEnum", "Flag"}:
        return unknown(f"a member of {kind.code.name}")
    if foreign & {"Exception", "ValueError", "RuntimeError", "BaseException", "KeyError", "TypeError"}:
        made = machine.instance(kind)
        made.fields["args"] = unknown("the arguments", taints)
        _construct(machine, frame, kind, made, given)
        return Val((made,), taints)
    made = machine.instance(kind)
    if not _construct(machine, frame, kind, made, given):
        _fill(machine, kind, made, given, foreign)
    last = access.class_member(kind, "__del__", made)
    for atom in last.atoms if last is not None else ():
        if isinstance(atom, Closure):
            # Nobody calls it by name: it runs when the object goes.
            machine.escaped.append((atom, None))
    return Val((made,))


def _construct(machine: Machine, frame: Frame, kind: Kind, made: Instance, given: Arguments) -> bool:
    method = access.class_member(kind, "__init__", made)
    if method is None:
        return False
    call(machine, frame, method, Arguments(
        given.at, f"{kind.code.name}", given.args, given.keywords, given.spans, given.keyword_spans, given.rest, given.places
    ))  # fmt: skip
    return True


_CLEAN_TYPES = ("int", "float", "bool", "UUID", "uuid.UUID", "Decimal", "datetime", "date", "condecimal", "conint")


def _fill(machine: Machine, kind: Kind, made: Instance, given: Arguments, foreign: set[str]) -> None:
    """A data class, named tuple or model: arguments are fields."""
    names: list[str] = []
    types: dict[str, str] = {}
    for item in reversed(list(kind.lineage())):
        if isinstance(item, Kind) and "<fields>" in item.members:
            for atom in item.members["<fields>"].atoms:
                if isinstance(atom, Dictionary):
                    for key, value in atom.entries.items():
                        names.append(str(key))
                        types[str(key)] = str(value.atoms[0].value) if isinstance(value.atoms[0], Known) else ""
    checks = bool(foreign & {"BaseModel", "Model", "Schema"})
    for number, value in enumerate(given.args):
        if number < len(names):
            made.fields[names[number]] = value
    made.fields.update(given.keywords)
    if given.rest is not None:
        for name in names:
            made.fields.setdefault(name, given.rest)
        made.fields.setdefault("*", given.rest)
    if checks:
        for name, annotation in types.items():
            bare = annotation.removeprefix("Optional[").removesuffix("]").removesuffix(" | None")
            if name in made.fields and (bare in _CLEAN_TYPES or annotation.startswith("Literal[")):
                made.fields[name] = unknown("a checked value")
    if not names and given.args:
        made.fields.setdefault("*", union(*given.args))
    after = access.class_member(kind, "__post_init__", made)
    if after is not None:
        # The fields are set; what it does with them counts.
        call(machine, Frame(kind.scope, kind.scope.module, machine.frames), after, Arguments(given.at, "__post_init__"))


# -- decorators --------------------------------------------------------------------------------------------------------


def decorate(machine: Machine, frame: Frame, decorator: ir.Expr, function: Val) -> Val:
    """A function after one decorator."""
    value = machine.evaluate(frame, decorator)
    at = machine.place(frame, decorator.at)
    results: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Closure | Partial | Instance | Kind):
            made = call(machine, frame, Val((atom,)), Arguments(at, "decorator", [function], spans=[at], places=[""]))
            callable_ = [item for item in made.atoms if isinstance(item, Closure | Partial | Instance | Kind | Method)]
            results.append(made if callable_ else function)
        else:
            results.append(library.decorated(machine, frame, atom, decorator, function))
    return union(*results) if results else function


__all__ = ["arguments", "call", "call_closure", "decorate", "evaluate_call", "evaluate_new", "instantiate", "super_of"]
