"""Modules of JavaScript and TypeScript: found as Node, bundlers and compilers find them, parsed, run."""

import json
import posixpath
import re
from collections.abc import Callable
from functools import partial

from remit.app.location import Location
from remit.app.model import Function
from remit.flow import ir
from remit.flow.javascript_front import NotParsed, lower
from remit.flow.language import SUFFIXES
from remit.flow.machine import Frame, Machine
from remit.flow.source import Source
from remit.flow.statements import execute
from remit.flow.values import Dictionary, Module, Scope, Val, unknown
from remit.read.code import CodeTree
from remit.read.handlers import handler_of

Parse = Callable[[str, Callable[[str], list[ir.Stmt]]], list[ir.Stmt]]
#: What a compiler makes of each suffix, back to what it was made from.
_SOURCES = {".js": (".ts", ".tsx", ".jsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
#: Folders that builds write to; handlers name them while the source stands elsewhere.
_BUILT = ("dist", "build", "lib", "out", "bin", ".build", ".dist", "_build", "bundle", ".esbuild", ".webpack", "target")
_DEEPEST = 8


class Loader:
    """Finds, parses and runs the modules of one function; a module is named by its file."""

    def __init__(self, parse: Parse, tree: CodeTree) -> None:
        self._parse = parse
        self.tree = tree
        self._settings: dict[str, dict[str, object]] = {}
        self._packages = self._named()
        self.declared = self._dependencies()

    def version(self, package: str) -> str:
        """The version of a package that the code asks for, as it is written; ``""`` when it asks for none."""
        return self.declared.get(package, "")

    def run(self, machine: Machine, file: str) -> Module:
        """The module of a file, run once."""
        return machine.modules.get(file) or self._load(machine, file)

    def __call__(self, machine: Machine, name: str, level: int, package: str) -> Module | None:
        """The module a specifier means in a file (``package``), run once; ``None`` when it is not in the code."""
        del level
        file = self.find(name, package)
        if file is None:
            return None
        return self.run(machine, file)

    def _load(self, machine: Machine, file: str) -> Module:
        text = self.tree.files[file]
        inline = self.tree.inline.get(file)
        source = Source(inline.file if inline else file, text, inline.shift if inline else 0)
        machine.sources[file] = source
        module = Module(file, file, [], file)
        exported = machine.dictionary()
        holder = machine.dictionary({"exports": Val((exported,))})
        module.scope = Scope(module, None, {"exports": Val((exported,)), "module": Val((holder,))})
        machine.modules[file] = module
        if file.endswith(".json"):
            holder.entries["exports"] = _document(machine, text)
            module.finished = True
            return module
        try:
            module.body = self._parse(text, _lowering(posixpath.splitext(file)[1]))
        except NotParsed as error:
            where = source.location((error.line, max(error.column, 1), error.line, 0)) if error.line else Location(file)
            machine.skip(f"the module {file}", error.why, where)
        machine.frames += 1
        outer, machine.branch = machine.branch, 0
        exported.branch = holder.branch = 0
        execute(machine, Frame(module.scope, module, machine.frames), module.body)
        machine.branch = outer
        module.finished = True
        return module

    # -- finding -----------------------------------------------------------------------------------------------------

    def find(self, name: str, file: str) -> str | None:
        """The file that a specifier means when a file names it."""
        if not name or name.startswith("node:"):
            return None
        name = name.split("?", maxsplit=1)[0]
        folder = posixpath.dirname(file)
        if name.startswith("."):
            return self._candidate(posixpath.normpath(posixpath.join(folder, name)))
        if name.startswith("/"):
            return self._absolute(name)
        for path in self._aliases(name, folder):
            found = self._candidate(path)
            if found is not None:
                return found
        return self._of_package(name)

    def _candidate(self, path: str, depth: int = 0) -> str | None:
        """A file, a file without its suffix, or a folder with an index or a package."""
        files = self.tree.files
        path = "" if path == "." else path
        if path in files:
            return path
        stem, suffix = posixpath.splitext(path)
        for other in _SOURCES.get(suffix, ()):
            if stem + other in files:
                return stem + other
        for suffix in (*SUFFIXES, ".json"):
            if path + suffix in files:
                return path + suffix
        manifest = self._manifest(path)
        if manifest and depth < _DEEPEST:
            for entry in _entries(manifest, "."):
                found = self._built(posixpath.normpath(posixpath.join(path, entry)), depth + 1)
                if found is not None:
                    return found
        for suffix in SUFFIXES:
            inner = posixpath.join(path, f"index{suffix}") if path else f"index{suffix}"
            if inner in files:
                return inner
        return None

    def _built(self, path: str, depth: int) -> str | None:
        """A file of a package, or the source it is built from."""
        for candidate in _before_build(path):
            found = self._candidate(candidate, depth)
            if found is not None:
                return found
        return None

    def _absolute(self, name: str) -> str | None:
        """Where files stand when they run: layers in ``/opt``, the function in ``/var/task``."""
        if name.startswith("/var/task/"):
            return self._candidate(posixpath.normpath(posixpath.join(self.tree.root, name[len("/var/task/") :])))
        if not name.startswith("/opt/"):
            return None
        wanted = name[len("/opt/") :]
        found = [self._candidate(posixpath.join(folder, wanted)) for folder in self._above(wanted.split("/")[0])]
        return next((file for file in found if file is not None), None)

    def _above(self, name: str) -> list[str]:
        """Folders of the tree that hold something of this name."""
        folders: dict[str, None] = {}
        for file in self.tree.files:
            parts = file.split("/")
            for number, part in enumerate(parts):
                if part == name or part.split(".")[0] == name:
                    folders["/".join(parts[:number])] = None
        return list(folders)

    def _of_package(self, name: str) -> str | None:
        """A package of the same repository, and packages that a layer holds."""
        parts = name.split("/")
        count = 2 if name.startswith("@") else 1
        head, rest = "/".join(parts[:count]), "/".join(parts[count:])
        folder = self._packages.get(head)
        if folder is None:
            return None
        if not rest:
            return self._candidate(folder)
        manifest = self._manifest(folder) or {}
        entries = [*_entries(manifest, f"./{rest}"), rest, f"src/{rest}"]
        found = (self._built(posixpath.normpath(posixpath.join(folder, entry)), 1) for entry in entries)
        return next((file for file in found if file is not None), None)

    def _named(self) -> dict[str, str]:
        """Packages in the tree by their names."""
        found: dict[str, str] = {}
        for file in self.tree.files:
            if posixpath.basename(file) == "package.json":
                name = self._read(file).get("name")
                if isinstance(name, str) and name:
                    found[name] = posixpath.dirname(file)
        return found

    def _dependencies(self) -> dict[str, str]:
        """Packages that the code asks for, with their versions."""
        found: dict[str, str] = {}
        for file in self.tree.files:
            if posixpath.basename(file) == "package.json":
                for key in ("dependencies", "optionalDependencies", "peerDependencies", "devDependencies"):
                    table = self._read(file).get(key)
                    if isinstance(table, dict):
                        found.update({str(name): str(version) for name, version in table.items()})
        return found

    # -- settings ----------------------------------------------------------------------------------------------------

    def _manifest(self, folder: str) -> "dict[str, object] | None":
        file = posixpath.join(folder, "package.json") if folder else "package.json"
        return self._read(file) if file in self.tree.files else None

    def _read(self, file: str) -> dict[str, object]:
        """A settings file; comments and trailing commas are allowed, what is broken is empty."""
        found = self._settings.get(file)
        if found is None:
            text = self.tree.files.get(file, "{}")
            try:
                data = json.loads(text)
            except ValueError:
                try:
                    data = json.loads(_without_comments(text))
                except (ValueError, RecursionError):
                    data = {}
            except RecursionError:
                data = {}
            found = data if isinstance(data, dict) else {}
            self._settings[file] = found
        return found

    def _aliases(self, name: str, folder: str) -> list[str]:
        """Where ``paths`` and ``baseUrl`` of the compiler's settings, and ``imports`` of a package, send a name."""
        found: list[str] = []
        while True:
            for setting in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json"):
                file = posixpath.join(folder, setting) if folder else setting
                if file in self.tree.files:
                    found += self._mapped(name, file, 0)
            manifest = self._manifest(folder)
            if manifest is not None and name.startswith("#"):
                found += [
                    posixpath.normpath(posixpath.join(folder, item)) for item in _matched(name, manifest.get("imports"))
                ]
            if not folder:
                return found
            folder = posixpath.dirname(folder)

    def _mapped(self, name: str, file: str, depth: int) -> list[str]:
        settings = self._read(file)
        folder = posixpath.dirname(file)
        options = settings.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        base = options.get("baseUrl")
        start = posixpath.join(folder, base) if isinstance(base, str) else folder
        found = [posixpath.normpath(posixpath.join(start, item)) for item in _matched(name, options.get("paths"))]
        if isinstance(base, str):
            found.append(posixpath.normpath(posixpath.join(start, name)))
        above = settings.get("extends")
        if isinstance(above, str) and above.startswith(".") and depth < _DEEPEST:
            other = posixpath.normpath(posixpath.join(folder, above))
            found += self._mapped(name, other if other in self.tree.files else f"{other}.json", depth + 1)
        return found


def _lowering(suffix: str) -> Callable[[str], list[ir.Stmt]]:
    """What lowers the files of one suffix: the same object each time, for it is part of a key."""
    return _LOWERING.setdefault(suffix, partial(lower, file=f"x{suffix}"))


_LOWERING: dict[str, Callable[[str], list[ir.Stmt]]] = {}


def _before_build(path: str) -> list[str]:
    """A path, and what it may have been before a build put it into another folder."""
    parts = path.strip("/").split("/")
    found = ["/".join(parts)]
    for number, part in enumerate(parts[:-1]):
        if part in _BUILT:
            head, rest = parts[:number], parts[number + 1 :]
            found += ["/".join([*head, "src", *rest]), "/".join([*head, *rest])]
            if rest[:1] == ["src"]:
                found.append("/".join([*head, *rest[1:]]))
    found.append("/".join(["src", *parts]))
    return list(dict.fromkeys(found))


def _entries(manifest: dict[str, object], wanted: str) -> list[str]:
    """The files a package names for an entry: ``exports`` first, then ``module``, ``main``, ``types``."""
    found = _targets(manifest.get("exports"), wanted, 0)
    if wanted == ".":
        found += [item for key in ("source", "module", "main", "types") if isinstance(item := manifest.get(key), str)]
    return found


def _targets(exports: object, wanted: str, depth: int) -> list[str]:
    if isinstance(exports, str):
        return [exports] if wanted == "." or depth else []
    if isinstance(exports, list):
        return [item for entry in exports for item in _targets(entry, wanted, depth + 1)]
    if not isinstance(exports, dict) or depth > _DEEPEST:
        return []
    if not any(isinstance(key, str) and key.startswith(".") for key in exports):
        return [item for entry in exports.values() for item in _targets(entry, wanted, depth + 1)]
    return [item for entry in _matched_entries(wanted, exports) for item in entry]


def _matched_entries(name: str, table: "dict[str, object]") -> list[list[str]]:
    found = []
    for key, value in table.items():
        caught = _caught(name, str(key))
        if caught is not None:
            found.append([item.replace("*", caught) for item in _targets(value, ".", 1)])
    return found


def _matched(name: str, table: object) -> list[str]:
    """The targets of the patterns that a name fits: ``@app/*`` to ``src/*``; the longest pattern first."""
    if not isinstance(table, dict):
        return []
    found: list[tuple[int, list[str]]] = []
    for key, value in table.items():
        caught = _caught(name, str(key))
        if caught is not None:
            found.append((-len(str(key)), [item.replace("*", caught) for item in _targets(value, ".", 1)]))
    return [item for _, items in sorted(found, key=lambda pair: pair[0]) for item in items]


def _caught(name: str, pattern: str) -> str | None:
    """What the star of a pattern stands for; ``""`` for a pattern without one; ``None`` when it does not fit."""
    if "*" not in pattern:
        return "" if name == pattern else None
    head, _, tail = pattern.partition("*")
    fits = name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)
    return name[len(head) : len(name) - len(tail)] if fits else None


_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)


