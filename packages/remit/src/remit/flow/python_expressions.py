"""The front for Python, expressions."""

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from remit.flow import ir

_DEEPEST = 150
_OPERATORS = {ast.Add: "+", ast.Mod: "%", ast.Div: "/", ast.Mult: "*", ast.BitOr: "|", ast.Sub: "-"}
_COMPARISONS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


class TooDeep(Exception):  # noqa: N818
    """Nested deeper than people write; raised instead of running out of stack."""


def span(node: "ast.expr | ast.stmt | ast.pattern | ast.excepthandler | ast.keyword") -> ir.Span:
    """The span of a node; columns still count bytes, ``Source.location`` makes characters of them."""
    return (node.lineno, node.col_offset + 1, node.end_lineno or node.lineno, (node.end_col_offset or 0) + 1)


class Expressions:
    """Lowers expressions."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._depth = 0

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

    def expr(self, node: ast.expr) -> ir.Expr:
        """One expression."""
        method = self._TABLE.get(type(node))
        self.enter()
        lowered = method(self, node) if method else self._anything(node)
        self.leave()
        return lowered

    def operator(self, node: ast.operator) -> str:
        """An operator as it is written; ``?`` for those whose result never carries text."""
        return _OPERATORS.get(type(node), "?")

    def parameters(self, node: ast.arguments) -> list[ir.Parameter]:
        """Parameters in order, with their defaults."""
        plain = [*node.posonlyargs, *node.args]
        found = [ir.Parameter(item.arg, "plain", None, _annotation(item)) for item in plain]
        for parameter, default in zip(reversed(found), reversed(node.defaults), strict=False):
            parameter.default = self.expr(default)
        if node.vararg:
            found.append(ir.Parameter(node.vararg.arg, "rest"))
        for item, other in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            found.append(ir.Parameter(item.arg, "keyword", self.expr(other) if other else None, _annotation(item)))
        if node.kwarg:
            found.append(ir.Parameter(node.kwarg.arg, "others"))
        return found

    def _anything(self, node: ast.expr) -> ir.Expr:
        parts = [self.expr(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return ir.Anything(span(node), parts)

    def _constant(self, node: ast.Constant) -> ir.Expr:
        value = node.value
        plain = isinstance(value, str | int | float | bool | bytes)
        return ir.Const(span(node), value if plain else None)  # type: ignore[arg-type]

    def _name(self, node: ast.Name) -> ir.Expr:
        return ir.Name(span(node), node.id)

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        return ir.Attr(span(node), self.expr(node.value), node.attr)

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value = self.expr(node.value)
        if isinstance(node.slice, ast.Slice):
            first = self.expr(node.slice.lower) if node.slice.lower else None
            last = self.expr(node.slice.upper) if node.slice.upper else None
            return ir.Slice(span(node), value, first, last)
        return ir.Index(span(node), value, self.expr(node.slice))

    def _starred(self, node: ast.Starred) -> ir.Expr:
        return ir.Spread(span(node), self.expr(node.value))

    def _call(self, node: ast.Call) -> ir.Expr:
        keywords = [(keyword.arg or "**", self.expr(keyword.value)) for keyword in node.keywords]
        arguments = [self.expr(argument) for argument in node.args]
        return ir.Call(span(node), self.expr(node.func), arguments, keywords, self._text(node.func))

    def _text(self, node: ast.expr) -> str:
        """The callee as people name it: ``cursor.execute``; calls and subscripts inside are shortened."""
        names: list[str] = []
        while True:
            if isinstance(node, ast.Attribute):
                names.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Call):
                names.append("()")
                node = node.func
            elif isinstance(node, ast.Subscript):
                names.append("[]")
                node = node.value
            elif isinstance(node, ast.Await):
                node = node.value
            else:
                names.append(node.id if isinstance(node, ast.Name) else "…")
                break
        return ".".join(reversed(names)).replace(".()", "()").replace(".[]", "[]")

    def _formatted(self, node: ast.JoinedStr) -> ir.Expr:
        parts: list[tuple[ir.Expr, str]] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                how = chr(part.conversion) if part.conversion > 0 else ""
                if part.format_spec is not None and not how:
                    how = _number_format(part.format_spec)
                parts.append((self.expr(part.value), how))
            else:
                parts.append((self.expr(part), ""))
        return ir.Concat(span(node), parts)

    def _binary(self, node: ast.BinOp) -> ir.Expr:
        # A chain of additions nests to the left as deep as it is long: unrolled, so that length costs no depth.
        chain: list[ast.BinOp] = [node]
        while isinstance(chain[-1].left, ast.BinOp):
            chain.append(chain[-1].left)
        left = self.expr(chain[-1].left)
        if len(chain) > _DEEPEST // 2:
            return ir.Concat(span(node), [(left, ""), *((self.expr(link.right), "") for link in reversed(chain))])
        for link in reversed(chain):
            left = ir.Binary(span(link), self.operator(link.op), left, self.expr(link.right))
        return left

    def _compare(self, node: ast.Compare) -> ir.Expr:
        tests: list[ir.Expr] = []
        left = self.expr(node.left)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            other = self.expr(right)
            tests.append(ir.Compare(span(node), _COMPARISONS[type(operator)], left, other))
            left = other
        return tests[0] if len(tests) == 1 else ir.Logic(span(node), "and", tests)

    def _logic(self, node: ast.BoolOp) -> ir.Expr:
        op = "and" if isinstance(node.op, ast.And) else "or"
        return ir.Logic(span(node), op, [self.expr(value) for value in node.values])

    def _unary(self, node: ast.UnaryOp) -> ir.Expr:
        if isinstance(node.op, ast.Not):
            return ir.Not(span(node), self.expr(node.operand))
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            value = node.operand.value
            if isinstance(value, int | float):
                return ir.Const(span(node), -value)
        return ir.Anything(span(node), [self.expr(node.operand)])

    def _conditional(self, node: ast.IfExp) -> ir.Expr:
        return ir.Conditional(span(node), self.expr(node.test), self.expr(node.body), self.expr(node.orelse))

    def _list(self, node: ast.List) -> ir.Expr:
        return ir.Collection(span(node), "list", [self.expr(item) for item in node.elts])

    def _tuple(self, node: ast.Tuple) -> ir.Expr:
        return ir.Collection(span(node), "tuple", [self.expr(item) for item in node.elts])

    def _set(self, node: ast.Set) -> ir.Expr:
        return ir.Collection(span(node), "set", [self.expr(item) for item in node.elts])

    def _dict(self, node: ast.Dict) -> ir.Expr:
        pairs = [
            (self.expr(key) if key is not None else None, self.expr(value))
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return ir.Mapping(span(node), pairs)

    def _clauses(self, generators: list[ast.comprehension]) -> list[tuple[ir.Expr, ir.Expr, list[ir.Expr]]]:
        return [(self.expr(item.target), self.expr(item.iter), [self.expr(test) for test in item.ifs])
                for item in generators]  # fmt: skip

    def _list_comprehension(self, node: "ast.ListComp | ast.GeneratorExp | ast.SetComp") -> ir.Expr:
        kind = "set" if isinstance(node, ast.SetComp) else "list"
        return ir.Comprehension(span(node), kind, [self.expr(node.elt)], self._clauses(node.generators))

    def _dict_comprehension(self, node: ast.DictComp) -> ir.Expr:
        elements = [self.expr(node.key), self.expr(node.value)]
        return ir.Comprehension(span(node), "dict", elements, self._clauses(node.generators))

    def _lambda(self, node: ast.Lambda) -> ir.Expr:
        body: list[ir.Stmt] = [ir.Return(span(node.body), self.expr(node.body))]
        return ir.Lambda(span(node), ir.FunctionCode("lambda", self.parameters(node.args), body, span(node)))

    def _walrus(self, node: ast.NamedExpr) -> ir.Expr:
        return ir.Bind(span(node), self.expr(node.target), self.expr(node.value))

    def _await(self, node: ast.Await) -> ir.Expr:
        return ir.Await(span(node), self.expr(node.value))

    def _yield(self, node: "ast.Yield | ast.YieldFrom") -> ir.Expr:
        return ir.Yield(span(node), self.expr(node.value) if node.value else None, isinstance(node, ast.YieldFrom))

    _TABLE: ClassVar[dict[type, Callable[[Any, Any], ir.Expr]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.Starred: _starred,
        ast.Call: _call,
        ast.JoinedStr: _formatted,
        ast.BinOp: _binary,
        ast.Compare: _compare,
        ast.BoolOp: _logic,
        ast.UnaryOp: _unary,
        ast.IfExp: _conditional,
        ast.List: _list,
        ast.Tuple: _tuple,
        ast.Set: _set,
        ast.Dict: _dict,
        ast.ListComp: _list_comprehension,
        ast.GeneratorExp: _list_comprehension,
        ast.SetComp: _list_comprehension,
        ast.DictComp: _dict_comprehension,
        ast.Lambda: _lambda,
        ast.NamedExpr: _walrus,
        ast.Await: _await,
        ast.Yield: _yield,
        ast.YieldFrom: _yield,
    }


def _annotation(item: ast.arg) -> str:
    """The plain name of a parameter's type, ``""`` for anything longer."""
    if isinstance(item.annotation, ast.Name):
        return item.annotation.id
    return item.annotation.attr if isinstance(item.annotation, ast.Attribute) else ""


def _number_format(spec: ast.expr) -> str:
    """``d`` when a format (``{x:05d}``, ``{x:.2f}``) only ever takes a number: such a value is no text."""
    if isinstance(spec, ast.JoinedStr) and len(spec.values) == 1 and isinstance(spec.values[0], ast.Constant):
        text = str(spec.values[0].value)
        if text and text[-1] in "bcdeEfFgGoxX":
            return "d"
    return ""
