"""The noun of code trees: the text of a function's files, as a value (``remit.read.files`` reads them)."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.report import Failure, Skip

#: Code packed by somebody: read in place.
ARCHIVES = (".zip", ".jar")
#: Folders that builds write to.
OUTPUT = frozenset(
    ("dist", "build", "out", ".build", "bin", "target", "output", ".esbuild", "lib", "built", ".aws-sam")
)


class Inline(Struct, frozen=True):
    """Where a virtual file of inline code really stands.

    Args:
        file: the template.
        shift: columns to add; lines already agree.
    """

    file: str
    shift: int


class CodeTree(Struct, frozen=True):
    """The code files under one folder.

    Args:
        root: the folder, relative to the scanned root; ``""`` for the root itself.
        files: path relative to the *scanned root* to text; only source files, vendored packages left out.
        skips: what was left out, each with its reason.
        failures: what could not be read.
        inline: for code written in a template: path of its virtual file to where it really stands. The virtual
            file is filled with empty lines, so that its line numbers are those of the template.
        paths: folders besides ``root`` whose modules can be imported by their own names: layers that are packed when
            they are built.
        entry: the file the handler's module is made from, where a build that is not here would give it another name.
    """

    root: str
    files: Mapping[str, str] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()
    inline: Mapping[str, Inline] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    entry: str = ""

    def locate(self, location: Location) -> Location:
        """A place in a virtual file as the place in the template; any other place as it is."""
        real = self.inline.get(location.file)
        if real is None:
            return location
        end = location.end_column and location.end_column + real.shift
        return Location(real.file, location.line, location.column + real.shift, location.end_line, end)
