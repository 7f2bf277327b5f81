"""Names, members and objects as JavaScript has them: every function is an object, members are found along prototypes."""

from remit.app.flow import EXCEPTION, Origin
from remit.app.location import Location
from remit.flow import access, calls, ir, taint
from remit.flow import event as events
from remit.flow.environment import read
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.js import aws, table
from remit.flow.values import (
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
    Opaque,
    Part,
    Scope,
    Sequence,
    Symbol,
    Thing,
    Val,
    known,
    union,
    unknown,
)  # fmt: skip

ENVIRONMENT = "os.environ"
PREFIX = "js:"
#: What the front calls by itself, and what answers.
_OWN = {"<property>": "builtins.property", "<static>": "builtins.classmethod"}
_OF_FUNCTIONS = frozenset(("call", "apply", "bind"))
#: Members of an exception that say nothing of what went wrong inside.
_HARMLESS = frozenset((
    "code", "statusCode", "status", "name", "$metadata", "retryable", "requestId", "errno", "syscall", "constructor",
))  # fmt: skip
_CHAIN = 12


# -- names -------------------------------------------------------------------------------------------------------------


def builtin(_machine: Machine, frame: Frame, name: str) -> Val:
    """A name that no scope binds: one of the platform's, or ``super``."""
    own = _OWN.get(name)
    if own is not None:
        return Val((Lib(own),))
    if name == "super":
        return calls.super_of(frame, _this(frame))
    if name in ("__dirname", "__filename"):
        file = "/var/task/" + frame.module.file
        return known(file.rpartition("/")[0] if name == "__dirname" else file)
    if name in table.GLOBALS or name.startswith("<"):
        return Val((Lib(PREFIX + name),))
    if name in ("globalThis", "global", "window", "self"):
        return Val((Lib(f"{PREFIX}globalThis"),))
    return unknown(name)


def _this(frame: Frame) -> Val:
    scope: Scope | None = frame.scope
    while scope is not None:
        if "this" in scope.vars:
            return scope.vars["this"]
        scope = scope.parent
    return UNKNOWN


# -- reading -----------------------------------------------------------------------------------------------------------


def attribute(machine: Machine, frame: Frame, value: Val, atom: Atom, name: str, at: Location, calling: bool) -> Val:
    """``value.name``; when it is about to be called, functions know what they are called on."""
    if isinstance(atom, Dictionary):
        return _of_object(machine, frame, value, atom, name, at, calling)
    if isinstance(atom, Instance):
        return _of_instance(machine, frame, atom, name, at, calling)
    if isinstance(atom, Lib):
        return _of_library(machine, atom, name, at)
    if isinstance(atom, Part):
        if name == "length":
            return unknown("a length")
        if calling:
            return Val((Method(atom, name, value.taints),), value.taints)
        return Val((events.below(atom, name, at),))
    if isinstance(atom, Kind):
        return _of_class(machine, atom, name)
    if isinstance(atom, Closure):
        return _of_function(machine, atom, name, calling)
    if isinstance(atom, Caught):
        return _of_exception(value, atom, name, at, calling)
    if isinstance(atom, Thing):
        return _of_thing(machine, value, atom, name, at)
    if name in ("length", "byteLength", "size") and not calling:
        return unknown("a length")
    if isinstance(atom, Known) and atom.value is None and not calling:
        return unknown(name)
    if calling or isinstance(atom, Method | Symbol | Known | Sequence):
        return Val((Method(atom, name, value.taints),), value.taints)
    why = atom.why if isinstance(atom, Opaque) else ""
    return unknown(f"{why}.{name}" if why else name, value.taints)


def _of_object(
    machine: Machine, frame: Frame, value: Val, atom: Dictionary, name: str, at: Location, calling: bool
) -> Val:  # fmt: skip
    found: Val | None = atom.entries.get(name)
    if found is None:
        for other in _prototypes(atom):
            found = other.entries.get(name)
            if found is not None:
                break
    if found is not None:
        found = _run_getters(machine, frame, found, at)
        return _bound(found, atom) if calling else found
    if name == "default":
        # A module that was not written with a default export: importing its default gives all of it.
        return Val((atom,), value.taints)
    if name in ("size", "length") and not calling:
        return unknown("a length")
    if calling and table.is_native(name):
        return Val((Method(atom, name, value.taints),), value.taints)
    if atom.rest is not None:
        return atom.rest
    return Val((Method(atom, name, value.taints),), value.taints) if calling else unknown(name, value.taints)


def _prototypes(atom: Dictionary) -> list[Dictionary]:
    """What an object was made from by ``Object.create``."""
    found: list[Dictionary] = []
    held = atom.entries.get("__proto__")
    while held is not None and len(found) < _CHAIN:
        inner = [item for item in held.atoms if isinstance(item, Dictionary)]
        if not inner or inner[0] in found or inner[0] is atom:
            break
        found.append(inner[0])
        held = inner[0].entries.get("__proto__")
    return found


