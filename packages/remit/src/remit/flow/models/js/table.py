"""Which model a call has, and what is assumed without one."""

import re
from functools import cache

from remit.app.location import Location
from remit.flow import javascript_natives as natives
from remit.flow import taint, uses
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import chance, exceptions, foreign, library, tokens
from remit.flow.models.js import aws, code, core, files, frameworks, logs, process, sql, validators, web
from remit.flow.models.model import Model, apply
from remit.flow.taint import MEDIUM, Taints
from remit.flow.values import (
    NONE,
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
    text_of,
    union,
    unknown,
)  # fmt: skip

PREFIX = "js:"
_FAMILIES = (core, process, files, web, sql, code, logs, aws, frameworks, validators)
FUNCTIONS: dict[str, Model] = {}
METHODS: dict[str, Model] = {}
for _family in _FAMILIES:
    FUNCTIONS.update(_family.FUNCTIONS)
    METHODS.update(_family.METHODS)
FUNCTIONS.update(tokens.JAVASCRIPT)
FUNCTIONS.update(chance.JAVASCRIPT)
#: How deep in what is handed over functions are looked for, and how many are called.
_INSIDE, _MOST_FUNCTIONS = 4, 60
GLOBALS, CONSTANTS = core.GLOBALS, core.CONSTANTS
is_native = natives.is_native
#: Functions that call what they are handed in a way of their own.
_OWN_CALLS = frozenset(
    ("Promise", "Array.from", "<exportAll>", "Object.defineProperty", "util.promisify", "util.callbackify")
)
#: Kinds of things whose methods call what they are handed in a way of their own.
_OWN_THINGS = frozenset(("js.Middy", "js.Resolve", "js.Callback"))
_ALIAS = {
    "fs/promises": "fs",
    "mysql2/promise": "mysql2",
    "aws-xray-sdk-core": "aws-xray-sdk",
    "fs-extra": "fs",
    "graceful-fs": "fs",
    "timers/promises": "timers",
    "lodash-es": "lodash",
}


def canonical(name: str) -> str:
    """A library's name as the tables have it."""
    name = name.removeprefix(PREFIX).removeprefix("node:").removeprefix("globalThis.")
    head = _HEAD.match(name)
    package = head[0] if head else name
    other = _ALIAS.get(package)
    return other + name[len(package) :] if other else name


def package(module: str) -> str:
    """The package that a module belongs to: ``@a/b`` of ``@a/b/c``."""
    parts = module.removeprefix("node:").split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]


def declared(machine: Machine, name: str) -> "bool | None":
    """Whether a ``package.json`` of the code names a package; ``None`` for the platform's and those with models."""
    if name in _PLATFORM or name in _modelled() or name.startswith(("@aws-sdk/", "@smithy/", "@types/")):
        return None
    function = machine.function
    if function.properties is not None and function.properties.get("Layers") is not None:
        # A layer of somebody else may hold it.
        return True
    version = getattr(machine.load, "version", None)
    return bool(version(name)) if version is not None else False


@cache
def _modelled() -> frozenset[str]:
    return frozenset(package(_HEAD.match(name)[0]) for name in FUNCTIONS if _HEAD.match(name))  # type: ignore[index]


_HEAD = re.compile(r"(@[^/]+/[^./]+|[^./]+)(/[^.]*)?")
#: Modules that Node brings: https://nodejs.org/api/modules.html; the SDK that older runtimes of Lambda hold.
_PLATFORM = frozenset((
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
    "diagnostics_channel",
    "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net", "os", "path",
    "perf_hooks", "process",
    "punycode", "querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls",
    "trace_events", "tty", "url",
    "util", "v8", "vm", "wasi", "worker_threads", "zlib", "test", "sqlite", "aws-sdk", "aws-lambda",
))  # fmt: skip


def has_method(kind: str, name: str) -> bool:
    """Whether a kind of thing has a modelled method of that name."""
    return f"{kind}.{name}" in METHODS


def thing_attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """An attribute of a library's object that is more than a method."""
    for family in _FAMILIES:
        attribute = getattr(family, "attribute", None)
        found: Val | None = attribute(machine, thing, name, at, taints) if attribute is not None else None
        if found is not None:
            return found
    return None


def function(machine: Machine, frame: Frame, full: str, given: Arguments) -> Val:
    """Calls a function of a library, or of the platform."""
    if not full.startswith(PREFIX):
        return library.call_library(machine, frame, full, given)
    name = canonical(full)
    if name in ("require", "<require>", "module.require"):
        return _required(machine, frame, given)
    if name == "<states>":
        machine.skip("this function", "it was compiled to a machine of states, which is not followed", given.at)
        return unknown("a generator")
    uses.called(machine, PREFIX + name, given)
    model = FUNCTIONS.get(name)
    if model is not None:
        value = apply(machine, frame, model, given, None)
        return value if name in _OWN_CALLS else _called_back(machine, frame, value, given)
    for family in _FAMILIES:
        by_name = getattr(family, "by_name", None)
        found: Val | None = by_name(machine, frame, name, given) if by_name is not None else None
        if found is not None:
            return _called_back(machine, frame, found, given)
    if name.startswith(("Math.", "Intl.")):
        return unknown("a number", chance.only(taint.merge(*(value.taints for value in given.every()))))
    return unknown_call(machine, frame, Val((Lib(full),)), given)


def _called_back(machine: Machine, frame: Frame, value: Val, given: Arguments) -> Val:
    """A function among the arguments is called when it is done: ``(error, result)``."""
    for argument in given.args:
        if natives.functions_in(argument):
            natives.invoke(machine, frame, argument, [union(natives.failure(given), NONE), value, value], given)
    return value


