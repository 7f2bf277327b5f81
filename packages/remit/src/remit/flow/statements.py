"""Statements: what each kind does to the state; branches joined, loops run to a small fixpoint."""

from collections.abc import Callable
from typing import Any

from remit.flow import access, ir
from remit.flow.calls import call, decorate
from remit.flow.expressions import function_of
from remit.flow.guards import facts_of, proved, with_facts
from remit.flow.machine import EXPRESSIONS, Arguments, Frame, Machine, State
from remit.flow.models import library
from remit.flow.places import hold, settle
from remit.flow.values import (
    NONE,
    NOTHING,
    Atom,
    Closure,
    Instance,
    Kind,
    Known,
    Lib,
    Module,
    ModuleValue,
    Scope,
    Sequence,
    Val,
    known,
    union,
    unknown,
)  # fmt: skip

_PASSES = 3
#: Expressions that may be a check, whose outcome a variable keeps.
_CHECKS = (ir.Compare, ir.Not, ir.Logic, ir.Call)


def execute(machine: Machine, frame: Frame, body: list[ir.Stmt]) -> None:
    """Runs a block until its end or until nothing follows any more."""
    for statement in body:
        if frame.dead:
            return
        machine.steps += 1
        _STATEMENTS[type(statement)](machine, frame, statement)


# -- states ----------------------------------------------------------------------------------------------------------


def snapshot(frame: Frame) -> State:
    """The state here and now."""
    return dict(frame.scope.vars), frame.refined


def restore(frame: Frame, state: State) -> None:
    """Goes on from a state."""
    frame.scope.vars = dict(state[0])
    frame.refined = state[1]


def joined(states: list[State]) -> State:
    """The state when any of several may be: variables may be either, checks hold when they hold in each."""
    if len(states) == 1:
        return states[0]
    merged = dict(states[0][0])
    for others, _ in states[1:]:
        if others is merged:
            continue
        for name, value in others.items():
            mine = merged.get(name)
            if mine is None:
                merged[name] = value
            elif mine is not value:
                merged[name] = union(mine, value)
    shown = states[0][1]
    for _, other in states[1:]:
        if other is not shown:
            shown = {name: shown[name] & other[name] for name in shown if name in other and shown[name] & other[name]}
    return merged, shown


def _branch(machine: Machine, frame: Frame, body: Callable[[], None]) -> "State | None":
    """Runs something that may not happen; its state at the end, or ``None`` when the end is not reached."""
    outer = machine.branch
    machine.branches += 1
    machine.branch = machine.branches
    try:
        body()
    finally:
        machine.branch = outer
    end = None if frame.dead else snapshot(frame)
    frame.dead = False
    return end


def _go_on(frame: Frame, states: "list[State | None]") -> None:
    alive = [state for state in states if state is not None]
    if alive:
        restore(frame, joined(alive))
    else:
        frame.dead = True


# -- statements ------------------------------------------------------------------------------------------------------


def _assign(machine: Machine, frame: Frame, node: ir.Assign) -> None:
    value = machine.evaluate(frame, node.value)
    _came_through(machine, frame, node.value)
    shown = facts_of(machine, frame, node.value) if isinstance(node.value, _CHECKS) else None
    for target in node.targets:
        access.assign(machine, frame, target, value)
        if shown is not None and isinstance(target, ir.Name):
            hold(frame, target.id, *shown)


def _declare(machine: Machine, frame: Frame, node: ir.Declare) -> None:
    if frame.scope.is_class:
        frame.scope.vars.setdefault("<fields>", Val((machine.dictionary(),)))
        for atom in frame.scope.vars["<fields>"].atoms:
            if hasattr(atom, "entries"):
                atom.entries[node.name] = known(node.type)


def _evaluate(machine: Machine, frame: Frame, node: ir.Evaluate) -> None:
    machine.evaluate(frame, node.value)
    _came_through(machine, frame, node.value)


def _came_through(machine: Machine, frame: Frame, value: ir.Expr) -> None:
    """``int(x)`` for its exception only: afterwards x is a number."""
    if not frame.dead and isinstance(value, ir.Call):
        refine(frame, proved(machine, frame, value))


