"""Event sources are called the same by those who read templates and by those who know events."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import remit.read
from remit.app.graph import KINDS
from remit.app.location import Location
from remit.app.model import App, Function, Sender, Trigger
from remit.flow.event import roots
from remit.graph.kinds import DOORS
from remit.read.serverless.events import _DIRECT
from remit.read.wiring.mapping import _POLLED
from remit.read.wiring.permission import _SERVICES
from remit_guard import events

READ = Path(remit.read.__file__).parent
#: Which argument of what makes triggers names their source.
_SOURCE_OF = {"attach": 3, "made": 2, "Trigger": 1, "_from_resource": 2, "_trigger": 6}
#: Shapes nobody can know: each leaf is untrusted then.
SHAPELESS = {"unknown"}


def written() -> Iterator[tuple[str, str]]:
    """Each source named in a call of a reader, and where."""
    for file in sorted(READ.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            index = _SOURCE_OF.get(called)
            given = node.args[index] if index is not None and index < len(node.args) else None
            for part in ast.walk(given) if isinstance(given, ast.Constant | ast.IfExp) else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value, f"{file.relative_to(READ)}:{node.lineno}"


def test_every_name_that_readers_write_is_known():
    found = list(written())
    assert {"sqs", "s3", "cognito", "alb", "function-url", "unknown"} <= {name for name, _ in found}, "the search works"
    assert [(name, at) for name, at in found if name not in {*events.names(), *SHAPELESS}] == []


def test_every_name_in_their_tables_is_known():
    named = {
        *_POLLED.values(),
        *(row[0] for row in _SERVICES.values()),
        *(row[3] for row in _DIRECT.values()),
        *KINDS,
        *DOORS,
    }
    assert named - {*events.names(), *SHAPELESS} == set()


@pytest.mark.parametrize("name", [*events.names(), *SHAPELESS])
def test_the_analysis_starts_from_the_same_fields_that_the_guard_opens(name):
    at = Location("template.yaml", 1)
    function = Function("F", "app.handler", "python3.13", "src", at)
    trigger = Trigger("F", name, "x", at, Sender.ANYONE)
    (root,) = roots(App("a", "SAM", "t", functions=(function,), triggers=(trigger,)), function)
    source = events.by_name(name if name in events.names() else "direct")
    assert [path for path, _, _ in root.fields] == [spec.path for spec in source.fields]
    assert root.responds == source.responds
