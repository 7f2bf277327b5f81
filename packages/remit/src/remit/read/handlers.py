"""Which file of a code tree a handler stands in. Pure."""

import posixpath
import re
from collections.abc import Iterator

from remit.app.model import Function
from remit.app.noun import Struct
from remit.read.code import CodeTree

_PYTHON = (".py", "/__init__.py")
#: In the order in which a source is preferred over what was compiled from it.
_SCRIPT = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx")
#: Folders that compilers write into; what they were made from lies beside them or in a folder of sources.
_OUTPUT = frozenset(("dist", "build", "out", "lib", ".build", ".esbuild", "built", "output", "js"))
_SOURCES = ("src", "source", "lambda", "ts")


class Located(Struct, frozen=True):
    """Where a handler is.

    Args:
        file: the file of its module, as in ``CodeTree.files``.
        name: what the module calls it: ``handler``; ``a.b`` for a member of an object that is exported.
        line: where it is defined, from 1; 0 when that is not plain to see (made by a call, exported again).
    """

    file: str
    name: str
    line: int = 0


def handler_of(tree: CodeTree, function: Function) -> Located | None:
    """The file that defines a handler's module; ``None`` when it is not among the files.

    Args:
        tree: the code of the function.
        function: says handler and runtime.
    """
    module, name = split(function.handler, function.language)
    if not module or not name:
        return None
    script = function.language == "javascript" or (not function.language and not any(map(_is_python, tree.files)))
    if tree.entry in tree.files:
        return Located(tree.entry, name, _line(tree.files[tree.entry], name, script=script))
    find = _script if script else _python
    for file in find(tree, module, name):
        if file in tree.files:
            return Located(file, name, _line(tree.files[file], name, script=script))
    return None


def split(handler: str, language: str) -> tuple[str, str]:
    """A handler as the path of its module, without suffix, and the name in it.

    Args:
        handler: ``src/app.handler``, ``src.app.handler`` (Python), ``dist/index.handlers.create`` (Node).
        language: ``python`` or ``javascript``.
    """
    text = handler.strip().replace("\\", "/").lstrip("/")
    if language == "javascript":
        # Node takes everything after the first dot of the last part as the way to the function.
        folder, _, last = text.rpartition("/")
        module, _, name = last.partition(".")
        return posixpath.normpath(posixpath.join(folder, module)) if module else "", name
    module, _, name = text.rpartition(".")
    return posixpath.normpath(module.replace(".", "/")) if module.strip("./") else "", name


def search_path(tree: CodeTree) -> list[str]:
    """Folders that Python imports from: the function's own, then those of layers."""
    folders = [tree.root, *tree.paths]
    for file in tree.files:
        parts = file.split("/")
        for number, part in enumerate(parts[:-1]):
            if part == "python":
                folder = "/".join(parts[: number + 1])
                if folder not in folders and (number or not tree.root):
                    folders.append(folder)
    return folders


def _is_python(file: str) -> bool:
    return file.endswith(".py")


def _python(tree: CodeTree, module: str, _name: str) -> Iterator[str]:
    for folder in search_path(tree):
        for suffix in _PYTHON:
            yield posixpath.normpath(posixpath.join(folder, module + suffix))


def _script(tree: CodeTree, module: str, name: str) -> Iterator[str]:
    """As Node looks for it; then the source that a compiler or bundler makes this module from."""
    for written in (module, *_before_build(module)):
        for suffix in (*_SCRIPT, *(f"/index{suffix}" for suffix in _SCRIPT)):
            yield posixpath.normpath(posixpath.join(tree.root, written + suffix))
    # A bundler writes its result under the name of its entry, wherever that lies.
    stem = posixpath.basename(module)
    last = name.rpartition(".")[2]
    same = [file for file in tree.files if _stem(file) == stem and _line(tree.files[file], last, script=True)]
    if stem == "index" and not same:
        same = [file for file in tree.files if _exports(tree.files[file], last)]
    if len(same) == 1:
        yield same[0]


def _before_build(module: str) -> Iterator[str]:
    parts = module.split("/")
    while len(parts) > 1 and parts[0] in _OUTPUT:
        parts = parts[1:]
        rest = "/".join(parts)
        yield rest
        for folder in _SOURCES:
            yield f"{folder}/{rest}"
    if parts == module.split("/"):
        for folder in _SOURCES:
            yield f"{folder}/{module}"


def _stem(file: str) -> str:
    base = posixpath.basename(file)
    return base.partition(".")[0] if base.endswith(_SCRIPT) and ".test." not in base and ".spec." not in base else ""


def _exports(text: str, name: str) -> bool:
    return (
        re.search(rf"^export\s+(?:async\s+)?(?:const|let|var|function\*?)\s+{re.escape(name)}\b", text, re.MULTILINE)
        is not None
    )


def _line(text: str, name: str, *, script: bool) -> int:
    """The line that defines a name at the top of a module; 0 when none plainly does."""
    word = re.escape(name.partition(".")[0])
    if script:
        pattern = (
            rf"^[ \t]*(?:module\.)?exports\.{word}\s*="
            rf"|^[ \t]*export\s+(?:default\s+)?(?:async\s+)?(?:const|let|var|function\*?|class)\s+{word}\b"
            rf"|^(?:async\s+)?(?:const|let|var|function\*?)\s+{word}\b"
            rf"|\bexport\s*\{{[^}}]*\b{word}\b|\b(?:module\.)?exports\s*=\s*\{{[^}}]*\b{word}\b|\b__export\(\w+, \{{\s*{word}:"
        )
    else:
        pattern = rf"^(?:async[ \t]+)?(?:def|class)[ \t]+{word}\b|^{word}[ \t]*(?::[^=\n]+)?=|^from[ \t].*\bimport\b.*\b{word}\b"
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0
