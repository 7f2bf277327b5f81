"""Packages of Python: which are the platform's, which the code asks for."""

import posixpath
import re
import sys
from functools import cache

from remit.flow.machine import Machine
from remit.flow.models import library

#: What packages are called in the index, where that is not what they are imported as.
_SAID = {
    "pyyaml": "yaml", "pythonjose": "jose", "beautifulsoup4": "bs4", "pillow": "pil", "scikitlearn": "sklearn",
    "opencvpython": "cv2", "opencvpythonheadless": "cv2", "pythondateutil": "dateutil", "pyjwt": "jwt",
    "psycopg2binary": "psycopg2",
    "mysqlconnectorpython": "mysql", "pycryptodome": "crypto", "pythonmagic": "magic", "pythondotenv": "dotenv",
    "pyopenssl": "openssl",
    "attrs": "attr", "msgpackpython": "msgpack", "pythonmultipart": "multipart", "faisscpu": "faiss", "protobuf": "google",
}  # fmt: skip
#: Brought by the runtime of the platform.
_BROUGHT = frozenset(
    ("boto3", "botocore", "awslambdaric", "s3transfer", "jmespath", "dateutil", "six", "urllib3", "snapshot_restore_py")
)


#: What ``guards`` knows as checks.
_CHECKS = frozenset(("jsonschema", "regex", "werkzeug", "pydantic"))


def package(module: str) -> str:
    """The package that a module belongs to."""
    return module.split(".", maxsplit=1)[0]


def declared(machine: Machine, name: str) -> "bool | None":
    """Whether a requirements file of the code names a package; ``None`` for the platform's and those with models."""
    if name in sys.stdlib_module_names or name in _BROUGHT or name in _modelled():
        return None
    function = machine.function
    if function.properties is not None and function.properties.get("Layers") is not None:
        # A layer of somebody else may hold it.
        return True
    wanted = _plain(name)
    files = getattr(machine.load, "tree", None)
    for file, text in files.files.items() if files is not None else ():
        if posixpath.basename(file) == "requirements.txt":
            asked = {
                _plain(found[0]) for line in text.splitlines() if (found := re.match(r"[A-Za-z0-9._-]+", line.strip()))
            }
            if any(item == wanted or _SAID.get(item) == wanted or item.startswith(wanted) for item in asked):
                return True
    return False


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def _modelled() -> frozenset[str]:
    return frozenset(name.split(".")[0] for name in library.FUNCTIONS) | _CHECKS


__all__ = ["declared", "package"]
