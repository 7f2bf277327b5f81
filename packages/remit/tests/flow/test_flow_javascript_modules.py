"""Modules of JavaScript and TypeScript: every way to say where something comes from."""
# ruff: noqa: E501, ISC004  (programs under test stand on one line)

import pytest

RUN = "import { exec } from 'node:child_process';\n"
LIB = "const { exec } = require('child_process');\nexports.run = (c) => exec(c);\nexports.quiet = (c) => c;\n"
CALL = "exports.handler = async (event) => { run(event.body) };\n"


@pytest.mark.parametrize(("code", "files"), [
    ("const { run } = require('./lib');\n" + CALL, {"lib.js": LIB}),
    ("const lib = require('./lib.js');\nconst run = lib.run;\n" + CALL, {"lib.js": LIB}),
    ("const run = require('./lib').run;\n" + CALL, {"lib/index.js": LIB}),
    ("const run = require('./lib');\n" + CALL, {"lib.js": "module.exports = (c) => require('child_process').exec(c);\n"}),
    ("const { run } = require('./lib');\n" + CALL, {"lib.js": "function run(c) { require('child_process').exec(c) }\nmodule.exports = { run };\n"}),
    ("const { run } = require('./lib');\n" + CALL,
     {"lib.js": "module.exports.run = process.env.A ? (c) => c : (c) => require('child_process').exec(c);\n"}),
    ("import { run } from './lib';\nexport const handler = async (event) => { run(event.body) };\n",
     {"lib.mjs": RUN + "export function run(c) { exec(c) }\n"}),
    ("import run from './lib.mjs';\nexport const handler = async (event) => run(event.body);\n",
     {"lib.mjs": RUN + "export default (c) => exec(c);\n"}),
    ("import run from './lib';\nexport const handler = async (event) => run(event.body);\n",
     {"lib.js": "module.exports = (c) => require('child_process').exec(c);\n"}),
    ("import * as lib from './lib';\nexport const handler = async (event) => lib.run(event.body);\n", {"lib.js": LIB}),
    ("import { go } from './lib';\nexport const handler = async (event) => go(event.body);\n",
     {"lib.js": "export * from './deep';\n", "deep.js": "export { run as go } from './deeper';\n", "deeper.js": RUN + "export const run = (c) => exec(c);\n"}),
    ("import { deep } from './lib';\nexport const handler = async (event) => deep.run(event.body);\n",
     {"lib/index.js": "export * as deep from './deep';\n", "lib/deep.js": LIB}),
    ("import { Shop } from './lib';\nexport const handler = async (event) => new Shop().run(event.body);\n",
     {"lib.js": RUN + "class Shop { run(c) { exec(c) } }\nexport { Shop };\n"}),
    ("export const handler = async (event) => { const { run } = await import('./lib'); run(event.body) };\n", {"lib.js": LIB}),
    ("export { main as handler } from './main';\n", {"main.js": RUN + "export async function main(event) { exec(event.body) }\n"}),
    ("module.exports = { handler: async (event) => require('./lib').run(event.body) };\n", {"lib.js": LIB}),
    ("async function handler(event) { require('./lib').run(event.body) }\nmodule.exports = { handler };\n", {"lib.js": LIB}),
    ("Object.defineProperty(exports, '__esModule', { value: true });\nexports.handler = void 0;\nconst lib_1 = require('./lib');\n"
     "const handler = async (event) => { (0, lib_1.run)(event.body); };\nexports.handler = handler;\n", {"lib.js": LIB}),
    ("const a = require('./a');\nexports.handler = async (event) => a.go(event.body);\n",
     {"a.js": "const b = require('./b');\nexports.go = (c) => b.run(c);\n",
      "b.js": "const a = require('./a');\nexports.run = (c) => require('child_process').exec(c);\n"}),
])  # fmt: skip
def test_what_a_module_gives(script, code, files):
    assert script(code, files=files) == ["process<-body"]


