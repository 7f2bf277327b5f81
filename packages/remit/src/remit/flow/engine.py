"""The engine: finds the handler, runs it with the event its triggers deliver, and gathers what came to light."""

import posixpath
import sys
from collections.abc import Mapping

from remit.app.effect import Effects
from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.model import App, Function
from remit.app.report import Skip
from remit.flow import event, ir
from remit.flow import expressions as _expressions  # noqa: F401  (fills the machine's tables)
from remit.flow.calls import call
from remit.flow.machine import Arguments, Exhausted, Frame, Machine
from remit.flow.python_front import NotParsed, lower
from remit.flow.response import answered
from remit.flow.source import Source
from remit.flow.statements import execute
from remit.flow.values import Closure, Instance, Module, Scope, Thing, Val, known
from remit.read.code import CodeTree

#: Python frames that one analysis may need: each level of the code under analysis takes about ten of ours.
_STACK = 12_000


class Engine:
    """Analyses the functions of one app; a file that several of them share is parsed once."""

    def __init__(self) -> None:
        self._parsed: dict[str, list[ir.Stmt] | NotParsed] = {}

    def parse(self, text: str) -> list[ir.Stmt]:
        """The statements of a module.

        Raises:
            NotParsed: it is no Python we can read.
        """
        found = self._parsed.get(text)
        if found is None:
            try:
                found = lower(text)
            except NotParsed as error:
                found = error
            self._parsed[text] = found
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
        if function.language not in ("python", "") or (not function.language and not _has_python(tree)):
            return _blind(function, f"{function.language or 'this runtime'} has no front yet", function.location)
        machine = Machine(function, event.roots(app, function), {}, _Loader(self, tree))
        limit = sys.getrecursionlimit()
        # Deep but legal code must not end in our own stack overflow; the machine's own bounds are far below this.
        sys.setrecursionlimit(max(limit, _STACK))
        try:
            handler = _run(machine, function)
        except Exhausted:
            handler = None
            machine.skip(
                "part of this code", "it has more ways through it than the analysis follows", function.location
            )
        except RecursionError:
            handler = None
            machine.skip("part of this code", "it nests deeper than the analysis follows", function.location)
        finally:
            sys.setrecursionlimit(limit)
        return _gathered(machine, function, handler or _definition(machine, function))


def _has_python(tree: CodeTree) -> bool:
    return any(name.endswith(".py") for name in tree.files)


def _blind(function: Function, why: str, location: Location) -> Analysis:
    return Analysis(function.id, None, skips=(Skip(function.id, why, location, blind=True),))


class _Loader:
    """Finds, parses and runs the modules of one function."""

    def __init__(self, engine: Engine, tree: CodeTree) -> None:
        self._engine = engine
        self._tree = tree
        self._folders = _search_path(tree)

    def __call__(self, machine: Machine, name: str, level: int, package: str) -> Module | None:
        if level:
            parts = package.split(".") if package else []
            parts = parts[: len(parts) - (level - 1)] if level > 1 else parts
            name = ".".join([*parts, name] if name else parts)
        if not name:
            return None
        known_module = machine.modules.get(name)
        if known_module is not None:
            return known_module
        file = self.file_of(name)
        if file is None:
            return None
        text = self._tree.files[file]
        inline = self._tree.inline.get(file)
        source = Source(inline.file if inline else file, text, inline.shift if inline else 0)
        machine.sources[file] = source
        try:
            body = self._engine.parse(text)
        except NotParsed as error:
            where = source.location((error.line, max(error.column, 1), error.line, 0)) if error.line else Location(file)
            machine.skip(f"the module {name}", error.why, where)
            body = []
        is_package = posixpath.basename(file) == "__init__.py"
        module = Module(name, file, body, name if is_package else name.rpartition(".")[0])
        module.scope = Scope(
            module, None, {"__name__": known(name), "__file__": known(_installed(file, self._tree.root))}
        )
        machine.modules[name] = module
        self._parents(machine, name)
        machine.frames += 1
        frame = Frame(module.scope, module, machine.frames)
        execute(machine, frame, body)
        module.finished = True
        return module

    def _parents(self, machine: Machine, name: str) -> None:
        """Importing ``a.b`` runs ``a`` first."""
        head = name.rpartition(".")[0]
        if head and head not in machine.modules and "/" not in head:
            self(machine, head, 0, "")

    def file_of(self, name: str) -> str | None:
        """The file of a module: in the function's folder, then in the layers' folders."""
        path = name.replace(".", "/")
        for folder in self._folders:
            for candidate in (f"{path}.py", f"{path}/__init__.py"):
                file = posixpath.normpath(posixpath.join(folder, candidate))
                if file in self._tree.files:
                    return file
        return None


