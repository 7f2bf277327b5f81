"""Amazon States Language: the states of a machine, what their tasks call, and which task comes after which.

Source: the Amazon States Language specification, and "Integrating services with Step Functions" of the developer guide.
"""

import re
from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.noun import Struct, field
from remit.app.value import Text, Unknown, Value

#: Where a state has states of its own: parallel branches, the body of a map (new and old spelling).
_INNER = ("ItemProcessor", "Iterator")
#: Service and action of an integration -> the parameter that names what it acts on, and the kind.
_OPTIMISED = {
    "lambda:invoke": ("FunctionName", "invoke"),
    "states:startExecution": ("StateMachineArn", "task"),
    "states:startSyncExecution": ("StateMachineArn", "task"),
    "sqs:sendMessage": ("QueueUrl", "queue"),
    "sns:publish": ("TopicArn", "topic"),
    "events:putEvents": ("EventBusName", "rule"),
    "dynamodb:getItem": ("TableName", "read"),
    "dynamodb:putItem": ("TableName", "write"),
    "dynamodb:updateItem": ("TableName", "write"),
    "dynamodb:deleteItem": ("TableName", "write"),
    "apigateway:invoke": ("ApiEndpoint", "api"),
}
#: SDK integrations: service -> the parameters that name what they act on.
_SDK = {
    "lambda": ("FunctionName",),
    "sfn": ("StateMachineArn",),
    "sqs": ("QueueUrl",),
    "sns": ("TopicArn",),
    "eventbridge": ("EventBusName",),
    "dynamodb": ("TableName",),
    "s3": ("Bucket",),
    "kinesis": ("StreamName", "StreamARN"),
    "firehose": ("DeliveryStreamName",),
    "secretsmanager": ("SecretId",),
    "ssm": ("Name",),
}
_READING = re.compile(r"(get|list|head|query|scan|describe|select|receive|batchGet|transactGet)", re.ASCII)
#: Bounds on hostile definitions: nesting of machines in machines, states, steps from a task to the next.
_DEEPEST = 16
_MOST_STATES = 5_000
_MOST_AFTER = 64
_MOST_STEPS = 200_000


class Task(Struct, frozen=True):
    """What one state calls.

    Args:
        state: the state's name, with the names of the states around it (``Each/Resize``).
        kind: ``invoke``, ``task`` (another machine), ``queue``, ``topic``, ``rule``, ``api``, ``write``, ``read``,
            ``activity`` or ``other``.
        target: what names the part it acts on: an ARN, a name, a reference; ``None`` for what names nothing.
        integration: ``lambda:invoke``, ``aws-sdk:s3:putObject``; ``""`` for the plain ARN of a function.
        pattern: ``""``, ``sync`` or ``waitForTaskToken``.
        node: of the state.
    """

    state: str
    kind: str
    target: Value
    integration: str
    pattern: str
    node: Node


class Machine(Struct, frozen=True):
    """A state machine, as far as it matters who is called and in which order.

    Args:
        tasks: in the order in which they are written.
        after: name of a state with a task -> the states with tasks that may come right after it.
        first: the states with tasks that may come first.
        open: what could not be read: a state, why, where.
    """

    tasks: tuple[Task, ...] = ()
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    open: tuple[tuple[str, str, Location], ...] = ()


def parse(definition: Node) -> Machine | None:
    """Reads a definition; ``None`` when it is not one.

    Args:
        definition: with ``StartAt`` and ``States``, substitutions filled in.
    """
    if not isinstance(definition.value, Mapping) or definition.at("States") is None:
        return None
    reader = _Reader()
    first = reader.machine(definition, "", 0)
    names = {task.state for task in reader.tasks}
    after = {name: tuple(reader.next_tasks(name, names)) for name in names}
    return Machine(tuple(reader.tasks), after, tuple(reader.tasks_from(first, names)), tuple(reader.open))


