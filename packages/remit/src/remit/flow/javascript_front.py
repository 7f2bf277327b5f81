"""The front for JavaScript and TypeScript: trees of tree-sitter to the IR. Statements here.

Imports and exports become what they do to the objects of CommonJS: ``import {a} from "m"`` binds ``a`` to
``<require>("m").a``, ``export const b`` also puts ``b`` on ``exports``. Types are dropped.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from remit.flow import ir
from remit.flow.javascript_classes import Classes
from remit.flow.javascript_expressions import Names, TooDeep, parts_of, span, text
from remit.flow.javascript_imports import Imports
from remit.flow.python_front import NotParsed

#: More of a file than this in pieces that do not parse, and nothing is known of the rest either.
_HOPELESS = 0.2
_TYPESCRIPT = (".ts", ".mts", ".cts")


def lower(source: str, file: str = "") -> list[ir.Stmt]:
    """The statements of a module.

    Args:
        source: its text.
        file: its name, which tells the dialect.

    Raises:
        NotParsed: no JavaScript, or nested deeper than any program that people write.
    """
    data = source.encode("utf-8", "surrogatepass")
    root = parse(data, file)
    unread = _errors(root) if root.has_error else []
    lost = sum(node.end_byte - node.start_byte for node in unread)
    if root.type == "ERROR" or (unread and lost > _HOPELESS * max(1, len(data))):
        line, column = unread[0].start_point if unread else (0, 0)
        raise NotParsed("not valid JavaScript or TypeScript", line + 1, column + 1)
    try:
        body = Front().module(root)
    except (TooDeep, RecursionError, MemoryError) as error:
        raise NotParsed("nested too deeply to be read") from error
    gaps: list[ir.Stmt] = [ir.Unread(span(node), "a piece of it does not parse") for node in unread]
    return [*gaps, *body]


def parse(data: bytes, file: str) -> Any:
    """The tree of a module."""
    dialect = "ts" if file.endswith(_TYPESCRIPT) else "tsx" if file.endswith(".tsx") else "js"
    root = _parser(dialect).parse(data).root_node
    if dialect == "js" and root.has_error:
        # Type annotations in a .js file (Flow) parse as TypeScript.
        other = _parser("tsx").parse(data).root_node
        if not other.has_error:
            return other
    return root


@cache
def _parser(dialect: str) -> Any:
    import tree_sitter

    if dialect == "js":
        import tree_sitter_javascript

        return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    import tree_sitter_typescript as typescript

    language = typescript.language_tsx() if dialect == "tsx" else typescript.language_typescript()
    return tree_sitter.Parser(tree_sitter.Language(language))


def _errors(root: Any) -> list[Any]:
    """The outermost pieces that do not parse."""
    found: list[Any] = []
    todo = [root]
    while todo and len(found) < 50:
        node = todo.pop()
        if node.type == "ERROR" or node.is_missing:
            found.append(node)
        elif node.has_error:
            todo.extend(reversed(node.children))
    return found


class Front(Imports, Classes):
    """Lowers statements."""

    def module(self, root: Any) -> list[ir.Stmt]:
        """The statements of a whole module."""
        return self.block(parts_of(root))

    def block(self, nodes: list[Any]) -> list[ir.Stmt]:
        """The statements of a block; functions come first, as the language has it."""
        self.enter()
        first: list[ir.Stmt] = []
        lowered: list[ir.Stmt] = []
        for node in nodes:
            method = self._FORMS.get(node.type)
            if method is not None:
                made = method(self, node)
                for statement in made:
                    (first if isinstance(statement, ir.Define) else lowered).append(statement)
            elif node.type == "ERROR":
                lowered.extend(self.block([part for part in parts_of(node) if part.type in self._FORMS]))
        self.leave()
        return [*first, *lowered]

    def body(self, node: Any) -> list[ir.Stmt]:
        """The body of a loop or branch, with braces or without."""
        if node is None:
            return []
        return self.block(parts_of(node) if node.type in ("statement_block", "else_clause") else [node])

    # -- functions -------------------------------------------------------------------------------------------------

    def function(self, node: Any, name: str) -> ir.FunctionCode:
        """A function, arrow or method as written."""
        arrow = node.type == "arrow_function"
        names = Names(arrow=arrow or self.awaiting)
        names.awaits, self.awaiting = self.awaiting, False
        self.scopes.append(names)
        self.enter()
        parameters, opening = self._parameters(node)
        body_node = node.child_by_field_name("body")
        if body_node is None:
            body: list[ir.Stmt] = []
        elif body_node.type == "statement_block":
            body = self.block(parts_of(body_node))
        else:
            body = [ir.Return(span(body_node), self.expr(body_node))]
        self.leave()
        self.scopes.pop()
        if names.arguments:
            parameters.append(ir.Parameter("arguments", "all"))
        outer = frozenset(names.bound - names.declared)
        # What is bound here and declared nowhere here belongs to a function around it, and to those in between.
        self.scopes[-1].bound |= outer
        generator = (not names.awaits and node.type.startswith("generator")) or (
            node.type == "method_definition" and any(child.type == "*" for child in node.children)
        )
        return ir.FunctionCode(
            name, parameters, [*opening, *body], span(node), generator=generator, outer=outer, this=not names.arrow
        )

    def _parameters(self, node: Any) -> tuple[list[ir.Parameter], list[ir.Stmt]]:
        """Parameters, and what takes patterns apart before the body runs."""
        single = node.child_by_field_name("parameter")
        listed = node.child_by_field_name("parameters")
        nodes = [single] if single is not None else parts_of(listed) if listed is not None else []
        found: list[ir.Parameter] = []
        opening: list[ir.Stmt] = []
        for number, item in enumerate(nodes):
            pattern, default, annotation = item, None, ""
            if item.type in ("required_parameter", "optional_parameter"):
                pattern = item.child_by_field_name("pattern")
                default = item.child_by_field_name("value")
                kind = item.child_by_field_name("type")
                annotation = text(kind).lstrip(": ") if kind is not None else ""
            if pattern is None or pattern.type == "this":
                continue
            if pattern.type in ("assignment_pattern", "object_assignment_pattern"):
                default = pattern.child_by_field_name("right")
                pattern = pattern.child_by_field_name("left")
            rest = pattern.type == "rest_pattern"
            target = self.target(parts_of(pattern)[0] if rest else pattern, declares=True)
            name = target.id if isinstance(target, ir.Name) else f"<{number}>"
            value = self.expr(default, name) if default is not None else None
            found.append(ir.Parameter(name, "rest" if rest else "plain", value, annotation))
            if not isinstance(target, ir.Name):
                opening.append(ir.Assign(span(item), [target], ir.Name(span(item), name)))
            if self.is_property(item) and isinstance(target, ir.Name):
                field = ir.Attr(span(item), ir.Name(span(item), "this"), name)
                opening.append(ir.Assign(span(item), [field], ir.Name(span(item), name)))
        return found, opening

    def _function_declaration(self, node: Any) -> list[ir.Stmt]:
        own = node.child_by_field_name("name")
        name = text(own) if own is not None else "function"
        self.scopes[-1].declared.add(name)
        return [ir.Define(span(node), self.function(node, name))]

    # -- variables and expressions -----------------------------------------------------------------------------------

    def _declaration(self, node: Any) -> list[ir.Stmt]:
        lowered: list[ir.Stmt] = []
        for item in parts_of(node):
            if item.type != "variable_declarator":
                continue
            target = self.target(item.child_by_field_name("name"), declares=True)
            value = item.child_by_field_name("value")
            if value is not None:
                name = target.id if isinstance(target, ir.Name) else ""
                lowered.append(ir.Assign(span(item), [target], self.expr(value, name)))
            elif isinstance(target, ir.Name) and node.type == "lexical_declaration":
                lowered.append(ir.Assign(span(item), [target], ir.Const(span(item), None)))
        return lowered

    def _expression(self, node: Any) -> list[ir.Stmt]:
        lowered: list[ir.Stmt] = []
        for part in parts_of(node):
            if part.type in ("internal_module", "module"):
                lowered.extend(self._namespace(part))
                continue
            for item in self.sequence(part):
                lowered.extend(self._one_expression(item))
        return lowered

    def _one_expression(self, node: Any) -> list[ir.Stmt]:
        while node.type == "parenthesized_expression" and parts_of(node):
            inner = parts_of(node)[0]
            if inner.type == "sequence_expression":
                return [one for item in self.sequence(inner) for one in self._one_expression(item)]
            node = inner
        if node.type in ("assignment_expression", "augmented_assignment_expression"):
            target, value = self.assignment(node)
            return [ir.Assign(span(node), [target], value)]
        if node.type == "string":
            return []
        return [ir.Evaluate(span(node), self.expr(node))]

    # -- control -----------------------------------------------------------------------------------------------------

    def _statements(self, node: Any) -> list[ir.Stmt]:
        return self.block(parts_of(node))

    def _if(self, node: Any) -> list[ir.Stmt]:
        # A long ``else if`` chain is nested in the tree; it is unrolled here so that its length costs no depth.
        links = [node]
        last = None
        while True:
            other = links[-1].child_by_field_name("alternative")
            inner = parts_of(other) if other is not None else []
            if len(inner) == 1 and inner[0].type == "if_statement":
                links.append(inner[0])
                continue
            last = other
            break
        rest = self.block(parts_of(last)) if last is not None else []
        for link in reversed(links):
            test = self.expr(link.child_by_field_name("condition"))
            rest = [ir.If(span(link), test, self.body(link.child_by_field_name("consequence")), rest)]
        return rest

    def _for(self, node: Any) -> list[ir.Stmt]:
        initial = node.child_by_field_name("initializer")
        lowered = self.block([initial]) if initial is not None and initial.type != "empty_statement" else []
        if initial is not None and initial.type not in self._FORMS:
            lowered = self._one_expression(initial)
        test = node.child_by_field_name("condition")
        condition: ir.Expr = ir.Const(span(node), value=True)
        if test is not None and test.type != "empty_statement":
            inner = parts_of(test)[0] if test.type == "expression_statement" else test
            condition = self.expr(inner)
        step = node.child_by_field_name("increment")
        body = self.body(node.child_by_field_name("body"))
        after = [one for item in self.sequence(step) for one in self._one_expression(item)] if step is not None else []
        return [*lowered, ir.While(span(node), condition, [*body, *after], [])]

    def _for_in(self, node: Any) -> list[ir.Stmt]:
        declares = node.child_by_field_name("kind") is not None
        target = self.target(node.child_by_field_name("left"), declares=declares)
        right = node.child_by_field_name("right")
        iterable = self.expr(right)
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type == "in":
            iterable = self.builtin(right, "keys", iterable)
        return [ir.ForEach(span(node), target, iterable, self.body(node.child_by_field_name("body")), [])]

    def _while(self, node: Any) -> list[ir.Stmt]:
        test = self.expr(node.child_by_field_name("condition"))
        return [ir.While(span(node), test, self.body(node.child_by_field_name("body")), [])]

    def _do(self, node: Any) -> list[ir.Stmt]:
        body = self.body(node.child_by_field_name("body"))
        test = self.expr(node.child_by_field_name("condition"))
        return [ir.While(span(node), ir.Const(span(node), value=True), [*body, ir.Evaluate(test.at, test)], [])]

    def _try(self, node: Any) -> list[ir.Stmt]:
        handlers: list[ir.Handler] = []
        clause = node.child_by_field_name("handler")
        if clause is not None:
            parameter = clause.child_by_field_name("parameter")
            name, opening = "", list[ir.Stmt]()
            if parameter is not None:
                target = self.target(parameter, declares=True)
                name = target.id if isinstance(target, ir.Name) else "<error>"
                if not isinstance(target, ir.Name):
                    opening.append(ir.Assign(target.at, [target], ir.Name(target.at, name)))
            handlers.append(
                ir.Handler(span(clause), None, name, [*opening, *self.body(clause.child_by_field_name("body"))])
            )
        final = node.child_by_field_name("finalizer")
        last = self.body(final.child_by_field_name("body")) if final is not None else []
        return [ir.Try(span(node), self.body(node.child_by_field_name("body")), handlers, [], last)]

    def _switch(self, node: Any) -> list[ir.Stmt]:
        at = span(node)
        value = self.expr(node.child_by_field_name("value"))
        lowered: list[ir.Stmt] = []
        if not isinstance(value, ir.Name | ir.Attr | ir.Const):
            name = ir.Name(at, f"<switch {at[0]}:{at[1]}>")
            lowered.append(ir.Assign(at, [name], value))
            value = name
        cases = parts_of(node.child_by_field_name("body"))
        bodies = [
            self.block([part for part in item.children_by_field_name("body") if part.type != "comment"])
            for item in cases
        ]
        tests: list[ir.Expr | None] = []
        for item in cases:
            wanted = item.child_by_field_name("value")
            tests.append(None if wanted is None else self._case(item, value, self.expr(wanted)))
        other: list[ir.Stmt] = []
        for number, test in enumerate(tests):
            if test is None:
                other = _through(bodies, number)
        waiting: list[ir.Expr] = []
        links: list[tuple[ir.Expr, list[ir.Stmt]]] = []
        for number, test in enumerate(tests):
            if test is None:
                waiting = []
                continue
            waiting.append(test)
            if bodies[number] or number == len(tests) - 1:
                links.append(
                    (waiting[0] if len(waiting) == 1 else ir.Logic(at, "or", waiting), _through(bodies, number))
                )
                waiting = []
        for condition, body in reversed(links):
            other = [ir.If(at, condition, body, other)]
        return [*lowered, ir.Block(at, other)]

    def _case(self, node: Any, value: ir.Expr, wanted: ir.Expr) -> ir.Expr:
        if isinstance(value, ir.Const) and value.value is True:
            return wanted
        return ir.Compare(span(node), "==", value, wanted)

    def _labelled(self, node: Any) -> list[ir.Stmt]:
        body = node.child_by_field_name("body")
        lowered = self.body(body)
        if body is not None and body.type == "statement_block":
            return [ir.Block(span(node), lowered)]
        return lowered

    def _return(self, node: Any) -> list[ir.Stmt]:
        inner = parts_of(node)
        return [ir.Return(span(node), self.expr(inner[0]) if inner else None)]

    def _throw(self, node: Any) -> list[ir.Stmt]:
        inner = parts_of(node)
        return [ir.Raise(span(node), self.expr(inner[0]) if inner else None)]

    def _jump(self, node: Any) -> list[ir.Stmt]:
        return [ir.Jump(span(node), node.type.removesuffix("_statement"))]

    # -- TypeScript ----------------------------------------------------------------------------------------------------

    def _enum(self, node: Any) -> list[ir.Stmt]:
        name = text(node.child_by_field_name("name"))
        self.scopes[-1].declared.add(name)
        pairs: list[tuple[ir.Expr | None, ir.Expr]] = []
        number = 0
        for item in parts_of(node.child_by_field_name("body")):
            if item.type == "enum_assignment":
                key = self.key(item.child_by_field_name("name"))
                value = self.expr(item.child_by_field_name("value"))
                if isinstance(value, ir.Const) and isinstance(value.value, int):
                    number = value.value + 1
            else:
                key, value = self.key(item), ir.Const(span(item), number)
                number += 1
            pairs.append((key, value))
        at = span(node)
        return [ir.Assign(at, [ir.Name(at, name)], ir.Mapping(at, pairs))]

    def _namespace(self, node: Any) -> list[ir.Stmt]:
        name = text(node.child_by_field_name("name")).split(".")[0]
        body = node.child_by_field_name("body")
        if body is None:
            return []
        self.scopes[-1].declared.add(name)
        inner = self.block([self.exported(part) or part for part in parts_of(body)])
        said = [item for part in parts_of(body) if (found := self.exported(part)) for item in self.declared_by(found)]
        at = span(node)
        pairs: list[tuple[ir.Expr | None, ir.Expr]] = [(ir.Const(at, item), ir.Name(at, item)) for item in said]
        return [*inner, ir.Assign(at, [ir.Name(at, name)], ir.Mapping(at, pairs))]

    def _class_declaration(self, node: Any) -> list[ir.Stmt]:
        own = node.child_by_field_name("name")
        name = text(own) if own is not None else "Class"
        self.scopes[-1].declared.add(name)
        return [ir.DefineClass(span(node), self.class_(node, name))]

    _FORMS: ClassVar[dict[str, Callable[["Front", Any], list[ir.Stmt]]]] = {
        "expression_statement": _expression, "variable_declaration": _declaration, "lexical_declaration": _declaration,
        "using_declaration": _declaration, "function_declaration": _function_declaration,
        "generator_function_declaration": _function_declaration, "class_declaration": _class_declaration,
        "abstract_class_declaration": _class_declaration, "if_statement": _if, "for_statement": _for,
        "for_in_statement": _for_in, "while_statement": _while, "do_statement": _do, "return_statement": _return,
        "throw_statement": _throw, "try_statement": _try, "switch_statement": _switch, "break_statement": _jump,
        "continue_statement": _jump, "labeled_statement": _labelled, "statement_block": _statements,
        "with_statement": lambda self, node: self.body(node.child_by_field_name("body")), "enum_declaration": _enum,
        "internal_module": _namespace, "module": _namespace, "import_statement": Imports.imports,
        "export_statement": Imports.exports, "import_alias": Imports.alias,
    }  # fmt: skip


def _through(bodies: list[list[ir.Stmt]], first: int) -> list[ir.Stmt]:
    """The statements from one case on, until nothing falls through any more."""
    found: list[ir.Stmt] = []
    for body in bodies[first:]:
        found.extend(body)
        if body and _leaves(body[-1]):
            break
    return found


def _leaves(statement: ir.Stmt) -> bool:
    return isinstance(statement, ir.Jump | ir.Return | ir.Raise)


__all__ = ["Front", "NotParsed", "lower", "parse"]
