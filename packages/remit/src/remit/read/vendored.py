"""Installed packages among a function's own code: recognised by what installers leave behind."""

import os
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from remit.app.location import Location
from remit.app.report import Skip
from remit.read.archives import Refused, checked

_FOLDERS_WORDS = "site-packages dist-packages node_modules vendor vendored _vendor third_party bower_components"
_FOLDERS = frozenset(_FOLDERS_WORDS.split())
_METADATA = (".dist-info", ".egg-info")
#: Packages so common that a folder of their name with their own layout is them, even without metadata.
_KNOWN_WORDS = (
    "boto3 botocore s3transfer urllib3 requests certifi chardet idna jmespath dateutil six yaml jinja2 markupsafe numpy "
    "pandas cryptography cffi pymysql psycopg2 sqlalchemy aws_xray_sdk aws_lambda_powertools pydantic pydantic_core "
    "typing_extensions charset_normalizer simplejson jsonschema attr attrs redis pymongo bson lxml PIL flask werkzeug "
    "click fastapi starlette mangum opensearchpy requests_aws4auth pytz jwt rsa pyasn1 ecdsa wrapt"
)
_KNOWN = frozenset(_KNOWN_WORDS.split())


class Vendored:
    """Decides, folder by folder, what is an installed package; remembers them for one summary."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def leaves_out(self, parent: str, names: list[str], path: str) -> set[str]:
        """The entries of a folder that belong to installed packages.

        Args:
            parent: the folder, relative; ``""`` or ending in ``/``.
            names: everything in it.
            path: the folder on disk.
        """
        left = {name for name in names if name in _FOLDERS or name.endswith(_METADATA)}
        for name in names:
            if name.endswith(_METADATA):
                left |= _top_levels(os.path.join(path, name), name) & set(names)
        left |= {name for name in names if name in _KNOWN and os.path.isfile(os.path.join(path, name, "__init__.py"))}
        if left:
            self._found.setdefault(parent, []).extend(sorted(left))
        return left

    def skips(self) -> list[Skip]:
        """One skip for each folder that holds installed packages."""
        skips = []
        for parent, names in self._found.items():
            packages = [name for name in names if not name.endswith(_METADATA)]
            if packages:
                shown = ", ".join(packages[:4]) + (f" and {len(packages) - 4} more" if len(packages) > 4 else "")
                skips.append(Skip(parent or ".", f"installed packages are left out: {shown}", Location(parent or ".")))
        return skips


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
        left = {top for top in tops if top in _FOLDERS or top.endswith(_METADATA)}
        left |= {top for top in tops if top in _KNOWN and f"{top}/__init__.py" in names}
        # Metadata says by its own name which package it is of; what it records is not unpacked for that.
        for top in tops:
            if top.endswith(_METADATA):
                project = re.split(r"-\d", top)[0].replace("-", "_")
                left |= tops & {project, project.lower(), f"{project}.py", f"{project.lower()}.py"}
        if left:
            self._found.setdefault("", []).extend(sorted(left))
        for name in names:
            parts = name.split("/")
            if parts[0] not in left and not _FOLDERS.intersection(parts[:-1]):
                yield name


def _top_levels(metadata: str, name: str) -> set[str]:
    """The modules and packages an installed distribution put beside its metadata."""
    for record, pattern in (
        ("RECORD", r"([^/,\"]+)"),
        ("installed-files.txt", r"\.\./([^/]+)"),
        ("top_level.txt", r"(\S+)"),
    ):
        try:
            with open(os.path.join(metadata, record), encoding="utf-8", errors="replace") as file:
                lines = file.read(4 * 1024 * 1024).splitlines()
        except OSError:
            continue
        tops = {found[1] for line in lines if (found := re.match(pattern, line))}
        return tops | {f"{top}.py" for top in tops} - {".."}
    project = re.split(r"-\d", name)[0].replace("-", "_")
    return {project, project.lower(), f"{project}.py", f"{project.lower()}.py"}