def _if(machine: Machine, frame: Frame, node: ir.If) -> None:
    test = machine.evaluate(frame, node.test)
    certain = _certainly(node.test, test)
    start = snapshot(frame)
    yes, no = facts_of(machine, frame, node.test)
    ends: list[State | None] = []
    for body, holds, shown in ((node.body, True, yes), (node.other, False, no)):
        if certain is not None and certain is not holds:
            continue
        restore(frame, start)
        refine(frame, shown)
        if certain is holds:
            execute(machine, frame, body)
            return
        ends.append(_branch(machine, frame, lambda body=body: execute(machine, frame, body)))  # type: ignore[misc]
    _go_on(frame, ends)


def _certainly(test: ir.Expr, value: Val) -> "bool | None":
    """Only what the code itself decides: ``if True``, ``if __name__ == "__main__"``, ``if TYPE_CHECKING``."""
    if len(value.atoms) != 1:
        return None
    atom = value.atoms[0]
    if isinstance(atom, Lib) and atom.name == "typing.TYPE_CHECKING":
        return False
    fixed = isinstance(test, ir.Const) or (
        isinstance(test, ir.Compare) and isinstance(test.left, ir.Name) and test.left.id == "__name__"
    )
    return bool(atom.value) if fixed and isinstance(atom, Known) else None


def refine(frame: Frame, shown: dict[str, frozenset[str]]) -> None:
    """Adds what a check has shown."""
    if shown:
        together = dict(frame.refined)
        for place, sinks in shown.items():
            together[place] = settle(together.get(place, frozenset()) | sinks)
        frame.refined = together


def _loop(machine: Machine, frame: Frame, body: Callable[[], None], other: list[ir.Stmt]) -> None:
    outer_mark, outer_changed = machine.mark, machine.changed
    frame.breaks.append([])
    frame.continues.append([])
    before = snapshot(frame)
    nested = len(frame.breaks)
    for _ in range(_PASSES if nested <= 2 else 1):
        machine.mark, machine.changed = machine.serial, False
        end = _branch(machine, frame, body)
        ends = [before, *([end] if end else []), *frame.continues[-1]]
        frame.continues[-1] = []
        after = joined(ends)
        stable = not machine.changed and all(after[0][name] == value for name, value in before[0].items())
        before = after
        restore(frame, before)
        if stable:
            break
    frame.continues.pop()
    left = frame.breaks.pop()
    machine.mark = outer_mark
    machine.changed = machine.changed or outer_changed
    execute(machine, frame, other)
    _go_on(frame, [*left, None if frame.dead else snapshot(frame)])


def _for_each(machine: Machine, frame: Frame, node: ir.ForEach) -> None:
    iterable = machine.evaluate(frame, node.iterable)
    at = machine.place(frame, node.iterable.at)

    def body() -> None:
        each = access.elements(machine, frame, iterable, at)
        access.assign(machine, frame, node.target, each if each.atoms else unknown("an element"))
        execute(machine, frame, node.body)

    _loop(machine, frame, body, node.other)


def _while(machine: Machine, frame: Frame, node: ir.While) -> None:
    def body() -> None:
        machine.evaluate(frame, node.test)
        with_facts(machine, frame, node.test, holds=True)
        execute(machine, frame, node.body)

    machine.evaluate(frame, node.test)
    _loop(machine, frame, body, node.other)


def _try(machine: Machine, frame: Frame, node: ir.Try) -> None:
    start = snapshot(frame)

    def body() -> None:
        execute(machine, frame, node.body)

    frame.caught.append(NOTHING)
    end = _branch(machine, frame, body)
    thrown = frame.caught.pop()
    # An exception can come from anywhere in the body: its handlers see the state before it or after any part of it.
    middle = (frame.scope.vars, start[1])
    anywhere = joined([start, (dict(middle[0]), middle[1])])
    ends: list[State | None] = []
    if end is not None:
        restore(frame, end)
        execute(machine, frame, node.other)
        ends.append(None if frame.dead else snapshot(frame))
        frame.dead = False
    for handler in node.handlers:
        restore(frame, anywhere)
        ends.append(_branch(machine, frame, lambda handler=handler: _handler(machine, frame, handler, thrown)))  # type: ignore[misc]
    if node.final:
        alive = [state for state in ends if state is not None]
        restore(frame, joined(alive or [anywhere]))
        frame.dead = False
        execute(machine, frame, node.final)
        if not alive:
            frame.dead = True
        return
    _go_on(frame, ends)


