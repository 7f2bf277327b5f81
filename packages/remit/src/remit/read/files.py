"""Reading code trees: a function's files, once, bounded."""

import os
import posixpath
from pathlib import Path

from remit.app.location import Location
from remit.app.model import Function
from remit.app.noun import Struct, field
from remit.app.report import Failure, Skip
from remit.read.code import ARCHIVES, OUTPUT, CodeTree
from remit.read.discover import SKIPPED_FOLDERS, open_regular
from remit.read.handlers import Located, handler_of, split

__all__ = ["CodeTree", "Located", "Read", "code_of", "handler_of"]

_OUTPUT = frozenset(("dist", "build"))
#: More files than this in one function are not its own code; the rest is left out and said to be.
MAX_FILES = 3_000
#: A file of this size is generated.
MAX_FILE_BYTES = 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024

_SUFFIXES = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"),
}
#: Files that are no code and say how names of modules are resolved, and which packages are shipped.
_SETTINGS = {
    "python": frozenset(("requirements.txt",)),
    "javascript": frozenset(("package.json", "tsconfig.json", "tsconfig.base.json", "jsconfig.json")),
}


#: What is read of one folder: the folder, the suffixes, the output folder that counts as well.
Key = tuple[str, tuple[str, ...], str]


def code_of(root: Path, function: Function, known: "dict[Key, Read] | None" = None) -> CodeTree:
    """Reads the code of one function: its folder (or file, or archive), then its local layers.

    Args:
        root: the scanned root.
        function: whose code.
        known: what was read before, by folder: give the same mapping for all functions of one reading, and what they
            share is read once.

    Returns:
        Its source files. What is left out is a skip, what should have been read and could not be is a failure.
    """
    if function.inline is not None:
        from remit.read.inline import inline_tree

        return inline_tree(root, function)
    suffixes = _SUFFIXES.get(function.language)
    if function.code is None or suffixes is None:
        return CodeTree(function.code or "")
    known = {} if known is None else known
    files: dict[str, str] = {}
    skips: list[Skip] = []
    failures: list[Failure] = []
    code = function.code
    output = _output_of(function)
    read_in_place, entry = code, ""
    instead = _instead(root, function, suffixes, known)
    if instead is not None:
        read_in_place, code, entry = instead
        what = f"what lies beside it, in {code}," if not entry else f"its source {entry}"
        why = f"its code {function.code} is not built; {what} was examined in its place"
        skips.append(Skip(function.id, why, function.location))
    for folder in (read_in_place, *function.layers):
        key = (folder, suffixes, output if folder == read_in_place else "")
        if key not in known:
            known[key] = _Reader(root, suffixes, key[2]).read(folder)
        read = known[key]
        if read.absent:
            what = read.absent.replace("its code", "its layer") if folder != read_in_place else read.absent
            skips.append(Skip(function.id, what, function.location, blind=True))
        files.update(read.files)
        skips += read.skips
        failures += read.failures
    code = "" if code == "." else code
    if posixpath.splitext(code)[1] in suffixes:
        code = posixpath.dirname(code)
    paths = tuple(layer for layer in function.layers if not any(file.startswith(f"{layer}/python/") for file in files))
    return CodeTree(code, files, tuple(skips), tuple(failures), paths=paths, entry=entry)


def key_of(function: Function) -> tuple[object, ...]:
    """What decides which code a function has: functions of the same key share a tree."""
    return (
        function.code,
        function.layers,
        function.language,
        _output_of(function),
        function.handler if _is_built(function.code or "") else "",
    )


def _output_of(function: Function) -> str:
    """The folder of build output that a handler names itself (``dist/index.handler``), which then is code; or ``""``."""
    first = function.handler.replace("\\", "/").lstrip("./").split("/")[0]
    return first if first in _OUTPUT and "/" in function.handler else ""


