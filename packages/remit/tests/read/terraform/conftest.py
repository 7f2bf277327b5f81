"""What the tests of the Terraform reader share: texts to expressions, expansions and Apps."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.app.model import App
from remit.app.node import Node
from remit.app.value import Value
from remit.read import Reading, load
from remit.read.terraform.expand import Expansion
from remit.read.terraform.instance import Instance
from remit.read.terraform.sources import Sources
from remit.read.terraform.things import Called, Frame

Files = dict[str, str | bytes]


def write(folder: Path, files: Files) -> None:
    """Writes files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())


class Expanded:
    """One root module after it was expanded.

    Args:
        folder: where its files are.
        root: its folder below that.
    """

    def __init__(self, folder: Path, root: str = "") -> None:
        names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        known = (".tf", ".tf.json", ".tfvars", ".tofu", ".tfvars.json")
        names = [name for name in names if name.endswith(known) and not name.startswith(".terraform/")]
        self.failures: list = []
        self.skips: list = []
        self.texts: dict[str, str] = {}
        self.sources = Sources(folder, names, self.texts, self.failures)
        self.expansion = Expansion(self.sources, self.skips, self.failures)
        module = self.sources.module(root)
        assert module is not None
        self.called = Called(module, "", root)
        self.instances: list[Instance] = list(self.expansion.instances(self.called))

    def local(self, name: str) -> Node:
        """A local value."""
        local = self.called.module.locals[name]
        return self.expansion.evaluator.safe(local.argument.value, Frame(self.called, local.file, {}))

    def addresses(self) -> list[str]:
        """The addresses of all instances."""
        return [instance.address for instance in self.instances]

    def one(self, address: str) -> Instance:
        """The instance at an address."""
        return next(instance for instance in self.instances if instance.address == address)


@pytest.fixture
def expand(tmp_path: Path) -> Callable[..., Expanded]:
    """Expands a root module given as text, with further files by name."""

    def expand_(text: str, files: Files | None = None, root: str = "") -> Expanded:
        write(tmp_path, {"main.tf": text, **(files or {})})
        return Expanded(tmp_path, root)

    return expand_


@pytest.fixture
def value(expand: Callable[..., Expanded]) -> Callable[..., Value]:
    """The plain value of one expression, in a module with further declarations and files."""

    def value_(text: str, rest: str = "", files: Files | None = None) -> Value:
        return expand(f"locals {{\n  x = {text}\n}}\n{textwrap.dedent(rest)}", files).local("x").plain()

    return value_


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Files], Reading]:
    """Reads a folder of files."""

    def read_(files: Files) -> Reading:
        write(tmp_path, files)
        return load(tmp_path)

    return read_


@pytest.fixture
def app(read: Callable[[Files], Reading]) -> Callable[..., App]:
    """Reads one root module; nothing may fail."""

    def app_(text: str, files: Files | None = None) -> App:
        reading = read({"main.tf": text, **(files or {})})
        assert not reading.failures, [str(failure) for failure in reading.failures]
        (found,) = reading.apps
        return found

    return app_
