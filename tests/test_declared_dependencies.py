"""What the packages import they declare: an installation from the index has what the checkout has."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES = Path(__file__).parent.parent / "packages"
#: Parts of the platform, of the user's own function or of its tests: used when they are there, never installed by us.
BROUGHT_BY_USERS = {"awslambdaric", "boto3", "botocore", "pytest", "snapshot-restore-py"}


def _imported(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    # A name with an underscore in front is a part of some Python version's standard library.
    return {name for name in found if name not in sys.stdlib_module_names and not name.startswith("_")}


def _declared(package: str) -> set[str]:
    project = tomllib.loads((PACKAGES / package / "pyproject.toml").read_text())["project"]
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    return {canonicalize_name(Requirement(text).name) for listed in lists for text in listed}


@pytest.mark.parametrize("package", ["remit", "remit-guard"])
def test_every_import_from_outside_is_declared(package: str) -> None:
    owners = packages_distributions()
    own = package.replace("-", "_")
    known = _declared(package) | BROUGHT_BY_USERS
    missing = {
        module
        for module in _imported(PACKAGES / package / "src") - {own}
        # Several distributions may hold parts of one module: any of them brings it.
        if not known & {canonicalize_name(owner) for owner in owners.get(module, [module])}
    }
    assert missing == set()
