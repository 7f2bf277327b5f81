"""Lowering of JavaScript and TypeScript: what sugar becomes, and that nothing hostile breaks it."""
# ruff: noqa: E501  (programs under test stand on one line)

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import App, Function, Sender, Trigger
from remit.flow import analyse, ir
from remit.flow.javascript_front import NotParsed, lower
from remit.read.code import CodeTree


def shown(node):
    """The IR as a short text."""
    if isinstance(node, list | tuple):
        return ", ".join(shown(item) for item in node)
    if isinstance(node, str):
        return repr(node)
    if isinstance(node, ir.Const):
        return repr(node.value)
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attr):
        return f"{shown(node.value)}.{node.name}"
    if isinstance(node, ir.Lambda):
        return f"({', '.join(item.name for item in node.code.parameters)}) -> [{shown(node.code.body)}]"
    if isinstance(node, ir.New):
        return f"new {shown(node.function)}({shown(node.arguments)})"
    if isinstance(node, ir.Call):
        return f"{shown(node.function)}({shown(node.arguments)})"
    if isinstance(node, ir.Assign):
        return f"{shown(node.targets)} := {shown(node.value)}"
    if isinstance(node, ir.Mapping):
        return "{" + ", ".join(f"{shown(key) if key else '...'}: {shown(value)}" for key, value in node.pairs) + "}"
    fields = [getattr(node, name) for name in getattr(node, "__struct_fields__", ()) if name != "at"]
    held = [shown(item) for item in fields if isinstance(item, list | tuple | ir.Node | ir.FunctionCode | ir.ClassCode)]
    plain = [str(item) for item in fields if isinstance(item, str)]
    return f"{type(node).__name__}({', '.join([*plain, *held])})"


@pytest.mark.parametrize(("code", "wanted"), [
    ("import a, { b as c } from 'm'", "a := <require>('m').default, c := <require>('m').b"),
    ("import * as n from 'm'; import 'm'", "n := <require>('m'), Evaluate(<require>('m'))"),
    ("import type { T } from 'm'; import { type U, v } from 'm'", "v := <require>('m').v"),
    ("export const a = 1, { b } = c", "a := 1, {'b': b} := c, exports.a := a, exports.b := b"),
    ("export { a, b as default }; export * from 'm'", "exports.a := a, exports.default := b, Evaluate(<exportAll>(exports, <require>('m')))"),
    ("export default () => 1", "exports.default := () -> [Return(1)]"),
    ("import x = require('m'); export = x", "x := <require>('m'), module.exports := x"),
    ("const { a = 1, b: { c }, ...d } = e", "{'a': Default(a, 1), 'b': {'c': c}, ...: d} := e"),
    ("const [a, , b = 2, ...c] = d", "Collection(list, a, Anything(), Default(b, 2), Spread(c)) := d"),
    ("a ??= b; c += 'x'; d &&= e", "a := Logic(or, a, b), c := Binary(join, c, 'x'), d := Logic(and, d, e)"),
    ("a + b; 'a' + b + c; `x${a}y`", "Evaluate(Binary(join, a, b)), Evaluate(Concat('a', '', b, '', c, '')), Evaluate(Concat('x', '', a, '', 'y', ''))"),
    ("a?.b?.[c]?.(d)", "Evaluate(Index(a.b, c)(d))"),
    ("a['b'] = c; a[1]", "a.b := c, Evaluate(Index(a, 1))"),
    ("t`a${b}c`", "Evaluate(t(Collection(list, 'a', 'c'), b))"),
    ("new A; new B(c)", "Evaluate(new A()), Evaluate(new B(c))"),
    ("(a as B)!.c; <T>d; e satisfies F", "Evaluate(a.c), Evaluate(d), Evaluate(e)"),
    ("for (const k in o) f(k)", "ForEach(k, <keys>(o), Evaluate(f(k)), )"),
    ("switch (a) { case 1: case 2: f(); break; default: g() }",
     "Block(If(Logic(or, Compare(==, a, 1), Compare(==, a, 2)), Evaluate(f()), Jump(break), Evaluate(g())))"),
    ("if (a) b(); else if (c) d(); else e()", "If(a, Evaluate(b()), If(c, Evaluate(d()), Evaluate(e())))"),
    ("enum E { A, B = 5, C }", "E := {'A': 0, 'B': 5, 'C': 6}"),
    ("interface I { a: string } type T = I; declare const x: T; abstract class A { abstract f(): void }", "DefineClass(ClassCode(A, , , ))"),
    ("(a, b), c", "Evaluate(a), Evaluate(b), Evaluate(c)"),
    ("'use strict'; /a\\/b/gi", "Evaluate(<regex>('a\\\\/b', 'gi'))"),
    ("'\\u0041\\x42\\n\\u{1F600}'.length", "Evaluate('AB\\n😀'.length)"),
    ("f(function g(a = 1, { b }, ...c) {})", "Evaluate(f((a, <1>, c) -> [{'b': b} := <1>]))"),
    ("class A { b = 1; constructor() { this.c = 2 } }", "DefineClass(ClassCode(A, , Define(FunctionCode(__init__, , this.b := 1, this.c := 2, )), ))"),
])  # fmt: skip
def test_what_sugar_becomes(code, wanted):
    assert shown(lower(code, "x.ts")) == wanted


