"""What every form's reader gets: the folder, and where texts, skips and failures go. Files are opened here."""

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.report import Failure, Skip

if TYPE_CHECKING:
    from remit.read.document import Document, Malformed, Raw
    from remit.read.imports import Exports, Lent
    from remit.read.resolve import Include


class Context(Struct):
    """One reading while it goes on.

    Args:
        folder: the examined folder; every path is relative to it.
        texts: text of every file that a template is made of, by path.
        skips: what was not examined.
        failures: what should have been read and could not be.
        parts: files that another template is put together from: they are no templates of their own.
    """

    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    #: Every template of the reading, for those that import what another one exports.
    templates: list[str] = field(default_factory=list)
    #: Triggers that belong to functions of other templates.
    lent: "list[Lent]" = field(default_factory=list)
    _exports: "Exports | None" = None

    def exports(self) -> "Exports":
        """What the templates of this reading export."""
        if self._exports is None:
            from remit.read.imports import Exports

            self._exports = Exports(self, self.templates)
        return self._exports

    def path(self, name: str) -> str:
        """A file of the folder on disk."""
        return os.path.join(self.folder, name)

    def is_file(self, name: str) -> bool:
        """Whether there is such a file."""
        return os.path.isfile(self.path(name))

    def inside(self, name: str) -> bool:
        """Whether a path stays inside the folder, also through links."""
        base = os.path.realpath(self.folder)
        real = os.path.realpath(os.path.join(base, name))
        return real == base or real.startswith(base + os.sep)

    def failed(self, name: str, error: "Malformed") -> None:
        """Notes why a file cannot be read as what it is."""
        self.failures.append(Failure(name, error.why, Location(name, error.line, error.column)))

    def parse(self, name: str) -> "Document | None":
        """One YAML or JSON file, parsed; notes why it could not be."""
        from remit.read.discover import read_bytes
        from remit.read.document import Malformed, parse

        try:
            data = read_bytes(self.path(name))
            looks_json = name.lower().endswith(".template") and data.lstrip()[:1] == b"{"
            return parse(data, json=name.lower().endswith(".json") or looks_json)
        except OSError as error:
            self.failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
        except ValueError as error:
            self.failures.append(Failure(name, str(error), Location(name)))
        except Malformed as error:
            self.failed(name, error)
        return None

    def includer(self, template: str) -> "Include":
        """Reads files that one template includes, as long as they are below the folder."""

        def include(path: str) -> "tuple[str, Raw] | None":
            if "://" in path:
                return None
            name = posixpath.normpath(posixpath.join(posixpath.dirname(template), path))
            if not self.inside(name) or not os.path.isfile(self.path(name)):
                return None
            document = self.parse(name)
            if document is None:
                return None
            self.texts[name] = document.text
            return name, document.root

        return include
