"""Functions that read files, inside the examined folder only, and those that take paths apart.

Relative paths start from the folder of the root module, where Terraform is run. ``path.module`` and its sisters are
relative, too; ``abspath`` leaves a path relative, because where the folder lies is not the app's business.
"""

import posixpath
from collections.abc import Callable

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Text, Unknown, Value
from remit.read.document import Malformed
from remit.read.terraform.calls import Context, mapped, word
from remit.read.terraform.hcl import parse_template
from remit.read.terraform.known import Wrong
from remit.read.terraform.module import Module
from remit.read.terraform.things import Called, Frame


def _path(context: Context, node: Node) -> str | None:
    """A path relative to the scanned root; ``None`` when only the deployment knows it."""
    value = context.evaluator.literal(node)
    if not isinstance(value, str):
        return None
    return posixpath.normpath(posixpath.join(context.frame.called.base, value))


def content(context: Context, node: Node) -> str | Unknown:
    """The text of a file.

    Raises:
        Wrong: it is not there.
    """
    path = _path(context, node)
    if path is None:
        return Unknown("the content of a file that the deployment chooses")
    try:
        return context.functions.sources.text(path)
    except OSError as error:
        if error.errno:
            raise Wrong(f"the file {path} cannot be read: {error.strerror}") from None
        return Unknown(f"the content of {path}, which {error.strerror}")
    except ValueError as error:
        return Unknown(f"the content of {path}, which {error}")


def _file(context: Context, path: Node) -> Node:
    """What a file says stands in that file."""
    text = content(context, path)
    if isinstance(text, Unknown):
        return Node(text, context.at)
    return Node(text, Location(_path(context, path) or "", 1, 1, 1 + text.count("\n")))


def _fileexists(context: Context, path: Node) -> Value:
    name = _path(context, path)
    found = context.functions.sources.exists(name) if name is not None else None
    return Unknown("whether a file is there") if found is None else found


def _fileset(context: Context, folder: Node, pattern: Node) -> Node | Value:
    name, glob = _path(context, folder), context.evaluator.literal(pattern)
    found = None
    if name is not None and isinstance(glob, str):
        found = context.functions.sources.matching(name, glob)
        context.evaluator.spend(2_000, context.at)
    if found is None:
        return Unknown("the files of a folder")
    return tuple(found)


def _digest(context: Context, path: Node) -> Value:
    """What changes with a file. The file itself is code; only whether it changes is asked."""
    name = _path(context, path)
    return Unknown(f"a digest of {name or 'a file'}")


def _filebase64(context: Context, path: Node) -> Value:
    name = _path(context, path)
    return Unknown(f"the content of {name or 'a file'} in base64")


def _templatefile(context: Context, path: Node, variables: Node) -> Node:
    """A template's text stands in its file, as long as each line of it is a line there."""
    text = content(context, path)
    if isinstance(text, Unknown):
        return Node(text, context.at)
    node = rendered(context, text, variables)
    parts = node.value.parts if isinstance(node.value, Text) else (node.value,)
    lines = sum(part.count("\n") for part in parts if isinstance(part, str))
    if lines != text.count("\n"):
        return node
    return Node(node.value, Location(_path(context, path) or "", 1, 1, 1 + lines))


def _templatestring(context: Context, text: Node, variables: Node) -> Node | Value:
    value = context.evaluator.literal(text)
    return rendered(context, value, variables) if isinstance(value, str) else Unknown("a template of the deployment")


def rendered(context: Context, text: str, variables: Node) -> Node:
    """A template with its variables filled in.

    Raises:
        Wrong: it is no template.
    """
    try:
        expr = parse_template(text, _span(context))
    except Malformed as error:
        raise Wrong(error.why) from None
    called = context.frame.called
    # A template sees its own variables and nothing of the module; it stands where it is used.
    inner = Called(Module(called.module.folder), called.path, called.base, shown=context.at)
    node = context.evaluator.value(expr, Frame(inner, context.frame.file, mapped(variables)))
    return Node(node.value, context.at)


def _span(context: Context) -> tuple[int, int, int, int]:
    at = context.at
    return at.line, at.column, at.end_line, at.end_column


def _basename(_context: Context, path: Node) -> Value:
    return _of_path(_context, path, posixpath.basename)


def _dirname(_context: Context, path: Node) -> Value:
    return _of_path(_context, path, lambda text: posixpath.dirname(text) or ".")


def _abspath(_context: Context, path: Node) -> Value:
    return _of_path(_context, path, posixpath.normpath)


def _pathexpand(_context: Context, path: Node) -> Value:
    return _of_path(_context, path, lambda text: text)


def _of_path(context: Context, path: Node, change: Callable[[str], str]) -> Value:
    value = context.evaluator.literal(path)
    if value is None:
        raise Wrong("a path that is null")
    return change(word(value)) if isinstance(value, str) else Unknown("a path that the deployment decides")


FILES: dict[str, Callable[..., Node | Value]] = {
    "file": _file,
    "filebase64": _filebase64,
    "fileexists": _fileexists,
    "fileset": _fileset,
    "filebase64sha256": _digest,
    "filebase64sha512": _digest,
    "filemd5": _digest,
    "filesha1": _digest,
    "filesha256": _digest,
    "filesha512": _digest,
    "templatefile": _templatefile,
    "templatestring": _templatestring,
    "basename": _basename,
    "dirname": _dirname,
    "abspath": _abspath,
    "pathexpand": _pathexpand,
}
