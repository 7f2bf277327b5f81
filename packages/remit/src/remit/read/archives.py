"""Source files inside a zip, read in place: nothing is unpacked to disk, and no bomb unfolds."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from remit.read.vendored import FOLDERS, KNOWN, METADATA, Vendored

#: Entries of one archive that are looked at.
MAX_ENTRIES = 50_000
#: Bytes of an archive's table of contents: that of ``MAX_ENTRIES`` with long names.
_MAX_TABLE = 16 * 1024 * 1024


class Refused(Exception):  # noqa: N818
    """An archive, or one file in it, that is not read: why."""


def entries(file: BinaryIO, wanted: Callable[[str], bool], most: int) -> Iterator[tuple[str, bytes | Refused]]:
    """The wanted files of an archive, as (name, bytes); in place of the bytes the reason where one is not read.

    Args:
        file: the archive.
        wanted: whether a name counts.
        most: bytes of one file; more than that is refused, whatever its header says.

    Raises:
        Refused: it is no archive that can be read.
    """
    checked(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(f"cannot be read as an archive: {error}") from None
    with archive:
        infos = archive.infolist()
        if len(infos) > MAX_ENTRIES:
            raise Refused(f"has {len(infos):,} entries; {MAX_ENTRIES:,} are read at most")
        for info in infos:
            name = posixpath.normpath(info.filename.replace("\\", "/"))
            if info.is_dir() or name.startswith(("/", "../")) or name == ".." or not wanted(name):
                continue
            yield name, _bytes(archive, info, most)


def checked(file: BinaryIO) -> None:
    """Makes sure that the table of contents is of a size that one may read; leaves the file at its start.

    Raises:
        Refused: it is not.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read(66_000)
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 16 > len(tail):
        raise Refused("cannot be read as an archive: it has no table of contents")
    count, table = int.from_bytes(tail[at + 10 : at + 12], "little"), int.from_bytes(tail[at + 12 : at + 16], "little")
    if count > MAX_ENTRIES or table > _MAX_TABLE:
        raise Refused(f"has more than {MAX_ENTRIES:,} entries; nothing of it was read")


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | Refused:
    if info.flag_bits & 1:
        return Refused("is encrypted")
    try:
        with archive.open(info) as file:
            data = file.read(most + 1)  # inflates no further than this
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        return Refused(f"cannot be unpacked: {error}")
    return data


class InArchive(Vendored):
    """The same for an archive, whose names are all known at once."""

    def of(self, file: BinaryIO) -> frozenset[str]:
        """The names in an archive that are not part of an installed package; the file is left at its start.

        Args:
            file: the archive; what is none has no names.
        """
        try:
            checked(file)
            with zipfile.ZipFile(file) as archive:
                names = [posixpath.normpath(name) for name in archive.namelist()]
        except (Refused, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            names = []
        file.seek(0)
        return frozenset(self._own(names))

    def _own(self, names: list[str]) -> Iterator[str]:
        tops = {name.split("/")[0] for name in names}
        left = {top for top in tops if top in FOLDERS or top.endswith(METADATA)}
        left |= {top for top in tops if top in KNOWN and f"{top}/__init__.py" in names}
        # Metadata says by its own name which package it is of; what it records is not unpacked for that.
        for top in tops:
            if top.endswith(METADATA):
                project = re.split(r"-\d", top)[0].replace("-", "_")
                left |= tops & {project, project.lower(), f"{project}.py", f"{project.lower()}.py"}
        if left:
            self.found.setdefault("", []).extend(sorted(left))
        for name in names:
            parts = name.split("/")
            if parts[0] not in left and not FOLDERS.intersection(parts[:-1]):
                yield name
