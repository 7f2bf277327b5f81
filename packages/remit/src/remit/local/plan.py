"""What of an App is put up locally, and how its symbolic values read there. Pure: an App in, a plan out.

Nothing is left out in silence: what cannot be put up becomes a ``Skip``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from remit.app.model import App, Function, Resource, Trigger
from remit.app.report import Skip
from remit.app.value import Choice, Ref, Text, Unknown, Value, options
from remit.local.http_events import Route
from remit.local.spec import FunctionSpec

REGION = "eu-central-1"
ACCOUNT = "000000000000"

TABLE = "AWS::DynamoDB::Table"
BUCKET = "AWS::S3::Bucket"
QUEUE = "AWS::SQS::Queue"
TOPIC = "AWS::SNS::Topic"
SECRET = "AWS::SecretsManager::Secret"
HTTP_SOURCES = ("http-api", "rest-api", "function-url")
#: Event sources that the local cloud delivers by itself.
DELIVERED = ("s3", "sqs", "sns")

_ARN = {
    TABLE: "arn:aws:dynamodb:{region}:{account}:table/{name}",
    BUCKET: "arn:aws:s3:::{name}",
    QUEUE: "arn:aws:sqs:{region}:{account}:{name}",
    TOPIC: "arn:aws:sns:{region}:{account}:{name}",
    SECRET: "arn:aws:secretsmanager:{region}:{account}:secret:{name}",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource to make: its logical id, type, local name and resolved properties."""

    id: str
    type: str
    name: str
    properties: Mapping[str, Value]

    @property
    def arn(self) -> str:
        """Its ARN in the local account."""
        return _ARN[self.type].format(region=REGION, account=ACCOUNT, name=self.name)


@dataclass(frozen=True, slots=True)
class Wire:
    """One delivery: a resource whose events go to a function."""

    thing: Thing
    function: str
    source: str
    properties: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will run."""

    things: tuple[Thing, ...]
    functions: tuple[FunctionSpec, ...]
    routes: tuple[Route, ...]
    wires: tuple[Wire, ...]
    skips: tuple[Skip, ...] = ()

    def thing(self, id: str) -> Thing | None:  # noqa: A002
        """The resource with a logical id."""
        return next((thing for thing in self.things if thing.id == id), None)

    def function(self, id: str) -> FunctionSpec | None:  # noqa: A002
        """The function with a logical id; functions keep it as their name."""
        return next((spec for spec in self.functions if spec.name == id), None)


def plan(app: App, root: Path, endpoint: str) -> Plan:
    """Plans an App.

    Args:
        app: the App.
        root: the folder it was read from.
        endpoint: address of the local cloud, for queue URLs.

    Returns:
        The plan; every function whose code is Python and local, every resource of a known type.
    """
    skips: list[Skip] = []
    things = tuple(_things(app))
    specs: list[FunctionSpec] = []
    for function in app.functions:
        if function.language != "python" or function.code is None or function.code.lower().endswith(".zip"):
            skips.append(Skip(function.id, "only local Python functions run here", function.location, blind=True))
            continue
        specs.append(_spec(app, function, root, things, endpoint, skips))
    known = {spec.name for spec in specs}
    routes: list[Route] = []
    wires: list[Wire] = []
    for trigger in app.triggers:
        if trigger.implied or trigger.function not in known:
            continue
        if trigger.source in HTTP_SOURCES:
            routes.append(_route(trigger))
            continue
        thing = next((item for item in things if item.id == trigger.resource), None)
        if trigger.source in DELIVERED and thing is not None:
            wires.append(Wire(thing, trigger.function, trigger.source, _plain(trigger.properties)))
        else:
            skips.append(Skip(trigger.name, f"events of {trigger.source} are not delivered here", trigger.location))
    return Plan(things, tuple(specs), tuple(routes), tuple(wires), tuple(skips))


def text_of(value: Value, things: tuple[Thing, ...], endpoint: str) -> str | None:
    """The text a value has locally.

    Args:
        value: literal or symbolic.
        things: the resources.
        endpoint: address of the local cloud.

    Returns:
        The text; ``None`` when part of it cannot be known.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, Ref):
        return _ref(value, things, endpoint)
    if isinstance(value, Choice):
        found = (text_of(option, things, endpoint) for option in options(value))
        return next((text for text in found if text is not None), None)
    if isinstance(value, Text):
        parts = [text_of(part, things, endpoint) for part in value.parts]
        return None if None in parts else "".join(part for part in parts if part is not None)
    return None


