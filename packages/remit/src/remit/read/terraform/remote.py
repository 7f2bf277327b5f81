"""Modules that are not in the tree: popular ones have a model here, others may have been copied by ``terraform init``.

A model is a small configuration of our own with the variables and outputs of the module and the resources that matter
of what it makes. It is evaluated like any module; everything in it is said to stand where the module is called.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from remit.app.location import Location
from remit.app.report import Skip
from remit.read.document import Malformed
from remit.read.json_document import parse_json
from remit.read.terraform.hcl import parse_hcl
from remit.read.terraform.module import Module
from remit.read.terraform.sources import Sources
from remit.read.terraform.syntax import Listed, Literal

#: A module in a registry: ``terraform-aws-modules/lambda/aws//modules/alias``.
_REGISTRY = re.compile(
    r"(?:(?:registry\.terraform\.io|registry\.opentofu\.org|app\.terraform\.io)/)?"
    r"(?P<owner>[\w-]+)/(?P<name>[\w-]+)/aws(?P<inner>//[\w/-]+)?/?$"
)
#: Its repository: ``git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7``.
_REPOSITORY = re.compile(
    r"(?:git::)?(?:https://|ssh://)?(?:git@)?github\.com[/:](?P<owner>[\w-]+)/terraform-aws-(?P<name>[\w-]+?)(?:\.git)?"
    r"(?P<inner>//[\w/-]+)?(?:\?.*)?$"
)
#: A local in each model: inputs that change nothing that is looked at.
_IGNORED = "ignored"
_EVERYTHING = "*"


def model(source: str) -> Module | None:
    """The model of a module from elsewhere, or ``None``.

    Args:
        source: as the call writes it: an address in the registry or of a repository.
    """
    found = _REGISTRY.match(source) or _REPOSITORY.match(source)
    if found is None:
        return None
    inner = (found["inner"] or "").removeprefix("//").removeprefix("modules/").strip("/").replace("/", "_")
    return _load(found["owner"].lower(), f"{found['name']}__{inner}" if inner else found["name"])


@cache
def _load(owner: str, name: str) -> Module | None:
    place = files("remit.read.terraform") / "models" / owner / f"{name}.hcl"
    if not place.is_file():
        return None
    module = Module(f"({owner}/{name})")
    module.add(f"{name}.hcl", parse_hcl(place.read_text(encoding="utf-8")).body)
    return module


def not_modelled(module: Module, inputs: Iterable[str], address: str, at: Location) -> list[Skip]:
    """A skip that names the inputs of a call which the model says nothing about, if there are any."""
    ignored = module.locals.get(_IGNORED)
    known = set(module.variables)
    if ignored is not None and isinstance(ignored.argument.value, Listed):
        known |= {str(item.value) for item in ignored.argument.value.items if isinstance(item, Literal)}
    if _EVERYTHING in known:
        return []
    left = sorted(name for name in inputs if name not in known)
    if not left:
        return []
    return [Skip(address, f"what its inputs {', '.join(left)[:200]} change was not examined", at, blind=True)]


def copies(sources: Sources, base: str) -> Mapping[str, str]:
    """The local copies that ``terraform init`` made for a root module: key of the call to folder below the scanned root."""
    name = posixpath.join(base, ".terraform/modules/modules.json")
    if not sources.exists(name):
        return {}
    try:
        root, _ = parse_json(sources.text(name))
    except (OSError, ValueError, Malformed):
        return {}
    listed = root.under("Modules")
    found: dict[str, str] = {}
    for entry in listed.value if listed is not None and isinstance(listed.value, list) else ():
        key, folder = entry.under("Key"), entry.under("Dir")
        if key is None or folder is None or not key.text():
            continue
        path = posixpath.normpath(posixpath.join(base, folder.text()))
        if not path.startswith("../") and sources.inside(path) is not None:
            found[key.text()] = path
    return found
