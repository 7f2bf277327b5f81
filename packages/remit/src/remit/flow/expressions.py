"""Expressions: the value of each kind."""

from remit.app.flow import CHANCE
from remit.app.location import Location
from remit.flow import access, ir, natives, taint, uses
from remit.flow.access import assign, elements, index
from remit.flow.calls import evaluate_call, evaluate_new
from remit.flow.machine import EXPRESSIONS, JOINED, Frame, Machine
from remit.flow.places import hold, refined
from remit.flow.values import (
    UNKNOWN,
    Closure,
    Dictionary,
    Known,
    Part,
    Scope,
    Sequence,
    Symbol,
    Val,
    concatenate,
    known,
    literal,
    union,
    unknown,
)  # fmt: skip


def _const(_machine: Machine, _frame: Frame, node: ir.Const) -> Val:
    return known(node.value)


def _name(machine: Machine, frame: Frame, node: ir.Name) -> Val:
    return refined(frame, node, lookup(machine, frame, node.id))


def lookup(machine: Machine, frame: Frame, name: str) -> Val:
    """The value of a variable."""
    scope: Scope | None = frame.scope
    first = True
    while scope is not None:
        if first or not scope.is_class:
            found = scope.vars.get(name)
            if found is not None:
                return found
        first = False
        scope = scope.parent
    own: Val = machine.language.builtin(machine, frame, name)
    return own


def _attr(machine: Machine, frame: Frame, node: ir.Attr) -> Val:
    value = machine.evaluate(frame, node.value)
    at = machine.place(frame, node.at)
    return refined(frame, node, access.attribute(machine, frame, value, node.name, at, calling=False))


def _index(machine: Machine, frame: Frame, node: ir.Index) -> Val:
    value = machine.evaluate(frame, node.value)
    key = machine.evaluate(frame, node.key)
    found = index(machine, frame, value, key, machine.place(frame, node.at))
    return refined(frame, node, found.tainted(_foretold(key)))


def _slice(machine: Machine, frame: Frame, node: ir.Slice) -> Val:
    value = machine.evaluate(frame, node.value)
    ends: list[int | None] = []
    certain = True
    for bound in (node.first, node.last):
        if bound is None:
            ends.append(None)
            continue
        number = literal(machine.evaluate(frame, bound))
        certain = certain and isinstance(number, int)
        ends.append(number if isinstance(number, int) else None)
    atoms: list[Val] = []
    for atom in value.atoms:
        if isinstance(atom, Known) and isinstance(atom.value, str | bytes) and certain:
            atoms.append(known(atom.value[ends[0] : ends[1]]))
        elif isinstance(atom, Sequence):
            items = atom.items[ends[0] : ends[1]] if certain and atom.rest is None else []
            rest = (
                None
                if certain and atom.rest is None
                else elements(machine, frame, Val((atom,)), node_at(machine, frame, node))
            )
            atoms.append(Val((machine.sequence(list(items), rest, atom.kind),)))
        elif isinstance(atom, Part):
            # The part of a text is the text's sender's; the part of a list is a list of the same elements.
            atoms.append(Val((atom,)))
        else:
            atoms.append(unknown("part of a text"))
    found = union(*atoms).tainted(value.taints) if atoms else value
    whole = certain and not any(isinstance(atom, Sequence) for atom in value.atoms)
    return natives.shortened(found, ends[0], ends[1], node_at(machine, frame, node)) if whole else found


def node_at(machine: Machine, frame: Frame, node: ir.Node) -> Location:
    """The place of a node."""
    return machine.place(frame, node.at)


def _concat(machine: Machine, frame: Frame, node: ir.Concat) -> Val:
    at = machine.place(frame, node.at)
    values: list[Val] = []
    for part, how in node.parts:
        value = machine.evaluate(frame, part)
        if how == "d":
            value = unknown("a number", _foretold(value))
        elif how in ("r", "a"):
            value = natives.as_text(machine, value, at, quoted=True)
        values.append(value)
    return join_texts(machine, values, at)


def join_texts(machine: Machine, values: list[Val], at: Location) -> Val:
    """Texts put side by side: one step for everything tainted in them."""
    told: list[Val] = []
    for value in values:
        own = taint.step(machine.taints(value, at), at, JOINED)
        plain = all(isinstance(atom, Known | Symbol) for atom in value.atoms)
        told.append(Val(value.atoms, own) if plain else natives.as_text(machine, Val(value.atoms, own), at, taints=own))
    taints = taint.merge(*(value.taints for value in told))
    return concatenate(told, taints)


def _binary(machine: Machine, frame: Frame, node: ir.Binary) -> Val:
    left = machine.evaluate(frame, node.left)
    right = machine.evaluate(frame, node.right)
    at = machine.place(frame, node.at)
    if node.op == "%":
        return _percent(machine, frame, left, right, at)
    if node.op == "/":
        return _slash(machine, left, right, at)
    if node.op == "+":
        return _plus(machine, frame, left, right, at)
    if node.op == "join":
        return _joined(machine, left, right, at)
    if node.op == "|":
        dictionaries = [atom for atom in (*left.atoms, *right.atoms) if isinstance(atom, Dictionary)]
        if dictionaries:
            return Val((access.merged(machine, [left, right], at),))
    if node.op == "*":
        taints = taint.merge(machine.taints(left, at), machine.taints(right, at))
        if any(isinstance(atom, Sequence) for atom in left.atoms):
            return left
        return unknown("a product", taints)
    return unknown("the result of arithmetic", _foretold(left, right))


