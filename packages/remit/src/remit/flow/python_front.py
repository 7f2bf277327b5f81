"""The front for Python: ``ast`` to the IR. Statements here, expressions in ``python_expressions``."""

import ast
import sys
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

from remit.flow import ir
from remit.flow.python_expressions import Expressions, TooDeep, span

__all__ = ["NotParsed", "lower"]


class NotParsed(Exception):  # noqa: N818
    """A module that is no Python we can read: ``why`` for people, ``line`` and ``column`` where known (else 0)."""

    def __init__(self, why: str, line: int = 0, column: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column


def lower(text: str) -> list[ir.Stmt]:
    """The statements of a module.

    Args:
        text: its source.

    Raises:
        NotParsed: not Python, or nested deeper than any program that people write.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bad escape in the user's text is no concern of ours
            tree = ast.parse(text)
        return _Front(text).block(tree.body)
    except SyntaxError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        # Code for a newer runtime may be right all the same: whoever reads this must know what to try.
        why = f"not valid Python {version}, which runs Remit (for newer syntax, run it with a newer one): {error.msg}"
        raise NotParsed(why, error.lineno or 0, error.offset or 1) from error
    except ValueError as error:
        raise NotParsed(f"not valid Python: {error}") from error
    except (TooDeep, RecursionError, MemoryError) as error:
        raise NotParsed("nested too deeply to be read") from error


class _Front(Expressions):
    """Lowers statements."""

    def block(self, body: list[ast.stmt]) -> list[ir.Stmt]:
        """The statements of a block, sugar removed."""
        self.enter()
        lowered: list[ir.Stmt] = []
        for statement in body:
            method = self._FORMS.get(type(statement))
            if method is not None:
                lowered.extend(method(self, statement))
        self.leave()
        return lowered

    def _assign(self, node: ast.Assign) -> list[ir.Stmt]:
        return [ir.Assign(span(node), [self.expr(target) for target in node.targets], self.expr(node.value))]

    def _augmented(self, node: ast.AugAssign) -> list[ir.Stmt]:
        target = self.expr(node.target)
        value = ir.Binary(span(node), self.operator(node.op), self.expr(node.target), self.expr(node.value))
        return [ir.Assign(span(node), [target], value)]

    def _annotated(self, node: ast.AnnAssign) -> list[ir.Stmt]:
        lowered: list[ir.Stmt] = []
        if isinstance(node.target, ast.Name):
            lowered.append(ir.Declare(span(node), node.target.id, ast.unparse(node.annotation)))
        if node.value is not None:
            lowered.append(ir.Assign(span(node), [self.expr(node.target)], self.expr(node.value)))
        return lowered

    def _expression(self, node: ast.Expr) -> list[ir.Stmt]:
        return [] if isinstance(node.value, ast.Constant) else [ir.Evaluate(span(node), self.expr(node.value))]

    def _if(self, node: ast.If) -> list[ir.Stmt]:
        # A long ``elif`` chain is nested in ``ast``; it is unrolled here so that its length costs no depth.
        links = [node]
        while len(links[-1].orelse) == 1 and isinstance(links[-1].orelse[0], ast.If):
            links.append(links[-1].orelse[0])
        other = self.block(links[-1].orelse)
        for link in reversed(links):
            other = [ir.If(span(link), self.expr(link.test), self.block(link.body), other)]
        return other

    def _for(self, node: "ast.For | ast.AsyncFor") -> list[ir.Stmt]:
        target, iterable = self.expr(node.target), self.expr(node.iter)
        return [ir.ForEach(span(node), target, iterable, self.block(node.body), self.block(node.orelse))]

    def _while(self, node: ast.While) -> list[ir.Stmt]:
        return [ir.While(span(node), self.expr(node.test), self.block(node.body), self.block(node.orelse))]

    def _try(self, node: ast.Try) -> list[ir.Stmt]:
        handlers = [
            ir.Handler(
                span(handler), self.expr(handler.type) if handler.type else None, handler.name or "",
                self.block(handler.body),
            )
            for handler in node.handlers
        ]  # fmt: skip
        body, other, final = self.block(node.body), self.block(node.orelse), self.block(node.finalbody)
        return [ir.Try(span(node), body, handlers, other, final)]

    def _with(self, node: "ast.With | ast.AsyncWith") -> list[ir.Stmt]:
        items = [
            (self.expr(item.context_expr), self.expr(item.optional_vars) if item.optional_vars else None)
            for item in node.items
        ]
        return [ir.With(span(node), items, self.block(node.body))]

    def _return(self, node: ast.Return) -> list[ir.Stmt]:
        return [ir.Return(span(node), self.expr(node.value) if node.value else None)]

    def _raise(self, node: ast.Raise) -> list[ir.Stmt]:
        return [ir.Raise(span(node), self.expr(node.exc) if node.exc else None)]

    def _break(self, node: ast.stmt) -> list[ir.Stmt]:
        return [ir.Jump(span(node), "break")]

    def _continue(self, node: ast.stmt) -> list[ir.Stmt]:
        return [ir.Jump(span(node), "continue")]

    def _assert(self, node: ast.Assert) -> list[ir.Stmt]:
        return [ir.Assert(span(node), self.expr(node.test))]

    def _function(self, node: "ast.FunctionDef | ast.AsyncFunctionDef") -> list[ir.Stmt]:
        code = ir.FunctionCode(
            node.name,
            self.parameters(node.args),
            self.block(node.body),
            (node.lineno, node.col_offset + 1, node.lineno, 0),
            [self.expr(item) for item in node.decorator_list],
            _yields(node),
            _outer(node),
        )
        return [ir.Define(span(node), code)]

    def _class(self, node: ast.ClassDef) -> list[ir.Stmt]:
        bases = [self.expr(base) for base in node.bases]
        decorators = [self.expr(item) for item in node.decorator_list]
        place = (node.lineno, node.col_offset + 1, node.lineno, 0)
        return [ir.DefineClass(span(node), ir.ClassCode(node.name, bases, self.block(node.body), place, decorators))]

    def _import(self, node: ast.Import) -> list[ir.Stmt]:
        return [
            ir.Import(span(node), alias.name, alias.asname or alias.name.split(".")[0], not alias.asname)
            for alias in node.names
        ]

    def _import_from(self, node: ast.ImportFrom) -> list[ir.Stmt]:
        names = [(alias.name, alias.asname or alias.name) for alias in node.names]
        return [ir.ImportFrom(span(node), node.module or "", node.level, names)]

    def _match(self, node: ast.Match) -> list[ir.Stmt]:
        lowered = self.expr(node.subject)
        before: list[ir.Stmt] = []
        name: ir.Expr = lowered
        if not isinstance(lowered, ir.Name):
            # The subject is evaluated once; a variable keeps its own name, so that a case is a check of it.
            name = ir.Name(span(node.subject), f"<subject:{node.lineno}:{node.col_offset}>")
            before.append(ir.Assign(span(node), [name], lowered))
        other: list[ir.Stmt] = []
        for case in reversed(node.cases):
            tests: list[ir.Expr] = []
            binds: list[ir.Stmt] = []
            self.pattern(case.pattern, name, tests, binds)
            body = binds + self.block(case.body)
            if case.guard is not None:
                body = [*binds, ir.If(span(case.guard), self.expr(case.guard), self.block(case.body), [])]
            always = not tests and case.guard is None
            test = ir.Logic(span(case.pattern), "and", tests) if tests else ir.Const(span(case.pattern), value=True)
            other = body if always else [ir.If(span(case.pattern), test, body, other)]
        return [*before, *other]

    def pattern(
        self, pattern: ast.pattern, subject: ir.Expr, tests: list[ir.Expr], binds: list[ir.Stmt]
    ) -> None:  # fmt: skip
        """Takes a pattern apart into conditions and bindings."""
        self.enter()
        at = span(pattern)
        if isinstance(pattern, ast.MatchValue):
            tests.append(ir.Compare(at, "==", subject, self.expr(pattern.value)))
        elif isinstance(pattern, ast.MatchSingleton):
            tests.append(ir.Compare(at, "is", subject, ir.Const(at, pattern.value)))
        elif isinstance(pattern, ast.MatchAs):
            if pattern.pattern is not None:
                self.pattern(pattern.pattern, subject, tests, binds)
            if pattern.name:
                binds.append(ir.Assign(at, [ir.Name(at, pattern.name)], subject))
        elif isinstance(pattern, ast.MatchOr):
            self._alternatives(pattern, subject, tests, binds)
        elif isinstance(pattern, ast.MatchMapping):
            tests.append(ir.Anything(at, []))
            for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
                self.pattern(inner, ir.Index(span(inner), subject, self.expr(key)), tests, binds)
            if pattern.rest:
                binds.append(ir.Assign(at, [ir.Name(at, pattern.rest)], subject))
        elif isinstance(pattern, ast.MatchSequence):
            tests.append(ir.Anything(at, []))
            for number, inner in enumerate(pattern.patterns):
                self.pattern(inner, ir.Index(span(inner), subject, ir.Const(at, number)), tests, binds)
        elif isinstance(pattern, ast.MatchStar) and pattern.name:
            binds.append(ir.Assign(at, [ir.Name(at, pattern.name)], subject))
        elif isinstance(pattern, ast.MatchClass):
            kind = self.expr(pattern.cls)
            tests.append(ir.Call(at, ir.Name(at, "isinstance"), [subject, kind], [], "isinstance"))
            for inner in pattern.patterns:
                self.pattern(inner, subject, tests, binds)
            for attribute, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
                self.pattern(inner, ir.Attr(at, subject, attribute), tests, binds)
        self.leave()

    def _alternatives(self, pattern: ast.MatchOr, subject: ir.Expr, tests: list[ir.Expr], binds: list[ir.Stmt]) -> None:
        choices: list[ir.Expr] = []
        for inner in pattern.patterns:
            own: list[ir.Expr] = []
            self.pattern(inner, subject, own, binds)
            choices.append(ir.Logic(span(inner), "and", own) if own else ir.Const(span(inner), value=True))
        tests.append(ir.Logic(span(pattern), "or", choices))

    _FORMS: ClassVar[dict[type, Callable[[Any, Any], list[ir.Stmt]]]] = {
        ast.Assign: _assign,
        ast.AugAssign: _augmented,
        ast.AnnAssign: _annotated,
        ast.Expr: _expression,
        ast.If: _if,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: _while,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Return: _return,
        ast.Raise: _raise,
        ast.Break: _break,
        ast.Continue: _continue,
        ast.Assert: _assert,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.Match: _match,
    }


def _yields(node: "ast.FunctionDef | ast.AsyncFunctionDef") -> bool:
    todo: list[ast.AST] = list(node.body)
    while todo:
        item = todo.pop()
        if isinstance(item, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo.extend(ast.iter_child_nodes(item))
    return False


def _outer(node: "ast.FunctionDef | ast.AsyncFunctionDef") -> frozenset[str]:
    names: set[str] = set()
    todo: list[ast.AST] = list(node.body)
    while todo:
        item = todo.pop()
        if isinstance(item, ast.Global):
            names.update(f"global {name}" for name in item.names)
        elif isinstance(item, ast.Nonlocal):
            names.update(item.names)
        elif isinstance(item, ast.stmt | ast.ExceptHandler | ast.match_case) and not isinstance(
            item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ):
            todo.extend(ast.iter_child_nodes(item))
    return frozenset(names)
