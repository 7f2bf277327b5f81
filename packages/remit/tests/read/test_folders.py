"""Folders of functions without a template: handlers are guessed, and said to be."""

from pathlib import Path

import pytest

from remit.app.model import Sender
from remit.read import code_of, load
from remit.read.files import handler_of
from remit.read.folders.guess import guesses, is_test

TEMPLATE = "Resources: {Q: {Type: AWS::SQS::Queue}}\n"
HANDLER = "import json\n\ndef lambda_handler(event, context):\n    return event\n"


def write(root: Path, name: str, content: str = HANDLER) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.py", "def lambda_handler(event, context):", [("lambda_handler", 1, "python")]),
        ("a.py", "x = 1\nasync def main(event: dict, _context: Any) -> None:", [("main", 2, "python")]),
        ("a.py", "def run(event: dict[str, Any], context: 'Ctx' = None):", [("run", 1, "python")]),
        ("a.py", "def lambda_handler(e, c):", [("lambda_handler", 1, "python")]),
        ("a.py", "    def inner(event, context):", []),
        ("a.py", "def on(event, listener):\ndef save(order, context):", []),
        (
            "main.py",
            "import functions_framework\n@functions_framework.http\ndef hi(request):",
            [("hi", 3, "google-python")],
        ),
        (
            "function_app.py",
            'import azure.functions as func\napp = func.FunctionApp()\n@app.route(route="x")\ndef hi(req):',
            [("hi", 4, "azure-python")],
        ),
        ("a.js", "exports.handler = async (event) => {}", [("handler", 1, "nodejs")]),
        ("a.js", "exports.create = async event => 1\nexports.util = x => 1", [("create", 1, "nodejs")]),
        ("a.js", "exports.command = 'x'\nexports.handler = argv => 1", []),
        ("a.ts", "export const handler: Handler = middy(f)", [("handler", 1, "nodejs")]),
        ("a.ts", "export const list: Handler<E> = async (event) => {}", [("list", 1, "nodejs")]),
        ("a.mjs", "export async function handler(event) {}", [("handler", 1, "nodejs")]),
        ("a.js", "const { app } = require('@azure/functions')\napp.http('hi', {})", [("hi", 2, "azure-nodejs")]),
        (
            "a.js",
            "const functions = require('@google-cloud/functions-framework');\nfunctions.http('hi', (q, s) => {})",
            [("hi", 2, "google-nodejs")],
        ),
        ("a.ts", "export default function handler(req, res) {}", []),
    ],
)
def test_what_looks_like_a_handler(file: str, text: str, expected: list[tuple[str, int, str]]) -> None:
    assert [(guess.name, guess.line, guess.runtime) for guess in guesses(file, text)] == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("tests/a.py", True),
        ("test_a.py", True),
        ("a.test.ts", True),
        ("jest.config.js", True),
        ("src/attest.py", False),
    ],
)
def test_tests_are_no_functions(file: str, expected: bool) -> None:
    assert is_test(file) is expected


def test_a_folder_of_functions(tmp_path: Path) -> None:
    write(tmp_path, "orders/app.py")
    write(tmp_path, "orders/requirements.txt", "boto3\n")
    write(tmp_path, "orders/api/list.py")
    write(tmp_path, "mail/index.js", "exports.handler = async (event) => {};\n")
    write(tmp_path, "tests/test_app.py")
    reading = load(tmp_path)
    (app,) = reading.apps
    assert (app.name, app.form, app.template) == (tmp_path.name, "folder", "")
    assert [(f.id, f.handler, f.code, f.runtime, f.guessed) for f in app.functions] == [
        ("mail_index", "index.handler", "mail", "nodejs", "it is exported like a handler"),
        ("orders_app", "app.lambda_handler", "orders", "python", "it takes an event and a context"),
        ("orders_api_list", "api/list.lambda_handler", "orders", "python", "it takes an event and a context"),
    ]
    for function in app.functions:
        found = handler_of(code_of(tmp_path, function), function)
        assert found is not None
        assert (found.file, found.line) == (function.location.file, function.location.line)
    assert {(trigger.source, trigger.sender) for trigger in app.triggers} == {("unknown", Sender.ANYONE)}
    assert {skip.blind for skip in reading.skips} == {False}
    assert all("is a guess" in skip.why for skip in reading.skips)


def test_azure_functions_by_their_configuration(tmp_path: Path) -> None:
    write(tmp_path, "host.json", "{}")
    bindings = '{"scriptFile": "__init__.py", "bindings": [{"type": "httpTrigger", "direction": "in", "name": "req"}]}'
    write(tmp_path, "Hello/function.json", bindings)
    write(tmp_path, "Hello/__init__.py", "import azure.functions as func\ndef main(req): ...\n")
    ((function,),) = [app.functions for app in load(tmp_path).apps]
    assert (function.id, function.handler, function.runtime) == ("Hello", "Hello.main", "azure-python")
    assert function.language == ""


@pytest.mark.parametrize("template", ["template.yaml", "main.tf", "cdk.json", "serverless.yml"])
def test_below_a_template_nothing_is_guessed(tmp_path: Path, template: str) -> None:
    content = {"main.tf": "", "cdk.json": "{}", "serverless.yml": "service: x\nprovider: aws\n"}.get(template, TEMPLATE)
    write(tmp_path, template, content)
    write(tmp_path, "deep/src/app.py")
    assert [app for app in load(tmp_path).apps if app.form == "folder"] == []


def test_beside_a_template_it_is_guessed_unless_it_is_its_code(tmp_path: Path) -> None:
    text = (
        "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Runtime: python3.12, Code: ../src}}}\n"
    )
    write(tmp_path, "infra/stack.yaml", text)
    write(tmp_path, "src/app.py")
    write(tmp_path, "tools/app.py")
    assert [f.id for app in load(tmp_path).apps if app.form == "folder" for f in app.functions] == ["tools_app"]


def test_ids_stay_apart(tmp_path: Path) -> None:
    two = "exports.a = async (event) => {};\nexports.b = async (event) => {};\n"
    write(tmp_path, "x/y.js", two)
    write(tmp_path, "x_y.js", two)
    ((functions),) = [app.functions for app in load(tmp_path).apps]
    assert sorted(function.id for function in functions) == ["x_y", "x_y_a", "x_y_b", "x_y_b_2"]


def test_a_huge_or_binary_file_is_no_handler(tmp_path: Path) -> None:
    write(tmp_path, "a.py", HANDLER + "#" * 300_000)
    (tmp_path / "b.py").write_bytes(b"\xff\x00" + HANDLER.encode())
    assert [f.id for app in load(tmp_path).apps for f in app.functions] == ["b"]
