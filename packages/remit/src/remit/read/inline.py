"""Code written inside a template: a virtual file whose line numbers are the template's."""

import os
from pathlib import Path

from remit.app.model import Function
from remit.app.value import Value
from remit.read.code import CodeTree, Inline
from remit.read.document import Malformed, decode


def inline_tree(root: Path, function: Function) -> CodeTree:
    """The tree of a function whose code is in its template.

    Args:
        root: the scanned root.
        function: its ``inline`` is set.
    """
    node = function.inline
    if node is None:
        return CodeTree("")
    code = _text(node.plain())
    template = function.location.file
    folder = f"{template}#{function.id}"
    suffix = ".js" if function.language == "javascript" else ".py"
    # The platform writes inline code to a file called index, whatever the handler says; Terraform packs it under a name.
    given = function.properties.get("Code", "FileName") if function.properties is not None else None
    name = f"{folder}/{given if isinstance(given, str) and given.endswith(suffix) else f'index{suffix}'}"
    line, shift = _position(root, template, node.location.line, code)
    return CodeTree(folder, {name: "\n" * (line - 1) + code}, inline={name: Inline(template, shift)})


def _text(value: Value) -> str:
    """The code; symbols (``Fn::Sub``) become their names in braces, which is harmless inside quotes."""
    return str(value)


def _position(root: Path, template: str, line: int, code: str) -> tuple[int, int]:
    """The template line where the code's first line stands, and how far it is indented there."""
    first = next((index for index, text in enumerate(code.split("\n")) if text.strip()), 0)
    wanted = code.split("\n")[first].strip()
    try:
        with open(os.path.join(root, template), "rb") as file:
            lines = decode(file.read()).splitlines()
    except (OSError, Malformed):
        return line, 0
    # A block scalar begins in the line after its key; anything else begins in its own line.
    for number in range(line, min(line + first + 8, len(lines)) + 1):
        text = lines[number - 1]
        if text.strip() == wanted:
            return max(1, number - first), len(text) - len(text.lstrip()) - _indent(code, first)
    return line, 0


def _indent(code: str, first: int) -> int:
    text = code.split("\n")[first]
    return len(text) - len(text.lstrip())
