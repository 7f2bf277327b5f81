"""The text of a ``.tf`` or ``.tfvars`` file to its syntax, with every position; what is wrong costs only itself."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from remit.read.document import Malformed, Span
from remit.read.terraform.syntax import (
    Argument,
    Attribute,
    Binary,
    Block,
    Body,
    Broken,
    Call,
    Conditional,
    Expr,
    For,
    Index,
    Item,
    Listed,
    Literal,
    Name,
    Object,
    Parsed,
    Part,
    Splat,
    Unary,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Tree
    from tree_sitter import Parser

#: Levels of expressions and blocks inside each other, and nodes in one file: what people write has far fewer.
MAX_DEPTH = 60
MAX_NODES = 400_000
#: Nobody writes a larger file by hand, and reading one takes seconds.
MAX_TEXT = 1024 * 1024
#: Places of one file that are reported; a file that is no HCL at all has thousands.
_MAX_PROBLEMS = 5
_BESIDE = frozenset(("(", ")", "comment"))
_TERMS = frozenset(("get_attr", "index", "splat"))
_NUMBER = re.compile(r"[0-9]+$")


@cache
def _parser() -> "Parser":
    import tree_sitter_hcl
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_hcl.language()))


def parse_hcl(text: str) -> Parsed:
    """Reads one file.

    Args:
        text: its text.

    Returns:
        Its syntax, and a problem for each place that is not HCL. Only what a problem stands in is lost.

    Raises:
        Malformed: it is too large.
    """
    if len(text) > MAX_TEXT:
        raise Malformed(
            f"is {len(text) / 1e6:.1f} MB large; files of more than {MAX_TEXT >> 20} MB are generated, and not read"
        )
    reader = Reader(text)
    root = reader.root()
    body = reader.body(root)
    return Parsed(body, tuple(reader.problems))


class Reader:
    """Turns the tree of one text into syntax.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self.problems: list[Malformed] = []
        self._lines = None if len(self.data) == len(text) else self.data.split(b"\n")
        self.depth = 0
        self._left = MAX_NODES
        self._expressions: dict[str, Callable[[Tree], Expr]] = {
            "expression": self._wrapped,
            "literal_value": self._literal,
            "collection_value": self._wrapped,
            "template_expr": self._wrapped,
            "quoted_template": self._quoted,
            "string_lit": self._quoted,
            "heredoc_template": self._heredoc,
            "tuple": self._tuple,
            "object": self._object,
            "for_expr": self._wrapped,
            "for_tuple_expr": self._for,
            "for_object_expr": self._for,
            "variable_expr": self._name,
            "identifier": self._name,
            "function_call": self._call,
            "conditional": self._conditional,
            "operation": self._wrapped,
            "unary_operation": self._unary,
            "binary_operation": self._binary,
        }

    def root(self) -> "Tree":
        """The tree of the whole text, problems collected."""
        tree = _parser().parse(self.data).root_node
        if tree.has_error:
            self._report(tree)
        return tree

    def at(self, node: "Tree", end: "Tree | None" = None) -> Span:
        """Where something stands."""
        row, column = node.start_point
        last_row, last_column = (end or node).end_point
        if self._lines is not None:
            column, last_column = self._characters(row, column), self._characters(last_row, last_column)
        return row + 1, column + 1, last_row + 1, last_column + 1

    def text(self, node: "Tree") -> str:
        """What is written there."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def body(self, tree: "Tree") -> Body:
        """Arguments and blocks below a file, a block or a place that could not be read."""
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        for child in self._members(tree):
            if child.type == "attribute":
                argument = self._argument(child)
                if argument is None:
                    continue
                if argument.name in arguments:
                    line, column = argument.key[:2]
                    self._wrong(f'"{argument.name}" is written twice', line, column)
                arguments[argument.name] = argument
            else:
                block = self._block(child)
                if block is not None:
                    blocks.append(block)
        return Body(arguments, tuple(blocks))

    def expression(self, tree: "Tree") -> Expr:
        """One expression."""
        if not self.deeper(tree):
            return Broken(self.at(tree))
        make = self._expressions.get(tree.type)
        value = make(tree) if make is not None else Broken(self.at(tree))
        self.depth -= 1
        return value

    def deeper(self, tree: "Tree") -> bool:
        """Takes one step down, unless that is too deep or too much; whoever took it steps up again."""
        self._left -= 1
        if self.depth < MAX_DEPTH and self._left >= 0:
            self.depth += 1
            return True
        why = "nested too deeply to be read" if self.depth >= MAX_DEPTH else "a file with too much in it"
        self._wrong(why, *self.at(tree)[:2])
        return False

    # Bodies

    def _members(self, tree: "Tree") -> "Iterator[Tree]":
        """Attributes and blocks, also those that stand beside or in what could not be read."""
        pending = list(reversed(tree.children))
        while pending:
            child = pending.pop()
            if child.type in ("attribute", "block"):
                yield child
            elif child.type in ("body", "ERROR"):
                pending += reversed(child.children)

    def _argument(self, tree: "Tree") -> Argument | None:
        children = tree.children
        if not children or children[0].type != "identifier":
            return None
        key = self.at(children[0])
        value = next((child for child in children[1:] if child.type == "expression"), None)
        if value is None:
            return Argument(self.text(children[0]), Broken(self.at(tree)), key)
        return Argument(self.text(children[0]), self.expression(value), key)

    def _block(self, tree: "Tree") -> Block | None:
        words = []
        last = tree
        inside: Tree | None = None
        for child in tree.children:
            if child.type in ("identifier", "string_lit"):
                words.append(self.text(child).strip('"'))
                last = child
            elif child.type in ("body", "ERROR") and inside is None:
                inside = child
        if not words:
            return None
        at = self.at(tree, last)
        if not self.deeper(tree):
            return None
        body = self.body(inside) if inside is not None else Body({}, ())
        self.depth -= 1
        return Block(words[0], tuple(words[1:]), body, at)

    # Expressions

    def _wrapped(self, tree: "Tree") -> Expr:
        return self.term(tree.children, tree)

    def term(self, children: "list[Tree]", whole: "Tree") -> Expr:
        """A value and the steps that follow it: ``a.b[0].c``."""
        children = [child for child in children if child.type not in _BESIDE]
        if not children or children[0].type == "ERROR":
            return Broken(self.at(whole))
        value = self.expression(children[0])
        first = children[0]
        for child in children[1:]:
            if child.type not in _TERMS:
                return Broken(self.at(whole))
            value = self._step(value, child, self.at(first, child))
        return value

    def _step(self, value: Expr, tree: "Tree", at: Span) -> Expr:
        if tree.type == "get_attr":
            return Attribute(at, value, self.text(tree.children[-1]))
        if tree.type == "index":
            return Index(at, value, self._index_key(tree.children[0]))
        steps: list[str | Expr] = []
        for child in tree.children[0].children:
            if child.type == "get_attr":
                steps.append(self.text(child.children[-1]))
            elif child.type == "index":
                steps.append(self._index_key(child.children[0]))
        return Splat(at, value, tuple(steps))

    def _index_key(self, tree: "Tree") -> Expr:
        if tree.type == "legacy_index":
            digits = self.text(tree)[1:]
            number = int(digits) if _NUMBER.match(digits) and len(digits) < 10 else 0
            return Literal(self.at(tree), number)
        key = next((child for child in tree.children if child.type == "expression"), None)
        return self.expression(key) if key is not None else Broken(self.at(tree))

    def _literal(self, tree: "Tree") -> Expr:
        child = tree.children[0] if tree.children else tree
        if child.type == "string_lit":
            return self._quoted(child)
        text = self.text(child)
        at = self.at(tree)
        if child.type == "bool_lit":
            return Literal(at, text == "true")
        if child.type == "numeric_lit":
            return Literal(at, number(text))
        return Literal(at, None)

    def _quoted(self, tree: "Tree") -> Expr:
        from remit.read.terraform.templates import quoted

        return quoted(self, tree)

    def _heredoc(self, tree: "Tree") -> Expr:
        from remit.read.terraform.templates import heredoc

        return heredoc(self, tree)

    def _tuple(self, tree: "Tree") -> Expr:
        return Listed(
            self.at(tree), tuple(self.expression(child) for child in tree.children if child.type == "expression")
        )

    def _object(self, tree: "Tree") -> Expr:
        items = []
        for child in tree.children:
            if child.type != "object_elem":
                continue
            pair = [self.expression(item) for item in child.children if item.type == "expression"]
            if len(pair) != 2:
                continue
            key, value = pair
            written = next(item for item in child.children if item.type == "expression")
            if isinstance(key, Name) and self.data[written.start_byte : written.start_byte + 1] != b"(":
                key = Literal(key.at, key.name)
            items.append(Item(key, value))
        return Object(self.at(tree), tuple(items))

    def _for(self, tree: "Tree") -> Expr:
        names: list[str] = []
        over: Expr = Broken(self.at(tree))
        values: list[Expr] = []
        condition: Expr | None = None
        grouped = False
        for child in tree.children:
            if child.type == "for_intro":
                names = [self.text(item) for item in child.children if item.type == "identifier"]
                listed = next((item for item in child.children if item.type == "expression"), None)
                over = self.expression(listed) if listed is not None else over
            elif child.type == "expression":
                values.append(self.expression(child))
            elif child.type == "ellipsis":
                grouped = True
            elif child.type == "for_cond":
                test = next((item for item in child.children if item.type == "expression"), None)
                condition = self.expression(test) if test is not None else None
        makes_object = tree.type == "for_object_expr"
        if not names or len(values) != (2 if makes_object else 1):
            return Broken(self.at(tree))
        result = values[0] if makes_object else None
        key = names[0] if len(names) > 1 else ""
        return For(self.at(tree), key, names[-1], over, values[-1], result, condition, grouped)

    def _name(self, tree: "Tree") -> Expr:
        return Name(self.at(tree), self.text(tree))

    def _call(self, tree: "Tree") -> Expr:
        name = self.text(tree.children[0])
        listed = next((child for child in tree.children if child.type == "function_arguments"), None)
        children = listed.children if listed is not None else []
        arguments = tuple(self.expression(child) for child in children if child.type == "expression")
        return Call(self.at(tree), name, arguments, any(child.type == "ellipsis" for child in children))

    def _conditional(self, tree: "Tree") -> Expr:
        # The grammar groups "a ? b : c ? d : e" from the left; the language does from the right.
        parts: list[Tree] = []
        inner: Tree | None = tree
        while inner is not None:
            found = [child for child in inner.children if child.type == "expression"]
            if len(found) != 3:
                return Broken(self.at(tree))
            parts = found[1:] + parts
            inner = _bare(found[0])
            if inner is None:
                parts.insert(0, found[0])
        value = self.expression(parts.pop())
        while parts:
            then = self.expression(parts.pop())
            value = Conditional(self.at(parts[-1], tree), self.expression(parts.pop()), then, value)
        return value

    def _unary(self, tree: "Tree") -> Expr:
        children = [child for child in tree.children if child.type != "comment"]
        return Unary(self.at(tree), self.text(children[0]), self.term(children[1:], tree))

    def _binary(self, tree: "Tree") -> Expr:
        children = [child for child in tree.children if child.type != "comment"]
        middle = next((i for i, child in enumerate(children) if not child.is_named and child.type not in "()"), 0)
        if not middle:
            return Broken(self.at(tree))
        left, right = self.term(children[:middle], tree), self.term(children[middle + 1 :], tree)
        return Binary(self.at(tree), children[middle].type, left, right)

    # What is wrong

    def _wrong(self, why: str, line: int, column: int) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Malformed(why, line, column))

    def _report(self, root: "Tree") -> None:
        pending = [root]
        while pending and len(self.problems) < _MAX_PROBLEMS:
            node = pending.pop()
            if node.is_missing:
                self._wrong(f'"{node.type}" is missing here', *self.at(node)[:2])
            elif node.type == "ERROR":
                first = self._furthest(node)
                words = self.text(first).split("\n", 1)[0].strip()[:40]
                self._wrong(f'not valid HCL near "{words}"' if words else "not valid HCL", *self.at(first)[:2])
            elif node.has_error:
                pending += reversed(node.children)

    def _furthest(self, node: "Tree") -> "Tree":
        """Where reading stopped: an error that swallows what went well before it starts too early to be a place."""
        inner = [child for child in node.children if child.type == "ERROR" or child.is_missing]
        if inner:
            return inner[0]
        return node if node.end_point[0] == node.start_point[0] or not node.children else node.children[-1]

    def _characters(self, row: int, column: int) -> int:
        lines = self._lines or []
        return len(lines[row][:column].decode("utf-8", "replace")) if row < len(lines) else column


def _bare(tree: "Tree") -> "Tree | None":
    """The conditional that an expression is, unless it stands in brackets."""
    children = [child for child in tree.children if child.type != "comment"]
    return children[0] if len(children) == 1 and children[0].type == "conditional" else None


def number(text: str) -> int | float:
    """A number as HCL writes it: whole numbers are whole, however they are spelled."""
    if _NUMBER.match(text) and len(text) < 40:
        return int(text)
    try:
        value = float(text)
    except ValueError:
        return 0
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def parse_template(text: str, at: Span) -> Expr:
    """A text that is a template although it stands outside HCL: a file of ``templatefile``, a text in ``.tf.json``.

    Args:
        text: the template.
        at: where all of it is said to stand.

    Raises:
        Malformed: it is not a template.
    """
    from remit.read.terraform.templates import whole

    return whole(text, at)


__all__ = ["Part", "Reader", "number", "parse_hcl", "parse_template"]
