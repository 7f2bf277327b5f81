"""One configuration of the Serverless Framework to one App: as the resources that the framework would deploy.

The configuration is filled in, then *lowered*: functions, roles, APIs and events become the CloudFormation the
framework makes of them, under its own logical ids. From there on everything is read like any other template.
"""

import posixpath
from collections.abc import Iterator, Mapping

from remit.app.model import App
from remit.app.node import Node
from remit.app.report import Failure, Skip
from remit.app.value import Unknown
from remit.read.build import declare, resource_of
from remit.read.document import Document, Raw, place
from remit.read.draft import Draft
from remit.read.functions import read_functions
from remit.read.resolve import Include
from remit.read.roles import read_roles
from remit.read.sam import merge
from remit.read.senders import settle_senders
from remit.read.serverless import lift
from remit.read.serverless.events import add_events
from remit.read.serverless.filled import Filled, FilledResolver
from remit.read.serverless.functions import add_functions, add_layers
from remit.read.serverless.machines import add_machines
from remit.read.serverless.roles import add_roles, mark_added
from remit.read.serverless.service import Entry, Service, mapping
from remit.read.serverless.variables import ReadFile, Variables
from remit.read.triggers import read_triggers

FORM = "Serverless"
_TEMPLATE = ("Parameters", "Mappings", "Conditions", "Resources")
_PSEUDO = "serverless-pseudo-parameters"
#: Plugins that make functions or resources of sections this reader does not know.
_MAKING = {
    "serverless-appsync-plugin": ("appSync", "a GraphQL API of a plugin: its resolvers are not read"),
}


#: Top-level sections of the framework itself (schema of v3 and v4), and those of plugins that are read or make nothing.
_SECTIONS = frozenset(
    (
        "service", "frameworkVersion", "provider", "functions", "resources", "layers", "package", "plugins", "custom", "params",
        "outputs", "org", "app", "tenant", "useDotenv", "stages", "state", "build", "projectDir", "console", "dashboard",
        "configValidationMode", "disabledDeprecations", "deprecationNotificationMode", "variablesResolutionMode",
        "unresolvedVariablesNotificationMode", "enableLocalInstallationFallback", "stepFunctions", "constructs", "appSync",
        "licenseKey", "description", "version", "name", "configurationInput", "composeOrgName", "inputs",
    )
)  # fmt: skip


def is_service(root: Raw) -> bool:
    """Whether a document is a configuration of the framework: a service, with a provider or functions."""
    return root.under("service") is not None and any(root.under(key) for key in ("provider", "functions"))


def build_service(
    document: Document, file: str, folder: str, read: ReadFile, include: Include | None = None
) -> tuple[App | None, list[Skip], list[Failure]]:
    """Reads a configuration that was parsed.

    Args:
        document: the parsed configuration.
        file: its path relative to the root, with forward slashes.
        folder: name of the root itself, for a service without a name.
        read: reads a file that a variable refers to.
        include: reads a file that the raw CloudFormation in it includes.

    Returns:
        The App (``None`` when its provider is not AWS), what was left out, and what should have been read and could
        not be.

    Raises:
        Malformed: what it expands to is too large.
    """
    variables = Variables(file, document.root, read)
    root = variables.filled()
    failures = [Failure(file, item.why, place(file, (item.line, item.column, 0, 0))) for item in document.problems]
    failures += variables.told.failures
    provider = _provider(root)
    if provider not in ("aws", ""):
        why = f"a service for {provider[:40]}: only AWS is read"
        return None, [Skip(file, why, place(file, root.span), blind=True)], failures
    syntax = _own_syntax(document.root)
    if syntax is not None:
        why = "variables are written in a syntax of its own (variableSyntax): what they stand for is not filled in"
        skips = [Skip("provider.variableSyntax", why, place(file, syntax.key or syntax.span), blind=True)]
    else:
        skips = []
    plugins = frozenset(_plugins(root))
    resolver = FilledResolver(file, _template(root, failures), include, pseudo=_PSEUDO in plugins)
    resolver.parameters |= variables.told.parameters
    resolver.defaults |= variables.told.defaults
    draft = Draft(file, posixpath.dirname(file), resolver, sam=False, failures=failures)
    nullable = frozenset(variables.told.nullable)
    service = Service(draft, _config(resolver, root), plugins=plugins, nullable=nullable)
    _lower(service, resolver, root)
    read_roles(draft)
    mark_added(service)
    read_functions(draft)
    read_triggers(draft)
    settle_senders(draft)
    draft.skips += [Skip(f"{at}", why, at, blind=True) for at, why in dict.fromkeys(resolver.blind)]
    draft.skips += [Skip(f"{at}", why, at) for why, at in variables.told.unresolved.items()]
    return _app(service, folder), draft.skips + skips, draft.failures


def _own_syntax(root: Raw) -> Raw | None:
    """What the service says its variables look like, when that is not ``${...}``."""
    provider = root.under("provider")
    return provider.under("variableSyntax") if provider is not None else None


def _lower(service: Service, resolver: FilledResolver, root: Raw) -> None:
    """Everything the framework would make, in the order in which one thing refers to another."""
    draft = service.draft
    late = _declare_written(service, resolver, root)
    _entries(service)
    if lift.PLUGIN in service.plugins:
        lift.add_constructs(service)
    service.written = set(draft.declared)
    _settle_resources(draft)  # what is written can be named by its name from here on
    add_layers(service)
    add_roles(service)
    add_functions(service)
    for entry in service.entries.values():
        add_events(service, entry)
    add_machines(service)
    for plugin, (section, why) in _MAKING.items():
        for name, node in service.section(service.config.at(section), section) if plugin in service.plugins else ():
            service.blind(name, why, node.key or node.location)
    _note_sections(service)
    _extend(service, late)
    _settle_resources(draft)


