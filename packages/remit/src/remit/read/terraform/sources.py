"""The files of Terraform modules: read once, bounded, never outside the scanned root."""

import os
import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from remit.app.location import Location
from remit.app.report import Failure
from remit.read.discover import read_bytes
from remit.read.document import Malformed, decode
from remit.read.terraform.hcl import parse_hcl
from remit.read.terraform.module import Module, is_override
from remit.read.terraform.syntax import Body

_CONFIGURATION = (".tf", ".tf.json", ".tofu", ".tofu.json")
#: Files that expressions read: how many, how many bytes in all, and how many entries of a folder are looked at.
_MAX_READ = 5_000
_MAX_BYTES = 32 * 1024 * 1024
_MAX_LISTED = 20_000


class Sources:
    """The modules below one root.

    Args:
        root: the scanned folder.
        names: the Terraform files found below it, relative to it.
        texts: gets the text of every file that is read.
        failures: gets what cannot be read.
    """

    def __init__(self, root: Path, names: Sequence[str], texts: dict[str, str], failures: list[Failure]) -> None:
        self.base = os.path.realpath(root)
        self.texts = texts
        self.failures = failures
        self._modules: dict[str, Module | None] = {}
        self._bodies: dict[str, Body | None] = {}
        self._contents: dict[str, str] = {}
        self._bytes = 0
        self.folders: dict[str, list[str]] = {}
        self.values: dict[str, list[str]] = {}
        for name in sorted(_with_siblings(self.base, names)):
            kept = self.folders if name.endswith(_CONFIGURATION) else self.values
            kept.setdefault(posixpath.dirname(name), []).append(name)

    def module(self, folder: str) -> Module | None:
        """The module in a folder, or ``None`` when there is none."""
        if folder not in self._modules:
            self._modules[folder] = self._load(folder)
        return self._modules[folder]

    def body(self, name: str) -> Body | None:
        """The syntax of one file; ``None`` when it cannot be read, which is then a failure."""
        if name not in self._bodies:
            self._bodies[name] = self._parse(name)
        return self._bodies[name]

    def inside(self, path: str) -> str | None:
        """A path relative to the root as a path on disk, or ``None`` when it (or what it links to) lies outside."""
        real = os.path.realpath(os.path.join(self.base, path))
        return real if real == self.base or real.startswith(self.base + os.sep) else None

    def text(self, path: str) -> str:
        """The text of a file that an expression reads.

        Raises:
            OSError: it is not there, or lies outside the root.
            ValueError: it is too large, or not text.
        """
        if path in self._contents:
            return self._contents[path]
        real = self.inside(path)
        if real is None:
            raise OSError(0, "lies outside the examined folder", path)
        if len(self._contents) >= _MAX_READ or self._bytes >= _MAX_BYTES:
            raise OSError(0, "is one of too many files that this configuration reads", path)
        try:
            data = read_bytes(real)
            self._bytes += len(data)
            text = decode(data)
        except Malformed as error:
            raise ValueError(error.why) from None
        self._contents[path] = text
        self.texts.setdefault(path, text)
        return text

    def exists(self, path: str) -> bool | None:
        """Whether a file is there; ``None`` when that lies outside the root."""
        real = self.inside(path)
        return None if real is None else os.path.isfile(real)

    def matching(self, folder: str, pattern: str) -> list[str] | None:
        """The files below a folder that fit a pattern of ``fileset``; ``None`` when that cannot be known."""
        real = self.inside(folder)
        wanted = _glob(pattern)
        if real is None or wanted is None:
            return None
        found = []
        count = 0
        for here, folders, files in os.walk(real):
            folders.sort()
            for name in sorted(files):
                count += 1
                path = os.path.relpath(os.path.join(here, name), real).replace(os.sep, "/")
                if wanted.match(path):
                    found.append(path)
            count += len(folders)
            if count > _MAX_LISTED:
                return None
        return found

    def _load(self, folder: str) -> Module | None:
        names = self.folders.get(folder)
        if names is None:
            names = self._listed(folder)
        # OpenTofu reads main.tofu in place of main.tf.
        names = [name for name in names if not (".tf" in name and name.replace(".tf", ".tofu") in names)]
        if not names:
            return None
        module = Module(folder)
        overrides = []
        for name in names:
            if is_override(name):
                overrides.append(name)
                continue
            body = self.body(name)
            if body is not None:
                module.add(name, body)
        for name in overrides:
            body = self.body(name)
            if body is not None:
                module.override(name, body)
        return module

    def _listed(self, folder: str) -> list[str]:
        """Files of a folder that the walk left out: the local copy of a module from elsewhere."""
        real = self.inside(folder)
        try:
            entries = sorted(os.listdir(real)) if real is not None else []
        except OSError:
            return []
        return [posixpath.join(folder, name) for name in entries if name.endswith(_CONFIGURATION)]

    def _parse(self, name: str) -> Body | None:
        real = self.inside(name)
        try:
            if real is None:
                raise OSError(0, "a link that leads out of the examined folder", name)
            text = decode(read_bytes(real))
            self.texts[name] = text
            if name.endswith(".json"):
                from remit.read.terraform.tfjson import parse_tfjson

                parsed = parse_tfjson(text, values=not name.endswith(_CONFIGURATION))
            else:
                parsed = parse_hcl(text)
        except Malformed as error:
            self.failures.append(Failure(name, error.why, Location(name, error.line, error.column)))
            return None
        except OSError as error:
            self.failures.append(Failure(name, f"cannot be read: {error.strerror}", Location(name)))
            return None
        except ValueError as error:
            self.failures.append(Failure(name, str(error), Location(name)))
            return None
        for problem in parsed.problems:
            self.failures.append(Failure(name, problem.why, Location(name, problem.line, problem.column)))
        return parsed.body


def _with_siblings(base: str, names: Sequence[str]) -> Sequence[str]:
    """Where one file was given: the other files of its folder as well, because a module is a folder."""
    if len(names) != 1:
        return names
    folder = posixpath.dirname(names[0])
    try:
        entries = os.listdir(os.path.join(base, folder))
    except OSError:
        return names
    mine = {name for name in entries if name.endswith((*_CONFIGURATION, ".tfvars", ".tfvars.json"))}
    return sorted({*names, *(posixpath.join(folder, name) for name in mine)})


def _glob(pattern: str) -> re.Pattern[str] | None:
    """A pattern of ``fileset`` (``**``, ``*``, ``?``, ``{a,b}``) as a regular expression; ``None`` when it has more."""
    if len(pattern) > 200 or pattern.count("*") > 6:
        return None
    out = []
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if pattern.startswith("**/", position):
            out.append("(?:[^/]+/)*")
            position += 3
            continue
        if pattern.startswith("**", position):
            out.append(".*")
            position += 2
            continue
        if char == "{":
            end = pattern.find("}", position)
            if end < 0:
                return None
            words = pattern[position + 1 : end].split(",")
            out.append("(?:" + "|".join(_word(word) for word in words) + ")")
            position = end + 1
            continue
        out.append(_word(char))
        position += 1
    return re.compile("".join(out) + r"\Z", re.DOTALL)


def _word(text: str) -> str:
    return "".join({"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char) for char in text)