def _foretold(*values: Val) -> taint.Taints:
    """What tells of a random number survives arithmetic."""
    return tuple(item for value in values for item in value.taints if item.origin.kind == CHANCE)


def _plus(machine: Machine, frame: Frame, left: Val, right: Val, at: Location) -> Val:
    one, other = literal(left), literal(right)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return known(one + other)
    sequences = [atom for atom in (*left.atoms, *right.atoms) if isinstance(atom, Sequence)]
    if sequences:
        if all(len(value.atoms) == 1 and isinstance(value.atoms[0], Sequence) for value in (left, right)):
            first, second = left.atoms[0], right.atoms[0]
            assert isinstance(first, Sequence)  # noqa: S101  (checked one line above)
            assert isinstance(second, Sequence)  # noqa: S101
            if first.rest is None:
                return Val((machine.sequence([*first.items, *second.items], second.rest, first.kind),))
        rest = union(elements(machine, frame, left, at), elements(machine, frame, right, at))
        return Val((machine.sequence([], rest),), taint.merge(left.taints, right.taints))
    if isinstance(one, int | float) or isinstance(other, int | float):
        return unknown("a sum", _foretold(left, right))
    return join_texts(machine, [left, right], at)


def _joined(machine: Machine, left: Val, right: Val, at: Location) -> Val:
    """JavaScript's ``+``: it adds only what is a number on both sides."""
    one, other = literal(left), literal(right)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return known(one + other)
    return join_texts(machine, [left, right], at)


def _slash(machine: Machine, left: Val, right: Val, at: Location) -> Val:
    """A path joined with ``/`` when one side is a path, else a quotient."""
    paths = [atom for atom in (*left.atoms, *right.atoms) if isinstance(atom, Symbol) or access.is_path(atom)]
    tainted = machine.taints(left, at) or machine.taints(right, at)
    if not paths and not tainted:
        return unknown("a quotient")
    return natives.path_of(machine, [left, right], at)


def _percent(machine: Machine, frame: Frame, left: Val, right: Val, at: Location) -> Val:
    text = literal(left)
    if not isinstance(text, str):
        taints = taint.merge(machine.taints(left, at), machine.taints(right, at))
        if not taints and not any(isinstance(atom, Symbol) for atom in left.atoms):
            return unknown("the result of arithmetic")
        return join_texts(machine, [left, right], at)
    return natives.percent(machine, frame, text, right, at).tainted(_foretold(right))


def _compare(machine: Machine, frame: Frame, node: ir.Compare) -> Val:
    left = machine.evaluate(frame, node.left)
    right = machine.evaluate(frame, node.right)
    one, other = literal(left), literal(right)
    if node.op in ("==", "!=") and isinstance(one, str) and isinstance(other, str):
        return known((one == other) == (node.op == "=="))
    return unknown("a comparison")


def _logic(machine: Machine, frame: Frame, node: ir.Logic) -> Val:
    from remit.flow.guards import with_facts

    values: list[Val] = []
    saved = frame.refined
    for part in node.values:
        value = machine.evaluate(frame, part)
        values.append(value)
        # What the first part checks holds for the parts after it.
        with_facts(machine, frame, part, holds=node.op == "and")
    frame.refined = saved
    if node.op == "or":
        kept = [value for value in values[:-1] if not _falsy(value)]
        return union(*kept, values[-1])
    return union(*values)


def _falsy(value: Val) -> bool:
    return len(value.atoms) == 1 and isinstance(value.atoms[0], Known) and not value.atoms[0].value


def _not(machine: Machine, frame: Frame, node: ir.Not) -> Val:
    value = machine.evaluate(frame, node.value)
    content = value.atoms[0].value if len(value.atoms) == 1 and isinstance(value.atoms[0], Known) else ...
    return unknown("a comparison") if content is ... else known(not content)


def _conditional(machine: Machine, frame: Frame, node: ir.Conditional) -> Val:
    from remit.flow.guards import with_facts

    machine.evaluate(frame, node.test)
    saved = frame.refined
    with_facts(machine, frame, node.test, holds=True)
    yes = machine.evaluate(frame, node.yes)
    frame.refined = saved
    with_facts(machine, frame, node.test, holds=False)
    no = machine.evaluate(frame, node.no)
    frame.refined = saved
    return union(yes, no)


