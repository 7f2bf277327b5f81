"""What ``.gitignore`` leaves out of a walk, as git reads it: nested files, negation, anchors, ``**``.

Patterns are untrusted text: they are matched without regular expressions, in time that is at most quadratic in the
pattern and the name, and there is a bound on how many are read.
"""

import os
from collections.abc import Sequence

from remit.app.location import Location
from remit.app.noun import Struct, field
from remit.app.report import Skip

NAME = ".gitignore"
_MAX_BYTES = 256 * 1024
_MAX_PATTERNS = 2_000
#: Steps of matching in one walk: far more than any real tree needs.
_MAX_STEPS = 20_000_000
_MAGIC = frozenset("*?[\\")


class _Pattern(Struct, frozen=True):
    """One line of a file.

    Args:
        segments: what is between slashes.
        negated: ``!pattern``: what it matches is not left out after all.
        folders: ``pattern/``: matches folders only.
        anywhere: it has no slash but at its end: matched against the last name only.
    """

    segments: tuple[str, ...]
    negated: bool
    folders: bool
    anywhere: bool


class _File(Struct):
    """The patterns of one folder; those of a literal name are looked up, the others are tried one by one."""

    patterns: list[_Pattern] = field(default_factory=list)
    literal: dict[str, list[int]] = field(default_factory=dict)
    tried: list[int] = field(default_factory=list)


class Ignored:
    """Decides while a walk goes down; remembers what it left out for one note.

    Args:
        base: the folder where the walk starts. Files above it count as far up as its repository goes.
    """

    def __init__(self, base: str) -> None:
        self._files: dict[str, _File] = {}
        self._above: list[tuple[str, _File]] = []
        self._steps = _MAX_STEPS
        self.folders: list[str] = []
        self.files: list[str] = []
        self.skips: list[Skip] = []
        self._climb(base)

    def enter(self, prefix: str, folder: str, names: Sequence[str]) -> None:
        """Reads the file of a folder, if it has one.

        Args:
            prefix: the folder relative to the base, ``""`` or with a slash at its end.
            folder: the folder on disk.
            names: what is in it.
        """
        if NAME in names:
            self._files[prefix] = self._read(os.path.join(folder, NAME), f"{prefix}{NAME}")

    def leaves_out(self, name: str, folder: bool) -> bool:
        """Whether a file or folder is left out.

        Args:
            name: path relative to the base.
            folder: whether it is a folder.
        """
        if not self._files and not self._above:
            return False
        verdict = self._verdict(name, folder)
        if verdict:
            (self.folders if folder else self.files).append(name)
        return bool(verdict)

    def _verdict(self, name: str, folder: bool) -> bool | None:
        prefix = name
        while True:  # the nearest file that has anything to say decides
            prefix, _, _ = prefix.rstrip("/").rpartition("/")
            prefix = f"{prefix}/" if prefix else ""
            file = self._files.get(prefix)
            verdict = self._ask(file, name[len(prefix) :], folder) if file else None
            if verdict is not None or not prefix:
                break
        for above, file in self._above if verdict is None else ():
            verdict = self._ask(file, above + name, folder)
            if verdict is not None:
                break
        return verdict

    def _ask(self, file: _File, name: str, folder: bool) -> bool | None:
        """What the last pattern that matches says."""
        segments = tuple(name.split("/"))
        candidates = [*file.literal.get(segments[-1], ()), *file.tried]
        for index in sorted(candidates, reverse=True):
            pattern = file.patterns[index]
            if pattern.folders and not folder:
                continue
            if self._matches(pattern, segments):
                return not pattern.negated
        return None

    def _matches(self, pattern: _Pattern, segments: tuple[str, ...]) -> bool:
        if self._steps <= 0:
            return False
        if pattern.anywhere:
            return self._glob(pattern.segments[0], segments[-1])
        return self._path(pattern.segments, segments)

    def _path(self, patterns: tuple[str, ...], segments: tuple[str, ...]) -> bool:
        """Segments against segments; ``**`` takes any number, one row of the table after the other."""
        row = [True] + [False] * len(segments)
        for pattern in patterns:
            self._steps -= len(segments)
            if pattern == "**":
                for index in range(1, len(row)):
                    row[index] = row[index] or row[index - 1]
                continue
            row = [False] + [row[i] and self._glob(pattern, segments[i]) for i in range(len(segments))]
        return row[-1]

    def _glob(self, pattern: str, text: str) -> bool:
        if not _MAGIC.intersection(pattern):
            return pattern == text
        atoms = _atoms(pattern)
        at, star, mark, index = 0, -1, 0, 0
        while index < len(text):
            self._steps -= 1
            if self._steps <= 0:
                return False
            if at < len(atoms) and atoms[at] is not None and _one(atoms[at] or "", text[index]):
                at, index = at + 1, index + 1
            elif at < len(atoms) and atoms[at] is None:
                star, mark, at = at, index, at + 1
            elif star >= 0:
                mark += 1
                at, index = star + 1, mark
            else:
                return False
        return all(atom is None for atom in atoms[at:])

    def _climb(self, base: str) -> None:
        """Reads the files of the folders above, up to the top of the repository; none outside a repository."""
        if os.path.exists(os.path.join(base, ".git")):
            return
        found: list[tuple[str, str]] = []
        folder, below = base, ""
        while os.path.dirname(folder) != folder:
            folder, last = os.path.split(folder)
            below = f"{last}/{below}"
            found.append((below, os.path.join(folder, NAME)))
            if os.path.exists(os.path.join(folder, ".git")):
                files = [(prefix, path) for prefix, path in found if os.path.isfile(path)]
                self._above = [(prefix, self._read(path, f"{prefix}{NAME}", above=True)) for prefix, path in files]
                return

    def _read(self, path: str, name: str, *, above: bool = False) -> _File:
        from remit.read.discover import open_regular

        try:
            with open_regular(path) as file:
                data = file.read(_MAX_BYTES + 1)
        except OSError:
            return _File()  # git goes on without it as well
        result = _File()
        lines = data[:_MAX_BYTES].decode("utf-8", "surrogateescape").splitlines()
        for pattern in filter(None, map(_parse, lines[:_MAX_PATTERNS])):
            index = len(result.patterns)
            result.patterns.append(pattern)
            if pattern.anywhere and not _MAGIC.intersection(pattern.segments[0]):
                result.literal.setdefault(pattern.segments[0], []).append(index)
            else:
                result.tried.append(index)
        if (len(data) > _MAX_BYTES or len(lines) > _MAX_PATTERNS) and not above:
            why = f"only its first {_MAX_PATTERNS:,} lines count here; more is examined than git would keep"
            self.skips.append(Skip(name, why, Location(name)))
        return result

    def note(self) -> list[Skip]:
        """One note about everything that was left out, and notes about files that were cut."""
        notes = list(self.skips)
        if self._steps <= 0:
            notes.append(Skip(NAME, "its patterns take too long to match; from some point on nothing was left out"))
        if self.folders or self.files:
            parts = [_count(self.folders, "folder"), _count(self.files, "file")]
            shown = [*(f"{folder}/" for folder in self.folders), *self.files][:3]
            more = len(self.folders) + len(self.files) - len(shown)
            names = ", ".join(shown) + (f" and {more} more" if more else "")
            why = f"leaves out {' and '.join(filter(None, parts))}: {names}"
            notes.append(Skip(NAME, why))
        return notes


