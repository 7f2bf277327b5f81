"""What the readers' tests share: a template text to an App."""

import textwrap
from collections.abc import Callable

import pytest

from remit.app.model import App, Sender, Trigger
from remit.read.build import build
from remit.read.document import parse

SAM = "Transform: AWS::Serverless-2016-10-31\n"


@pytest.fixture
def read_app() -> Callable[[str], App]:
    """Reads a template; nothing may fail."""

    def read(text: str) -> App:
        app, _, failures = build(parse(textwrap.dedent(text).encode(), json=False), "template.yaml")
        assert not failures, [str(failure) for failure in failures]
        return app

    return read


@pytest.fixture
def resources(read_app: Callable[[str], App]) -> Callable[[str], App]:
    """Reads the resources of a SAM template."""
    return lambda text: read_app(SAM + "Resources:\n" + textwrap.indent(textwrap.dedent(text), "  "))


@pytest.fixture
def senders(resources: Callable[[str], App]) -> Callable[[str], dict[str, tuple[str, Sender]]]:
    """Reads resources and tells, by a trigger's name, its source and sender."""

    def read(text: str) -> dict[str, tuple[str, Sender]]:
        triggers: tuple[Trigger, ...] = resources(text).triggers
        return {trigger.name: (trigger.source, trigger.sender) for trigger in triggers}

    return read
