"""Modules of Python: found in the function's folder and its layers, parsed, run."""

import posixpath
from collections.abc import Callable

from remit.app.location import Location
from remit.app.model import Function
from remit.flow import ir
from remit.flow.machine import Frame, Machine
from remit.flow.python_front import NotParsed, lower
from remit.flow.source import Source
from remit.flow.statements import execute
from remit.flow.values import Module, Scope, Val, known
from remit.read.code import CodeTree
from remit.read.handlers import search_path

#: Statements of a text, parsed once for all functions of an app: text, how, ``NotParsed`` or not.
Parse = Callable[[str, Callable[[str], list[ir.Stmt]]], list[ir.Stmt]]


class Loader:
    """Finds, parses and runs the modules of one function."""

    def __init__(self, parse: Parse, tree: CodeTree) -> None:
        self._parse = parse
        self.tree = tree
        self._folders = search_path(tree)

    def __call__(self, machine: Machine, name: str, level: int, package: str) -> Module | None:
        """The module of a name, run once; ``None`` when it is not in the code."""
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
        text = self.tree.files[file]
        inline = self.tree.inline.get(file)
        source = Source(inline.file if inline else file, text, inline.shift if inline else 0)
        machine.sources[file] = source
        try:
            body = self._parse(text, lower)
        except NotParsed as error:
            where = source.location((error.line, max(error.column, 1), error.line, 0)) if error.line else Location(file)
            machine.skip(f"the module {name}", error.why, where)
            body = []
        is_package = posixpath.basename(file) == "__init__.py"
        module = Module(name, file, body, name if is_package else name.rpartition(".")[0])
        module.scope = Scope(
            module, None, {"__name__": known(name), "__file__": known(_installed(file, self.tree.root))}
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
                if file in self.tree.files:
                    return file
        return None


def _installed(file: str, root: str) -> str:
    """Where a file stands when it runs: Lambda unpacks the code into one folder."""
    return posixpath.join("/var/task", posixpath.relpath(file, root or "."))


def handler(machine: Machine, function: Function) -> "tuple[Module, Val, str] | None":
    """The module of a function's handler, its value and its name; ``None`` after a skip."""
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
    return module, value, attribute


__all__ = ["Loader", "handler"]
