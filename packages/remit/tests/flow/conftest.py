"""A small language for tests of the flow analysis: code in, flows and effects out."""

import textwrap
from collections.abc import Callable, Mapping

import pytest

from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.model import App, Authorizer, Function, Sender, Trigger
from remit.app.node import Node
from remit.app.value import Value
from remit.flow import analyse
from remit.read.code import CodeTree

HERE = Location("template.yaml", 1)
Study = Callable[..., Analysis]


def _study(
    code: str,
    source: str = "http-api",
    *,
    environment: Mapping[str, Value] | None = None,
    files: Mapping[str, str] | None = None,
    handler: str = "app.handler",
    runtime: str = "python3.12",
    authorizer: str = "",
    resource: str = "",
    properties: Node | None = None,
    name: str = "app.py",
) -> Analysis:
    variables = {name: Node(value, HERE) for name, value in (environment or {}).items()}  # type: ignore[arg-type]
    function = Function("Shop", handler, runtime, "src", HERE, environment=variables)
    guard = Authorizer(authorizer) if authorizer else None
    triggers = tuple(
        Trigger("Shop", name, name, HERE, Sender.ANYONE, authorizer=guard, resource=resource, properties=properties)
        for name in source.split()
    )
    app = App("shop", "SAM", "template.yaml", (function,), triggers)
    texts = {f"src/{name}": textwrap.dedent(code)}
    texts.update({f"src/{name}": textwrap.dedent(text) for name, text in (files or {}).items()})
    return analyse(app, function, CodeTree("src", texts))


@pytest.fixture
def study() -> Study:
    """Analyses the text of ``src/app.py`` (and more ``files``) as the code of a function with these triggers."""
    return _study


@pytest.fixture
def flows() -> Callable[..., list[str]]:
    """The same, told as ``sink<-path``; ``!`` and the kind for origins that are no field."""

    def tell(code: str, source: str = "http-api", **more: object) -> list[str]:
        analysis = _study(code, source, **more)  # type: ignore[arg-type]
        assert not analysis.skips
        return [
            f"{flow.sink}<-{flow.origin.path if flow.origin.kind == 'field' else '!' + flow.origin.kind}"
            for flow in analysis.flows
        ]

    return tell


@pytest.fixture
def body() -> Callable[..., list[str]]:
    """Sinks reached by ``x``, a text out of a request's document, in the body of a handler; module code may precede."""

    def tell(code: str, before: str = "", source: str = "http-api") -> list[str]:
        text = (
            textwrap.dedent(before)
            + "\nimport json\n\ndef handler(event, context):\n    x = json.loads(event['body'])['x']\n"
            + textwrap.indent(textwrap.dedent(code), "    ")
        )
        analysis = _study(text, source)
        assert not analysis.skips
        assert {flow.origin.path for flow in analysis.flows} <= {"body→x"}
        return [flow.sink for flow in analysis.flows]

    return tell


@pytest.fixture
def script() -> Callable[..., list[str]]:
    """The same as ``flows`` for JavaScript; the name of the file says when it is TypeScript."""

    def tell(code: str, source: str = "http-api", *, name: str = "app.js", **more: object) -> list[str]:
        analysis = _study(code, source, name=name, runtime="nodejs22.x", **more)  # type: ignore[arg-type]
        assert not analysis.skips
        return [
            f"{flow.sink}<-{flow.origin.path if flow.origin.kind == 'field' else '!' + flow.origin.kind}"
            for flow in analysis.flows
        ]

    return tell


@pytest.fixture
def snippet() -> Callable[..., list[str]]:
    """Sinks reached by ``x``, a text out of a request's document, in a handler of JavaScript."""

    def tell(code: str, before: str = "", source: str = "http-api", **more: object) -> list[str]:
        text = (
            textwrap.dedent(before)
            + "\nexports.handler = async (event, context, callback) => {\n  const x = JSON.parse(event.body).x;\n"
            + textwrap.indent(textwrap.dedent(code), "  ")
            + "\n};\n"
        )
        analysis = _study(text, source, name="app.js", runtime="nodejs22.x", **more)  # type: ignore[arg-type]
        assert not analysis.skips
        assert {flow.origin.path for flow in analysis.flows} <= {"body→x"}
        return [flow.sink for flow in analysis.flows]

    return tell
