"""From a folder or a template file to the Apps in it. This is where files are opened; everything below is pure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from remit.app.errors import RemitError
from remit.app.location import Location
from remit.app.model import App
from remit.app.noun import Struct, field
from remit.app.report import Failure, Skip
from remit.read.context import Context
from remit.read.discover import Found, candidates, is_service_file, named_like_template
from remit.read.draft import IMAGE
from remit.read.forms import CODE, COMPOSE, PLAN, TERRAFORM

if TYPE_CHECKING:
    from remit.read.document import Raw


class Reading(Struct, frozen=True):
    """What was read.

    Args:
        root: the folder every path is relative to.
        apps: one for each template.
        texts: text of every template, by path.
        skips: what was not examined, each with its reason.
        failures: what should have been read and could not be.
    """

    root: Path
    apps: tuple[App, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    failures: tuple[Failure, ...] = ()


def load(root: Path) -> Reading:
    """Reads every template below a folder, or one template file.

    Args:
        root: a folder, or a template file (whose folder is then the root).

    Returns:
        The Apps with what was left out. A template that cannot be read is a failure; the others are read all the
        same. No template at all is an empty reading, not an error.

    Raises:
        RemitError: there is no such path.
    """
    if root.is_dir():
        folder, found = root, candidates(root)
    elif root.exists():
        folder, found = root.parent, _only(root.name)
    else:
        raise RemitError(f"{root}: there is no such file or folder")
    context = Context(folder, skips=list(found.skips), failures=list(found.failures))
    context.templates += found.files
    apps: list[App] = []
    if "cdk" in found.others or found.passed:
        # Before the templates: those of an assembly are parts of it.
        from remit.read.cdk.reading import read_cdk

        apps += read_cdk(context, found)
    apps += _read_templates(context, found.files)
    for form, read in _FORMS.items():
        if form in found.others or form in _ALWAYS:
            apps += read(context, found, apps)
    if context.lent:
        from remit.read.imports import handed_over

        apps = handed_over(apps, context.lent)
    if any(skip.why == IMAGE for skip in context.skips):
        from remit.read.images import settle

        apps = settle(context, apps)
    if CODE in found.others:
        apps += _folders(context, found, apps)
    return Reading(folder, tuple(apps), context.texts, tuple(context.skips), tuple(context.failures))


def _only(name: str) -> Found:
    """What is found where one file is given: it is read as what its name says, and as a template otherwise."""
    from remit.read.forms import alone

    form = alone(name)
    return Found(others={form: [name]}) if form else Found([name])


#: How each further form is read: the reading so far, what was found, and the Apps known before.
Reader = Callable[[Context, Found, list[App]], list[App]]


def _read_templates(context: Context, names: list[str]) -> list[App]:
    """SAM, CloudFormation and the Serverless Framework."""
    # Services first: files that one is put together from are not templates of their own.
    read: list[tuple[str, App | None, list[Skip], list[Failure]]] = []
    parts: dict[str, set[str]] = {}
    outer, context.skips, context.failures = (context.skips, context.failures), [], []
    for name in sorted(names, key=lambda name: not is_service_file(name)):
        if name not in context.parts:
            before = set(context.parts)
            app = _read_one(context, name)
            read.append((name, app, context.skips, context.failures))
            parts[name] = context.parts - before - {name}
            context.skips, context.failures = [], []
    context.skips, context.failures = outer
    within = _within(parts)
    apps = []
    # What turned out to be nested in another is no App of its own, and what is said of it is said there.
    for name, app, skips, failures in read:
        if name not in within:
            context.skips += skips
            context.failures += failures
            apps += [app] if app is not None else []
    return apps


def _within(parts: Mapping[str, set[str]]) -> set[str]:
    """The files that are parts of others; of those that lead in a circle, the first stays a template of its own.

    Args:
        parts: file to the files it is put together from, in the order in which they were read.
    """
    within: set[str] = set()
    for name, others in parts.items():
        if name not in within:
            pending = list(others)
            while pending:
                other = pending.pop()
                if other != name and other not in within:
                    within.add(other)
                    pending += parts.get(other, ())
    return within


def _folders(context: Context, found: Found, apps: list[App]) -> list[App]:
    """Code that no template describes; nothing of it is loaded where one at the top describes everything."""
    if any("/" not in name for name in found.files):
        return []
    from remit.read.folders.reading import read_folders

    return read_folders(context, found, apps)


def _compositions(context: Context, found: Found, _apps: list[App]) -> list[App]:
    """Files that join services: each service is read on its own, what is handed from one to the other is not."""
    from remit.read.serverless.compose import note

    for name in found.others[COMPOSE]:
        note(context, name)
    return []


def _plans(context: Context, found: Found, apps: list[App]) -> list[App]:
    """Plans and states of Terraform; its configurations are among the Apps by then."""
    from remit.read.terraform.plan import read_plan_files

    return read_plan_files(context, found, apps)


def _terraform(context: Context, found: Found, _apps: list[App]) -> list[App]:
    """Root modules of Terraform and OpenTofu."""
    from remit.read.terraform.reading import read_terraform

    return read_terraform(context.folder, found.others[TERRAFORM], context.texts, context.skips, context.failures)


#: A further form is an entry here and its names in ``remit.read.forms``. A reader imports its modules when it is called.
_FORMS: dict[str, Reader] = {TERRAFORM: _terraform, PLAN: _plans, COMPOSE: _compositions}
#: Forms that are looked at even where no file is theirs by name.
_ALWAYS: frozenset[str] = frozenset()


def _not_a_template(name: str, root: "Raw", skips: list[Skip], failures: list[Failure]) -> None:
    """Says of a file that looked like a template why it is none."""
    if root.under("AWSTemplateFormatVersion") is not None or root.under("Transform") is not None:
        failures.append(Failure(name, 'there is no "Resources" in this template', Location(name, root.span[0], 1)))
    elif named_like_template(name):
        skips.append(Skip(name, 'called like a template, but there is no "Resources" in it', Location(name)))


def _read_one(context: Context, name: str) -> App | None:
    if is_service_file(name) and not name.lower().endswith((".yml", ".yaml", ".json")):
        why = 'a service written as a program is not run here; examine what "serverless print" makes of it'
        context.skips.append(Skip(name, why, Location(name), blind=True))
        return None
    document = context.parse(name)
    if document is None:
        return None
    from remit.read.build import build
    from remit.read.document import Malformed

    service = document.root.under("Resources") is None
    if service:
        # Loaded only for what may be one: a scan of a template needs none of its modules.
        from remit.read.serverless.build import is_service

        if document.root.under("terraform_version") is not None:
            from remit.read.terraform.plan import is_plan, read_document

            if is_plan(document.root):  # under a name that does not say so
                context.texts[name] = document.text
                return read_document(context, name, document.root)
        if not is_service(document.root):
            _not_a_template(name, document.root, context.skips, context.failures)
            return None
    include = context.includer(name)
    context.texts[name] = document.text
    app: App | None
    try:
        if service:
            from remit.read.serverless.reading import read_service

            folder = context.folder
            app, skips, failures, used = read_service(folder, name, document, context.parse, include, context.texts)
            context.parts |= used
        else:
            app, skips, failures = build(document, name, context.folder.resolve().name, include, context)
    except Malformed as error:
        context.failed(name, error)
        return None
    context.skips += skips
    context.failures += failures
    return app
