"""The front for JavaScript and TypeScript, expressions: trees of tree-sitter to the IR.

Names in angle brackets are what the language itself does (``<require>``, ``<regex>``); no program can bind them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from remit.flow import ir

_DEEPEST = 180
_COMPARISONS = {
    "==": "==", "===": "==", "!=": "!=", "!==": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "in": "in",
    "instanceof": "instanceof",
}  # fmt: skip
_WRAPPERS = frozenset((
    "parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "instantiation_expression",
))  # fmt: skip
_FUNCTIONS = frozenset(("arrow_function", "function_expression", "function", "generator_function", "class"))
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)


class TooDeep(Exception):  # noqa: N818
    """Nested deeper than people write; raised instead of running out of stack."""


class Names:
    """The names of one function: those it declares, those it binds without declaring them."""

    def __init__(self, *, arrow: bool = False) -> None:
        self.declared: set[str] = set()
        self.bound: set[str] = set()
        self.arguments = False
        self.arrow = arrow
        self.awaits = False


def span(node: Any) -> ir.Span:
    """The span of a node; columns count bytes, ``Source.location`` makes characters of them."""
    row, column = node.start_point
    last, end = node.end_point
    return (row + 1, column + 1, last + 1, end + 1)


def parts_of(node: Any) -> list[Any]:
    """The named children that are code."""
    return [child for child in node.named_children if child.type != "comment"]


def text(node: Any) -> str:
    """The source of a node."""
    return str(node.text.decode("utf-8", "replace"))


def unescape(content: str) -> str:
    """A text literal without its escapes."""
    return _ESCAPE.sub(_escape, content) if "\\" in content else content


def _escape(match: "re.Match[str]") -> str:
    found = match[1]
    if found[0] in "ux" and len(found) > 1:
        code = int(found[1:].strip("{}"), 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _ESCAPES.get(found, found)


class Expressions:
    """Lowers expressions."""

    def __init__(self) -> None:
        self._depth = 0
        self.awaiting = False
        self.scopes: list[Names] = [Names()]

    # -- helpers -------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """One level deeper.

        Raises:
            TooDeep: that is one too many.
        """
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TooDeep

    def leave(self) -> None:
        """One level up."""
        self._depth -= 1

    def function(self, node: Any, name: str) -> ir.FunctionCode:
        """A function; the front for statements does it."""
        raise NotImplementedError

    def class_(self, node: Any, name: str) -> ir.ClassCode:
        """A class; the front for statements does it."""
        raise NotImplementedError

    def expr(self, node: Any, name: str = "") -> ir.Expr:
        """One expression; ``name`` is what a function gets when it has none of its own."""
        self.enter()
        if node.type in _FUNCTIONS:
            lowered = self._function(node, name)
        else:
            method = self._TABLE.get(node.type)
            lowered = method(self, node) if method else self._anything(node)
        self.leave()
        return lowered

    def _anything(self, node: Any) -> ir.Expr:
        """What is not modelled: its parts are evaluated all the same (markup, type queries, what a mistake left)."""
        return ir.Anything(span(node), [self.expr(part) for part in parts_of(node) if part.type not in _PLAIN])

    def builtin(self, node: Any, name: str, *arguments: ir.Expr) -> ir.Call:
        """Something the language does, as a call."""
        at = span(node)
        return ir.Call(at, ir.Name(at, f"<{name}>"), list(arguments), [], name)

    # -- names and literals ----------------------------------------------------------------------------------------

    def _identifier(self, node: Any) -> ir.Expr:
        name = text(node)
        if name == "undefined":
            return ir.Const(span(node), None)
        if name == "arguments":
            for names in reversed(self.scopes[1:]):
                if not names.arrow:
                    names.arguments = True
                    break
        return ir.Name(span(node), name)

    def _this(self, node: Any) -> ir.Expr:
        return ir.Name(span(node), text(node))

    def _constant(self, node: Any) -> ir.Expr:
        return ir.Const(span(node), {"true": True, "false": False}.get(node.type))

    def _number(self, node: Any) -> ir.Expr:
        content = text(node).replace("_", "").lower()
        value: int | float | None
        try:
            value = int(content, 0) if content[:2] in ("0x", "0b", "0o") else float(content.removesuffix("n"))
        except ValueError:
            value = 0
        whole = int(value) if isinstance(value, float) and value == int(value) and abs(value) < 2**53 else value
        return ir.Const(span(node), whole)

    def _string(self, node: Any) -> ir.Expr:
        return ir.Const(span(node), unescape(text(node)[1:-1]))

    def _template(self, node: Any) -> ir.Expr:
        pieces = self._pieces(node)
        if all(isinstance(piece, ir.Const) for piece in pieces):
            return ir.Const(span(node), "".join(str(getattr(piece, "value", "")) for piece in pieces))
        return ir.Concat(span(node), [(piece, "") for piece in pieces])

    def _pieces(self, node: Any) -> list[ir.Expr]:
        pieces: list[ir.Expr] = []
        for child in node.named_children:
            if child.type == "template_substitution":
                inner = parts_of(child)
                pieces.append(self.expr(inner[0]) if inner else ir.Const(span(child), ""))
            elif child.type in ("string_fragment", "escape_sequence"):
                pieces.append(ir.Const(span(child), unescape(text(child))))
        return pieces

    def _regex(self, node: Any) -> ir.Expr:
        pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
        content = [ir.Const(span(node), text(item) if item is not None else "") for item in (pattern, flags)]
        return self.builtin(node, "regex", *content)

    def _array(self, node: Any) -> ir.Expr:
        items: list[ir.Expr] = []
        waiting = True
        for child in node.children:
            if child.type == ",":
                if waiting:
                    items.append(ir.Const(span(child), None))
                waiting = True
            elif child.is_named and child.type != "comment":
                items.append(self.expr(child))
                waiting = False
        return ir.Collection(span(node), "list", items)

    def _object(self, node: Any) -> ir.Expr:
        pairs: list[tuple[ir.Expr | None, ir.Expr]] = []
        for child in parts_of(node):
            kind = child.type
            if kind == "pair":
                value = child.child_by_field_name("value")
                key = self.key(child.child_by_field_name("key"))
                pairs.append((key, self.expr(value, _said(key))))
            elif kind in ("shorthand_property_identifier", "identifier"):
                pairs.append((ir.Const(span(child), text(child)), self._identifier(child)))
            elif kind == "method_definition":
                pairs.extend(self._method(child))
            elif kind == "spread_element":
                pairs.append((None, self.expr(parts_of(child)[0])))
        return ir.Mapping(span(node), pairs)

    def _method(self, node: Any) -> Iterator[tuple[ir.Expr, ir.Expr]]:
        key = self.key(node.child_by_field_name("name"))
        code = ir.Lambda(span(node), self.function(node, _said(key)))
        kinds = {child.type for child in node.children}
        if "get" in kinds:
            yield key, ir.Call(span(node), code, [], [], _said(key))
        elif "set" not in kinds:
            yield key, code

    def key(self, node: Any) -> ir.Expr:
        """The key of a property."""
        if node.type == "computed_property_name":
            inner = parts_of(node)
            return self.expr(inner[0]) if inner else ir.Const(span(node), None)
        if node.type in ("string", "number"):
            return self.expr(node)
        return ir.Const(span(node), text(node))

    def _function(self, node: Any, name: str) -> ir.Expr:
        own = node.child_by_field_name("name")
        name = text(own) if own is not None else name or "function"
        if node.type == "class":
            return ir.ClassValue(span(node), self.class_(node, name))
        return ir.Lambda(span(node), self.function(node, name))

    # -- operators ---------------------------------------------------------------------------------------------------

    def _wrapped(self, node: Any) -> ir.Expr:
        inner = parts_of(node)
        return self.expr(inner[0]) if inner else ir.Const(span(node), None)

    def _assertion(self, node: Any) -> ir.Expr:
        return self.expr(parts_of(node)[-1])

    def _binary(self, node: Any) -> ir.Expr:
        operator = node.child_by_field_name("operator").type
        if operator == "+":
            return self._plus(node)
        if operator in ("&&", "||", "??"):
            return self._logic(node, operator)
        left, right = (self.expr(node.child_by_field_name(side)) for side in ("left", "right"))
        if operator in _COMPARISONS:
            return ir.Compare(span(node), _COMPARISONS[operator], left, right)
        return ir.Anything(span(node), [left, right])

    def _chain(self, node: Any, operators: tuple[str, ...]) -> list[Any]:
        """The operands of ``a + b + c``, which the grammar nests to the left: a long one costs no depth."""
        found: list[Any] = []
        while node.type == "binary_expression" and node.child_by_field_name("operator").type in operators:
            found.append(node.child_by_field_name("right"))
            node = node.child_by_field_name("left")
        found.append(node)
        return found[::-1]

    def _plus(self, node: Any) -> ir.Expr:
        operands = self._chain(node, ("+",))
        parts = [self.expr(item) for item in operands]
        if len(parts) == 2 and not any(item.type in ("string", "template_string") for item in operands):
            return ir.Binary(span(node), "join", parts[0], parts[1])
        return ir.Concat(span(node), [(part, "") for part in parts])

    def _logic(self, node: Any, operator: str) -> ir.Expr:
        operands = self._chain(node, (operator,))
        return ir.Logic(span(node), "and" if operator == "&&" else "or", [self.expr(item) for item in operands])

    def _unary(self, node: Any) -> ir.Expr:
        operator = node.child_by_field_name("operator").type
        argument = self.expr(node.child_by_field_name("argument"))
        if operator == "!":
            return ir.Not(span(node), argument)
        if operator == "typeof":
            return self.builtin(node, "typeof", argument)
        if operator == "void":
            return ir.Comma(span(node), [argument, ir.Const(span(node), None)])
        if operator == "-" and isinstance(argument, ir.Const) and isinstance(argument.value, int | float):
            return ir.Const(span(node), -argument.value)
        if operator == "delete":
            return ir.Const(span(node), value=True)
        return ir.Anything(span(node), [argument])

    def _update(self, node: Any) -> ir.Expr:
        target = self.target(node.child_by_field_name("argument"))
        return ir.Bind(span(node), target, ir.Anything(span(node), []))

    def _conditional(self, node: Any) -> ir.Expr:
        names = ("condition", "consequence", "alternative")
        test, yes, no = (self.expr(node.child_by_field_name(name)) for name in names)
        return ir.Conditional(span(node), test, yes, no)

    def _comma(self, node: Any) -> ir.Expr:
        return ir.Comma(span(node), [self.expr(part) for part in self.sequence(node)])

    def sequence(self, node: Any) -> list[Any]:
        """The parts of ``a, b, c``, flat."""
        found: list[Any] = []
        todo = [node]
        while todo:
            item = todo.pop()
            if item.type == "sequence_expression":
                todo.extend(reversed(parts_of(item)))
            else:
                found.append(item)
        return found

    def _await(self, node: Any) -> ir.Expr:
        return ir.Await(span(node), self._wrapped(node))

    def _yield(self, node: Any) -> ir.Expr:
        inner = parts_of(node)
        if self.scopes[-1].awaits:
            return ir.Await(span(node), self.expr(inner[0]) if inner else ir.Const(span(node), None))
        return ir.Yield(
            span(node), self.expr(inner[0]) if inner else None, any(child.type == "*" for child in node.children)
        )

    def _spread(self, node: Any) -> ir.Expr:
        return ir.Spread(span(node), self._wrapped(node))

    # -- members and calls -----------------------------------------------------------------------------------------

    def _member(self, node: Any) -> ir.Expr:
        value, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        return ir.Attr(span(node), self.expr(value), text(name))

    def _subscript(self, node: Any) -> ir.Expr:
        value = self.expr(node.child_by_field_name("object"))
        index = node.child_by_field_name("index")
        key = self.expr(index) if index is not None else ir.Const(span(node), None)
        if isinstance(key, ir.Const) and isinstance(key.value, str):
            return ir.Attr(span(node), value, key.value)
        return ir.Index(span(node), value, key)

    def _call(self, node: Any) -> ir.Expr:
        callee = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        if callee.type == "import":
            return self.builtin(node, "require", *self.arguments(given))
        if callee.type == "super":
            at = span(callee)
            maker = ir.Attr(at, ir.Name(at, "super"), "__init__")
            return ir.Call(span(node), maker, self.arguments(given), [], "super")
        compiled = self._compiled(node, _callee(callee), parts_of(given))
        if compiled is not None:
            return compiled
        function = self.expr(callee)
        return ir.Call(span(node), function, self.arguments(given), [], _callee(callee))

    def _compiled(self, node: Any, name: str, given: list[Any]) -> ir.Expr | None:
        """What compilers make of an asynchronous function: a generator whose ``yield`` waits, or a machine of states."""
        if name.endswith("__awaiter") and given and given[-1].type == "generator_function":
            self.awaiting = True
            return ir.Call(span(node), ir.Lambda(span(node), self.function(given[-1], "async")), [], [], "async")
        return self.builtin(node, "states") if name.endswith("__generator") else None

    def arguments(self, node: Any) -> list[ir.Expr]:
        """The arguments of a call; those of a tagged template are its texts, then its values."""
        if node is None:
            return []
        if node.type == "template_string":
            pieces = self._pieces(node)
            texts: list[ir.Expr] = [piece for piece in pieces if isinstance(piece, ir.Const)]
            return [
                ir.Collection(span(node), "list", texts),
                *(item for item in pieces if not isinstance(item, ir.Const)),
            ]
        return [self.expr(part) for part in parts_of(node)]

    def _new(self, node: Any) -> ir.Expr:
        callee = node.child_by_field_name("constructor")
        given = self.arguments(node.child_by_field_name("arguments"))
        return ir.New(span(node), self.expr(callee), given, [], f"new {_callee(callee)}")

    # -- assignment --------------------------------------------------------------------------------------------------

    def _assign(self, node: Any) -> ir.Expr:
        target, value = self.assignment(node)
        return ir.Bind(span(node), target, value)

    def assignment(self, node: Any) -> tuple[ir.Expr, ir.Expr]:
        """Target and value of an assignment, augmented or not."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        target = self.target(left)
        value = self.expr(right, _said(target))
        if node.type == "assignment_expression":
            return target, value
        operator = node.child_by_field_name("operator").type
        at, old = span(node), self.expr(left)
        if operator == "+=":
            return target, ir.Binary(at, "join", old, value)
        if operator in ("||=", "??="):
            return target, ir.Logic(at, "or", [old, value])
        if operator == "&&=":
            return target, ir.Logic(at, "and", [old, value])
        return target, ir.Anything(at, [old, value])

    def target(self, node: Any, *, declares: bool = False) -> ir.Expr:
        """What is assigned to: a name, a member, or a pattern of them."""
        self.enter()
        lowered = self._target(node, declares=declares)
        self.leave()
        return lowered

    def _target(self, node: Any, *, declares: bool) -> ir.Expr:
        kind = node.type
        at = span(node)
        if kind in (
            "identifier",
            "shorthand_property_identifier_pattern",
            "shorthand_property_identifier",
            "undefined",
        ):
            name = text(node)
            names = self.scopes[-1]
            (names.declared if declares else names.bound).add(name)
            return ir.Name(at, name)
        if kind in ("assignment_pattern", "object_assignment_pattern", "assignment_expression"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            target = self._target(left, declares=declares)
            return ir.Default(at, target, self.expr(right, _said(target)))
        if kind in ("rest_pattern", "spread_element"):
            return ir.Spread(at, self.target(parts_of(node)[0], declares=declares))
        if kind in ("array_pattern", "array"):
            return ir.Collection(at, "list", self._elements(node, declares=declares))
        if kind in ("object_pattern", "object"):
            return ir.Mapping(at, [self._property(child, declares=declares) for child in parts_of(node)])
        if kind in _WRAPPERS:
            inner = parts_of(node)
            return self.target(inner[0], declares=declares) if inner else ir.Anything(at, [])
        return self.expr(node)

    def _elements(self, node: Any, *, declares: bool) -> list[ir.Expr]:
        items: list[ir.Expr] = []
        waiting = True
        for child in node.children:
            if child.type == ",":
                if waiting:
                    items.append(ir.Anything(span(child), []))
                waiting = True
            elif child.is_named and child.type != "comment":
                items.append(self.target(child, declares=declares))
                waiting = False
        return items

    def _property(self, node: Any, *, declares: bool) -> tuple[ir.Expr | None, ir.Expr]:
        if node.type in ("pair_pattern", "pair"):
            key = self.key(node.child_by_field_name("key"))
            return key, self.target(node.child_by_field_name("value"), declares=declares)
        target = self.target(node, declares=declares)
        if isinstance(target, ir.Spread):
            return None, target.value
        name = target.target if isinstance(target, ir.Default) else target
        return ir.Const(span(node), _said(name)), target

    _TABLE: ClassVar[dict[str, Callable[["Expressions", Any], ir.Expr]]] = {
        "identifier": _identifier, "shorthand_property_identifier": _identifier, "undefined": _constant,
        "this": _this, "super": _this, "true": _constant, "false": _constant, "null": _constant, "number": _number,
        "string": _string, "template_string": _template, "regex": _regex, "array": _array, "object": _object,
        "binary_expression": _binary, "unary_expression": _unary, "update_expression": _update,
        "ternary_expression": _conditional, "sequence_expression": _comma, "await_expression": _await,
        "yield_expression": _yield, "spread_element": _spread, "member_expression": _member,
        "subscript_expression": _subscript, "call_expression": _call, "new_expression": _new,
        "assignment_expression": _assign, "augmented_assignment_expression": _assign, "type_assertion": _assertion,
        **dict.fromkeys(_WRAPPERS, _wrapped),
    }  # fmt: skip


#: Nodes below markup and the like that hold no code.
_PLAIN = frozenset((
    "jsx_text", "property_identifier", "type_identifier", "predefined_type", "type_annotation", "type_arguments",
    "html_character_reference", "regex_pattern", "regex_flags", "string_fragment", "escape_sequence", "statement_identifier",
    "private_property_identifier", "object_type", "union_type", "generic_type", "decorator", "statement_block", "class_body",
))  # fmt: skip


def _said(node: ir.Expr) -> str:
    """How a target or key is called, for the function that is put there."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attr):
        return node.name
    return str(node.value) if isinstance(node, ir.Const) else ""


def _callee(node: Any) -> str:
    """The callee as the code writes it, on one line and not too long."""
    if node.type in ("identifier", "member_expression") and node.end_byte - node.start_byte <= 80:
        written = text(node)
        return written if "\n" not in written else re.sub(r"\s+", "", written)
    if node.type == "member_expression":
        return f"{_callee(node.child_by_field_name('object'))}.{text(node.child_by_field_name('property'))}"[-80:]
    if node.type in ("call_expression", "new_expression"):
        inner = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        return f"{_callee(inner)}()"
    return "function" if node.type in _FUNCTIONS or node.type in _WRAPPERS else text(node)[:40].split("\n")[0]


__all__ = ["Expressions", "Names", "TooDeep", "parts_of", "span", "text", "unescape"]
