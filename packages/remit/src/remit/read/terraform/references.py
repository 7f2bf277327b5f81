"""References between Terraform's resources as references between CloudFormation's, and policy documents in their places."""

import re
from collections.abc import Mapping, Sequence
from functools import reduce

from remit.app.node import Node, graft, maybe, unite
from remit.app.value import Choice, Ref, Text, Unknown, Value, join
from remit.read.resolve import substitute
from remit.read.terraform.aws import policy_blocks
from remit.read.terraform.aws.data import SOURCES, STORED
from remit.read.terraform.aws.kind import Kind
from remit.read.terraform.aws.names import camel
from remit.read.terraform.aws.table import is_aws, kind_of
from remit.read.terraform.instance import Instance

#: What every resource has, where its table says nothing else.
_ALWAYS = {"arn": "Arn", "id": "", "name": ""}
#: An argument of the resource itself in the spelling of an attribute.
_OWN = re.compile(r"\$\{([a-z][a-z_]*)\}")
_DOCUMENTS = ("json", "minified_json")


class References:
    """Rewrites what arguments refer to.

    Args:
        instances: every resource and data source of the app.
    """

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.by_id = {instance.id: instance for instance in instances}
        self._policies: dict[str, Node] = {}
        self._open: set[tuple[str, str]] = set()

    def node(self, node: Node) -> Node:
        """A value with every reference in CloudFormation's terms."""
        value = node.value
        if isinstance(value, Mapping):
            return Node({key: self.node(item) for key, item in value.items()}, node.location, node.key, node.absent)
        if isinstance(value, tuple):
            return Node(tuple(self.node(item) for item in value), node.location, node.key, node.absent)
        if isinstance(value, Ref):
            policy = self._policy(value)
            if policy is not None:
                return Node(policy.value, policy.location, node.key or node.location, node.absent)
        if isinstance(value, Choice) and any(isinstance(item, Ref) and self._policy(item) for item in value.options):
            found = reduce(
                lambda one, two: unite(one, two, node.location, node.key),
                (self.node(graft(item, node.location)) for item in value.options),
            )
            return Node(found.value, found.location, node.key, found.absent or node.absent)
        if isinstance(value, Ref | Text | Choice):
            found = graft(self.value(value), node.location, node.key)
            return maybe(found) if node.absent else found
        return node

    def value(self, value: Value) -> Value:
        """A plain value with every reference in CloudFormation's terms."""
        if isinstance(value, Ref):
            return self._reference(value)
        if isinstance(value, Text):
            return join([self.value(part) for part in value.parts])
        if isinstance(value, Choice):
            return Choice(tuple(self.value(option) for option in value.options))
        if isinstance(value, Mapping):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self.value(item) for item in value)
        return value

    def _policy(self, ref: Ref) -> Node | None:
        """The policy that a document makes, if that is what is referred to."""
        instance = self.by_id.get(ref.target)
        if instance is None:
            return None
        if instance.mode == "data" and instance.type == "aws_iam_policy" and ref.attribute == "policy":
            return self._managed(instance)
        if instance.type != policy_blocks.TYPE or ref.attribute not in _DOCUMENTS:
            return None
        if ref.target in self._policies:
            return self._policies[ref.target]
        if (ref.target, "json") in self._open:
            return None  # a document that is made of itself
        self._open.add((ref.target, "json"))
        policy = policy_blocks.policy_of(self.node(instance.attributes))
        self._open.discard((ref.target, "json"))
        self._policies[ref.target] = policy
        return policy

    def _managed(self, instance: Instance) -> Node | None:
        """What a policy of AWS says, where it is looked up by its ARN or name."""
        from remit.read.managed import statements

        named = self._argument(instance, "arn") or self._argument(instance, "name")
        last = named.parts[-1] if isinstance(named, Text) else named
        listed = statements(last.rpartition("/")[2], instance.location) if isinstance(last, str) else None
        if listed is None:
            return None
        return Node({"Version": Node("2012-10-17", instance.location), "Statement": listed}, instance.location)

    def _reference(self, ref: Ref) -> Value:
        instance = self.by_id.get(ref.target)
        if instance is None:
            return ref
        if (ref.target, ref.attribute) in self._open:
            return Unknown(f"{instance.address}, which refers to itself")
        self._open.add((ref.target, ref.attribute))
        try:
            if instance.mode == "data":
                return self._looked_up(instance, ref.attribute)
            if not is_aws(instance.type):
                given = self._argument(instance, ref.attribute)
                return ref if given is None else given
            return self._attribute(instance, kind_of(instance.type), ref)
        finally:
            self._open.discard((ref.target, ref.attribute))

    def _attribute(self, instance: Instance, kind: Kind, ref: Ref) -> Value:
        name = ref.attribute
        if kind.into:
            owner = self._argument(instance, kind.into)
            if name in ("id", kind.into):
                return owner
            if isinstance(owner, Ref):
                return Ref(owner.target, camel(name))
        spelled = kind.attributes.get(name, _ALWAYS.get(name))
        if spelled is None:
            given = self._argument(instance, name)
            return Ref(ref.target, _path(name)) if given is None or isinstance(given, Mapping | tuple) else given
        if "${" in spelled:
            own = {name: self._argument(instance, name) or Unknown(name) for name in _OWN.findall(spelled)}
            return substitute(spelled, {**own, "Ref": Ref(ref.target), "Arn": Ref(ref.target, "Arn")})
        return Ref(ref.target, spelled)

    def _looked_up(self, instance: Instance, attribute: str) -> Value:
        """An attribute of a data source: of the resource it finds, if that is in here; else what its name says."""
        given_nodes = instance.attributes.value
        for node in given_nodes.values() if isinstance(given_nodes, Mapping) else ():
            if isinstance(node.value, Ref):
                target = self.by_id.get(node.value.target)
                if target is not None and target.mode == "resource" and target.type == instance.type:
                    return self._reference(Ref(target.id, attribute))
        given = self._argument(instance, attribute)
        if given is not None:
            return given
        stored = STORED.get((instance.type, attribute))
        if stored is not None:
            name = self._argument(instance, "name")
            return Unknown(f"{stored} {name}" if name is not None else stored)
        pattern = SOURCES.get(instance.type, {}).get(attribute)
        if pattern is not None:
            return self._filled(instance, pattern)
        return Unknown(f"{instance.address}.{attribute}" if attribute else instance.address)

    def _filled(self, instance: Instance, pattern: str) -> Value:
        names: dict[str, Value] = {}
        for name, node in instance.attributes.items():
            names[name] = self._tidy(self.value(node.plain()))
        found = substitute(pattern, names)
        missing = [part for part in (found.parts if isinstance(found, Text) else (found,)) if _is_hole(part)]
        return Unknown(instance.address) if missing else found

    @staticmethod
    def _tidy(value: Value) -> Value:
        """A name as an ARN has it: that of a parameter begins with the slash that is there already."""
        return value[1:] if isinstance(value, str) and value.startswith("/") else value

    def _argument(self, instance: Instance, name: str) -> Value:
        node = instance.attributes.at(name)
        return None if node is None else self.value(node.plain())


def _is_hole(part: object) -> bool:
    return isinstance(part, Ref) and not part.attribute and part.target.islower()


def _path(name: str) -> str:
    """``endpoint.0.address`` as ``Endpoint.Address``."""
    return ".".join(camel(step) for step in name.split(".") if not step.isdecimal())
