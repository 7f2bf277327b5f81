"""From Terraform's resources to what CloudFormation would call them, so that every reader after this one knows them."""

from collections.abc import Iterator, Sequence

from remit.app.model import Resource
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Skip
from remit.app.value import Ref, Value
from remit.read.build import resource_of
from remit.read.draft import Declared, Draft
from remit.read.terraform.aws.kind import Kind, fill, put
from remit.read.terraform.aws.table import ELSEWHERE, NOTHING, UNREAD, is_aws, kind_of
from remit.read.terraform.code import Archives
from remit.read.terraform.instance import Instance
from remit.read.terraform.references import References

#: Types whose code is uploaded, and the property that says where it is.
_CODE = {"aws_lambda_function": "Code", "aws_lambda_layer_version": "Content"}


def lower(instances: Sequence[Instance], draft: Draft) -> None:
    """Declares every resource in CloudFormation's words.

    Args:
        instances: the resources and data sources, expanded and evaluated.
        draft: receives ``declared`` and ``resources``; what is not read is noted as skipped.
    """
    references = References(instances)
    archives = Archives(instances, draft.folder)
    labels: dict[str, str] = {}
    parts: list[tuple[Instance, Kind, Node]] = []
    for instance in instances:
        if instance.mode == "data" or instance.type in NOTHING:
            continue
        if not is_aws(instance.type):
            _elsewhere(draft, instance)
            continue
        if instance.type in UNREAD:
            draft.skips.append(Skip(instance.address, UNREAD[instance.type], instance.location, blind=True))
        kind = kind_of(instance.type)
        labels[instance.id] = instance.address
        arguments = references.node(instance.attributes)
        if kind.into:
            parts.append((instance, kind, arguments))
            continue
        properties = _properties(kind, arguments)
        code = archives.code(instance) if instance.type in _CODE else None
        if code is not None:
            properties[_CODE[instance.type]] = references.node(code)
        _declare(draft, instance, kind, properties)
    _name(draft, labels)
    for instance, kind, arguments in parts:
        _join(draft, instance, kind, arguments)
    _name(draft, labels)


def _properties(kind: Kind, arguments: Node) -> dict[str, Node]:
    properties = fill(arguments, kind.rows)
    if kind.shape is not None:
        kind.shape(properties)
    return properties


def _declare(draft: Draft, instance: Instance, kind: Kind, properties: dict[str, Node]) -> None:
    """One resource, and beside it what CloudFormation has as a resource of its own."""
    at = instance.location
    for name, (type_, owner, value) in kind.beside.items():
        node = properties.pop(name, None)
        if node is None or node.value in (None, "", ()):
            continue
        id_ = f"{instance.id}_{name}"
        inner = {owner: Node((Node(Ref(instance.id), at),), at), value: node}
        draft.declared[id_] = Declared(id_, type_, Node(inner, at), node.key or node.location)
    whole = Node(properties, instance.attributes.location, instance.attributes.key)
    draft.declared[instance.id] = Declared(instance.id, kind.type, whole, at)


def _join(draft: Draft, instance: Instance, kind: Kind, arguments: Node) -> None:
    """Gives the properties to the resource they belong to; what belongs to nothing here stands for itself."""
    properties = _properties(kind, arguments)
    where = instance.location
    if kind.under and properties:
        whole = Node(properties, where)
        under = kind.under.removesuffix("[]")
        properties = {under: Node((whole,), where) if kind.under.endswith("[]") else whole}
    owners = list(dict.fromkeys(_owners(draft, kind, arguments)))
    for id_ in owners:
        declared = draft.declared[id_]
        entries = dict(declared.properties.items())
        for name, node in properties.items():
            put(entries, name, node)
        declared.properties = Node(entries, declared.properties.location, declared.properties.key)
    if not owners:
        draft.declared[instance.id] = Declared(instance.id, kind.type, Node(properties, where), where)


def _owners(draft: Draft, kind: Kind, arguments: Node) -> Iterator[str]:
    named = arguments.at(kind.into)
    for node in named.elements() if named is not None else ():
        found = draft.target(node.plain(), *kind.owners) or _called(draft, kind, node.plain())
        if found:
            yield found
            continue
        if not kind.same:
            continue
        for item in draft.of_type(*kind.owners):
            pairs = (pair.split(":") for pair in kind.same)
            if all(_equal(arguments.get(mine), item.properties.get(theirs)) for mine, theirs in pairs):
                yield item.id


def _called(draft: Draft, kind: Kind, value: Value) -> str:
    """The resource whose name is put together in the same way."""
    for item in draft.of_type(*kind.owners):
        resource = draft.resources.get(item.id)
        if resource is not None and value is not None and resource.name == value:
            return item.id
    return ""


def _equal(one: Value, other: Value) -> bool:
    return one is not None and one == other


def _name(draft: Draft, labels: dict[str, str]) -> None:
    for declared in draft.declared.values():
        resource: Resource = resource_of(declared)
        draft.resources[declared.id] = replace(resource, label=labels.get(declared.id, ""))


def _elsewhere(draft: Draft, instance: Instance) -> None:
    """Functions of another cloud are named, so that nobody takes them for examined."""
    cloud = next((name for start, name in ELSEWHERE.items() if instance.type.startswith(start)), "")
    if cloud:
        why = f"runs on {cloud} ({instance.type}): only AWS is read"
        draft.skips.append(Skip(instance.address, why, instance.location, blind=True))
