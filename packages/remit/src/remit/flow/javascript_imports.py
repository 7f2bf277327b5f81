"""The front for JavaScript and TypeScript, imports and exports: what they do to the objects of CommonJS."""

from typing import Any

from remit.flow import ir
from remit.flow.javascript_expressions import Expressions, parts_of, span, text, unescape

_DEFAULT = "default"


class Imports(Expressions):
    """Lowers imports and exports."""

    def block(self, nodes: list[Any]) -> list[ir.Stmt]:
        """The statements of a block; the front for statements does it."""
        raise NotImplementedError

    # -- imports -----------------------------------------------------------------------------------------------------

    def imports(self, node: Any) -> list[ir.Stmt]:
        """``import ... from "m"``, ``import "m"``, ``import x = require("m")``; those of types are none."""
        if _is_type(node):
            return []
        source = node.child_by_field_name("source")
        clause = next((child for child in parts_of(node) if child.type.endswith("_clause")), None)
        if clause is not None and clause.type == "import_require_clause":
            source = clause.child_by_field_name("source")
            return [self._bound(node, text(parts_of(clause)[0]), self._required(node, source))]
        if source is None:
            return []
        required = self._required(node, source)
        if clause is None:
            return [ir.Evaluate(span(node), required)]
        return [self._bound(node, name, _taken(node, required, member)) for name, member in _names_of(clause)]

    def alias(self, node: Any) -> list[ir.Stmt]:
        """``import x = a.b``."""
        inner = parts_of(node)
        if len(inner) != 2:
            return []
        value: ir.Expr = ir.Name(span(node), text(inner[1]).split(".", maxsplit=1)[0])
        for name in text(inner[1]).split(".")[1:]:
            value = ir.Attr(span(node), value, name)
        return [self._bound(node, text(inner[0]), value)]

    def _required(self, node: Any, source: Any) -> ir.Expr:
        name = unescape(text(source)[1:-1])
        return self.builtin(node, "require", ir.Const(span(source), name))

    def _bound(self, node: Any, name: str, value: ir.Expr) -> ir.Stmt:
        at = span(node)
        self.scopes[-1].declared.add(name)
        return ir.Assign(at, [ir.Name(at, name)], value)

    # -- exports -----------------------------------------------------------------------------------------------------

    def exports(self, node: Any) -> list[ir.Stmt]:
        """``export`` in all its forms."""
        if _is_type(node):
            return []
        source = node.child_by_field_name("source")
        inner = self.exported(node)
        if inner is not None:
            lowered = self.block([inner])
            names = self.declared_by(inner)
            if _has(node, _DEFAULT) and names:
                return [*lowered, self._export(node, _DEFAULT, ir.Name(span(node), names[0]))]
            return [*lowered, *(self._export(node, name, ir.Name(span(node), name)) for name in names)]
        value = node.child_by_field_name("value")
        if value is not None:
            return [self._export(node, _DEFAULT, self.expr(value, _DEFAULT))]
        if source is not None:
            return self._again(node, source)
        if _has(node, "="):
            at = span(node)
            target = ir.Attr(at, ir.Name(at, "module"), "exports")
            return [ir.Assign(at, [target], self.expr(parts_of(node)[-1]))]
        return [
            self._export(node, said, ir.Name(span(node), name))
            for clause in parts_of(node) if clause.type == "export_clause"
            for name, said in _specifiers(clause)
        ]  # fmt: skip

    def exported(self, node: Any) -> Any:
        """The declaration an export statement stands before."""
        return node.child_by_field_name("declaration") if node.type == "export_statement" else None

    def _again(self, node: Any, source: Any) -> list[ir.Stmt]:
        required = self._required(node, source)
        lowered: list[ir.Stmt] = []
        clauses = [child for child in parts_of(node) if child.type in ("export_clause", "namespace_export")]
        for clause in clauses:
            if clause.type == "namespace_export":
                lowered.append(self._export(node, text(parts_of(clause)[0]).strip("'\""), required))
            else:
                for name, said in _specifiers(clause):
                    lowered.append(self._export(node, said, _taken(node, required, name)))
        if not clauses:
            given = [ir.Name(span(node), "exports"), required]
            lowered.append(ir.Evaluate(span(node), self.builtin(node, "exportAll", *given)))
        return lowered

    def _export(self, node: Any, name: str, value: ir.Expr) -> ir.Stmt:
        at = span(node)
        return ir.Assign(at, [ir.Attr(at, ir.Name(at, "exports"), name)], value)

    def declared_by(self, node: Any) -> list[str]:
        """The names a declaration declares."""
        if node.type in ("lexical_declaration", "variable_declaration"):
            return [name for item in parts_of(node) for name in _targets(item.child_by_field_name("name"))]
        if node.type in (
            "interface_declaration",
            "type_alias_declaration",
            "function_signature",
            "ambient_declaration",
        ):
            return []
        name = node.child_by_field_name("name")
        return [text(name).split(".")[0]] if name is not None else []


def _targets(node: Any) -> list[str]:
    if node is None:
        return []
    if node.type in ("identifier", "shorthand_property_identifier_pattern"):
        return [text(node)]
    if node.type in ("assignment_pattern", "object_assignment_pattern"):
        return _targets(node.child_by_field_name("left"))
    if node.type == "pair_pattern":
        return _targets(node.child_by_field_name("value"))
    return [name for child in parts_of(node) for name in _targets(child)] if node.type.endswith("_pattern") else []


def _names_of(clause: Any) -> list[tuple[str, str]]:
    """What an import clause binds: name and member; ``*`` for all of the module."""
    found: list[tuple[str, str]] = []
    for child in parts_of(clause):
        if child.type == "identifier":
            found.append((text(child), _DEFAULT))
        elif child.type == "namespace_import":
            found.append((text(parts_of(child)[0]), "*"))
        elif child.type == "named_imports":
            for item in parts_of(child):
                if not _is_type(item):
                    name = item.child_by_field_name("name")
                    said = item.child_by_field_name("alias")
                    member = text(name).strip("'\"") if name is not None else _DEFAULT
                    found.append((text(said) if said is not None else member, member))
    return found


def _specifiers(clause: Any) -> list[tuple[str, str]]:
    """Pairs of an export clause: the name here and the name outside; ``default`` is a keyword, not a name."""
    found: list[tuple[str, str]] = []
    for item in parts_of(clause):
        if item.type == "export_specifier" and not _is_type(item):
            words = [text(child).strip("'\"") for child in item.children if child.type not in ("as", "comment")]
            if words:
                found.append((words[0], words[-1]))
    return found


def _taken(node: Any, required: ir.Expr, member: str) -> ir.Expr:
    return required if member == "*" else ir.Attr(span(node), required, member)


def _has(node: Any, kind: str) -> bool:
    return any(child.type == kind for child in node.children)


def _is_type(node: Any) -> bool:
    return any(child.type in ("type", "typeof") for child in node.children[:2])


__all__ = ["Imports"]
