"""From Terraform's resources to what CloudFormation would call them, so that every reader after this one knows them."""

from collections.abc import Iterator, Sequence

from remit.app.model import Resource
from remit.app.node import Node, maybe
from remit.app.noun import replace
from remit.app.report import Skip
from remit.app.value import Ref
from remit.read.build import resource_of
from remit.read.draft import Declared, Draft
from remit.read.terraform.aws.kind import Kind, fill, objects, put
from remit.read.terraform.aws.table import ELSEWHERE, NOTHING, UNREAD, is_aws, kind_of
from remit.read.terraform.code import Archives
from remit.read.terraform.instance import Instance
from remit.read.terraform.references import References

#: Types whose code is uploaded, and the property that says where it is.
_CODE = {"aws_lambda_function": "Code", "aws_lambda_layer_version": "Content"}


_NOTIFICATION = "AWS::S3::BucketNotification"


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
        properties = _properties(instance, kind, arguments)
        code = archives.code(instance) if instance.type in _CODE else None
        if code is not None:
            properties[_CODE[instance.type]] = references.node(code)
        _declare(draft, instance, kind, properties)
        if instance.type == "aws_lambda_function":
            draft.declared[instance.id].metadata = archives.image(instance)
    _name(draft, labels)
    same = _Same(draft)
    for instance, kind, arguments in parts:
        _join(draft, same, instance, kind, arguments)
    _name(draft, labels)


def _properties(instance: Instance, kind: Kind, arguments: Node) -> dict[str, Node]:
    if instance.type.startswith("awscc_"):
        return dict(objects(arguments).items())
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
        draft.declared[id_] = Declared(
            id_, type_, Node(inner, at), node.key or node.location, optional=instance.optional or node.absent
        )
    whole = Node(properties, instance.attributes.location, instance.attributes.key)
    draft.declared[instance.id] = Declared(instance.id, kind.type, whole, at, optional=instance.optional)


class _Same:
    """Finds resources by properties that must agree, where nothing refers to them; each type is looked through once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._known: dict[tuple[str, ...], dict[tuple[str, ...], list[str]]] = {}
        self._names: dict[tuple[str, ...], dict[Ref, list[str]]] = {}

    def named(self, kind: Kind, name: Ref) -> list[str]:
        """The resources whose name is what a reference leads to."""
        known = self._names.get(kind.owners)
        if known is None:
            known = self._names[kind.owners] = {}
            for item in self.draft.of_type(*kind.owners):
                resource = self.draft.resources.get(item.id)
                if resource is not None and isinstance(resource.name, Ref):
                    known.setdefault(resource.name, []).append(item.id)
        return known.get(name, [])

    def owners(self, kind: Kind, arguments: Node) -> list[str]:
        """The resources whose properties are what these arguments are."""
        pairs = [pair.split(":") for pair in kind.same]
        wanted = tuple(str(arguments.get(mine)) for mine, _ in pairs)
        known = self._known.get(kind.same)
        if known is None:
            known = self._known[kind.same] = {}
            for item in self.draft.of_type(*kind.owners):
                key = tuple(str(item.properties.get(theirs)) for _, theirs in pairs)
                known.setdefault(key, []).append(item.id)
        return known.get(wanted, []) if pairs and "None" not in wanted else []


def _join(draft: Draft, same: _Same, instance: Instance, kind: Kind, arguments: Node) -> None:
    """Gives the properties to the resource they belong to; what belongs to nothing here stands for itself."""
    properties = _properties(instance, kind, arguments)
    where = instance.location
    if kind.under and properties:
        whole = Node(properties, where)
        under = kind.under.removesuffix("[]")
        properties = {under: Node((whole,), where) if kind.under.endswith("[]") else whole}
    owners = list(dict.fromkeys(_owners(draft, same, kind, arguments))) or same.owners(kind, arguments)
    for id_ in owners:
        declared = draft.declared[id_]
        entries = dict(declared.properties.items())
        for name, node in properties.items():
            put(entries, name, maybe(node) if instance.optional else node)
        declared.properties = Node(
            entries, declared.properties.location, declared.properties.key, declared.properties.absent
        )
    if not owners:
        named = arguments.at(kind.into)
        if kind.type == _NOTIFICATION and named is not None:
            properties["BucketName"] = named  # of a bucket that is only looked up here
        draft.declared[instance.id] = Declared(
            instance.id, kind.type, Node(properties, where), where, optional=instance.optional
        )


def _owners(draft: Draft, same: _Same, kind: Kind, arguments: Node) -> Iterator[str]:
    named = arguments.at(kind.into)
    for node in named.elements() if named is not None else ():
        value = node.plain()
        found = draft.target(value, *kind.owners)
        if found:
            yield found
        elif isinstance(value, Ref):  # a name that is given from outside, to both
            yield from same.named(kind, value)


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
