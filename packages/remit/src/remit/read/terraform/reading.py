"""Every Terraform configuration below a folder: which folders are root modules, and one App for each of them."""

import posixpath
from collections.abc import Sequence
from pathlib import Path

from remit.app.location import Location
from remit.app.model import App
from remit.app.report import Failure, Skip
from remit.read.terraform.build import build_root
from remit.read.terraform.sources import Sources

_BESIDE = "what Terragrunt or Terraform Stacks make of modules is not read; the modules are, with their variables open"


def read_terraform(
    folder: Path, names: Sequence[str], texts: dict[str, str], skips: list[Skip], failures: list[Failure]
) -> list[App]:
    """Reads every root module below a folder.

    Args:
        folder: the scanned root.
        names: every ``*.tf``, ``*.tf.json``, ``*.tfvars`` and ``*.tfvars.json`` found below it (and what Terragrunt and
            Terraform Stacks put beside them), relative to it.
        texts: gets the text of every file that is read.
        skips: gets what was not examined.
        failures: gets what should have been read and could not be.

    Returns:
        One App for each root module that declares something. A module that another one calls by its path is part of
        that one's App.
    """
    beside = [name for name in names if name.endswith(".hcl")]
    for name in beside:
        skips.append(Skip(name, _BESIDE, Location(name), blind=True))
    sources = Sources(folder, [name for name in names if name not in beside], texts, failures)
    apps = []
    for root in roots(sources):
        app, _ = build_root(sources, root, folder.resolve().name, skips, failures)
        if app is not None:
            apps.append(app)
    return apps


def roots(sources: Sources) -> list[str]:
    """The folders of modules that no other module calls by its path; of those that call each other, the first."""
    calls: dict[str, set[str]] = {}
    for folder in sources.folders:
        module = sources.module(folder)
        calls[folder] = set(module.local_calls()) if module is not None else set()
    called = {target for folder, targets in calls.items() for target in targets if target != folder}
    found = [folder for folder in calls if folder not in called]
    reached = _reached(found, calls)
    for folder in sorted(calls, key=lambda folder: (folder.count("/"), folder)):
        if folder not in reached:
            found.append(folder)
            reached |= _reached([folder], calls)
    return sorted(found, key=lambda folder: (posixpath.dirname(folder), folder))


def _reached(starts: list[str], calls: dict[str, set[str]]) -> set[str]:
    seen = set(starts)
    pending = list(starts)
    while pending:
        for target in calls.get(pending.pop(), ()):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return seen
