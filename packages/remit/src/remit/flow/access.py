"""Getting at what is inside values: attributes, elements, keys; and assigning to them."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.flow import event as events
from remit.flow import ir, taint, uses
from remit.flow.environment import read
from remit.flow.machine import Frame, Machine
from remit.flow.models import foreign
from remit.flow.places import forget, place_of
from remit.flow.taint import ALL, MEDIUM, Taints
from remit.flow.values import (
    MOST_ENTRIES,
    NOTHING,
    UNKNOWN,
    Atom,
    Caught,
    Closure,
    Dictionary,
    Instance,
    Kind,
    Known,
    Lib,
    Method,
    ModuleValue,
    Opaque,
    Part,
    Scope,
    Sequence,
    Symbol,
    Thing,
    Val,
    known,
    literal,
    union,
    unknown,
)  # fmt: skip


def is_path(atom: Atom) -> bool:
    """Whether it is a ``pathlib`` path."""
    return isinstance(atom, Thing) and atom.kind == "pathlib.Path"


# -- reading -------------------------------------------------------------------------------------------------------


def attribute(machine: Machine, frame: Frame, value: Val, name: str, at: Location, *, calling: bool) -> Val:
    """``value.name``; when it is about to be called, methods stay methods."""
    member = machine.language.attribute
    found: list[Val] = [member(machine, frame, value, atom, name, at, calling) for atom in value.atoms]
    return union(*found) if found else unknown(name)


def python_attribute(
    machine: Machine, frame: Frame, value: Val, atom: Atom, name: str, at: Location, calling: bool
) -> Val:
    """``value.name`` in Python, for one of the things the value may be."""
    if isinstance(atom, Instance):
        return _member(machine, frame, atom, name, at)
    if isinstance(atom, Kind):
        return class_member(atom, name, None) or Val((Method(atom, name),))
    if isinstance(atom, ModuleValue):
        return module_member(machine, atom, name)
    if isinstance(atom, Lib):
        from remit.flow.models.frameworks import request_part

        whole = f"{atom.name}.{name}"
        uses.mentioned(machine, whole, at)
        return request_part(machine, whole, at) or Val((Lib(whole),))
    if isinstance(atom, Thing):
        from remit.flow.models.library import thing_attribute

        given = atom.facts.get(name)
        if given is not None:
            return given
        return thing_attribute(machine, atom, name, at, value.taints) or Val(
            (Method(atom, name, value.taints),), value.taints
        )
    if isinstance(atom, Part) and not calling:
        from remit.flow.models.frameworks import respelled

        return Val((respelled(atom, name, at),))
    return Val((Method(atom, name, value.taints),), value.taints)


def _member(machine: Machine, frame: Frame, thing: Instance, name: str, at: Location) -> Val:
    given = thing.fields.get(name)
    if given is not None:
        return given
    if thing.kind is not None:
        if name == "__class__":
            return Val((thing.kind,))
        found = class_member(thing.kind, name, thing)
        if found is not None:
            return _run_properties(machine, frame, found, at)
        inherited = _answered_by(machine, frame, thing, thing.kind, name, at)
        if inherited is not None:
            return inherited
    rest = thing.fields.get("*")
    if rest is not None and any(isinstance(atom, Part) for atom in rest.atoms):
        return rest
    taints = rest.taints if rest is not None else ()
    base = next((base.name for base in thing.kind.lineage() if isinstance(base, Lib)), "") if thing.kind else ""
    if base in _INHERITED:
        return Val((Method(Thing(_INHERITED[base]), name, taints),), taints)
    return Val((Method(Opaque(thing.kind.code.name if thing.kind else "an object"), name, taints),), taints)


def _answered_by(machine: Machine, frame: Frame, thing: Instance, kind: Kind, name: str, at: Location) -> Val | None:
    """A member that a class does not define, and answers all the same: ``__getattr__``, ``start`` of a thread."""
    from remit.flow.calls import call
    from remit.flow.machine import Arguments

    if name == "start" and any(isinstance(base, Lib) and base.name in _STARTED for base in kind.lineage()):
        return class_member(kind, "run", thing)
    asked = class_member(kind, "__getattr__", thing) if not name.startswith("__") else None
    if asked is None:
        return None
    return call(machine, frame, asked, Arguments(at, "__getattr__", [known(name)], spans=[at], places=[""]))


#: Classes of libraries that code derives its own from -> the thing whose methods those have.
_INHERITED = {
    "requests.Session": "http.Session",
    "requests.sessions.Session": "http.Session",
    "httpx.Client": "http.Session",
    "httpx.AsyncClient": "http.Session",
    "logging.Logger": "log.Logger",
}
#: Classes whose ``start`` calls the method ``run`` of what is derived from them.
_STARTED = frozenset((
    "threading.Thread", "threading.Timer", "multiprocessing.Process", "multiprocessing.process.BaseProcess",
    "multiprocessing.context.Process",
))  # fmt: skip


def _run_properties(machine: Machine, frame: Frame, found: Val, at: Location) -> Val:
    if not any(isinstance(atom, Closure) and atom.flavour == "property" for atom in found.atoms):
        return found
    from remit.flow.calls import call
    from remit.flow.machine import Arguments

    values = []
    for atom in found.atoms:
        if isinstance(atom, Closure) and atom.flavour == "property":
            values.append(call(machine, frame, Val((atom,)), Arguments(at, atom.code.name)))
        else:
            values.append(Val((atom,)))
    return union(*values)


def class_member(kind: Kind, name: str, thing: Instance | None) -> Val | None:
    """A member of a class or its bases, functions bound to what they were taken from."""
    for item in kind.lineage():
        if isinstance(item, Kind) and name in item.members:
            return _bound(item.members[name], item, kind, thing)
    return None


def _bound(value: Val, owner: Kind, kind: Kind, thing: Instance | None) -> Val:
    atoms: list[Atom] = []
    for atom in value.atoms:
        if isinstance(atom, Closure) and atom.bound is None:
            receiver: Atom | None = thing
            if atom.flavour == "static":
                receiver = None
            elif atom.flavour == "class":
                receiver = kind
            atoms.append(Closure(atom.code, atom.scope, receiver, owner, atom.flavour, atom.defaults))
        else:
            atoms.append(atom)
    return Val(tuple(atoms), value.taints)


def module_member(machine: Machine, atom: ModuleValue, name: str) -> Val:
    """A name in a module of the code, or a module below it."""
    scope = atom.module.scope
    if scope is not None and name in scope.vars:
        return scope.vars[name]
    inner = machine.load(machine, f"{atom.module.name}.{name}", 0, "")
    if inner is not None:
        return Val((ModuleValue(inner),))
    return unknown(name)


def index(machine: Machine, frame: Frame, value: Val, key: Val, at: Location) -> Val:
    """``value[key]``."""
    content = literal(key)
    element = machine.language.index
    found: list[Val] = [element(machine, frame, value, atom, key, content, at) for atom in value.atoms]
    return union(*found) if found else unknown("an element", value.taints)


def python_index(
    machine: Machine, frame: Frame, value: Val, atom: Atom, key: Val, content: object, at: Location
) -> Val:  # fmt: skip
    """``value[key]`` in Python, for one of the things the value may be."""
    if isinstance(atom, Part):
        return Val((events.below(atom, step_of(content), at),))
    if isinstance(atom, Dictionary):
        if atom.factory is not None and (content not in atom.entries if content is not None else atom.rest is None):
            from remit.flow.calls import call
            from remit.flow.machine import Arguments

            set_entry(machine, atom, key, call(machine, frame, atom.factory, Arguments(at, "list")), at)
        return entry(atom, content, key)
    if isinstance(atom, Sequence):
        if isinstance(content, int) and not isinstance(content, bool) and -len(atom.items) <= content < len(atom.items):
            exact = atom.items[content]
            return exact if atom.rest is None else union(exact, atom.rest)
        return _all([*atom.items, *([atom.rest] if atom.rest else [])])
    if isinstance(atom, Lib) and atom.name == "os.environ":
        return read(machine, key, None, at)
    if isinstance(atom, Thing):
        given = atom.facts.get(str(content)) or atom.facts.get("*")
        return given.tainted(value.taints) if given is not None else unknown(f"{atom.kind}[]", value.taints)
    if isinstance(atom, Instance) and atom.kind is not None:
        from remit.flow.calls import call
        from remit.flow.machine import Arguments

        method = class_member(atom.kind, "__getitem__", atom)
        if method is not None:
            return call(machine, frame, method, Arguments(at, "__getitem__", [key]))
        return attribute(machine, frame, Val((atom,)), "*", at, calling=False)
    if isinstance(atom, Known | Symbol):
        return unknown("part of a text", value.taints)
    why = atom.why if isinstance(atom, Opaque) else ""
    return unknown(f"{why}[]" if why else "an element", value.taints)


def step_of(content: object) -> str:
    """A key as a step of a path."""
    if isinstance(content, str):
        return content
    return events.ELEMENT if isinstance(content, int) else events.SOME


def entry(atom: Dictionary, content: object, key: Val | None = None) -> Val:
    """What is under a key: its own, or any when the key is not known. The key's taints do not become the value's."""
    if content is not None or (key is not None and key.atoms == (Known(None),)):
        exact = atom.entries.get(content)
        if exact is not None:
            return exact
        return atom.rest if atom.rest is not None else unknown(f"[{content!r}]")
    return _all([*atom.entries.values(), *([atom.rest] if atom.rest else [])])


def _all(values: list[Val]) -> Val:
    return union(*values) if values else UNKNOWN


def elements(machine: Machine, frame: Frame, value: Val, at: Location) -> Val:
    """What one gets by iterating."""
    found: list[Val] = []
    for atom in value.atoms:
        own = machine.language.elements(machine, frame, atom, at)
        if own is not None:
            found.append(own)
        elif isinstance(atom, Part):
            found.append(Val((events.below(atom, events.ELEMENT, at),)))
        elif isinstance(atom, Sequence):
            found.extend([*atom.items, *([atom.rest] if atom.rest else [])])
        elif isinstance(atom, Dictionary):
            found.extend(known(key) if isinstance(key, str | int) else UNKNOWN for key in atom.entries)
            if atom.rest is not None:
                found.append(unknown("a key", value.taints))
        elif isinstance(atom, Instance) and atom.kind is not None:
            found.append(_iterate(machine, frame, atom, at))
        elif isinstance(atom, Thing):
            given = atom.facts.get("[]")
            found.append(given.tainted(value.taints) if given else unknown(f"{atom.kind}[]", value.taints))
        elif not isinstance(atom, Known) or atom.value is not None:
            why = atom.why if isinstance(atom, Opaque) else ""
            found.append(unknown(f"{why}[]" if why else "an element", value.taints))
    if not found:
        return NOTHING if value.atoms else unknown("an element", value.taints)
    merged = union(*found)
    return merged.tainted(value.taints)


def _iterate(machine: Machine, frame: Frame, thing: Instance, at: Location) -> Val:
    from remit.flow.calls import call
    from remit.flow.machine import Arguments

    assert thing.kind is not None  # noqa: S101  (the caller asked)
    method = class_member(thing.kind, "__iter__", thing)
    if method is None:
        return unknown("an element")
    made = call(machine, frame, method, Arguments(at, "__iter__"))
    if any(atom is thing for atom in made.atoms):
        following = class_member(thing.kind, "__next__", thing)
        return call(machine, frame, following, Arguments(at, "__next__")) if following else UNKNOWN
    return elements(machine, frame, made, at)


def merged(machine: Machine, values: list[Val], at: Location) -> Dictionary:
    """One new mapping out of several, later ones first in rank."""
    made = machine.dictionary()
    for value in values:
        taints: Taints = value.taints
        for atom in value.atoms:
            if isinstance(atom, Dictionary):
                certain = len(value.atoms) == 1
                for key, item in atom.entries.items():
                    old = made.entries.get(key)
                    made.entries[key] = item if certain or old is None else union(old, item)
                    if key in atom.places:
                        made.places[key] = atom.places[key]
                if atom.rest is not None:
                    _other_keys(made, atom.keys)
                    _cover(machine, made, atom.rest, at, atom.entries)
                    made.rest = atom.rest if made.rest is None else union(made.rest, atom.rest)
            elif isinstance(atom, Part):
                _other_keys(made, [])
                inner = Val((events.below(atom, events.SOME, at),))
                for key, old in made.entries.items():
                    made.entries[key] = union(old, Val((events.below(atom, step_of(key), at),)))
                made.rest = inner if made.rest is None else union(made.rest, inner)
            elif not isinstance(atom, Known):
                _other_keys(made, [])
                inner = unknown("an element", taints)
                _cover(machine, made, inner, at, {})
                made.rest = inner if made.rest is None else union(made.rest, inner)
    return made


def _cover(machine: Machine, made: Dictionary, value: Val, at: Location, own: "Mapping[object, Val]") -> None:
    """A value under a key nobody knows may replace any that is there: what a sender writes does so in the worst case."""
    if machine.taints(value, at):
        for key, old in made.entries.items():
            if key not in own:
                new = union(old, value)
                if new != old:
                    made.entries[key] = new
                    machine.touched(made)


def _other_keys(made: Dictionary, keys: list[Val]) -> None:
    """More keys that are no plain texts: told only as long as all of them are."""
    if made.rest is None or made.keys:
        made.keys = [*made.keys, *keys] if keys else []


# -- writing -------------------------------------------------------------------------------------------------------


def assign(machine: Machine, frame: Frame, target: ir.Expr, value: Val) -> None:
    """``target = value``."""
    if isinstance(target, ir.Name):
        store(machine, frame, target.id, value)
        if value.taints:
            uses.named(machine, target.id, value, machine.place(frame, target.at))
    elif isinstance(target, ir.Attr):
        receiver = machine.evaluate(frame, target.value)
        _refresh(frame, target)
        at = machine.place(frame, target.at)
        uses.named(machine, target.name, value, at)
        for atom in receiver.atoms:
            machine.language.set_attribute(machine, frame, atom, target.name, value, len(receiver.atoms) == 1, at)
            foreign.kept(machine, atom, target.name, value, at)
        _written_over(machine, frame, target.value, receiver, target.name, value, at)
    elif isinstance(target, ir.Index):
        receiver = machine.evaluate(frame, target.value)
        key = machine.evaluate(frame, target.key)
        _refresh(frame, target)
        at = machine.place(frame, target.at)
        content = literal(key)
        if isinstance(content, str):
            uses.named(machine, content, value, at)
            _written_over(machine, frame, target.value, receiver, content, value, at)
        uses.stored_under(machine, frame, target, receiver, key)
        set_index(machine, frame, target.value, receiver, key, value, at)
        name = place_of(target)
        if name and all(isinstance(atom, Part) for atom in receiver.atoms) and not machine.taints(value, at):
            # What the code itself writes over a part of the event is the sender's no more.
            frame.refined = {**frame.refined, name: ALL}
    elif isinstance(target, ir.Collection):
        _unpack(machine, frame, target, value)
    elif isinstance(target, ir.Spread):
        assign(machine, frame, target.value, value)
    elif isinstance(target, ir.Default):
        from remit.flow.destructuring import defaulted

        assign(machine, frame, target.target, defaulted(value, machine.evaluate(frame, target.value)))
    elif isinstance(target, ir.Mapping):
        from remit.flow.destructuring import take_apart

        take_apart(machine, frame, target, value)


def _written_over(
    machine: Machine, frame: Frame, node: ir.Expr, receiver: Val, name: str, value: Val, at: Location
) -> None:  # fmt: skip
    """Something of a sender's is kept in the event itself, or in the environment: it is found there again."""
    for atom in receiver.atoms:
        if isinstance(atom, Lib) and atom.name == "os.environ":
            machine.written[name] = union(machine.written[name], value) if name in machine.written else value
        elif isinstance(atom, Part) and isinstance(node, ir.Name) and machine.taints(value, at):
            store(machine, frame, node.id, union(receiver, Val((machine.dictionary({name: value}),))))
            return


