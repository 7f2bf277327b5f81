"""Which model a call has: by full name for functions, by kind and name for methods; and what is assumed without one."""

from remit.app.location import Location
from remit.flow import ir, natives, taint, uses
from remit.flow.environment import BUILTINS
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import (
    aws,
    chance,
    code,
    directory,
    exceptions,
    files,
    foreign,
    frameworks,
    graphql,
    logs,
    mail,
    mongo,
    network,
    plain,
    process,
    sql,
    templates,
    tokens,
    web,
    xml,
)
from remit.flow.models.model import Model, apply
from remit.flow.taint import MEDIUM, Taints
from remit.flow.values import (
    Atom,
    Caught,
    Closure,
    Dictionary,
    Lib,
    Method,
    Opaque,
    Part,
    Partial,
    Sequence,
    Thing,
    Val,
    unknown,
)  # fmt: skip

_FAMILIES = (
    plain,
    exceptions,
    sql,
    process,
    files,
    web,
    network,
    code,
    logs,
    aws,
    frameworks,
    tokens,
    chance,
    templates,
    mongo,
    directory,
    xml,
    mail,
    graphql,
)
FUNCTIONS: dict[str, Model] = {}
METHODS: dict[str, Model] = {}
for _family in _FAMILIES:
    FUNCTIONS.update(_family.FUNCTIONS)
    METHODS.update(_family.METHODS)

#: Packages that answer to another one's interface.
_SAME_AS = {
    "simplejson": "json", "ujson": "json", "orjson": "json", "rapidjson": "json", "posixpath": "os.path", "ntpath": "os.path",
    "cPickle": "pickle", "_pickle": "pickle", "cloudpickle": "pickle", "aioboto3": "boto3", "ruamel.yaml": "yaml",
}  # fmt: skip


def canonical(name: str) -> str:
    """A library name as the tables have it."""
    for alias, real in _SAME_AS.items():
        if name.startswith(alias + "."):
            return real + name[len(alias) :]
    return name


def builtin(_machine: Machine, _frame: Frame, name: str) -> Val:
    """A name that every program has."""
    return Val((Lib(f"builtins.{name}"),)) if name in BUILTINS else unknown(name)


def call_library(machine: Machine, frame: Frame, name: str, given: Arguments) -> Val:
    """Calls a function of a library."""
    name = canonical(name)
    uses.called(machine, name, given)
    model = FUNCTIONS.get(name) or METHODS.get(name)
    if model is not None:
        return apply(machine, frame, model, given, None)
    for by_name in (aws.by_name, web.by_name, logs.by_name, sql.by_name, frameworks.by_name):
        found = by_name(machine, frame, name, given)
        if found is not None:
            return found
    if name.startswith("builtins.") and name[9:10].isupper():
        return exceptions.made(machine, name, given)
    return unknown_call(machine, frame, Val((Lib(name),)), given)


def call_method(machine: Machine, frame: Frame, method: Method, given: Arguments) -> Val:
    """Calls a method of something that is not the code's own."""
    receiver = method.receiver
    uses.called(
        machine, f"{receiver.kind}.{method.name}" if isinstance(receiver, Thing) else f".{method.name}", given, receiver
    )
    if isinstance(receiver, Thing):
        model = METHODS.get(f"{receiver.kind}.{method.name}")
        if model is not None:
            return apply(machine, frame, model, given, method)
        for by_method in (aws.by_method, frameworks.by_method):
            found = by_method(machine, frame, receiver, method.name, given)
            if found is not None:
                return found
    # Before the methods of texts: a collection has a ``find`` of its own.
    found = mongo.by_look(machine, frame, method, given)
    if found is None:
        found = natives.method(machine, frame, receiver, method.name, given, method.taints)
    if found is not None:
        return found
    if isinstance(receiver, Caught):
        return exceptions.text(receiver, method.taints, given.at)
    for by_look in (
        process.by_look, sql.by_look, logs.by_look, files.by_look, directory.by_look, xml.by_look,
    ):  # fmt: skip
        found = by_look(machine, frame, method, given)
        if found is not None:
            return found
    taints = method.taints
    if isinstance(receiver, Part | Dictionary | Sequence):
        taints = taint.merge(taints, machine.taints(Val((receiver,)), given.at))
    return unknown_call(machine, frame, Val((_named(receiver, method.name),), taints), given)


