"""The engine: finds the handler, runs it with the event its triggers deliver, and gathers what came to light."""

import posixpath
import sys
from collections.abc import Callable, Mapping

from remit.app.effect import Effects
from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.report import Skip
from remit.flow import event, ir
from remit.flow import expressions as _expressions  # noqa: F401  (fills the machine's tables)
from remit.flow.calls import call
from remit.flow.language import SUFFIXES, Language
from remit.flow.machine import Arguments, Exhausted, Frame, Machine
from remit.flow.python_front import NotParsed
from remit.flow.python_language import PYTHON
from remit.flow.response import answered
from remit.flow.values import Closure, Instance, Module, Thing, Val
from remit.read.code import CodeTree

#: Python frames that one analysis may need: each level of the code under analysis takes about ten of ours.
_STACK = 12_000


class Engine:
    """Analyses the functions of one app; a file that several of them share is parsed once."""

    def __init__(self) -> None:
        self._parsed: dict[object, list[ir.Stmt] | NotParsed] = {}

    def parse(self, text: str, lower: Callable[[str], list[ir.Stmt]]) -> list[ir.Stmt]:
        """The statements of a module, by what lowers its language; once for each text and way.

        Raises:
            NotParsed: it is nothing we can read.
        """
        key = (text, lower)
        found = self._parsed.get(key)
        if found is None:
            try:
                found = lower(text)
            except NotParsed as error:
                found = error
            self._parsed[key] = found
        if isinstance(found, NotParsed):
            raise found
        return found

    def analyse(self, app: App, function: Function, tree: CodeTree) -> Analysis:
        """Reads flows and effects off the code that is reachable from a function's handler.

        Args:
            app: the app the function belongs to.
            function: the function.
            tree: its code.

        Returns:
            What was found. Whatever could not be examined is a blind skip.
        """
        language = _language(function, tree)
        if language is None:
            return _blind(function, f"{function.runtime or 'this runtime'} has no front yet", function.location)
        machine = Machine(function, event.roots(app, function), {}, language.loader(self.parse, tree), language)
        limit = sys.getrecursionlimit()
        # Deep but legal code must not end in our own stack overflow; the machine's own bounds are far below this.
        sys.setrecursionlimit(max(limit, _STACK))
        try:
            _run(machine, function)
        except Exhausted:
            machine.skip(
                "part of this code", "it has more ways through it than the analysis follows", function.location
            )
        except RecursionError:
            machine.skip("part of this code", "it nests deeper than the analysis follows", function.location)
        finally:
            sys.setrecursionlimit(limit)
        return _gathered(machine, function)


def _language(function: Function, tree: CodeTree) -> "Language | None":
    """The language of a function: as it says itself, else the one its files are in."""
    name = function.language
    if not name and not function.runtime:
        suffixes = [posixpath.splitext(file)[1] for file in tree.files]
        name = "python" if ".py" in suffixes else "javascript" if any(item in SUFFIXES for item in suffixes) else ""
    if name == "python":
        return PYTHON
    if name == "javascript":
        from remit.flow.javascript_language import JAVASCRIPT

        return JAVASCRIPT
    return None


def _blind(function: Function, why: str, location: Location) -> Analysis:
    return Analysis(function.id, None, skips=(Skip(function.id, why, location, blind=True),))


def _run(machine: Machine, function: Function) -> None:
    found = machine.language.handler(machine, function)
    if found is None:
        return
    module, value, name = found
    # An object that is called, or what a library made of the code, has no definition of its own here.
    machine.entry = _place(machine, value) or Location(module.file, 1)
    _invoke(machine, module, value, name)
    _run_escaped(machine, module)


def _invoke(machine: Machine, module: Module, value: Val, name: str) -> None:
    at = _place(machine, value) or Location(module.file, 1)
    assert module.scope is not None  # noqa: S101  (the caller looked)
    frame = Frame(module.scope, module, machine.frames)
    delivered = [event.whole(machine.roots, at), *machine.language.around()]
    given = Arguments(at, name, delivered, spans=[at] * len(delivered), places=[""] * len(delivered))
    if not any(isinstance(atom, Closure | Instance) for atom in value.atoms) and not _callable(value):
        machine.skip("its handler", f'"{name}" is made in a way the analysis does not follow', at)
    result = call(machine, frame, value, given)
    for root in machine.roots:
        if root.responds and root.source != "direct":
            answered(machine, result, at)
            break


#: Kinds of things that libraries make of handlers.
_CALLED = ("wrapped", "http.App", "js.Middy", "js.App")


def _callable(value: Val) -> bool:
    from remit.flow.values import Partial

    return any(isinstance(atom, Partial) or (isinstance(atom, Thing) and atom.kind in _CALLED) for atom in value.atoms)


def _run_escaped(machine: Machine, module: Module) -> None:
    """Functions handed to code nobody knows are called by it, sooner or later, with who knows what."""
    assert module.scope is not None  # noqa: S101  (the caller looked)
    frame = Frame(module.scope, module, machine.frames)
    done: set[int] = set()
    while machine.escaped:
        item, values = machine.escaped.pop()
        code = getattr(item, "code", None)
        key = id(code) if code is not None else id(item)
        if key in done or (code is not None and id(code) in machine.ran):
            continue
        done.add(key)
        at = (
            machine.sources[item.scope.module.file].location(item.code.at)
            if isinstance(item, Closure)
            else Location(module.file)
        )
        given = Arguments(at, getattr(code, "name", "function"), list(values or []), spans=[at] * len(values or []))
        result = call(machine, frame, Val((item,)), given)
        if any(root.responds and root.source != "direct" for root in machine.roots):
            answered(machine, result, at)


def _place(machine: Machine, value: Val) -> Location | None:
    wrapped = [
        inner for atom in value.atoms if isinstance(atom, Thing) and atom.kind in _CALLED for inner in atom.inner
    ]
    for atom in (*value.atoms, *(atom for inner in wrapped for atom in inner.atoms)):
        if isinstance(atom, Closure):
            return machine.sources[atom.scope.module.file].location(atom.code.at)
    return None


def _gathered(machine: Machine, function: Function) -> Analysis:
    effects = Effects(
        calls=tuple(sorted(machine.calls.values(), key=lambda item: (item.location, item.service, item.operation))),
        reaches=tuple(sorted(machine.reaches.values(), key=lambda item: (item.location, str(item.host)))),
        runs=tuple(sorted(machine.runs.values(), key=lambda item: (item.location, str(item.program)))),
        files=tuple(sorted(machine.files.values(), key=lambda item: (item.location, str(item.path)))),
        secrets=tuple(sorted(machine.secrets.values(), key=lambda item: (item.location, str(item.name)))),
        environment=_environment(machine.environment),
    )
    flows = tuple(sorted(machine.flows.values(), key=lambda item: (item.location, item.sink, item.origin.path)))
    return Analysis(
        function.id, machine.entry, flows, effects, tuple(sorted(machine.sources)), tuple(machine.skips.values()),
        tuple(sorted(machine.uses.values(), key=lambda item: (item.location, item.kind))),
    )  # fmt: skip


def _environment(found: Mapping[str, Location]) -> dict[str, Location]:
    return dict(sorted(found.items()))


__all__ = ["Engine"]
