"""Zip archives that are the same bytes whenever their content is the same; and reading them without trust.

Entries are sorted, times are fixed to the zip format's first day, permissions are 0644 or 0755, the compression level is
fixed. The bytes depend on the zlib that compresses, so ``verify`` compares content, and the zip's own digest.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from remit.app.errors import RemitError

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
#: What Lambda accepts unzipped, layers included (bytes).
LARGEST_UNZIPPED = 262_144_000
#: What ``zipfile`` raises on broken archives (found by fuzzing).
_BROKEN = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file for an archive: its content, and whether it is a program."""

    content: bytes
    executable: bool = False


class ArchiveError(ValueError):
    """An archive that cannot be trusted to be what it says; the text names the entry."""


def write(entries: Mapping[str, Entry]) -> bytes:
    """The archive of some files.

    Args:
        entries: by path inside the archive, with forward slashes.

    Raises:
        RemitError: more than Lambda takes unzipped.
    """
    total = sum(len(entry.content) for entry in entries.values())
    if total > LARGEST_UNZIPPED:
        raise RemitError(f"{total} bytes unzipped; Lambda takes at most {LARGEST_UNZIPPED}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(entries):
            info = zipfile.ZipInfo(path, _FIRST_DAY)
            info.create_system = 3  # Unix, wherever it was built
            info.external_attr = (0o100755 if entries[path].executable else 0o100644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entries[path].content)
    return buffer.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    """Every file of an archive.

    Raises:
        ArchiveError: not a zip, broken, larger than Lambda takes, a name twice, a name that leads out, or an entry
            that is no regular file.
    """
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > LARGEST_UNZIPPED:
                raise ArchiveError("larger than Lambda takes")
            for info in infos:
                _check_name(info, files)
                if not info.is_dir():
                    files[info.filename] = _bounded(archive, info)
    except ArchiveError:
        raise
    except _BROKEN as error:
        raise ArchiveError(f"not a whole zip: {error}") from error
    return files


def digest(content: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def _check_name(info: zipfile.ZipInfo, files: Mapping[str, bytes]) -> None:
    path = PurePosixPath(info.filename)
    if info.filename in files:
        raise ArchiveError(f"{info.filename} is in it twice")
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or not info.filename:
        raise ArchiveError(f"{info.filename!r} leads out of the archive")
    kind = info.external_attr >> 16 & 0o170000
    if kind not in (0, 0o100000, 0o040000):
        raise ArchiveError(f"{info.filename} is not a regular file")


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # The size in the header is the attacker's word: read one byte more than it says.
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise ArchiveError(f"{info.filename} is not as long as it says")
    return content