def _is_built(code: str) -> bool:
    """Whether a path is that of something a build makes: an archive, a script in a folder of output, such a folder."""
    parts = code.split("/")
    return parts[-1].lower().endswith(ARCHIVES) or not OUTPUT.isdisjoint(parts)


def _instead(
    root: Path, function: Function, suffixes: tuple[str, ...], known: "dict[Key, Read]"
) -> tuple[str, str, str] | None:
    """What is read in place of code that is not built: the folder to read, the top of the code, the handler's source."""
    beside = _beside(root, function, suffixes)
    if beside is not None:
        return beside or ".", beside or ".", ""
    code = function.code or ""
    base = os.path.realpath(root)
    if not _is_built(code) or code.startswith(("..", "/")) or os.path.lexists(os.path.join(base, code)):
        return None
    from remit.read.unbuilt import source_of

    above = posixpath.dirname(code)
    while above and not os.path.isdir(os.path.join(base, above)):
        above = posixpath.dirname(above)
    key = (above or ".", suffixes, "")
    if key not in known:
        known[key] = _Reader(root, suffixes, "").read(key[0])
    found = source_of(code, function.handler, function.language, known[key].files)
    return (key[0], found.root, found.file) if found is not None else None


def _beside(root: Path, function: Function, suffixes: tuple[str, ...]) -> str | None:
    """Where the sources of an archive lie that is not built: beside it, or in a folder of its name; else ``None``."""
    code = function.code or ""
    if not code.lower().endswith(ARCHIVES) or os.path.lexists(os.path.join(root, code)):
        return None
    stem, parent = posixpath.splitext(code)[0], posixpath.dirname(code)
    for folder in dict.fromkeys(
        (stem, parent, posixpath.join(parent, "src"), posixpath.join(posixpath.dirname(parent), "src"))
    ):
        base = os.path.join(root, folder)
        if any(
            os.path.isfile(os.path.join(base, f"{module}{suffix}"))
            for module in _modules(function)
            for suffix in suffixes
        ):
            return folder
    return None


def _modules(function: Function) -> tuple[str, ...]:
    module, _ = split(function.handler, function.language)
    return (module,) if module and not module.startswith("..") else ()


class Read(Struct):
    """What one folder gave.

    Args:
        files: path relative to the root to text.
        absent: why there is nothing to read, as a clause about the function; or ``""``.
    """

    files: dict[str, str] = field(default_factory=dict)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    absent: str = ""