def _handler(machine: Machine, frame: Frame, handler: ir.Handler, thrown: Val) -> None:
    from remit.flow.models.exceptions import caught

    types = machine.evaluate(frame, handler.types) if handler.types is not None else NOTHING
    value = caught(handler, machine.place(frame, handler.at), thrown, own=_all_own(types))
    frame.caught.append(value)
    if handler.name:
        access.store(machine, frame, handler.name, value)
    execute(machine, frame, handler.body)
    frame.caught.pop()


def _all_own(types: Val) -> bool:
    """Whether only exceptions of the code's own classes are caught: their texts are those the code chose."""
    atoms = [inner for atom in types.atoms for inner in _members(atom)]
    return bool(atoms) and all(isinstance(atom, Kind) for atom in atoms)


def _members(atom: Atom) -> tuple[Atom, ...]:
    if isinstance(atom, Sequence):
        return tuple(inner for item in atom.items for inner in item.atoms)
    return (atom,)


def _with(machine: Machine, frame: Frame, node: ir.With) -> None:
    for expression, target in node.items:
        value = machine.evaluate(frame, expression)
        entered = _enter(machine, frame, value, expression)
        if target is not None:
            access.assign(machine, frame, target, entered)
    execute(machine, frame, node.body)


def _enter(machine: Machine, frame: Frame, value: Val, expression: ir.Expr) -> Val:
    found: list[Val] = []
    at = machine.place(frame, expression.at)
    for atom in value.atoms:
        if isinstance(atom, Instance) and atom.kind is not None:
            for name in ("__enter__", "__aenter__"):
                method = access.class_member(atom.kind, name, atom)
                if method is not None:
                    found.append(call(machine, frame, method, Arguments(at, name)))
                    break
            else:
                found.append(Val((atom,)))
            method = access.class_member(atom.kind, "__exit__", atom)
            if method is not None:
                call(machine, frame, method, Arguments(at, "__exit__", [NONE, NONE, NONE]))
        elif getattr(atom, "kind", "") == "generator":
            found.append(access.elements(machine, frame, Val((atom,)), at))
        else:
            found.append(Val((atom,), value.taints))
    return union(*found) if found else value


def _return(machine: Machine, frame: Frame, node: ir.Return) -> None:
    value = machine.evaluate(frame, node.value) if node.value is not None else NONE
    yes, no = facts_of(machine, frame, node.value) if node.value is not None else ({}, {})
    content = value.atoms[0].value if len(value.atoms) == 1 and isinstance(value.atoms[0], Known) else ...
    shown = frame.refined
    when_true = None if content is not ... and not content else {**shown, **_both(shown, yes)}
    when_false = None if content is not ... and content else {**shown, **_both(shown, no)}
    frame.returns.append((value, when_true, when_false))  # type: ignore[arg-type]
    frame.dead = True


