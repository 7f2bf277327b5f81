"""Installed packages among a function's own code: recognised by what installers leave behind."""

import os
import re

from remit.app.location import Location
from remit.app.report import Skip

_FOLDERS_WORDS = "site-packages dist-packages node_modules vendor vendored _vendor third_party bower_components"
#: Folders that hold installed packages, by their name.
FOLDERS = frozenset(_FOLDERS_WORDS.split())
#: What installers leave beside a package.
METADATA = (".dist-info", ".egg-info")
#: Packages so common that a folder of their name with their own layout is them, even without metadata.
_KNOWN_WORDS = (
    "boto3 botocore s3transfer urllib3 requests certifi chardet idna jmespath dateutil six yaml jinja2 markupsafe numpy "
    "pandas cryptography cffi pymysql psycopg2 sqlalchemy aws_xray_sdk aws_lambda_powertools pydantic pydantic_core "
    "typing_extensions charset_normalizer simplejson jsonschema attr attrs redis pymongo bson lxml PIL flask werkzeug "
    "click fastapi starlette mangum opensearchpy requests_aws4auth pytz jwt rsa pyasn1 ecdsa wrapt"
)
KNOWN = frozenset(_KNOWN_WORDS.split())


class Vendored:
    """Decides, folder by folder, what is an installed package; remembers them for one summary."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def leaves_out(self, parent: str, names: list[str], path: str) -> set[str]:
        """The entries of a folder that belong to installed packages.

        Args:
            parent: the folder, relative; ``""`` or ending in ``/``.
            names: everything in it.
            path: the folder on disk.
        """
        left = {name for name in names if name in FOLDERS or name.endswith(METADATA)}
        for name in names:
            if name.endswith(METADATA):
                left |= _top_levels(os.path.join(path, name), name) & set(names)
        left |= {name for name in names if name in KNOWN and os.path.isfile(os.path.join(path, name, "__init__.py"))}
        if left:
            self.found.setdefault(parent, []).extend(sorted(left))
        return left

    def skips(self) -> list[Skip]:
        """One skip for each folder that holds installed packages."""
        skips = []
        for parent, names in self.found.items():
            packages = [name for name in names if not name.endswith(METADATA)]
            if packages:
                shown = ", ".join(packages[:4]) + (f" and {len(packages) - 4} more" if len(packages) > 4 else "")
                skips.append(Skip(parent or ".", f"installed packages are left out: {shown}", Location(parent or ".")))
        return skips


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