def _ref(ref: Ref, things: tuple[Thing, ...], endpoint: str) -> str | None:
    pseudo = {
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": "local",
    }
    if ref.target in pseudo:
        return pseudo[ref.target]
    thing = next((item for item in things if item.id == ref.target), None)
    if thing is None:
        return None
    if ref.attribute in ("Arn", "TopicArn"):
        return thing.arn
    if ref.attribute in ("QueueName", "TopicName", "Name"):
        return thing.name
    if ref.attribute not in ("", "QueueUrl", "Id"):
        return None
    if thing.type == QUEUE:
        return f"{endpoint}/{ACCOUNT}/{thing.name}"
    return thing.arn if thing.type in (TOPIC, SECRET) else thing.name


def _things(app: App) -> list[Thing]:
    found = []
    for resource in app.resources.values():
        if resource.type in _ARN:
            properties = resource.properties.plain()
            mapping = properties if isinstance(properties, Mapping) else {}
            found.append(Thing(resource.id, resource.type, _name(app, resource), mapping))
    return found


def _name(app: App, resource: Resource) -> str:
    if isinstance(resource.name, str):
        return resource.name
    plain = text_of(resource.name, (), "") if resource.name is not None else None
    name = plain or f"{app.name}-{resource.id}"
    if resource.type == BUCKET:
        name = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:63]
    fifo = name.endswith(".fifo")
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", name.removesuffix(".fifo"))[:70]
    return name + ".fifo" if fifo else name


def _spec(
    app: App, function: Function, root: Path, things: tuple[Thing, ...], endpoint: str, skips: list[Skip]
) -> FunctionSpec:
    variables: dict[str, str] = {}
    for name, node in function.environment.items():
        text = text_of(node.plain(), things, endpoint)
        if text is None:
            text = text_of(_default(app, node.plain()), things, endpoint)
        if text is None:
            skips.append(Skip(f"{function.id}.{name}", "its value cannot be known here; it is not set", node.location))
        else:
            variables[name] = text
    memory = function.properties.get("MemorySize") if function.properties is not None else None
    return FunctionSpec(
        name=function.id,
        handler=function.handler,
        code=root / (function.code or ""),
        environment=variables,
        runtime=function.runtime or "python3.12",
        timeout=float(function.timeout or 3),
        memory=memory if isinstance(memory, int) else 128,
        region=REGION,
        account=ACCOUNT,
        path=tuple(root / layer / "python" for layer in function.layers),
    )


def _default(app: App, value: Value) -> Value:
    if isinstance(value, Ref) and value.target in app.parameters:
        return app.parameters[value.target].plain()
    return Unknown("not known")


def _route(trigger: Trigger) -> Route:
    method, _, path = trigger.name.partition(" ")
    if not path.startswith("/"):
        method, path = "ANY", "$default"
    if trigger.source == "function-url":
        method, path = "ANY", f"/_url/{trigger.function}/{{proxy+}}"
    kind = trigger.authorizer.kind if trigger.authorizer is not None else ""
    return Route(method.upper(), path, trigger.function, trigger.source, kind)


def _plain(node: object) -> Mapping[str, Value]:
    from remit.app.node import Node

    plain = node.plain() if isinstance(node, Node) else None
    return plain if isinstance(plain, Mapping) else {}
