"""What the tests of the Serverless reader share: a folder of files to a Reading."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.app.model import App
from remit.read import Reading, load

HEAD = "service: shop\nprovider:\n  name: aws\n  runtime: python3.12\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Reads a folder: ``serverless.yml`` and further files by name (``__`` stands for a slash)."""

    def read_(text: str, **files: str) -> Reading:
        for name, content in {"serverless.yml": text, **files}.items():
            path = tmp_path / name.replace("__", "/").replace("_yml", ".yml").replace("_json", ".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content))
        return load(tmp_path)

    return read_


@pytest.fixture
def service(read: Callable[..., Reading]) -> Callable[..., App]:
    """Reads one service; nothing may fail."""

    def service_(text: str, **files: str) -> App:
        reading = read(text, **files)
        assert not reading.failures, [str(failure) for failure in reading.failures]
        (app,) = reading.apps
        return app

    return service_


@pytest.fixture
def events(service: Callable[..., App]) -> Callable[..., list[str]]:
    """The triggers of one function ``f`` with these events, one line each; ``rest`` stands at the top level."""

    def events_(text: str, rest: str = "") -> list[str]:
        body = textwrap.indent(textwrap.dedent(text), "      ")
        app = service(f"{HEAD}functions:\n  f:\n    handler: a.b\n    events:\n{body}\n{textwrap.dedent(rest)}")
        lines = []
        for trigger in app.triggers:
            guard = f" [{trigger.authorizer.kind}]" if trigger.authorizer else ""
            on = f" @{trigger.resource}" if trigger.resource else ""
            lines.append(f"{trigger.source}: {trigger.name} <- {trigger.sender.name}{guard}{on}")
        return lines

    return events_