def _count(names: list[str], word: str) -> str:
    return f"{len(names):,} {word}{'s' if len(names) > 1 else ''}" if names else ""


def _parse(line: str) -> _Pattern | None:
    text = line
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text[1:] if negated else text
    folders = text.endswith("/")
    text = text[:-1] if folders else text
    anchored = "/" in text
    segments = tuple(text.removeprefix("/").split("/"))
    if "" in segments:
        return None  # two slashes side by side match nothing
    if segments and segments[-1] == "**":
        segments = (*segments, "*")  # everything inside, not the folder itself
    return _Pattern(segments, negated, folders, not anchored and segments != ("**", "*"))


def _atoms(pattern: str) -> list[str | None]:
    """A pattern of one segment as what matches one character each; ``None`` is ``*``."""
    atoms: list[str | None] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        end = pattern.find("]", index + 2) if char == "[" else -1
        if char == "*":
            if not atoms or atoms[-1] is not None:
                atoms.append(None)
        elif char == "\\" and index + 1 < len(pattern):
            index += 1
            atoms.append("=" + pattern[index])
        elif char == "[" and end > 0:
            atoms.append(pattern[index : end + 1])
            index = end
        else:
            atoms.append("?" if char == "?" else "=" + char)
        index += 1
    return atoms


def _one(atom: str, char: str) -> bool:
    if atom == "?":
        return True
    if atom[0] == "=":
        return atom[1] == char
    inner = atom[1:-1]
    negated = inner[:1] in ("!", "^")
    inner = inner[1:] if negated else inner
    found, index = False, 0
    while index < len(inner):
        if index + 2 < len(inner) and inner[index + 1] == "-":
            found = found or inner[index] <= char <= inner[index + 2]
            index += 3
        else:
            found = found or inner[index] == char
            index += 1
    return found != negated
