"""One template to one App."""

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING

from remit.app.model import App, Resource
from remit.app.node import Node
from remit.app.report import Failure, Skip
from remit.app.value import Value
from remit.read.document import Document, Raw, place
from remit.read.draft import Declared, Draft
from remit.read.functions import read_functions
from remit.read.macros import note_macros
from remit.read.names import name_of
from remit.read.resolve import Include, Resolver
from remit.read.roles import read_roles
from remit.read.sam import TYPES, add_implicit_apis, apply_globals, note_unexamined
from remit.read.sam_made import add_made
from remit.read.senders import settle_senders
from remit.read.triggers import read_triggers

if TYPE_CHECKING:
    from remit.read.context import Context

#: Types that stand for another template.
NESTS = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")


def build(
    document: Document, file: str, folder: str = "", include: Include | None = None, context: "Context | None" = None
) -> tuple[App, list[Skip], list[Failure]]:
    """Reads a template that was parsed.

    Args:
        document: the parsed template.
        file: its path relative to the root, with forward slashes.
        folder: name of the root itself, which names the App of a template that lies in it.
        include: reads a local file that the template includes (``AWS::Include``, ``DefinitionUri``).
        context: the reading, for templates that this one nests.

    Returns:
        The App, what was left out, and what should have been read and could not be.

    Raises:
        Malformed: what it expands to is too large.
    """
    draft = declared_of(document, file, include, context=context)
    nests = list(draft.of_type(*NESTS))
    if context is None:
        draft.skips += [
            Skip(item.id, "a nested stack: its template is not read", item.location, blind=True) for item in nests
        ]
    elif nests:
        from remit.read.nested import Nesting

        Nesting(context, draft.folder).add(draft, (file,))
    return finished(draft, folder, context=context)


def declared_of(
    document: Document,
    file: str,
    include: Include | None = None,
    given: Mapping[str, Value] | None = None,
    context: "Context | None" = None,
) -> Draft:
    """What a template declares, with everything SAM makes of it; nothing is joined yet.

    Args:
        document: the parsed template.
        file: its path relative to the root.
        include: reads a local file that the template includes.
        given: parameters that are passed to it; those that are not plain stay symbols.
        context: the reading, for what other templates export.

    Raises:
        Malformed: what it expands to is too large.
    """
    root = document.root
    resolver = Resolver(file, root, include, given or {})
    draft = Draft(file, posixpath.dirname(file), resolver, _is_sam(root))
    imports = False

    def exported(name: Value) -> Value | None:
        nonlocal imports
        found = context.exports().find(name, file) if context is not None else None
        imports = imports or found is not None
        return found

    resolver.exported = exported
    if "Fn::ForEach" in document.text:
        root = resolver.without_loops(root)
    draft.failures += [
        Failure(file, item.why, place(file, (item.line, item.column, 0, 0))) for item in document.problems
    ]
    declare(draft, root.under("Resources"))
    note_macros(draft, root)
    # Without its transform such a template cannot be deployed; what is meant by it is clear all the same.
    draft.sam = draft.sam or any(item.type.startswith("AWS::Serverless::") for item in draft.declared.values())
    globals_ = resolver.whole(root.under("Globals")) if draft.sam else Node({}, place(file, root.span))
    apply_globals(draft, globals_, root)
    for declared in draft.declared.values():
        draft.resources[declared.id] = resource_of(declared)
    if draft.sam:
        add_implicit_apis(draft, globals_)
        add_made(draft)
    draft.outputs, draft.exports = outputs_of(draft, root)
    if imports and context is not None:
        from remit.read.imports import borrow

        borrow(draft, context.exports())
    return draft


def finished(
    draft: Draft, folder: str, form: str = "", context: "Context | None" = None
) -> tuple[App, list[Skip], list[Failure]]:
    """Joins what was declared: roles, functions, triggers, edges.

    Args:
        draft: everything that is declared.
        folder: name of the root itself.
        form: what the App's form is called, if not SAM or CloudFormation.
        context: the reading; receives the triggers of functions that other templates declare.
    """
    if draft.sam:
        note_unexamined(draft)
    read_roles(draft)
    read_functions(draft)
    read_triggers(draft)
    settle_senders(draft)
    _lend(draft, context)
    draft.skips += [Skip(f"{at}", why, at, blind=True) for at, why in dict.fromkeys(draft.resolver.blind)]
    return _app(draft, folder, form), draft.skips, draft.failures


def _lend(draft: Draft, context: "Context | None") -> None:
    """Takes the triggers of functions that another template declares out of this one."""
    functions = draft.of_type("AWS::Serverless::Function", "AWS::Lambda::Function")
    foreign = {item.id: item.foreign for item in functions if item.foreign}
    away = [trigger for trigger in (*draft.triggers, *draft.feeds) if trigger.function in foreign]
    if context is not None and away:
        from remit.read.imports import Lent

        for trigger in away:
            original = draft.origins.get(trigger.function, trigger.function)
            context.lent.append(Lent(foreign[trigger.function], original, trigger))