def _collection(machine: Machine, frame: Frame, node: ir.Collection) -> Val:
    items: list[Val] = []
    rest: Val | None = None
    at = machine.place(frame, node.at)
    for item in node.items:
        if isinstance(item, ir.Spread):
            value = machine.evaluate(frame, item.value)
            only = value.atoms[0] if len(value.atoms) == 1 else None
            if isinstance(only, Sequence) and only.rest is None and rest is None:
                items.extend(only.items)
            else:
                inner = elements(machine, frame, value, at)
                rest = inner if rest is None else union(rest, inner)
        elif rest is None and len(items) < 200:
            items.append(machine.evaluate(frame, item))
        else:
            value = machine.evaluate(frame, item)
            rest = value if rest is None else union(rest, value)
    return Val((machine.sequence(items, rest, node.kind),))


def _mapping(machine: Machine, frame: Frame, node: ir.Mapping) -> Val:
    made = machine.dictionary()
    at = machine.place(frame, node.at)
    for key, value_node in node.pairs:
        value = machine.evaluate(frame, value_node)
        if key is None:
            made = access.merged(machine, [Val((made,)), value], at)
            continue
        name = machine.evaluate(frame, key)
        content = literal(name)
        if content is not None and len(made.entries) < 400:
            made.entries[content] = value
            made.places[content] = machine.place(frame, value_node.at)
            if isinstance(content, str):
                uses.named(machine, content, value, made.places[content])
        else:
            if made.rest is None or made.keys:
                made.keys.append(name)
            made.rest = value if made.rest is None else union(made.rest, value)
            taints = machine.taints(name, at)
            if taints:
                made.rest = made.rest.tainted(taints)
    return Val((made,))


def _comprehension(machine: Machine, frame: Frame, node: ir.Comprehension) -> Val:
    from remit.flow.guards import with_facts

    outer = frame.scope
    inner = Scope(outer.module, outer, depth=outer.depth)
    saved = frame.refined
    frame.scope = inner
    try:
        for target, iterable, tests in node.clauses:
            value = machine.evaluate(frame, iterable)
            assign(machine, frame, target, elements(machine, frame, value, machine.place(frame, iterable.at)))
            for test in tests:
                machine.evaluate(frame, test)
                with_facts(machine, frame, test, holds=True)
        results = [machine.evaluate(frame, element) for element in node.elements]
    finally:
        frame.scope = outer
        frame.refined = saved
    if node.kind == "dict":
        return Val(
            (machine.dictionary(rest=results[1], keys=[results[0]]),),
            taint.merge(*(item.taints for item in results[:1])),
        )
    return Val((machine.sequence([], results[0], node.kind),))


def _lambda(machine: Machine, frame: Frame, node: ir.Lambda) -> Val:
    return function_of(machine, frame, node.code)


def function_of(machine: Machine, frame: Frame, code: ir.FunctionCode) -> Val:
    """A function made here; one without a ``this`` of its own belongs to the class it is made in."""
    defaults = {item.name: machine.evaluate(frame, item.default) for item in code.parameters if item.default}
    return Val((Closure(code, frame.scope, owner=None if code.this else frame.owner, defaults=defaults),))


def _comma(machine: Machine, frame: Frame, node: ir.Comma) -> Val:
    value = UNKNOWN
    for part in node.parts:
        value = machine.evaluate(frame, part)
    return value


def _bind(machine: Machine, frame: Frame, node: ir.Bind) -> Val:
    from remit.flow.guards import facts_of

    value = machine.evaluate(frame, node.value)
    shown = facts_of(machine, frame, node.value)
    assign(machine, frame, node.target, value)
    if isinstance(node.target, ir.Name):
        hold(frame, node.target.id, *shown)
    return value


def _await(machine: Machine, frame: Frame, node: ir.Await) -> Val:
    return machine.evaluate(frame, node.value)


def _yield(machine: Machine, frame: Frame, node: ir.Yield) -> Val:
    if node.value is not None:
        value = machine.evaluate(frame, node.value)
        if node.each:
            value = elements(machine, frame, value, machine.place(frame, node.at))
        frame.yields = union(frame.yields, value) if frame.yields.atoms else value
    return UNKNOWN


def _anything(machine: Machine, frame: Frame, node: ir.Anything) -> Val:
    values = [machine.evaluate(frame, part) for part in node.parts]
    return unknown("the result of arithmetic", _foretold(*values))


def _spread(machine: Machine, frame: Frame, node: ir.Spread) -> Val:
    return machine.evaluate(frame, node.value)


EXPRESSIONS.update(
    {
        ir.Const: _const,
        ir.Name: _name,
        ir.Attr: _attr,
        ir.Index: _index,
        ir.Slice: _slice,
        ir.Concat: _concat,
        ir.Binary: _binary,
        ir.Compare: _compare,
        ir.Logic: _logic,
        ir.Not: _not,
        ir.Conditional: _conditional,
        ir.Collection: _collection,
        ir.Mapping: _mapping,
        ir.Comprehension: _comprehension,
        ir.Lambda: _lambda,
        ir.Bind: _bind,
        ir.Comma: _comma,
        ir.Await: _await,
        ir.Yield: _yield,
        ir.Anything: _anything,
        ir.Spread: _spread,
        ir.Call: evaluate_call,
        ir.New: evaluate_new,
    }
)