class _Reader:
    """Collects files until a bound is reached."""

    def __init__(self, root: Path, suffixes: tuple[str, ...], output: str) -> None:
        self.root = root
        self.suffixes = suffixes
        self.settings = next((_SETTINGS[name] for name, own in _SUFFIXES.items() if own == suffixes), frozenset())
        self.skipped = SKIPPED_FOLDERS - {output}
        self.result = Read()
        self.files = self.result.files
        self.skips = self.result.skips
        self.failures = self.result.failures
        self.bytes = 0

    def read(self, folder: str) -> Read:
        """The files of one folder, or one file."""
        base = os.path.realpath(self.root)
        path = os.path.realpath(os.path.join(base, folder))
        if path != base and not path.startswith(base + os.sep):
            why = f"its code {folder} is outside the examined folder; start from a folder that holds both"
            self.result.absent = why
        elif os.path.isdir(path):
            self._folder("" if folder == "." else folder, path)
        elif os.path.isfile(path) and path.endswith(self.suffixes):
            self._file(folder, path)
        elif os.path.isfile(path) and path.lower().endswith(ARCHIVES):
            self._archive(folder, path)
        elif os.path.exists(path):
            self.result.absent = f"its code {folder} is neither a folder nor an archive that can be read"
        else:
            self._missing(folder, path)
        return self.result

    def _missing(self, folder: str, path: str) -> None:
        """Says why there is no code: nothing is there, or one may not look."""
        try:
            os.stat(path)
        except PermissionError as error:
            self.failures.append(Failure(folder, f"cannot be read: {error.strerror}", Location(folder)))
        except OSError:
            self.result.absent = f"its code {folder} is not there; is it built first?"

    def _full(self, prefix: str) -> bool:
        if len(self.files) < MAX_FILES and self.bytes < MAX_TOTAL_BYTES:
            return False
        why = f"more than {MAX_FILES:,} files or {MAX_TOTAL_BYTES >> 20} MB of code; the rest was not read"
        self.skips.append(Skip(prefix or ".", why, Location(prefix or "."), blind=True))
        return True

    def _wanted(self, name: str) -> bool:
        if posixpath.basename(name) in self.settings:
            return True
        return name.endswith(self.suffixes) and not name.endswith(".d.ts")

    def _folder(self, prefix: str, path: str) -> None:
        from remit.read.discover import Found, walk
        from remit.read.vendored import Vendored

        found = Found()
        vendored = Vendored()
        for name, file in walk(Path(path), found, leave_out=vendored.leaves_out, skipped=self.skipped):
            if not self._wanted(name):
                continue
            if self._full(prefix):
                break
            self._file(posixpath.join(prefix, name), file)
        self.skips += [_below(prefix, skip) for skip in (*found.skips, *vendored.skips())]
        for name, why in found.odd.items():
            if name.endswith(self.suffixes):
                at = posixpath.join(prefix, name)
                self.failures.append(Failure(at, f"cannot be read: {why}", Location(at)))
        self.failures += [_failed_below(prefix, failure) for failure in found.failures]

    def _archive(self, name: str, path: str) -> None:
        """Source files in an archive, under its name as if it were a folder."""
        from remit.read.archives import InArchive, Refused, entries

        installed = InArchive()
        try:
            with open_regular(path) as file:
                names = installed.of(file)
                for entry, data in entries(file, lambda entry: self._wanted(entry) and entry in names, MAX_FILE_BYTES):
                    if self._full(name):
                        break
                    at = posixpath.join(name, entry)
                    if isinstance(data, Refused):
                        self.failures.append(Failure(at, str(data), Location(at)))
                    else:
                        self._take(at, data)
        except OSError as error:
            self.failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
        except Refused as error:
            self.failures.append(Failure(name, str(error), Location(name)))
        self.skips += [_below(name, skip) for skip in installed.skips()]

    def _file(self, name: str, path: str) -> None:
        try:
            with open_regular(path) as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            self.failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
            return
        self._take(name, data)

    def _take(self, name: str, data: bytes) -> None:
        """One file's bytes, as text."""
        if len(data) > MAX_FILE_BYTES:
            why = f"larger than {MAX_FILE_BYTES >> 20} MB: generated code is not read"
            self.skips.append(Skip(name, why, Location(name), blind=True))
            return
        self.bytes += len(data)
        text = self._text(name, data)
        if text is not None:
            self.files[name] = text

    def _text(self, name: str, data: bytes) -> str | None:
        try:
            return _decode(data)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            why = f"the byte 0x{data[error.start]:02x} is not {error.encoding}"
            self.failures.append(Failure(name, why, Location(name, line)))
        except (SyntaxError, LookupError) as error:
            self.failures.append(Failure(name, str(error), Location(name, 1)))
        return None


def _decode(data: bytes) -> str:
    """Source bytes to text, as Python does it: UTF-8 unless the first two lines say otherwise."""
    if b"\0" in data:
        raise SyntaxError("there is a NUL byte in it; this is not source code")
    if b"coding" not in data[:400]:
        return data.decode("utf-8-sig")
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding)


def _failed_below(prefix: str, failure: Failure) -> Failure:
    what = posixpath.normpath(posixpath.join(prefix, failure.what))
    return Failure(what, failure.why, Location(what))


def _below(prefix: str, skip: Skip) -> Skip:
    what = posixpath.normpath(posixpath.join(prefix, skip.what))
    return Skip(what, skip.why, Location(what), skip.blind)
