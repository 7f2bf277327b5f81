"""One root module to one App: expanded, translated to CloudFormation, and read like any other template."""

import posixpath

from remit.app.location import Location
from remit.app.model import App
from remit.app.node import Node
from remit.app.report import Failure, Skip
from remit.read.build import resource_of
from remit.read.document import Malformed, Raw
from remit.read.draft import Draft
from remit.read.functions import read_functions
from remit.read.resolve import Resolver
from remit.read.roles import read_roles
from remit.read.senders import settle_senders
from remit.read.terraform.expand import Expansion
from remit.read.terraform.module import Module
from remit.read.terraform.sources import Sources
from remit.read.terraform.things import Called, Frame
from remit.read.terraform.translate import lower
from remit.read.triggers import read_triggers

FORM = "Terraform"
#: Folders that are called after what is in them, and not after the app.
_PLACES = frozenset(("infra", "infrastructure", "terraform", "tf", "tofu", "iac", "deploy", "deployment"))


def build_root(
    sources: Sources, folder: str, root: str, skips: list[Skip], failures: list[Failure]
) -> tuple[App | None, Expansion]:
    """Reads one root module.

    Args:
        sources: the files it is made of.
        folder: its folder, relative to the scanned root.
        root: name of the scanned root itself, for a module that lies in it.
        skips: gets what was left out.
        failures: gets what should have been read and could not be.

    Returns:
        The App (``None`` when the module declares nothing that is deployed), and how it was expanded.
    """
    expansion = Expansion(sources, skips, failures)
    module = sources.module(folder)
    if module is None or not module.files:
        return None, expansion
    file = next((name for name in module.files if posixpath.basename(name) == "main.tf"), module.files[0])
    called = Called(module, "", folder)
    try:
        called.given = _given(sources, folder, expansion, module)
        instances = list(expansion.instances(called))
    except Malformed as error:
        failures.append(Failure(file, error.why, Location(file, error.line, error.column)))
        return None, expansion
    if not instances:
        return None, expansion
    draft = Draft(file, folder, _resolver(file, expansion), sam=False)
    lower(instances, draft)
    for declared in draft.declared.values():
        if declared.id not in draft.resources:
            draft.resources[declared.id] = resource_of(declared)
    read_roles(draft)
    read_functions(draft)
    read_triggers(draft)
    settle_senders(draft)
    skips += draft.skips
    failures += draft.failures
    return _app(draft, _name(folder, root)), expansion


def _name(folder: str, root: str) -> str:
    """What people call an app: its folder, or the one around it where its folder only says that it is infrastructure."""
    parts = [root, *(part for part in folder.split("/") if part)]
    while len(parts) > 1 and parts[-1].lower() in _PLACES:
        parts.pop()
    return parts[-1]


def _app(draft: Draft, name: str) -> App:
    return App(
        name=name,
        form=FORM,
        template=draft.file,
        functions=tuple(draft.functions),
        triggers=tuple(draft.triggers),
        resources=draft.resources,
        roles=draft.roles,
        policies={key: tuple(grants) for key, grants in draft.policies.items()},
        parameters=draft.resolver.parameters,
        edges=tuple(draft.edges),
    )


def _resolver(file: str, expansion: Expansion) -> Resolver:
    """What settles symbols: variables without a value, and the workspace, which has a default."""
    resolver = Resolver(file, Raw({}, (0, 1, 0, 0)))
    for name, node in expansion.parameters.items():
        resolver.parameters[name] = node
        if isinstance(node.value, str):
            resolver.defaults[name] = node.value
    return resolver


def _given(sources: Sources, folder: str, expansion: Expansion, module: Module) -> dict[str, Node]:
    """Values of variables from the files that Terraform reads without being told, in its order."""
    names = [name for name in sources.values.get(folder, ()) if _is_automatic(posixpath.basename(name))]
    found: dict[str, Node] = {}
    for name in sorted(names, key=lambda name: (_rank(posixpath.basename(name)), name)):
        body = sources.body(name)
        frame = Frame(Called(Module(folder), "", folder), name, {})
        for argument in body.arguments.values() if body is not None else ():
            if argument.name in module.variables:
                found[argument.name] = expansion.evaluator.safe(argument.value, frame)
    return found


def _is_automatic(name: str) -> bool:
    return name in _FIRST or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


_FIRST = ("terraform.tfvars", "terraform.tfvars.json")


def _rank(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