def _refresh(frame: Frame, target: ir.Expr) -> None:
    name = place_of(target)
    if name:
        forget(frame, name)


def store(machine: Machine, frame: Frame, name: str, value: Val) -> None:
    """Binds a variable, in the scope that owns it."""
    scope: Scope = frame.scope
    forget(frame, name)
    outer = frame.code.outer if frame.code else frozenset()
    if outer:
        if f"global {name}" in outer:
            module_scope = frame.module.scope
            if module_scope is not None:
                old = module_scope.vars.get(name)
                joined = value if old is None else union(old, value)
                if joined != old:
                    machine.world += 1
                    machine.changed = True
                module_scope.vars[name] = joined
            return
        if name in outer:
            holder = scope.parent
            while holder is not None and name not in holder.vars:
                holder = holder.parent
            if holder is not None:
                old = holder.vars[name]
                holder.vars[name] = union(old, value)
                if holder.vars[name] != old:
                    machine.world += 1
                return
    scope.vars[name] = value


def _unpack(machine: Machine, frame: Frame, target: ir.Collection, value: Val) -> None:
    at = machine.place(frame, target.at)
    spread = next((number for number, item in enumerate(target.items) if isinstance(item, ir.Spread)), None)
    for number, item in enumerate(target.items):
        if number == spread:
            rest = elements(machine, frame, value, at)
            assign(machine, frame, item, Val((machine.sequence([], rest),)))
            continue
        place = number if spread is None or number < spread else number - len(target.items)
        assign(machine, frame, item, index(machine, frame, value, known(place), at))


