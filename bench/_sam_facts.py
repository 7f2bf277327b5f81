"""What one App says, as sets of plain facts that can be compared: resources, functions, roles, triggers, policies."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from remit.app.model import App, Function, Grant, Role, Trigger
from remit.app.node import Node
from remit.app.value import Choice, Ref, Text, Unknown, Value, settle

#: What the translator's own run fills in for pseudo parameters.
_PSEUDO: dict[str, Value] = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}


class Fact(NamedTuple):
    """One fact: its kind, what it is about, and the fact itself as text."""

    kind: str
    subject: str
    text: str


def facts(app: App) -> frozenset[Fact]:
    """Everything an App says about the kinds that the oracle compares."""
    return frozenset(_facts(app, _Words(app)))


def _facts(app: App, words: "_Words") -> Iterator[Fact]:
    for resource in app.resources.values():
        yield Fact("resource", resource.id, resource.type)
    for function in app.functions:
        yield from _function(function, words)
    for role in app.roles.values():
        yield from _role(role, words)
    for trigger in app.triggers:
        if not trigger.implied:  # stands for the absence of any other
            yield Fact("trigger", trigger.function, _trigger(trigger))
    for target, grants in app.policies.items():
        for grant in grants:
            yield Fact("policy", target, words.grant(grant))


class _Words:
    """Values as text, with parameters at their defaults."""

    def __init__(self, app: App) -> None:
        self._defaults = {**_PSEUDO, **{name: node.plain() for name, node in app.parameters.items()}}
        self._defaults = {name: value for name, value in self._defaults.items() if not isinstance(value, Unknown)}

    def value(self, value: Value) -> str:
        """One value; mappings in the order of their keys, numbers and booleans as CloudFormation takes them: text."""
        return self._text(settle(value, self._defaults))

    def _text(self, value: Value) -> str:
        if isinstance(value, Mapping):
            return "{" + ",".join(f"{key}:{self._text(item)}" for key, item in sorted(value.items())) + "}"
        if isinstance(value, tuple):
            return "[" + ",".join(self._text(item) for item in value) + "]"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, Choice):
            return "|".join(sorted({self._text(option) for option in value.options}))
        if isinstance(value, Text | Ref):
            return str(value)
        if isinstance(value, Unknown):
            return "{?}"
        return str(value)

    def grant(self, grant: Grant) -> str:
        """One statement."""
        parts = [grant.effect]
        for name, items in (("", grant.actions), ("not ", grant.not_actions)):
            if items:
                parts.append(name + ",".join(sorted({item.lower() for item in items})))
        for name, values in (("on ", grant.resources), ("not on ", grant.not_resources), ("to ", grant.principals)):
            if values:
                parts.append(name + ",".join(sorted({self.value(item) for item in values})))
        if grant.conditions:
            parts.append("if " + self._condition(grant.conditions))
        return " ".join(parts)

    def _condition(self, block: Value) -> str:
        """A condition block: one value and a list of one mean the same."""
        if isinstance(block, Mapping):
            return "{" + ",".join(f"{key}:{self._condition(item)}" for key, item in sorted(block.items())) + "}"
        return self.value(block if isinstance(block, tuple) else (block,))


def _function(function: Function, words: _Words) -> Iterator[Fact]:
    yield Fact("function", function.id, f"handler {function.handler}")
    yield Fact("function", function.id, f"runtime {function.runtime}")
    yield Fact("function", function.id, f"timeout {function.timeout}")
    yield Fact("function", function.id, f"role {function.role}")
    for name, node in function.environment.items():
        yield Fact("environment", function.id, f"{name}={words.value(node.plain())}")
    properties = function.properties
    for name in SAME:
        node = properties.at(name) if properties is not None else None
        if node is not None and node.value not in ((), {}):
            yield Fact("property", function.id, f"{name}={_unordered(node, words)}")


#: Properties of functions that SAM hands on as they are, Globals merged.
SAME = (
    "Architectures",
    "CodeSigningConfigArn",
    "EphemeralStorage",
    "FileSystemConfigs",
    "FunctionName",
    "ImageConfig",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "SnapStart",
    "VpcConfig",
)


def _unordered(node: Node, words: _Words) -> str:
    return words.value(node.plain())


def _role(role: Role, words: _Words) -> Iterator[Fact]:
    yield Fact("role", role.id, "runs " + ",".join(sorted(role.functions)))
    for grant in role.grants:
        yield Fact("grant", role.id, words.grant(grant))
    for text, _ in role.opaque:
        yield Fact("opaque", role.id, text)


def _trigger(trigger: Trigger) -> str:
    name = trigger.name if " /" in trigger.name or trigger.name == "every other route" else ""
    # The URL of a function is a resource of its own in CloudFormation, and a setting of the function in SAM.
    resource = trigger.resource if trigger.source != "function-url" else ""
    parts = [trigger.source, name, f"of {resource}", f"from {trigger.sender.name}"]
    if trigger.authorizer is not None:
        parts.append(f"checked by {trigger.authorizer.kind}")
    return " ".join(part for part in parts if part)
