"""Packages that are not in the code: what a sender wrote and goes there is a gap, or somebody else's."""

import pytest

from remit.app.model import App, Function, Sender, Trigger
from remit.flow import analyse
from remit.read.code import CodeTree


def skips(files, runtime, location):
    function = Function("Shop", "app.handler", runtime, "src", location)
    app = App(
        "shop", "SAM", "template.yaml", (function,), (Trigger("Shop", "http-api", "http-api", location, Sender.ANYONE),)
    )
    found = analyse(app, function, CodeTree("src", {f"src/{name}": text for name, text in files.items()}))
    return [(skip.what.split(": ")[1], skip.blind) for skip in found.skips]


@pytest.fixture
def told(location):
    return lambda files, runtime: skips(files, runtime, location)


@pytest.fixture
def location():
    from remit.app.location import Location

    return Location("template.yaml", 1)


PYTHON = (
    "import shop_tools\n"
    "def handler(event, context):\n"
    "    shop_tools.run(event['body'])\n"
    "    shop_tools.Client().go(event['body'])\n"
)
SCRIPT = (
    "const tools = require('@shop/tools');\n"
    "exports.handler = async (e) => { tools.run(e.body); new tools.Client().go(e.body) };\n"
)


def test_a_module_found_nowhere_is_a_gap(told):
    assert told({"app.py": PYTHON}, "python3.13") == [("the package shop_tools", True)]
    assert told({"app.js": SCRIPT}, "nodejs22.x") == [("the package @shop/tools", True)]


def test_a_package_that_is_asked_for_is_said_once(told):
    assert told({"app.py": PYTHON, "requirements.txt": "shop-tools==1.0\n"}, "python3.13") == [
        ("the package shop_tools", False)
    ]
    manifest = '{"dependencies": {"@shop/tools": "^1.0.0"}}'
    assert told({"app.js": SCRIPT, "package.json": manifest}, "nodejs22.x") == [("the package @shop/tools", False)]


def test_what_the_platform_brings_and_what_gets_nothing_of_a_sender(told):
    assert told({"app.py": PYTHON.replace("event['body']", "'a'")}, "python3.13") == []
    assert told({"app.py": "import zlib\ndef handler(e, c):\n    zlib.compress(e['body'])\n"}, "python3.13") == []
    assert told({"app.js": SCRIPT.replace("e.body", "1")}, "nodejs22.x") == []
    code = "const zlib = require('node:zlib');\nexports.handler = async (e) => { zlib.gzipSync(e.body) };\n"
    assert told({"app.js": code}, "nodejs22.x") == []