def set_attribute(
    machine: Machine, _frame: Frame, atom: Atom, name: str, value: Val, alone: bool, _at: Location
) -> None:  # fmt: skip
    """``receiver.name = value`` for one of the things the receiver may be."""
    fields: dict[str, Val]
    if isinstance(atom, Instance):
        fields = atom.fields
        old = fields.get(name)
        new = value if old is None or (alone and machine.certain(atom)) else union(old, value)
        if new != old:
            fields[name] = new
            machine.touched(atom)
    elif isinstance(atom, Kind):
        old = atom.members.get(name)
        atom.members[name] = value if old is None else union(old, value)
        machine.world += 1
    elif isinstance(atom, ModuleValue) and atom.module.scope is not None:
        old = atom.module.scope.vars.get(name)
        atom.module.scope.vars[name] = value if old is None else union(old, value)
        machine.world += 1


def set_index(
    machine: Machine, frame: Frame, node: ir.Expr, receiver: Val, key: Val, value: Val, at: Location
) -> None:  # fmt: skip
    """``receiver[key] = value``; ``node`` is the receiver's expression."""
    alone = len(receiver.atoms) == 1
    for atom in receiver.atoms:
        if isinstance(atom, Dictionary):
            set_entry(machine, atom, key, value, at, alone=alone)
        elif isinstance(atom, Sequence):
            add(machine, atom, value)
        elif isinstance(atom, Instance) and atom.kind is not None:
            method = class_member(atom.kind, "__setitem__", atom)
            if method is not None:
                from remit.flow.calls import call
                from remit.flow.machine import Arguments

                call(machine, frame, method, Arguments(at, "__setitem__", [key, value]))
        elif isinstance(atom, Opaque | Thing) and isinstance(node, ir.Name):
            taints = taint.step(machine.taints(value, at), at, f"stored in {node.id}", MEDIUM)
            if taints:
                store(machine, frame, node.id, receiver.tainted(taints))