def _installed(file: str, root: str) -> str:
    """Where a file stands when it runs: Lambda unpacks the code into one folder."""
    return posixpath.join("/var/task", posixpath.relpath(file, root or "."))


def _search_path(tree: CodeTree) -> list[str]:
    """The function's own folder, then the ``python`` folders of layers, which Lambda puts on the path."""
    folders = [tree.root]
    for file in tree.files:
        parts = file.split("/")
        for number, part in enumerate(parts[:-1]):
            if part == "python":
                folder = "/".join(parts[: number + 1])
                if folder not in folders and (number or not tree.root):
                    folders.append(folder)
    return folders


def _run(machine: Machine, function: Function) -> Location | None:
    name, _, attribute = function.handler.rpartition(".")
    name = name.strip("/").replace("\\", "/")
    if not name or not attribute:
        machine.skip("its handler", f'"{function.handler}" names no module and function', function.location)
        return None
    module = machine.load(machine, name, 0, "")
    if module is None or module.scope is None:
        machine.skip(
            "its handler", f'the module of "{function.handler}" is not among its code files', function.location
        )
        return None
    value = module.scope.vars.get(attribute)
    if value is None:
        if not machine.skips:
            machine.skip("its handler", f'"{attribute}" is not defined in {module.file}', Location(module.file))
        return None
    _invoke(machine, module, value, attribute)
    _run_escaped(machine, module)
    # An object that is called, or what a library made of the code, has no definition of its own here.
    return _place(machine, value) or Location(module.file, 1)


def _invoke(machine: Machine, module: Module, value: Val, name: str) -> None:
    at = _place(machine, value) or Location(module.file, 1)
    assert module.scope is not None  # noqa: S101  (the caller looked)
    frame = Frame(module.scope, module, machine.frames)
    delivered = event.whole(machine.roots, at)
    context = Val((Thing("aws.Context"),))
    given = Arguments(at, name, [delivered, context], spans=[at, at], places=["", ""])
    if not any(isinstance(atom, Closure | Instance) for atom in value.atoms) and not _callable(value):
        machine.skip("its handler", f'"{name}" is made in a way the analysis does not follow', at)
    result = call(machine, frame, value, given)
    for root in machine.roots:
        if root.responds and root.source != "direct":
            answered(machine, result, at)
            break


def _callable(value: Val) -> bool:
    from remit.flow.values import Partial

    return any(
        isinstance(atom, Partial) or (isinstance(atom, Thing) and atom.kind in ("wrapped", "http.App"))
        for atom in value.atoms
    )


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
    for atom in value.atoms:
        if isinstance(atom, Closure):
            return machine.sources[atom.scope.module.file].location(atom.code.at)
    return None


def _definition(machine: Machine, function: Function) -> Location | None:
    module = machine.modules.get(function.handler.rpartition(".")[0].strip("/"))
    if module is None or module.scope is None:
        return None
    value = module.scope.vars.get(function.handler.rpartition(".")[2])
    return _place(machine, value) if value is not None else None


def _gathered(machine: Machine, function: Function, handler: Location | None) -> Analysis:
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
        function.id, handler, flows, effects, tuple(sorted(machine.sources)), tuple(machine.skips.values())
    )  # fmt: skip


def _environment(found: Mapping[str, Location]) -> dict[str, Location]:
    return dict(sorted(found.items()))


__all__ = ["Engine"]
