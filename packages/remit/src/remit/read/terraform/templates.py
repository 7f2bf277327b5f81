"""Quoted texts and heredocs: literal pieces, holes, directives, escapes, indentation and ``~``."""

import re
from typing import TYPE_CHECKING

from remit.app.noun import replace
from remit.read.document import Malformed, Span
from remit.read.terraform.syntax import Broken, Expr, ForPart, IfPart, Literal, Part, Template

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

    from remit.read.terraform.hcl import Reader

_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])|([$%])\2\{')
_DOLLARS = re.compile(r"([$%])\1\{")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HOLES = frozenset(("template_interpolation", "template_directive"))
_WRAP = "REMITEND"


def quoted(reader: "Reader", tree: "Tree") -> Expr:
    """``"..."``."""
    children = tree.children
    at = reader.at(tree)
    if len(children) < 2 or children[0].type != "quoted_template_start" or children[-1].type != "quoted_template_end":
        return Broken(at)
    start, end = children[0].end_byte, children[-1].start_byte
    holes = [child for child in children if child.type in _HOLES]
    return _template(_pieces(reader, holes, start, end, escapes=True), at)


def heredoc(reader: "Reader", tree: "Tree") -> Expr:
    """``<<EOT`` and ``<<-EOT``."""
    at = reader.at(tree)
    words = [child for child in tree.children if child.type == "heredoc_identifier"]
    if len(words) < 2:
        return Broken(at)
    start = reader.data.find(b"\n", words[0].end_byte) + 1
    end = reader.data.rfind(b"\n", 0, words[-1].start_byte) + 1
    holes = [child for child in tree.children if child.type in _HOLES]
    parts = _pieces(reader, holes, start, max(start, end), escapes=False)
    if tree.children[0].children and reader.text(tree.children[0]) == "<<-":
        parts = _without_indent(parts)
    return _template(parts, at, folded=False)


def whole(text: str, at: Span) -> Expr:
    """A text that is a template although it stands outside HCL.

    Raises:
        Malformed: it is not a template.
    """
    from remit.read.terraform.hcl import Reader

    if "${" not in text and "%{" not in text:
        return Literal(at, text)
    word = _WRAP
    while word in text:
        word += "X"
    reader = Reader(f"x = <<{word}\n{text}\n{word}\n")
    argument = reader.body(reader.root()).arguments.get("x")
    if argument is None or isinstance(argument.value, Broken) or reader.problems:
        raise Malformed("is not a template that can be read", *at[:2])
    moved = _moved(argument.value, at)
    parts = moved.parts if isinstance(moved, Template) else (moved,)
    last = parts[-1]
    if isinstance(last, Literal) and isinstance(last.value, str) and last.value.endswith("\n"):
        parts = (*parts[:-1], Literal(at, last.value[:-1]))
    return _template(list(parts), at)


def _moved(value: Expr, at: Span) -> Expr:
    """The parts of a template said to stand at one place: positions in a wrapped text mean nothing."""
    if isinstance(value, Template):
        return Template(at, tuple(replace(part, at=at) for part in value.parts))
    return value


def _template(parts: list[Part], at: Span, *, folded: bool = True) -> Expr:
    kept = tuple(part for part in parts if not (isinstance(part, Literal) and part.value == ""))
    if not kept:
        return Literal(at, "")
    if len(kept) == 1 and isinstance(kept[0], Literal):
        return Literal(at, kept[0].value)
    return Template(at, kept if folded or len(kept) > 1 else (*kept, Literal(at, "")))


def _pieces(reader: "Reader", holes: "list[Tree]", start: int, end: int, *, escapes: bool) -> list[Part]:
    """Literal pieces and holes between two offsets; ``~`` trims the literal piece beside it."""
    parts: list[Part] = []
    trim = False
    for hole in holes:
        if hole.start_byte < start:
            continue
        before, after = _strips(hole)
        parts.append(_literal(reader, start, hole, hole.start_byte, escapes, left=trim, right=before))
        parts.append(_hole(reader, hole, escapes=escapes))
        start, trim = hole.end_byte, after
    last = holes[-1] if holes else None
    parts.append(_literal(reader, start, last, end, escapes, left=trim))
    return parts


def _literal(
    reader: "Reader",
    start: int,
    beside: "Tree | None",
    end: int,
    escapes: bool,
    *,
    left: bool = False,
    right: bool = False,
) -> Literal:
    text = reader.data[start:end].decode("utf-8", "replace")
    if "\r\n" in text:
        text = text.replace("\r\n", "\n")
    if left:
        text = text.lstrip(" \t\r\n") if "\n" not in text else text.lstrip(" \t\r").removeprefix("\n")
    if right:
        text = text.rstrip(" \t\r\n")
    text = _ESCAPE.sub(_unescape, text) if escapes else _DOLLARS.sub(r"\1{", text)
    return Literal(reader.at(beside) if beside is not None else (0, 1, 0, 0), text)


def _unescape(match: re.Match[str]) -> str:
    if match[2]:
        return match[2] + "{"
    word = match[1]
    if word[0] in "uU":
        code = int(word[1:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _PLAIN[word]


def _strips(hole: "Tree") -> tuple[bool, bool]:
    """Whether the first and the last brace of a hole or directive have a ``~``."""
    first = last = hole
    if hole.type == "template_directive" and hole.children:
        inner = hole.children[0]
        if inner.children:
            first, last = inner.children[0], inner.children[-1]
    return _stripped(first, 1), _stripped(last, -2)


def _stripped(tree: "Tree", index: int) -> bool:
    children = tree.children
    return len(children) > 2 and children[index].type == "strip_marker"


def _hole(reader: "Reader", hole: "Tree", *, escapes: bool) -> Part:
    if hole.type == "template_interpolation":
        inner = next((child for child in hole.children if child.type == "expression"), None)
        return reader.expression(inner) if inner is not None else Broken(reader.at(hole))
    directive = hole.children[0] if hole.children else hole
    if directive.type not in ("template_if", "template_for") or not reader.deeper(directive):
        return Broken(reader.at(hole))
    make = _if if directive.type == "template_if" else _for
    part = make(reader, directive, escapes=escapes)
    reader.depth -= 1
    return part


def _between(
    reader: "Reader", children: "list[Tree]", opening: "Tree", closing: "Tree", *, escapes: bool
) -> tuple[Part, ...]:
    holes = [
        child
        for child in children
        if child.type in _HOLES and opening.end_byte <= child.start_byte and child.end_byte <= closing.start_byte
    ]
    parts = _pieces(reader, holes, opening.end_byte, closing.start_byte, escapes=escapes)
    if _stripped(opening, -2) and isinstance(parts[0], Literal):
        parts[0] = Literal(parts[0].at, str(parts[0].value).lstrip(" \t\r\n"))
    if _stripped(closing, 1) and isinstance(parts[-1], Literal):
        parts[-1] = Literal(parts[-1].at, str(parts[-1].value).rstrip(" \t\r\n"))
    return tuple(parts)


def _if(reader: "Reader", tree: "Tree", *, escapes: bool) -> Part:
    children = tree.children
    marks = {child.type: child for child in children if child.type.startswith("template_") and child.type[-1] != "n"}
    marks |= {child.type: child for child in children if child.type.endswith(("_intro", "_end"))}
    opening, middle, closing = (marks.get(f"template_{word}") for word in ("if_intro", "else_intro", "if_end"))
    if opening is None or closing is None:
        return Broken(reader.at(tree))
    test = next((child for child in opening.children if child.type == "expression"), None)
    condition = reader.expression(test) if test is not None else Broken(reader.at(tree))
    then = _between(reader, children, opening, middle or closing, escapes=escapes)
    otherwise = _between(reader, children, middle, closing, escapes=escapes) if middle is not None else ()
    return IfPart(reader.at(tree), condition, then, otherwise)


def _for(reader: "Reader", tree: "Tree", *, escapes: bool) -> Part:
    opening, closing = tree.children[0], tree.children[-1]
    names = [reader.text(child) for child in opening.children if child.type == "identifier"]
    listed = next((child for child in opening.children if child.type == "expression"), None)
    if not names or listed is None or closing.type != "template_for_end":
        return Broken(reader.at(tree))
    over = reader.expression(listed)
    parts = _between(reader, tree.children, opening, closing, escapes=escapes)
    return ForPart(reader.at(tree), names[0] if len(names) > 1 else "", names[-1], over, parts)


def _without_indent(parts: list[Part]) -> list[Part]:
    """``<<-``: the smallest indentation of all lines is taken from each of them."""
    indents: list[int] = []
    fresh = True
    for index, part in enumerate(parts):
        text = str(part.value) if isinstance(part, Literal) else ""
        lines = text.split("\n")
        for number, line in enumerate(lines):
            starts = number > 0 or (fresh and index == 0)
            ends_in_hole = number == len(lines) - 1 and index < len(parts) - 1
            if starts and (line.strip() or ends_in_hole):
                indents.append(len(line) - len(line.lstrip(" \t")))
    width = min(indents, default=0)
    if not width:
        return parts
    result: list[Part] = []
    for index, part in enumerate(parts):
        if isinstance(part, Literal) and isinstance(part.value, str):
            lines = part.value.split("\n")
            cut = [line[_leading(line, width) :] if number or index == 0 else line for number, line in enumerate(lines)]
            result.append(Literal(part.at, "\n".join(cut)))
        else:
            result.append(part)
    return result


def _leading(line: str, width: int) -> int:
    return min(width, len(line) - len(line.lstrip(" \t")))