def _required(machine: Machine, frame: Frame, given: Arguments) -> Val:
    """``require(name)``, ``import(name)``: a module of the code, or a library."""
    from remit.flow.javascript_modules import exports_of
    from remit_guard.core.verdict import CODE

    value = given.get(0) or unknown("a module")
    name = text_of(value)
    if name is None:
        machine.sink(CODE, value, given.span(0), given.text)
        machine.skip("a module", "which module is loaded here is only known at run time", given.at)
        return unknown("a module")
    module = machine.load(machine, name, 0, frame.module.file)
    if module is not None:
        return exports_of(module)
    if name.endswith(".json"):
        # Data of the code itself: what it says is not known, who writes it is.
        return unknown(f"the document {name}")
    if name.startswith((".", "/")):
        machine.skip(f"the module {name}", "it is not among the code files", given.at)
        return unknown(name)
    foreign.imported(machine, name, given.at)
    return Val((Lib(PREFIX + name.removeprefix("node:")),))


def method(machine: Machine, frame: Frame, called: Method, given: Arguments) -> Val:
    """Calls a method of something that is not the code's own."""
    receiver = called.receiver
    uses.called(
        machine, f"{receiver.kind}.{called.name}" if isinstance(receiver, Thing) else f".{called.name}", given, receiver
    )
    if isinstance(receiver, Thing):
        model = METHODS.get(f"{receiver.kind}.{called.name}")
        if model is not None:
            value = apply(machine, frame, model, given, called)
            return value if receiver.kind in _OWN_THINGS else _called_back(machine, frame, value, given)
        for family in _FAMILIES:
            by_method = getattr(family, "by_method", None)
            found: Val | None = (
                by_method(machine, frame, receiver, called.name, given) if by_method is not None else None
            )
            if found is not None:
                return found if family is frameworks else _called_back(machine, frame, found, given)
    own = natives.method(machine, frame, receiver, called.name, given, called.taints)
    if own is not None:
        # The letter at a random place is as random as the place.
        return own.tainted(chance.only(taint.merge(*(value.taints for value in given.args))))
    if isinstance(receiver, Caught):
        return exceptions.text(receiver, called.taints, given.at)
    for family in _FAMILIES:
        by_look = getattr(family, "by_look", None)
        guess: Val | None = by_look(machine, frame, called, given) if by_look is not None else None
        if guess is not None:
            return _called_back(machine, frame, guess, given)
    taints = called.taints
    if isinstance(receiver, Part | Dictionary | Sequence | Thing):
        taints = taint.merge(taints, machine.taints(Val((receiver,)), given.at))
    why = receiver.why if isinstance(receiver, Opaque) else getattr(receiver, "kind", "")
    return unknown_call(machine, frame, Val((Opaque(f"{why}.{called.name}" if why else called.name),), taints), given)


def thing(machine: Machine, frame: Frame, called: Thing, given: Arguments) -> Val:
    """Calls an instance of a library's class, or what a library's function wrapped."""
    wrapped = [atom for value in called.inner for atom in value.atoms if isinstance(atom, natives.CALLABLE)]
    if called.kind == "wrapped" and wrapped:
        from remit.flow.calls import call

        return call(machine, frame, Val(tuple(wrapped)), given)
    model = METHODS.get(f"{called.kind}.__call__")
    if model is not None:
        return apply(machine, frame, model, given, Method(called, "__call__"))
    return unknown_call(machine, frame, Val((Opaque(called.kind),)), given)


def _handed(value: Val, depth: int) -> list[Closure | Partial]:
    """The code's own functions in a value, and in the lists and objects that it is."""
    found: list[Closure | Partial] = []
    for atom in value.atoms:
        if isinstance(atom, Closure | Partial):
            found.append(atom)
        elif isinstance(atom, Sequence | Dictionary) and depth < _INSIDE:
            held = list(atom.items) if isinstance(atom, Sequence) else list(atom.entries.values())
            for item in (*held, *([atom.rest] if atom.rest else [])):
                found.extend(_handed(item, depth + 1))
    return found


def unknown_call(machine: Machine, frame: Frame, callee: Val, given: Arguments) -> Val:
    """Nobody knows what it does: whatever goes in may come out; functions handed to it are called, now or later."""
    names = [atom.name.removeprefix(PREFIX) if isinstance(atom, Lib) else atom.why
             for atom in callee.atoms if isinstance(atom, Lib | Opaque)]  # fmt: skip
    name = next((item for item in names if item), given.text)
    foreign.handed(machine, name, given.every(), given.at)
    foreign.entrusted(machine, name, given.every(), given.at)
    values = [value for value in given.every() if value.atoms != (Lib("os.environ"),)]
    found = [callee.taints, *(machine.taints(value, given.at) for value in values if not natives.functions_in(value))]
    taints = taint.step(taint.merge(*found), given.at, f"goes through {given.text}()", MEDIUM)
    functions = tuple(atom for value in given.args for atom in _handed(value, 0))[:_MOST_FUNCTIONS]
    if not functions:
        return unknown(f"{name}()", taints)
    results: list[Val] = [Val((Thing("wrapped", {}, (Val(functions),)),), taints)]
    if machine.stack:
        inside = unknown("an argument", taints)
        results.extend(natives.invoke(machine, frame, Val((atom,)), [inside] * 3, given) for atom in functions)
    else:
        # While modules load, what wraps a handler does not call it yet.
        machine.escaped.extend((atom, None) for atom in functions)
    return union(*results)


__all__ = ["CONSTANTS", "FUNCTIONS", "GLOBALS", "METHODS", "function", "has_method", "is_native", "method", "thing",
           "thing_attribute", "unknown_call"]  # fmt: skip