def _app(draft: Draft, root: str, form: str) -> App:
    folder = posixpath.basename(draft.folder) or root
    stem = posixpath.basename(draft.file).rsplit(".", 1)[0]
    return App(
        name=folder if stem == "template" and folder else stem,
        form=form or ("SAM" if draft.sam else "CloudFormation"),
        template=draft.file,
        functions=tuple(draft.functions),
        triggers=tuple(draft.triggers),
        resources=draft.resources,
        roles=draft.roles,
        policies={key: tuple(grants) for key, grants in draft.policies.items()},
        parameters=draft.resolver.parameters,
        edges=tuple(draft.edges),
    )


def outputs_of(draft: Draft, root: Raw) -> tuple[dict[str, Value], dict[str, Value]]:
    """The outputs of a template and what it exports: name to value, name of the export's output to the export's name."""
    raw = root.under("Outputs")
    outputs: dict[str, Value] = {}
    exports: dict[str, Value] = {}
    for name, entry in raw.value.items() if raw is not None and isinstance(raw.value, dict) else ():
        value = entry.under("Value")
        node = draft.resolver.node(value) if value is not None else None
        if node is None:
            continue
        outputs[name] = node.plain()
        export = entry.under("Export")
        said = export.under("Name") if export is not None else None
        named = draft.resolver.node(said) if said is not None else None
        if named is not None:
            exports[name] = named.plain()
    return outputs, exports


def _is_sam(root: Raw) -> bool:
    transform = root.under("Transform")
    if transform is None:
        return False
    listed = transform.value if isinstance(transform.value, list) else [transform]
    return any(item.text().startswith("AWS::Serverless") for item in listed)


def declare(draft: Draft, resources: Raw | None) -> None:
    """Resolves every entry of ``Resources``; what has the wrong shape fails alone."""
    if resources is None or not isinstance(resources.value, dict):
        where = place(draft.file, (resources.key or resources.span) if resources else (0, 1, 0, 0))
        draft.failures.append(Failure(draft.file, '"Resources" is not a mapping of names to resources here', where))
        return
    for id_, raw in resources.value.items():
        node = draft.resolver.node(raw) if not id_.startswith("Fn::") else None
        # A node knows the file it comes from: a configuration may be put together from several.
        key = node.key if node is not None and node.key else place(draft.file, raw.key or raw.span)
        if id_.startswith("Fn::"):
            draft.skips.append(Skip(id_, "resources that a macro or loop makes when it is deployed", key, blind=True))
            continue
        kind = node.get("Type") if node else None
        if node is None or not isinstance(kind, str):
            draft.failures.append(Failure(draft.file, f'"{id_}" has no "Type"; it is not a resource', key))
            continue
        properties = node.at("Properties") or Node({}, node.location)
        properties = _with_definition(draft, raw, properties)
        if not isinstance(properties.value, Mapping):
            if properties.value is not None:
                where = properties.key or properties.location
                why = f'"Properties" of {id_} is not a mapping here; {id_} was not examined'
                draft.failures.append(Failure(draft.file, why, where))
                continue
            properties = Node({}, properties.location, properties.key, properties.absent)
        optional = _note_condition(draft, id_, node)
        properties = Node(properties.value, properties.location, properties.key)  # read as if it is there
        draft.declared[id_] = Declared(id_, kind, properties, key, node.at("Metadata"), node, optional=optional)


def _note_condition(draft: Draft, id_: str, node: Node) -> bool:
    """Says of a resource that defaults switch off that it is examined all the same: somebody switches it on.

    Returns:
        Whether its condition may not hold.
    """
    condition = node.at("Condition")
    name = condition.value if condition is not None else None
    if condition is not None and isinstance(name, str) and draft.resolver.truth(name) is False:
        why = f"off by default: the condition {name} does not hold; examined as if it did"
        draft.skips.append(Skip(id_, why, condition.location))
    return isinstance(name, str) and draft.resolver.truth(name) is not True


def _with_definition(draft: Draft, raw: Raw, properties: Node) -> Node:
    """An API or state machine whose definition is a local file, as if the definition stood in the template."""
    written = raw.under("Properties")
    for key, body, part in _DEFINITIONS:
        location = written.under(key) if written else None
        if location is not None and isinstance(properties.value, Mapping) and part in _kind(raw):
            definition = draft.resolver.included(location)
            if definition is not None:
                return Node(
                    {**properties.value, body: definition}, properties.location, properties.key, properties.absent
                )
    return properties


#: Where a definition lies, where it would stand in the template, and a part of the types that have both.
_DEFINITIONS = (
    ("DefinitionUri", "DefinitionBody", "Api"),
    ("BodyS3Location", "Body", "Api"),
    ("DefinitionUri", "Definition", "StateMachine"),
    ("DefinitionS3Location", "Definition", "StateMachine"),
)


def _kind(raw: Raw) -> str:
    kind = raw.under("Type")
    return kind.text() if kind else ""


def resource_of(declared: Declared) -> Resource:
    """What a template declares as a resource: its final type, and the name it will have."""
    type_ = TYPES.get(declared.type, declared.type)
    name: Value = name_of(type_, declared.properties)
    path = declared.metadata.get("aws:cdk:path") if declared.metadata is not None else None
    label = path.removesuffix("/Resource") if isinstance(path, str) else ""
    return Resource(
        declared.id, type_, declared.properties, declared.location, name, metadata=declared.metadata, label=label
    )