def _named(receiver: Atom, name: str) -> Opaque:
    if isinstance(receiver, Opaque):
        return Opaque(f"{receiver.why}.{name}" if receiver.why else name)
    if isinstance(receiver, Thing):
        return Opaque(f"{receiver.kind}.{name}")
    if isinstance(receiver, Method):
        return Opaque(f"{receiver.name}.{name}")
    return Opaque(name)


def call_thing(machine: Machine, frame: Frame, thing: Thing, given: Arguments) -> Val:
    """Calls an instance of a library's class, or what a library's function wrapped."""
    wrapped = [atom for value in thing.inner for atom in value.atoms if isinstance(atom, Closure | Partial)]
    if thing.kind == "wrapped" and wrapped:
        from remit.flow.calls import call

        return call(machine, frame, Val(tuple(wrapped)), given)
    model = METHODS.get(f"{thing.kind}.__call__")
    if model is not None:
        return apply(machine, frame, model, given, Method(thing, "__call__"))
    return unknown_call(machine, frame, Val((Opaque(thing.kind),)), given)


def thing_attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """An attribute of a library's object that is more than a method."""
    for attribute in (aws.attribute, files.attribute, frameworks.attribute):
        found = attribute(machine, thing, name, at, taints)
        if found is not None:
            return found
    return None


imported = foreign.imported


def unknown_call(machine: Machine, _frame: Frame, callee: Val, given: Arguments) -> Val:
    """Nobody knows what it does: whatever goes in may come out; functions handed to it will be called."""
    names = [
        atom.name if isinstance(atom, Lib) else atom.why for atom in callee.atoms if isinstance(atom, Lib | Opaque)
    ]
    name = next((item for item in names if item), given.text)
    functions = [
        atom for value in given.every() for atom in value.atoms
        if isinstance(atom, Closure | Partial)
    ]  # fmt: skip
    foreign.handed(machine, name, given.every(), given.at)
    foreign.entrusted(machine, name, given.every(), given.at)
    # What works with the whole environment does not give it back whole.
    values = [value for value in given.every() if value.atoms != (Lib("os.environ"),)]
    found = [callee.taints, *(machine.taints(value, given.at) for value in values)]
    taints = taint.step(taint.merge(*found), given.at, f"goes through {given.text}()", MEDIUM)
    closures = [atom for atom in functions if isinstance(atom, Closure | Partial)]
    if closures:
        for atom in closures:
            machine.escaped.append((atom, None))
        return Val((Thing("wrapped", {}, (Val(tuple(closures)),)),), taints)
    return unknown(f"{name}()", taints)


def decorated(machine: Machine, frame: Frame, atom: Atom, decorator: ir.Expr, function: Val) -> Val:
    """A function under a decorator that is not the code's own: itself, as most decorators only add something."""
    name = atom.name if isinstance(atom, Lib) else ""
    flavour = {"builtins.property": "property", "functools.cached_property": "property", "builtins.staticmethod": "static",
               "builtins.classmethod": "class"}.get(name, "")  # fmt: skip
    if isinstance(atom, Method) and atom.name in ("setter", "deleter"):
        return function
    if flavour:
        return Val(tuple(
            Closure(item.code, item.scope, item.bound, item.owner, flavour, item.defaults) if isinstance(item, Closure) else item
            for item in function.atoms
        ))  # fmt: skip
    return frameworks.decorated(machine, frame, atom, decorator, function)


__all__ = ["builtin", "call_library", "call_method", "call_thing", "decorated", "imported", "unknown_call"]