class _Reader:
    """Flattens nested machines to one graph of states."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.open: list[tuple[str, str, Location]] = []
        self._next: dict[str, list[str]] = {}
        self._left = _MOST_STEPS

    def machine(self, definition: Node, prefix: str, depth: int) -> list[str]:
        """Reads one machine; returns the states it starts with."""
        states = definition.at("States")
        start = definition.get("StartAt")
        for name, state in _entries(states):
            if depth > _DEEPEST or len(self._next) > _MOST_STATES:
                self.open.append((prefix + name, "more states than are read", state.location))
                break
            self._state(prefix, name, state, depth)
        return [f"{prefix}{start}"] if isinstance(start, str) else []

    def _state(self, prefix: str, name: str, state: Node, depth: int) -> None:
        full = f"{prefix}{name}"
        following = [f"{prefix}{item}" for item in _following(state)]
        kind = state.get("Type")
        if kind == "Task":
            self._task(full, state)
        inner = [state.at(key) for key in _INNER]
        inner += _elements(state.at("Branches"))
        inside = [part for part in inner if part is not None and isinstance(part.value, Mapping)]
        if kind == "Map":
            self._items(full, state)
        starts: list[str] = []
        for number, part in enumerate(inside):
            mark = f"{full}/" if len(inside) == 1 else f"{full}/{number + 1}/"
            first = self.machine(part, mark, depth + 1)
            starts += first
            for end in _ends(part):
                self._next.setdefault(f"{mark}{end}", []).extend(following)
        self._next.setdefault(full, []).extend(starts or following)

    def _task(self, name: str, state: Node) -> None:
        resource = state.at("Resource")
        if resource is None:
            self.open.append((name, "a task without a resource", state.location))
            return
        given = state.at("Arguments") or state.at("Parameters")
        for kind, target, integration, pattern in _called(resource.plain(), given):
            if isinstance(target, Unknown):
                self.open.append((name, target.why, resource.location))
            else:
                self.tasks.append(Task(name, kind, target, integration, pattern, state))

    def _items(self, name: str, state: Node) -> None:
        """A distributed map reads its items from a bucket and writes its results to one."""
        for key, kind in (("ItemReader", "read"), ("ResultWriter", "write")):
            node = state.at(key)
            given = (node.at("Arguments") or node.at("Parameters")) if node is not None else None
            bucket = given.get("Bucket") if given is not None else None
            if node is not None and bucket is not None:
                self.tasks.append(Task(f"{name}/{key}", kind, bucket, "s3", "", node))

    def next_tasks(self, name: str, names: set[str]) -> list[str]:
        """The states with tasks that come after one, through those without."""
        return self.tasks_from(self._next.get(name, []), names)

    def tasks_from(self, states: list[str], names: set[str]) -> list[str]:
        """The first states with tasks from some states on."""
        found: list[str] = []
        seen: set[str] = set()
        waiting = list(reversed(states))
        while waiting and len(found) < _MOST_AFTER and self._left > 0:
            self._left -= 1
            state = waiting.pop()
            if state in seen:
                continue
            seen.add(state)
            if state in names:
                found.append(state)
            else:
                waiting.extend(reversed(self._next.get(state, [])))
        return found


def _called(resource: Value, given: Node | None) -> Iterator[tuple[str, Value, str, str]]:
    """Kind, target, integration and pattern of a task."""
    shape = _flat(resource)
    if not shape.startswith("arn:"):
        # A reference to a function, or a name that substitutions were to fill in.
        unfilled = isinstance(resource, str) and "${" in resource
        yield "invoke", Unknown(f"what {resource} stands for is not told") if unfilled else resource, "", ""
        return
    pieces = shape.split(":", 5)
    if len(pieces) < 6 or pieces[2] != "states" or pieces[3] or pieces[4]:
        yield ("activity" if ":activity:" in shape else "invoke"), resource, "", ""
        return
    name, _, pattern = pieces[5].partition(".")
    yield from _integrated(name, pattern, given)


def _integrated(name: str, pattern: str, given: Node | None) -> Iterator[tuple[str, Value, str, str]]:
    if name in _OPTIMISED:
        key, kind = _OPTIMISED[name]
        for target in _parameters(given, (key,)):
            yield kind, target, name, pattern
        return
    _, sdk, call = name.partition("aws-sdk:")
    service, _, operation = (call if sdk else name).partition(":")
    kind = _kind(service.lower(), operation)
    for target in _parameters(given, _SDK.get(service.lower(), ())):
        yield kind, target, name, pattern
    if service.lower() not in _SDK:
        yield "other", None, name, pattern


def _kind(service: str, operation: str) -> str:
    starts = {"lambda": "invoke", "sfn": "task", "sqs": "queue", "sns": "topic", "eventbridge": "rule"}
    if _READING.match(operation):
        return "read"
    return starts.get(service, "write")


def _parameters(given: Node | None, keys: tuple[str, ...], depth: int = 0) -> Iterator[Value]:
    """What parameters of these names say, at any depth; one taken out of the input is only known when it runs."""
    for name, node in _entries(given) if depth < _DEEPEST else ():
        dynamic = name.endswith(".$")
        value = node.plain()
        if name.removesuffix(".$") in keys:
            code = isinstance(value, str) and value.lstrip().startswith("{%")
            unfilled = isinstance(value, str) and "${" in value
            if dynamic or code or unfilled:
                yield Unknown(f"which {name.removesuffix('.$')} is decided when it runs")
            else:
                yield value
        elif isinstance(node.value, Mapping):
            yield from _parameters(node, keys, depth + 1)
        elif isinstance(node.value, tuple):
            for item in node.value:
                yield from _parameters(item, keys, depth + 1)


def _following(state: Node) -> list[str]:
    """The names that may come after a state."""
    found = [state.get("Next"), state.get("Default")]
    found += [item.get("Next") for key in ("Choices", "Catch") for item in _elements(state.at(key))]
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))


def _ends(machine: Node) -> list[str]:
    """The states with which a machine ends."""
    return [
        name
        for name, state in _entries(machine.at("States"))
        if state.get("End") is not None or state.get("Type") == "Succeed"
    ]


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    return node.items() if node is not None else iter(())


def _elements(node: Node | None) -> list[Node]:
    return list(node.value) if node is not None and isinstance(node.value, tuple) else []


def _flat(value: Value) -> str:
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part if isinstance(part, str) else "x" for part in parts)