def test_names_that_belong_to_functions_around():
    body = lower("let a; function f() { a = 1; let b; const g = () => { b = 2; c = 3 } }")
    code = body[0].code
    assert code.outer == {"a", "c"}
    assert code.body[2].value.code.outer == {"b", "c"}


def test_long_and_deep_programs_end():
    assert lower("a(" + " + ".join(["'x'"] * 20_000) + ")")
    assert lower("".join(f"if (a == {n}) b(); else " for n in range(5_000)) + "c()")
    assert lower("a" + ", a" * 20_000)
    with pytest.raises(NotParsed, match="deep"):
        lower("f(" * 400 + ")" * 400)
    with pytest.raises(NotParsed, match="not valid"):
        lower("{" * 5_000)


_PIECES = (
    "const { exec } = require('child_process');\n", "export const handler = async (event, ctx, cb) => {\n", "exports.handler = function (e) {",
    "}\n", "});\n", "class A extends B { #x = 1; static { } get y() { return this.#x } }\n", "for await (const { a, ...b } of c) ", "`x${", "}`",
    "switch (a) { case 1: default: break }\n", "try { f() } catch ({ message }) { } finally { }\n", "/* ", " */", "// ", "=> ", "?.", "...", "[", "]",
    "import x, { y as z } from './z';\n", "const a = (b) => ({ ...b, c: [, d] });\n", "label: while (true) { continue label }\n", "await ", "yield* ",
    "new Promise((r) => setTimeout(r, 1)).then((x) => x.y);\n", "enum E { A }\n", "namespace N { export const a = 1 }\n", "<T,>(a: T): a is T => a;\n",
    "a.b.c = d ??= e;\n", "this.f = () => this.f();\n", "arguments[0]", "/[/]/g", "\"", "'", "\\", "\x00", "é😀", "\n", "async function* g() { yield 1 }\n",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25), st.sampled_from(["app.js", "app.ts", "app.tsx"]), st.integers())
def test_hostile_text_ends_in_an_answer(pieces, name, seed):
    text = "".join(pieces)
    at = random.Random(seed).randrange(len(text) + 1)
    where = Location("template.yaml", 1)
    function = Function("Shop", "app.handler", "nodejs22.x", "src", where)
    app = App(
        "shop", "SAM", "template.yaml", (function,), (Trigger("Shop", "http-api", "http-api", where, Sender.ANYONE),)
    )
    found = analyse(app, function, CodeTree("src", {f"src/{name}": text[at:] + text[:at]}))
    assert found.handler is not None or any(skip.blind for skip in found.skips)
