"""From the copy of code that ``cdk synth`` made to the folder of the user that it was made from."""

import os
import posixpath
import re
from collections.abc import Iterator

from remit.read.context import Context

_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts")
#: A bundler names, before each part of a bundle, the file it comes from.
_PART = re.compile(rb"^// ([^\s:]+\.(?:[cm]?[jt]sx?))$", re.MULTILINE)
_MAX_FILES = 400
_MAX_BYTES = 2 * 1024 * 1024


class Origins:
    """Finds where assets come from; the folder of the app is listed once.

    Args:
        context: the reading.
        app: folder of the CDK app relative to the root, ``""`` for the root.
        names: every file of the examined folder that may be code.
    """

    def __init__(self, context: Context, app: str, names: list[str]) -> None:
        self._context = context
        self._app = app
        self._by_name: dict[str, list[str]] = {}
        prefix = f"{app}/" if app else ""
        for name in names:
            if name.startswith(prefix):
                self._by_name.setdefault(posixpath.basename(name), []).append(name)
        self._known: dict[str, str | None] = {}

    def folder(self, asset: str) -> str | None:
        """The folder that a copied asset is a copy of: every file of code in it is there as well, byte for byte."""
        if asset not in self._known:
            self._known[asset] = self._copied(asset)
        return self._known[asset]

    def entry(self, asset: str, module: str) -> str | None:
        """The source file that a bundled module was made from: the last part of the bundle that is the user's own.

        Args:
            asset: folder of the bundle.
            module: the handler's module in it: ``index``.
        """
        for suffix in (".js", ".mjs", ".cjs"):
            data = self._bytes(posixpath.join(asset, module + suffix))
            if data is None:
                continue
            parts = [part.decode("utf-8", "replace") for part in _PART.findall(data)]
            for part in reversed([part for part in parts if "node_modules/" not in part]):
                name = posixpath.normpath(posixpath.join(self._app, part))
                if self._context.inside(name) and self._context.is_file(name):
                    return name
        return None

    def _copied(self, asset: str) -> str | None:
        files = sorted(self._files(asset))
        if not files or len(files) > _MAX_FILES:
            return None
        for candidate in self._by_name.get(posixpath.basename(files[0]), []):
            if not candidate.endswith(f"/{files[0]}") and candidate != files[0]:
                continue
            folder = candidate[: len(candidate) - len(files[0])].rstrip("/")
            if all(self._same(posixpath.join(asset, file), posixpath.join(folder, file)) for file in files):
                return folder or "."
        return None

    def _files(self, asset: str) -> Iterator[str]:
        base = self._context.path(asset)
        count = 0
        for folder, folders, files in os.walk(base):
            folders[:] = [name for name in folders if name not in ("node_modules", "__pycache__")]
            for name in files:
                count += 1
                if count > 20 * _MAX_FILES:
                    return
                if name.endswith(_SUFFIXES):
                    yield posixpath.normpath(os.path.relpath(os.path.join(folder, name), base).replace(os.sep, "/"))

    def _same(self, one: str, two: str) -> bool:
        first = self._bytes(one)
        return first is not None and first == self._bytes(two)

    def _bytes(self, name: str) -> bytes | None:
        from remit.read.discover import open_regular

        if not self._context.inside(name):
            return None
        try:
            with open_regular(self._context.path(name)) as file:
                data = file.read(_MAX_BYTES + 1)
        except OSError:
            return None
        return data if len(data) <= _MAX_BYTES else None