def _bound(found: Val, receiver: Atom) -> Val:
    """Functions that have a ``this``, with it."""
    if not any(isinstance(atom, Closure) and atom.code.this and atom.bound is None for atom in found.atoms):
        return found
    return Val(tuple(
        Closure(atom.code, atom.scope, receiver, atom.owner, atom.flavour, atom.defaults)
        if isinstance(atom, Closure) and atom.code.this and atom.bound is None else atom
        for atom in found.atoms
    ), found.taints)  # fmt: skip


def member(kind: Kind, name: str, receiver: Atom) -> Val | None:
    """A member of a class or of what it extends, bound to what it is taken from."""
    for item in kind.lineage():
        if isinstance(item, Kind) and name in item.members:
            found = item.members[name]
            return Val(tuple(
                Closure(atom.code, atom.scope, receiver, item, atom.flavour, atom.defaults)
                if isinstance(atom, Closure) and atom.code.this and atom.bound is None else atom
                for atom in found.atoms
            ), found.taints)  # fmt: skip
    return None


def _of_instance(machine: Machine, frame: Frame, atom: Instance, name: str, at: Location, calling: bool) -> Val:
    given = atom.fields.get(name)
    if given is not None:
        return _bound(given, atom) if calling else given
    if atom.kind is not None:
        if name == "constructor":
            return Val((atom.kind,))
        found = member(atom.kind, name, atom)
        if found is not None:
            return _run_getters(machine, frame, found, at)
    rest = atom.fields.get("*")
    if rest is not None and not calling:
        return rest
    taints = rest.taints if rest is not None else ()
    base = _library_base(atom.kind)
    if base is not None:
        return Val((Method(base, name, taints),), taints)
    said = atom.kind.code.name if atom.kind else "an object"
    return Val((Method(Opaque(said), name, taints),), taints) if calling else unknown(f"{said}.{name}", taints)


def _library_base(kind: "Kind | None") -> "Thing | None":
    """What a class gets from the class of a library that it extends."""
    for item in kind.lineage() if kind is not None else ():
        if isinstance(item, Lib):
            return Thing(item.name)
    return None


def _run_getters(machine: Machine, frame: Frame, found: Val, at: Location) -> Val:
    if not any(isinstance(atom, Closure) and atom.flavour == "property" for atom in found.atoms):
        return found
    return union(*(
        calls.call(machine, frame, Val((atom,)), Arguments(at, atom.code.name))
        if isinstance(atom, Closure) and atom.flavour == "property" else Val((atom,))
        for atom in found.atoms
    ))  # fmt: skip


def _of_library(machine: Machine, atom: Lib, name: str, at: Location) -> Val:
    if atom.name == ENVIRONMENT:
        return read(machine, known(name), None, at)
    if name == "default" or (name == "promises" and atom.name in (f"{PREFIX}fs", f"{PREFIX}dns")):
        return Val((atom,))
    if name in _OF_FUNCTIONS:
        return Val((Method(atom, name),))
    whole = f"{atom.name}.{name}"
    if whole == f"{PREFIX}process.env" or whole == f"{PREFIX}globalThis.process.env":
        return Val((Lib(ENVIRONMENT),))
    if atom.name == f"{PREFIX}globalThis" and name in table.GLOBALS:
        return Val((Lib(PREFIX + name),))
    constant = table.CONSTANTS.get(whole.removeprefix(PREFIX))
    return known(constant) if constant is not None else Val((Lib(whole),))


def _of_class(machine: Machine, atom: Kind, name: str) -> Val:
    found = member(atom, name, atom)
    if found is not None:
        return found
    if name == "prototype":
        return Val((Dictionary(*machine.new(), entries=atom.members),))  # type: ignore[arg-type]
    if name == "default":
        return Val((atom,))
    if name == "name":
        return known(atom.code.name)
    return Val((Method(atom, name),))


def members_of(machine: Machine, atom: Closure) -> Dictionary:
    """The object that a function is."""
    key = (id(atom.code), id(atom.scope))
    found = machine.members.get(key)
    if found is None:
        found = machine.members[key] = machine.dictionary()
    return found


def _of_function(machine: Machine, atom: Closure, name: str, calling: bool) -> Val:
    held = members_of(machine, atom)
    if name == "prototype" and name not in held.entries:
        held.entries[name] = Val((machine.dictionary(),))
    found = held.entries.get(name)
    if found is not None:
        return _bound(found, atom) if calling else found
    if name == "default":
        return Val((atom,))
    return Val((Method(atom, name),)) if calling or name in _OF_FUNCTIONS else unknown(name)