def _without_comments(text: str) -> str:
    bare = _COMMENT.sub(lambda match: match[1] or "", text)
    return re.sub(r",(\s*[}\]])", r"\1", bare)


def _document(machine: Machine, text: str) -> Val:
    from remit.flow.models.plain import constant

    return constant(machine, text)


def exports_of(module: Module) -> Val:
    """What a module gives whoever requires it."""
    holder = module.scope.vars["module"].atoms if module.scope is not None else ()
    found = [atom.entries["exports"] for atom in holder if isinstance(atom, Dictionary) and "exports" in atom.entries]
    return found[0] if found else unknown("exports")


def handler(machine: Machine, function: Function) -> "tuple[Module, Val, str] | None":
    """The module of a function's handler, its value and its name; ``None`` after a skip."""
    from remit.flow.access import attribute

    loader = machine.load
    assert isinstance(loader, Loader)  # noqa: S101  (the language's own)
    located = handler_of(loader.tree, function)
    module = loader.run(machine, located.file) if located is not None else None
    path = located.name if located is not None else ""
    if module is None or module.scope is None:
        machine.skip(
            "its handler", f'the module of "{function.handler}" is not among its code files', function.location
        )
        return None
    value = exports_of(module)
    frame = Frame(module.scope, module, machine.frames)
    for step in path.split("."):
        if not _has(value, step):
            if not any(skip.blind for skip in machine.skips.values()):
                machine.skip("its handler", f'"{path}" is not exported by {module.file}', Location(module.file))
            return None
        value = attribute(machine, frame, value, step, Location(module.file, 1), calling=True)
    return module, value, path


def _has(value: Val, name: str) -> bool:
    """Whether something of that name is there; what is not known may have it."""
    return any(
        (name in atom.entries or atom.rest is not None) if isinstance(atom, Dictionary) else True
        for atom in value.atoms
    )


__all__ = ["Loader", "exports_of", "handler"]