@pytest.mark.parametrize(("name", "code", "files"), [
    ("app.ts", "import { run } from './lib.js';\nexport const handler = async (event: any) => run(event.body);\n",
     {"lib.ts": RUN + "export const run = (c: string): void => { exec(c as string) };\n"}),
    ("app.ts", "import { run } from '@lib/run';\nexport const handler = async (event) => run(event.body);\n",
     {"lib/run.ts": RUN + "export const run = (c) => exec(c);\n",
      "tsconfig.json": '{ // paths\n "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["lib/*"], }, } }\n'}),
    ("app.ts", "import { run } from 'lib/run';\nexport const handler = async (event) => run(event.body);\n",
     {"lib/run.ts": RUN + "export const run = (c) => exec(c);\n", "tsconfig.base.json": '{"compilerOptions": {"baseUrl": "."}}',
      "tsconfig.json": '{"extends": "./tsconfig.base.json"}'}),
    ("app.ts", "import { run } from '#run';\nexport const handler = async (event) => run(event.body);\n",
     {"lib/run.ts": RUN + "export const run = (c) => exec(c);\n", "package.json": '{"imports": {"#run": "./lib/run.ts"}}'}),
    ("app.ts", "import { run } from '@shop/lib';\nexport const handler = async (event) => run(event.body);\n",
     {"packages/lib/src/index.ts": RUN + "export const run = (c) => exec(c);\n",
      "packages/lib/package.json": '{"name": "@shop/lib", "main": "dist/index.js"}'}),
    ("app.ts", "import { run } from '@shop/lib/run';\nexport const handler = async (event) => run(event.body);\n",
     {"packages/lib/src/run.ts": RUN + "export const run = (c) => exec(c);\n",
      "packages/lib/package.json": '{"name": "@shop/lib", "exports": {"./run": {"import": "./src/run.ts"}}}'}),
    ("app.ts", "import lib = require('./lib');\nexport const handler = async (event) => lib(event.body);\n",
     {"lib.ts": RUN + "function run(c) { exec(c) }\nexport = run;\n"}),
    ("app.ts", RUN + "export enum Mode { A = 'a' }\nnamespace Tools { export function run(c: string) { exec(c) } }\n"
     "export const handler = async (event) => Tools.run(Mode.A + event.body);\n", {}),
    ("app.ts", RUN + "class Shop { constructor(private readonly c: string) {} run(): void { exec(this.c!) } }\n"
     "export const handler = async (event) => new Shop(event.body).run();\n", {}),
    ("app.ts", RUN + "abstract class Base<T> { abstract go(c: T): void; run(c: T) { this.go(c) } }\n"
     "class Shop extends Base<string> { go(c: string) { exec(c) } }\nexport const handler = async (event) => new Shop().run(event.body);\n", {}),
    ("app.ts", RUN + "class Shop { @log() async handler(event: any, _c: unknown) { exec(event.body) } }\nconst shop = new Shop();\n"
     "export const handler = shop.handler.bind(shop);\n", {}),
    ("app.ts", RUN + "function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: any) { exec(a) }\n"
     "export const handler = async (event) => f(<string>event.body satisfies string);\n", {}),
    ("app.tsx", RUN + "export const handler = async (event) => { const page = <b className={'a'}>{event.body}</b>; exec(event.body) };\n", {}),
])  # fmt: skip
def test_typescript(script, name, code, files):
    assert script(code, name=name, files=files) == ["process<-body"]


@pytest.mark.parametrize(("handler", "name"), [
    ("app.handler", "app.mjs"), ("dist/app.handler", "src/app.ts"), ("build/app.handler", "app.ts"), ("src/api/app.handler", "src/api/app.js"),
])  # fmt: skip
def test_where_a_handler_stands(script, handler, name):
    assert script(RUN + "export const handler = async (event) => exec(event.body);\n", name=name, handler=handler) == [
        "process<-body"
    ]


