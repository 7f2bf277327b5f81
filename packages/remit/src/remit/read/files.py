"""Reading code trees: a function's files, once, bounded."""

import os
import posixpath
from pathlib import Path

from remit.app.location import Location
from remit.app.model import Function
from remit.app.report import Failure, Skip
from remit.read.code import CodeTree
from remit.read.discover import open_regular

#: More files than this in one function are not its own code; the rest is left out and said to be.
MAX_FILES = 3_000
#: A file of this size is generated.
MAX_FILE_BYTES = 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024

_SUFFIXES = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"),
}


def code_of(root: Path, function: Function) -> CodeTree:
    """Reads the code of one function: its folder (or file), then its local layers.

    Args:
        root: the scanned root.
        function: whose code.

    Returns:
        Its source files. What is left out is a skip, what should have been read and could not be is a failure.
    """
    if function.inline is not None:
        from remit.read.inline import inline_tree

        return inline_tree(root, function)
    suffixes = _SUFFIXES.get(function.language)
    if function.code is None or suffixes is None:
        return CodeTree(function.code or "")
    reader = _Reader(root, function, suffixes)
    for folder in (function.code, *function.layers):
        reader.read(folder)
    code = "" if function.code == "." else function.code
    if posixpath.splitext(code)[1] in suffixes:
        code = posixpath.dirname(code)
    return CodeTree(code, reader.files, tuple(reader.skips), tuple(reader.failures))


class _Reader:
    """Collects files until a bound is reached."""

    def __init__(self, root: Path, function: Function, suffixes: tuple[str, ...]) -> None:
        self.root = root
        self.function = function
        self.suffixes = suffixes
        self.files: dict[str, str] = {}
        self.skips: list[Skip] = []
        self.failures: list[Failure] = []
        self.bytes = 0

    def read(self, folder: str) -> None:
        """Adds the files of one folder, or one file."""
        base = os.path.realpath(self.root)
        path = os.path.realpath(os.path.join(base, folder))
        name, at = self.function.id, self.function.location
        if path != base and not path.startswith(base + os.sep):
            why = f"its code {folder} is outside the examined folder; start from a folder that holds both"
            self.skips.append(Skip(name, why, at, blind=True))
        elif os.path.isdir(path):
            self._folder("" if folder == "." else folder, path)
        elif os.path.isfile(path) and path.endswith(self.suffixes):
            self._file(folder, path)
        elif os.path.exists(path):
            self.skips.append(Skip(name, f"its code {folder} is an archive", at, blind=True))
        else:
            self._missing(folder, path)

    def _missing(self, folder: str, path: str) -> None:
        """Says why there is no code: nothing is there, or one may not look."""
        try:
            os.stat(path)
        except PermissionError as error:
            self.failures.append(Failure(folder, f"cannot be read: {error.strerror}", Location(folder)))
        except OSError:
            why = f"its code {folder} is not there; is it built first?"
            self.skips.append(Skip(self.function.id, why, self.function.location, blind=True))

    def _folder(self, prefix: str, path: str) -> None:
        from remit.read.discover import Found, walk
        from remit.read.vendored import Vendored

        found = Found()
        vendored = Vendored()
        for name, file in walk(Path(path), found, leave_out=vendored.leaves_out):
            if not name.endswith(self.suffixes) or name.endswith(".d.ts"):
                continue
            if len(self.files) >= MAX_FILES or self.bytes >= MAX_TOTAL_BYTES:
                why = f"more than {MAX_FILES:,} files or {MAX_TOTAL_BYTES >> 20} MB of code; the rest was not read"
                self.skips.append(Skip(prefix or ".", why, self.function.location, blind=True))
                break
            self._file(posixpath.join(prefix, name), file)
        self.skips += [_below(prefix, skip) for skip in (*found.skips, *vendored.skips())]
        for name, why in found.odd.items():
            if name.endswith(self.suffixes):
                at = posixpath.join(prefix, name)
                self.failures.append(Failure(at, f"cannot be read: {why}", Location(at)))
        self.failures += [_failed_below(prefix, failure) for failure in found.failures]

    def _file(self, name: str, path: str) -> None:
        try:
            with open_regular(path) as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            self.failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
            return
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
    what = posixpath.join(prefix, skip.what)
    return Skip(what, skip.why, Location(what), skip.blind)