def _of_exception(value: Val, atom: Caught, name: str, at: Location, calling: bool) -> Val:
    if name in _HARMLESS:
        return unknown(f"the {name} of an exception")
    if calling:
        return Val((Method(atom, name, value.taints),), value.taints)
    if name == "stack":
        own = [item for item in value.taints if item.origin.kind == EXCEPTION]
        base = own[0].origin.location if own else at
        origin = Origin(EXCEPTION, "trace", "", base)
        return unknown("a stack trace", (taint.Taint(origin, taint.Trace(None, at, "the stack trace as text")),))
    return unknown("the text of an exception", taint.step(value.taints, at, "text of the exception"))


def _of_thing(machine: Machine, value: Val, atom: Thing, name: str, at: Location) -> Val:
    given = atom.facts.get(name)
    if given is not None:
        return given
    made = table.thing_attribute(machine, atom, name, at, value.taints)
    if made is not None:
        return made
    if name == "length":
        return unknown("a length")
    every = atom.facts.get("*")
    if every is not None and not table.has_method(atom.kind, name):
        return every
    return Val((Method(atom, name, value.taints),), value.taints)


def index(
    machine: Machine, frame: Frame, value: Val, atom: Atom, key: Val, content: object, at: Location
) -> Val:  # fmt: skip
    """``value[key]``."""
    if isinstance(content, str):
        return attribute(machine, frame, value, atom, content, at, False)  # noqa: FBT003  (as the machine calls it)
    if isinstance(atom, Lib) and atom.name == ENVIRONMENT:
        return read(machine, key, None, at)
    if isinstance(atom, Instance):
        found = [*atom.fields.values(), *(value for value in (atom.kind.members if atom.kind else {}).values())]
        return union(*(_bound(item, atom) for item in found)) if found else UNKNOWN
    if isinstance(atom, Thing | Lib | Closure | Kind):
        if isinstance(atom, Thing) and "[]" in atom.facts:
            return atom.facts["[]"].tainted(value.taints)
        if isinstance(atom, Thing) and "*" in atom.facts:
            return atom.facts["*"].tainted(value.taints)
        operation = aws.any_member(atom) if isinstance(atom, Thing) else None
        return operation if operation is not None else unknown("a member", value.taints)
    if isinstance(atom, Dictionary):
        found_there = access.python_index(machine, frame, value, atom, key, content, at)
        return _bound(_run_getters(machine, frame, found_there, at), atom)
    return access.python_index(machine, frame, value, atom, key, content, at)


def elements(machine: Machine, frame: Frame, atom: Atom, at: Location) -> Val | None:
    """What one gets by iterating over a thing that Python would iterate over in another way."""
    del frame
    if isinstance(atom, Dictionary):
        pairs = [machine.sequence([known(key) if isinstance(key, str | int) else UNKNOWN, item])
                 for key, item in atom.entries.items()]  # fmt: skip
        if atom.rest is not None:
            taints = machine.taints(atom.rest, at)
            pairs.append(machine.sequence([unknown("a key", taints), atom.rest]))
        return Val(tuple(pairs[:10])) if pairs else None
    return None


# -- writing -----------------------------------------------------------------------------------------------------------


def set_attribute(
    machine: Machine, frame: Frame, atom: Atom, name: str, value: Val, alone: bool, at: Location
) -> None:  # fmt: skip
    """``receiver.name = value``."""
    if isinstance(atom, Dictionary):
        access.set_entry(machine, atom, known(name), value, at, alone=alone)
    elif isinstance(atom, Closure):
        access.set_entry(machine, members_of(machine, atom), known(name), value, at, alone=alone)
    elif isinstance(atom, Kind) and name == "prototype":
        for item in value.atoms:
            if isinstance(item, Dictionary):
                atom.members.update({str(key): held for key, held in item.entries.items()})
    else:
        access.set_attribute(machine, frame, atom, name, value, alone, at)


def construct(machine: Machine, frame: Frame, atom: Atom, callee: Val, given: Arguments) -> Val:
    """``new callee(...)`` for one of the things the callee may be."""
    if not isinstance(atom, Closure) or not atom.code.this:
        return calls.call(machine, frame, Val((atom,), callee.taints), given)
    proto = _of_function(machine, atom, "prototype", calling=False)
    members: dict[str, Val] = {}
    for item in proto.atoms:
        if isinstance(item, Dictionary):
            members = item.entries  # type: ignore[assignment]
        elif isinstance(item, Instance) and item.kind is not None:
            members = item.kind.members
    code = ir.ClassCode(atom.code.name, [], [], atom.code.at)
    made = machine.instance(Kind(code, atom.scope, members, ()))
    receiver = Closure(atom.code, atom.scope, made, atom.owner, atom.flavour, atom.defaults)
    answer = calls.call_closure(machine, frame, receiver, given)
    objects = tuple(item for item in answer.atoms if isinstance(item, Dictionary | Instance))
    return Val((made, *(item for item in objects if item is not made)))


__all__ = ["ENVIRONMENT", "PREFIX", "attribute", "builtin", "construct", "elements", "index", "member", "set_attribute"]