def test_a_handler_inside_an_object(script):
    code = RUN + "export const api = { create: async (event) => exec(event.body) };\n"
    assert script(code, handler="app.api.create") == ["process<-body"]


def test_what_cannot_be_found_is_told(study):
    found = study(
        "import { run } from './gone';\nexport const handler = (e) => run(e.body);\n",
        name="app.js",
        runtime="nodejs22.x",
    )
    assert [(skip.why, skip.blind) for skip in found.skips] == [("it is not among the code files", True)]
    found = study("exports.handler = (e) => require('./' + process.env.A);\n", name="app.js", runtime="nodejs22.x")
    assert [skip.why for skip in found.skips] == ["which module is loaded here is only known at run time"]
    found = study("exports.other = 1;\n", name="app.js", runtime="nodejs22.x")
    assert [skip.why for skip in found.skips] == ['"handler" is not exported by src/app.js']


def test_a_piece_that_does_not_parse_is_told_and_the_rest_is_read(study):
    code = (
        "const cp = require('child_process');\n" * 8
        + "const a = { b: 1 c: 2 };\nexports.handler = (e) => { cp.exec(e.body) };\n"
    )
    found = study(code, name="app.js", runtime="nodejs22.x")
    assert [flow.sink for flow in found.flows] == ["process"]
    assert [(skip.why, skip.location.line) for skip in found.skips] == [("a piece of it does not parse", 9)]
    found = study("this is no ((( program at all }}}", name="app.js", runtime="nodejs22.x")
    assert found.skips[0].why == "not valid JavaScript or TypeScript"


def test_a_bundle_that_exports_names_before_they_are_bound(script):
    code = """
    var expose = (target, all) => { for (var name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true }); };
    var wrap = (held, module) => () => (module || (0, held[Object.getOwnPropertyNames(held)[0]])((module = { exports: {} }).exports, module),
      module.exports);
    var require_lib = wrap({ "lib.js"(exports2, module2) { module2.exports = { run(c) { require("child_process").exec(c); } }; } });
    var index_exports = {};
    expose(index_exports, { handler: () => handler });
    module.exports = index_exports;
    var lib = require_lib();
    var handler = async (event) => { lib.run(event.body); };
    """
    assert script(code) == ["process<-body"]


def test_a_bundle_of_numbered_modules(script):
    code = """
    (() => {
      var modules = { 7: (module, exports, load) => { module.exports.run = (c) => load(9).exec(c); },
                      9: (module) => { module.exports = require("child_process"); } };
      var cache = {};
      function load(id) {
        var cached = cache[id];
        if (cached !== undefined) { return cached.exports; }
        var module = cache[id] = { exports: {} };
        modules[id](module, module.exports, load);
        return module.exports;
      }
      exports.handler = async (event) => { load(7).run(event.body); };
    })();
    """
    assert script(code) == ["process<-body"]


def test_asynchronous_functions_that_a_compiler_made_generators(script):
    code = """
    var __awaiter = (this && this.__awaiter) || function (self, given, P, make) {
      return new (P || (P = Promise))((resolve) => { const step = (r) => r.done ? resolve(r.value) : step(made.next(r.value));
        const made = make.apply(self, given || []); step(made.next()); });
    };
    const cp = require("child_process");
    const get = (e) => __awaiter(void 0, void 0, void 0, function* () { return e.body; });
    exports.handler = (event) => __awaiter(void 0, void 0, void 0, function* () {
      const x = yield get(event);
      cp.exec("ls " + x);
      return { statusCode: 200 };
    });
    """
    assert script(code) == ["process<-body"]


def test_machines_of_states_are_told(study):
    code = "exports.handler = function (e) { return __generator(this, function (_a) { switch (_a.label) { case 0: return [2] } }); };\n"
    found = study(code, name="app.js", runtime="nodejs22.x")
    assert [skip.why for skip in found.skips] == ["it was compiled to a machine of states, which is not followed"]
