"""The front for JavaScript and TypeScript, classes: fields, accessors, static parts, parameter properties."""

from typing import Any

from remit.flow import ir
from remit.flow.javascript_expressions import Expressions, parts_of, span, text

_HEADS = ("class_heritage", "extends_clause")


class Classes(Expressions):
    """Lowers classes."""

    def block(self, nodes: list[Any]) -> list[ir.Stmt]:
        """The statements of a block; the front for statements does it."""
        raise NotImplementedError

    def is_property(self, parameter: Any) -> bool:
        """Whether a parameter of a constructor is a field, too: ``constructor(private db: Db)``."""
        return any(child.type in ("accessibility_modifier", "readonly") for child in parameter.children)

    def class_(self, node: Any, name: str) -> ir.ClassCode:
        """A class as written: the values of its fields are set where its constructor begins."""
        bases = [self.expr(item) for item in self._bases(node)]
        body = node.child_by_field_name("body")
        members: list[ir.Stmt] = []
        fields: list[ir.Stmt] = []
        maker: ir.FunctionCode | None = None
        for item in parts_of(body) if body is not None else []:
            kinds = {child.type for child in item.children}
            if item.type in ("field_definition", "public_field_definition"):
                self._field(item, kinds, members, fields)
            elif item.type == "class_static_block":
                members.extend(self._static_block(item))
            elif item.type == "method_definition":
                code = self._method_of(item, kinds)
                if code.name == "__init__":
                    maker = code
                elif not (kinds & {"set"}):
                    members.append(ir.Define(span(item), code))
        if fields and maker is None:
            maker = self._maker(node, derived=bool(bases))
        if maker is not None:
            # A class that extends another has its fields once that one's constructor is done.
            after = 1 if bases and maker.body and _calls_super(maker.body[0]) else 0
            maker.body[after:after] = fields
            members.append(ir.Define(maker.at, maker))
        return ir.ClassCode(name, bases, members, span(node), self._decorators(node))

    def _bases(self, node: Any) -> list[Any]:
        todo = [child for child in node.children if child.type in _HEADS]
        found = []
        for item in todo:
            for child in parts_of(item):
                if child.type == "extends_clause":
                    value = child.child_by_field_name("value")
                    found.extend([value] if value is not None else [])
                elif child.type != "implements_clause":
                    found.append(child)
        return found

    def _decorators(self, node: Any) -> list[ir.Expr]:
        return [
            self.expr(parts_of(child)[0]) for child in node.children if child.type == "decorator" and parts_of(child)
        ]

    def _field(self, node: Any, kinds: set[str], members: list[ir.Stmt], fields: list[ir.Stmt]) -> None:
        value = node.child_by_field_name("value")
        key = node.child_by_field_name("property") or node.child_by_field_name("name")
        if value is None or key is None:
            return
        at, name = span(node), text(key).strip("'\"")
        if "static" in kinds:
            members.append(ir.Assign(at, [ir.Name(at, name)], self.expr(value, name)))
        else:
            target = ir.Attr(at, ir.Name(at, "this"), name)
            fields.append(ir.Assign(at, [target], self.expr(value, name)))

    def _static_block(self, node: Any) -> list[ir.Stmt]:
        body = node.child_by_field_name("body")
        return self.block(parts_of(body)) if body is not None else []

    def _method_of(self, node: Any, kinds: set[str]) -> ir.FunctionCode:
        key = node.child_by_field_name("name")
        name = text(key).strip("'\"") if key is not None else "method"
        code = self.function(node, "__init__" if name == "constructor" else name)
        at = span(node)
        if "get" in kinds:
            code.decorators.append(ir.Name(at, "<property>"))
        if "static" in kinds or "static get" in kinds:
            code.decorators.append(ir.Name(at, "<static>"))
        return code

    def _maker(self, node: Any, *, derived: bool) -> ir.FunctionCode:
        """The constructor of a class that has fields and no constructor."""
        at = span(node)
        if not derived:
            return ir.FunctionCode("__init__", [], [], at, this=True)
        rest = ir.Name(at, "<arguments>")
        call = ir.Call(at, ir.Attr(at, ir.Name(at, "super"), "__init__"), [ir.Spread(at, rest)], [], "super")
        return ir.FunctionCode(
            "__init__", [ir.Parameter("<arguments>", "rest")], [ir.Evaluate(at, call)], at, this=True
        )  # fmt: skip


def _calls_super(statement: ir.Stmt) -> bool:
    return (
        isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Call) and statement.value.text == "super"
    )


__all__ = ["Classes"]
