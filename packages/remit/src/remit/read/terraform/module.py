"""One folder of Terraform files as what it declares: variables, locals, resources, module calls, outputs."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field

from remit.app.location import Location
from remit.app.noun import Struct, replace
from remit.read.document import Span
from remit.read.terraform.syntax import Argument, Block, Body, Literal

#: How Terraform calls files whose blocks change blocks of the same name in other files.
_OVERRIDE = ("override.tf", "override.tf.json", "override.tofu", "override.tofu.json")


class Declaration(Struct, frozen=True):
    """One block with the file it stands in."""

    file: str
    name: str
    body: Body
    at: Span
    type: str = ""
    mode: str = ""

    def location(self) -> Location:
        """Where its header stands."""
        return Location(self.file, *self.at)


class Local(Struct, frozen=True):
    """One local value with the file it stands in."""

    file: str
    argument: Argument


@dataclass(slots=True)
class Module:
    """What the files of one folder declare.

    Args:
        folder: relative to the scanned root; ``""`` for the root.
        files: the files it was read from.
        variables, outputs, calls: blocks by name; ``calls`` are its ``module`` blocks.
        locals: local values by name.
        resources: ``resource`` and ``data`` blocks by mode, type and name.
    """

    folder: str
    files: list[str] = field(default_factory=list)
    variables: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    calls: dict[str, Declaration] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Declaration] = field(default_factory=dict)

    def add(self, file: str, body: Body) -> None:
        """Adds what one file declares."""
        self.files.append(file)
        for block in body.blocks:
            self._add(file, block)

    def override(self, file: str, body: Body) -> None:
        """Lets the blocks of one file change those of the same name; what is new is added."""
        for block in body.blocks:
            self._add(file, block, over=True)

    def _add(self, file: str, block: Block, *, over: bool = False) -> None:
        labels, body = block.labels, block.body
        if block.type == "locals":
            self.locals |= {name: Local(file, argument) for name, argument in body.arguments.items()}
            return
        if block.type in ("resource", "data") and len(labels) == 2:
            key = ("data" if block.type == "data" else "resource", labels[0], labels[1])
            new = Declaration(file, labels[1], body, block.at, labels[0], key[0])
            self.resources[key] = _over(self.resources.get(key), new) if over else new
            return
        section = {"variable": self.variables, "output": self.outputs, "module": self.calls}.get(block.type)
        if section is not None and len(labels) == 1:
            new = Declaration(file, labels[0], body, block.at, block.type)
            section[labels[0]] = _over(section.get(labels[0]), new) if over else new

    def sources(self) -> Iterable[str]:
        """What its module calls name as their source, where that is a literal."""
        for call in self.calls.values():
            source = call.body.expr("source")
            if isinstance(source, Literal) and isinstance(source.value, str):
                yield source.value

    def local_calls(self) -> Iterable[str]:
        """The folders, relative to the scanned root, of the modules it calls by a local path."""
        for source in self.sources():
            folder = local_folder(self.folder, source)
            if folder is not None:
                yield folder


def is_override(name: str) -> bool:
    """Whether a file is one of those that change what other files declare."""
    base = posixpath.basename(name)
    return base in _OVERRIDE or base.endswith(tuple(f"_{word}" for word in _OVERRIDE))


def local_folder(folder: str, source: str) -> str | None:
    """The folder that a module source names, relative to the scanned root; ``None`` unless it is a local path.

    A path that leads out of the root keeps its leading ``..``.
    """
    if not source.startswith(("./", "../")) and source not in (".", ".."):
        return None
    path = posixpath.normpath(posixpath.join(folder, source))
    return "" if path == "." else path


def _over(old: Declaration | None, new: Declaration) -> Declaration:
    if old is None:
        return new
    types = {block.type for block in new.body.blocks}
    blocks = (*(block for block in old.body.blocks if block.type not in types), *new.body.blocks)
    return replace(old, body=Body({**old.body.arguments, **new.body.arguments}, blocks, old.body.json))