def _both(shown: dict[str, frozenset[str]], more: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {place: settle(shown.get(place, frozenset()) | sinks) for place, sinks in more.items()}


def _raise(machine: Machine, frame: Frame, node: ir.Raise) -> None:
    if node.value is not None:
        value = machine.evaluate(frame, node.value)
        if frame.caught:
            frame.caught[-1] = union(frame.caught[-1], value) if frame.caught[-1].atoms else value
    frame.dead = True


def _jump(_machine: Machine, frame: Frame, node: ir.Jump) -> None:
    holder = frame.breaks if node.kind == "break" else frame.continues
    if holder:
        holder[-1].append(snapshot(frame))
    frame.dead = True


def _assert(machine: Machine, frame: Frame, node: ir.Assert) -> None:
    machine.evaluate(frame, node.test)
    with_facts(machine, frame, node.test, holds=True)


def _define(machine: Machine, frame: Frame, node: ir.Define) -> None:
    code = node.code
    value = function_of(machine, frame, code)
    for decorator in reversed(code.decorators):
        value = decorate(machine, frame, decorator, value)
    access.store(machine, frame, code.name, value)


def _define_class(machine: Machine, frame: Frame, node: ir.DefineClass) -> None:
    access.store(machine, frame, node.code.name, _class_of(machine, frame, node.code))


def _class_value(machine: Machine, frame: Frame, node: ir.ClassValue) -> Val:
    return _class_of(machine, frame, node.code)


def _class_of(machine: Machine, frame: Frame, code: ir.ClassCode) -> Val:
    bases = tuple(machine.evaluate(frame, base) for base in code.bases)
    scope = Scope(frame.module, frame.scope, depth=frame.scope.depth + 1, is_class=True)
    inner = Frame(scope, frame.module, frame.number)
    execute(machine, inner, code.body)
    kind = Kind(code, frame.scope, scope.vars, bases)
    value = Val((kind,))
    for decorator in reversed(code.decorators):
        found = machine.evaluate(frame, decorator)
        if any(isinstance(atom, Closure) for atom in found.atoms):
            value = decorate(machine, frame, decorator, value)
        elif any(isinstance(atom, Lib) and "dataclass" in atom.name for atom in found.atoms) or any(
            getattr(atom, "kind", "") == "dataclass" for atom in found.atoms
        ):
            kind.members["<dataclass>"] = known(value=True)
    return value


def _import(machine: Machine, frame: Frame, node: ir.Import) -> None:
    module = machine.load(machine, node.module, 0, frame.module.package)
    if module is None:
        library.imported(machine, node.module, machine.place(frame, node.at))
        top = node.module.split(".")[0]
        value = Val((Lib(top if node.top else node.module),))
    elif node.top and "." in node.module:
        first = machine.load(machine, node.module.split(".")[0], 0, frame.module.package)
        value = Val((ModuleValue(first or _package(node.module.split(".")[0], frame.module)),))
    else:
        value = Val((ModuleValue(module),))
    access.store(machine, frame, node.name, value)


def _package(name: str, near: Module) -> Module:
    """A folder without ``__init__.py`` is a package, too."""
    module = Module(name, near.file, [], name, finished=True)
    module.scope = Scope(module, None)
    return module


def _import_from(machine: Machine, frame: Frame, node: ir.ImportFrom) -> None:
    module = machine.load(machine, node.module, node.level, frame.module.package)
    if module is None and not node.level:
        library.imported(machine, node.module, machine.place(frame, node.at))
    for name, bound in node.names:
        if name == "*":
            if module is not None and module.scope is not None:
                for key, value in module.scope.vars.items():
                    if not key.startswith("_"):
                        access.store(machine, frame, key, value)
            continue
        found: Val | None = None
        if module is not None and module.scope is not None:
            found = module.scope.vars.get(name)
        if found is None:
            dotted = f"{node.module}.{name}" if node.module else name
            inner = machine.load(machine, dotted, node.level, frame.module.package)
            if inner is not None:
                found = Val((ModuleValue(inner),))
        if found is None:
            found = unknown(name) if module is not None or node.level else Val((Lib(f"{node.module}.{name}"),))
        access.store(machine, frame, bound, found)


def _block(machine: Machine, frame: Frame, node: ir.Block) -> None:
    frame.breaks.append([])
    execute(machine, frame, node.body)
    left = frame.breaks.pop()
    if left:
        end = None if frame.dead else snapshot(frame)
        frame.dead = False
        _go_on(frame, [*left, end])


def _unread(machine: Machine, frame: Frame, node: ir.Unread) -> None:
    place = machine.place(frame, node.at)
    machine.skip(f"line {place.line} of {place.file}", node.why, place)


_STATEMENTS: dict[type, Callable[[Machine, Frame, Any], None]] = {
    ir.Assign: _assign,
    ir.Declare: _declare,
    ir.Evaluate: _evaluate,
    ir.If: _if,
    ir.ForEach: _for_each,
    ir.While: _while,
    ir.Try: _try,
    ir.Block: _block,
    ir.Unread: _unread,
    ir.With: _with,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Jump: _jump,
    ir.Assert: _assert,
    ir.Define: _define,
    ir.DefineClass: _define_class,
    ir.Import: _import,
    ir.ImportFrom: _import_from,
}


EXPRESSIONS[ir.ClassValue] = _class_value