def _note_sections(service: Service) -> None:
    """Sections of plugins that are not known here may make anything: functions, roles, events."""
    lifted = lift.PLUGIN in service.plugins
    for name, node in service.config.items():
        unread = name not in _SECTIONS or (name == "constructs" and not lifted)
        if unread and not name.startswith(("x-", ".")) and isinstance(node.value, Mapping | tuple):
            why = f'the section "{name}" is of a plugin: what it makes is not read'
            service.blind(name, why, node.key or node.location)


def _settle_resources(draft: Draft) -> None:
    for declared in draft.declared.values():
        draft.resources[declared.id] = resource_of(declared)


def _entries(service: Service) -> None:
    for name, node in service.section(service.config.at("functions"), "functions"):
        at = node.key or node.location
        if mapping(node) is None:
            if node.value is not None:
                service.wrong(node, f'the function "{name}" is not a mapping here; it was not examined')
            continue
        service.entries[name] = Entry(name, node, at)


def _provider(root: Raw) -> str:
    provider = root.under("provider")
    if provider is None:
        return ""
    name = provider.under("name") if isinstance(provider.value, dict) else provider
    return name.text().lower() if name is not None else ""


def _plugins(root: Raw) -> Iterator[str]:
    plugins = root.under("plugins")
    listed = plugins.under("modules") if plugins is not None and isinstance(plugins.value, dict) else plugins
    for item in listed.value if listed is not None and isinstance(listed.value, list) else ():
        yield item.text().strip()


def _config(resolver: FilledResolver, root: Filled) -> Node:
    """Everything but the raw CloudFormation and what is only there to be looked up."""
    if not isinstance(root.value, dict):
        return Node({}, place(root.file, root.span))
    kept: dict[str, Raw] = {key: raw for key, raw in root.value.items() if key not in ("resources", "custom", "params")}
    custom = root.value.get("custom")
    plugin = custom.under("serverless-iam-roles-per-function") if custom is not None else None
    if custom is not None and plugin is not None:
        kept["custom"] = Filled({"serverless-iam-roles-per-function": plugin}, custom.span, file=root.file)
    return resolver.whole(Filled(kept, root.span, file=root.file))


def _sections(root: Raw, failures: list[Failure]) -> Iterator[Raw]:
    """``resources``, which may be a list of parts."""
    resources = root.under("resources")
    if resources is None:
        return
    for part in resources.value if isinstance(resources.value, list) else [resources]:
        if isinstance(part.value, dict):
            yield part
        elif part.value is not None:
            file = part.file if isinstance(part, Filled) else ""
            unknown = part.meaning if isinstance(part, Filled) else None
            why = unknown.why if isinstance(unknown, Unknown) else "it is not a mapping"
            failures.append(Failure(file, f"these resources were not examined: {why}", place(file, part.span)))


def _template(root: Raw, failures: list[Failure]) -> Raw:
    """The raw CloudFormation, its parts put together."""
    merged: dict[str, dict[str, Raw]] = {key: {} for key in _TEMPLATE}
    for part in _sections(root, failures):
        for key in _TEMPLATE:
            section = part.under(key)
            if section is None or section.value is None:
                continue
            if isinstance(section.value, dict):
                merged[key].update(section.value)
            else:
                file = section.file if isinstance(section, Filled) else ""
                at = place(file, section.key or section.span)
                failures.append(Failure(file, f'"{key}" is not a mapping of names here', at))
    return Raw({key: Raw(dict(value), root.span) for key, value in merged.items()}, root.span)


def _declare_written(service: Service, resolver: FilledResolver, root: Raw) -> list[tuple[str, Node]]:
    """Declares what the user wrote as CloudFormation; returns what only changes something the framework makes."""
    template = _template(root, [])
    resources = template.under("Resources")
    late: list[tuple[str, Node]] = []
    whole: dict[str, Raw] = {}
    for id_, raw in resources.value.items() if resources and isinstance(resources.value, dict) else ():
        if raw.under("Type") is None and isinstance(raw.value, dict) and not id_.startswith("Fn::"):
            late.append((id_, resolver.whole(raw)))
        else:
            whole[id_] = raw
    declare(service.draft, Raw(dict(whole), root.span))
    for part in _sections(root, []):
        extensions = part.under("extensions")
        for id_, raw in extensions.value.items() if extensions and isinstance(extensions.value, dict) else ():
            late.append((id_, resolver.whole(raw)))
    return late


def _extend(service: Service, late: list[tuple[str, Node]]) -> None:
    for id_, node in late:
        declared = service.draft.declared.get(id_)
        properties = node.at("Properties")
        if declared is None:
            why = f'"{id_}" has no "Type", and the framework makes nothing of this name'
            service.draft.failures.append(Failure(node.location.file, why, node.key or node.location))
        elif mapping(properties) is not None and properties is not None:
            declared.properties = merge(declared.properties, properties)


def _app(service: Service, folder: str) -> App:
    draft = service.draft
    name = service.name
    own = name if isinstance(name, str) and name else posixpath.basename(draft.folder) or folder
    return App(
        name=own,
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