def set_entry(
    machine: Machine, atom: Dictionary, key: Val, value: Val, at: Location, *, alone: bool = False
) -> None:  # fmt: skip
    """Puts a value under a key."""
    content = literal(key)
    if content is not None and (content in atom.entries or len(atom.entries) < 2 * MOST_ENTRIES):
        old = atom.entries.get(content)
        new = value if old is None or (alone and machine.certain(atom)) else union(old, value)
        if new != old:
            atom.entries[content] = new
            machine.touched(atom)
        atom.places[content] = at
        return
    _cover(machine, atom, value, at, {})
    value = value.tainted(machine.taints(key, at))
    if key not in atom.keys and len(atom.keys) < MOST_ENTRIES:
        _other_keys(atom, [key])
    new = value if atom.rest is None else union(atom.rest, value)
    if new != atom.rest:
        atom.rest = new
        machine.touched(atom)


def add(machine: Machine, atom: Sequence, value: Val) -> None:
    """One more element: at a known place when that is certain."""
    if atom.rest is None and machine.certain(atom) and len(atom.items) < MOST_ENTRIES and atom.serial > machine.mark:
        atom.items.append(value)
        machine.touched(atom)
        return
    new = value if atom.rest is None else union(atom.rest, value)
    if new != atom.rest:
        atom.rest = new
        machine.touched(atom)


__all__ = [
    "Caught", "add", "assign", "attribute", "elements", "entry", "index", "merged", "python_attribute", "python_index",
    "set_attribute", "set_entry", "store",
]  # fmt: skip
