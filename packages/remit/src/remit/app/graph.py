"""Queries on the app as a graph: what makes what run, and what hands something on to what.

``edges`` is everything at once: what the template wires (``App.edges``), what its triggers say, and, when the code was
analysed, what the code does (invoke, send, publish, put, start, write, read). All others answer from that one list, so
whoever asks often builds an ``edges`` once and passes it on: every query takes an ``App`` with ``analyses``, or, as
``among``, edges that are there already.

Ids are logical ids of functions, resources and state machines. An edge points the way in which things travel: a
queue to its consumer, a function to the table it writes to, a table to the function that reads it.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from remit.app.effect import Reach, SdkCall
from remit.app.flow import Analysis
from remit.app.model import App, Edge, Function
from remit.app.value import OTHER_KEYS, OTHERS, Ref, Text, Value, options, refs

#: Kind of the edge out of a resource, by the event source of the trigger it makes.
KINDS = {
    "sqs": "queue",
    "rabbitmq": "queue",
    "activemq": "queue",
    "sns": "topic",
    "dynamodb": "stream",
    "kinesis": "stream",
    "kafka": "stream",
    "documentdb": "stream",
    "firehose": "stream",
    "eventbridge": "rule",
    "schedule": "schedule",
    "step-functions": "task",
    "pipe": "pipe",
    "http-api": "api",
    "rest-api": "api",
    "websocket": "api",
    "alb": "api",
    "lattice": "api",
    "appsync": "api",
    "function-url": "api",
    "cloudfront": "api",
    "direct": "invoke",
    "custom-resource": "invoke",
    "secret-rotation": "invoke",
    "cognito": "invoke",
    "lex": "invoke",
    "connect": "invoke",
    "bedrock-agent": "invoke",
    "codepipeline": "invoke",
    "config": "invoke",
    "s3-object-lambda": "invoke",
    "s3-batch": "invoke",
}
#: Service and operation -> the parameter that names the target, and the kind of the edge.
_STARTS = {
    ("lambda", "Invoke"): ("FunctionName", "invoke"),
    ("lambda", "InvokeAsync"): ("FunctionName", "invoke"),
    ("lambda", "InvokeWithResponseStream"): ("FunctionName", "invoke"),
    ("sqs", "SendMessage"): ("QueueUrl", "queue"),
    ("sqs", "SendMessageBatch"): ("QueueUrl", "queue"),
    ("sns", "Publish"): ("TopicArn", "topic"),
    ("sns", "PublishBatch"): ("TopicArn", "topic"),
    ("events", "PutEvents"): ("EventBusName", "rule"),
    ("kinesis", "PutRecord"): ("StreamName", "stream"),
    ("kinesis", "PutRecords"): ("StreamName", "stream"),
    ("firehose", "PutRecord"): ("DeliveryStreamName", "stream"),
    ("firehose", "PutRecordBatch"): ("DeliveryStreamName", "stream"),
    ("stepfunctions", "StartExecution"): ("stateMachineArn", "task"),
    ("stepfunctions", "StartSyncExecution"): ("stateMachineArn", "task"),
}
#: What other SDKs call a service.
_SAME = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchevents": "events"}
#: Services that keep things: the parameters that name what keeps them.
_STORES = {
    "dynamodb": ("TableName",),
    "s3": ("Bucket",),
    "secretsmanager": ("SecretId",),
    "ssm": ("Name", "Names", "Path"),
    "sdb": ("DomainName",),
}
_READING = ("Get", "List", "Head", "Query", "Scan", "BatchGet", "TransactGet", "Download", "Select", "Describe")
_APIS = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::Lambda::Url",
    "AWS::AppSync::GraphQLApi",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)
#: A value nested deeper than this names nothing.
_DEEPEST = 12
_NOTHING: Mapping[str, Analysis] = {}


def edges(app: App, analyses: Mapping[str, Analysis] = _NOTHING) -> tuple[Edge, ...]:
    """Every edge of an app, each once: the template's first, then what the code does.

    Args:
        app: the app.
        analyses: by function id; without them only what the template says is there.

    Returns:
        Edges whose two ends are in the app. Two edges between the same ends differ in kind or place.
    """
    found: dict[tuple[str, str, str], Edge] = {}
    for edge in (*app.edges, *_of_triggers(app), *_of_code(app, analyses)):
        found.setdefault((edge.source, edge.target, edge.kind), edge)
    return tuple(found.values())


def into(
    app: App,
    id: str,  # noqa: A002
    analyses: Mapping[str, Analysis] = _NOTHING,
    *,
    among: Iterable[Edge] | None = None,
) -> tuple[Edge, ...]:
    """The edges that lead to one function, resource or state machine."""
    return tuple(edge for edge in _among(app, analyses, among) if edge.target == id)


def out_of(
    app: App,
    id: str,  # noqa: A002
    analyses: Mapping[str, Analysis] = _NOTHING,
    *,
    among: Iterable[Edge] | None = None,
) -> tuple[Edge, ...]:
    """The edges that start from one function, resource or state machine."""
    return tuple(edge for edge in _among(app, analyses, among) if edge.source == id)


def way(
    app: App, start: str, end: str, analyses: Mapping[str, Analysis] = _NOTHING, *, among: Iterable[Edge] | None = None
) -> tuple[Edge, ...]:
    """The shortest way from one part of an app to another, edge by edge; empty when there is none.

    Args:
        app: the app.
        start: id to start from.
        end: id to arrive at; for ``start == end`` it is the shortest loop.
        analyses: by function id, for what the code does.
        among: the edges to walk on, if they are there already; a ``Following`` where there are many questions.
    """
    onward = _following(_among(app, analyses, among))
    came: dict[str, Edge] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for edge in onward.get(here, ()):
            if edge.target in came:
                continue
            came[edge.target] = edge
            if edge.target == end:
                return _back(came, start, end)
            waiting.append(edge.target)
    return ()


def reaches_function(
    app: App,
    first: str,
    second: str,
    analyses: Mapping[str, Analysis] = _NOTHING,
    *,
    among: Iterable[Edge] | None = None,
) -> tuple[Edge, ...]:
    """The shortest way by which one function makes another run, or hands it something; empty when there is none.

    Args:
        app: the app.
        first: logical id of a function.
        second: logical id of a function; the same one asks whether it can come back to itself.
        analyses: by function id: without them only destinations, dead letters and state machines start from functions.
        among: the edges to walk on, if they are there already.
    """
    if app.function(first) is None or app.function(second) is None:
        return ()
    return way(app, first, second, analyses, among=among)


def after(
    app: App, start: str, analyses: Mapping[str, Analysis] = _NOTHING, *, among: Iterable[Edge] | None = None
) -> tuple[str, ...]:
    """Everything that can be reached from one part of an app, nearest first, without itself (unless it comes back)."""
    onward = _following(_among(app, analyses, among))
    seen: dict[str, None] = {}
    waiting = deque([start])
    while waiting:
        for edge in onward.get(waiting.popleft(), ()):
            if edge.target not in seen:
                seen[edge.target] = None
                waiting.append(edge.target)
    return tuple(seen)


class Following(tuple[Edge, ...]):
    """Edges that know where they start, for many questions about the same ones."""

    @cached_property
    def starts(self) -> dict[str, list[Edge]]:
        """The edges by the part of the app that they start from."""
        found: dict[str, list[Edge]] = {}
        for edge in self:
            found.setdefault(edge.source, []).append(edge)
        return found


def _among(app: App, analyses: Mapping[str, Analysis], given: Iterable[Edge] | None) -> Iterable[Edge]:
    return edges(app, analyses) if given is None else given


def _following(found: Iterable[Edge]) -> Mapping[str, list[Edge]]:
    return (found if isinstance(found, Following) else Following(found)).starts


def _back(came: Mapping[str, Edge], start: str, end: str) -> tuple[Edge, ...]:
    steps = [came[end]]
    while steps[-1].source != start:
        steps.append(came[steps[-1].source])
    return tuple(reversed(steps))


def _of_triggers(app: App) -> Iterator[Edge]:
    for trigger in app.triggers:
        if trigger.resource and trigger.resource in app.resources:
            kind = KINDS.get(trigger.source, "notification")
            text = f"{trigger.resource} starts {trigger.function}"
            yield Edge(trigger.resource, trigger.function, kind, trigger.location, text)


def _of_code(app: App, analyses: Mapping[str, Analysis]) -> Iterator[Edge]:
    for function in app.functions:
        analysis = analyses.get(function.id)
        if analysis is None:
            continue
        for call in analysis.effects.calls:
            yield from _of_call(app, function, call)
        for reach in analysis.effects.reaches:
            yield from _of_reach(app, function, reach)


def _of_call(app: App, function: Function, call: SdkCall) -> Iterator[Edge]:
    service = _SAME.get(call.service, call.service)
    if (service, call.operation) == ("events", "PutEvents"):
        yield from _of_put_events(app, function, call)
        return
    starts = _STARTS.get((service, call.operation))
    if starts is not None:
        for target in _named(app, call.parameters, starts[0], f"{starts[0]}ARN", starts[0].replace("Name", "ARN")):
            yield Edge(
                function.id, target, starts[1], call.location, f"{function.id} calls {call.operation} on {target}"
            )
        return
    for store in _named(app, call.parameters, *_STORES.get(service, ())) if service in _STORES else ():
        if call.operation.startswith(_READING):
            yield Edge(store, function.id, "read", call.location, f"{function.id} reads {store}")
        else:
            yield Edge(function.id, store, "write", call.location, f"{function.id} writes to {store}")


def _of_put_events(app: App, function: Function, call: SdkCall) -> Iterator[Edge]:
    """Events on a bus of the app go to the bus; on the default bus, to whatever a rule that may match them starts."""
    entries = call.parameters.get("Entries")
    for entry in entries if isinstance(entries, tuple) else (entries,):
        fields = entry if isinstance(entry, Mapping) else {}
        bus = fields.get("EventBusName")
        text = f"{function.id} puts events on "
        if bus is not None and bus != "default":
            for target in _resources(app, bus):
                yield Edge(function.id, target, "rule", call.location, text + target)
            continue
        for trigger in app.triggers:
            open_to_all = trigger.source == "eventbridge" and trigger.resource not in app.resources
            if open_to_all and _may_match(trigger.properties.plain() if trigger.properties else None, fields):
                yield Edge(function.id, trigger.function, "rule", call.location, f"{text}the bus of {trigger.name}")


def _may_match(rule: Value, entry: Mapping[str, Value]) -> bool:
    """Whether an event can match the pattern of a rule, as far as its source and type are known."""
    rule = rule if isinstance(rule, Mapping) else {}
    pattern = rule.get("EventPattern", rule.get("Pattern"))
    if not isinstance(pattern, Mapping):
        return True
    for key, name in (("source", "Source"), ("detail-type", "DetailType")):
        wanted, given = pattern.get(key), entry.get(name)
        listed = wanted if isinstance(wanted, tuple) else (wanted,)
        literal = wanted is not None and all(isinstance(item, str) for item in listed)
        if literal and isinstance(given, str) and given not in listed:
            return False
        if key == "source" and literal and all(str(item).startswith("aws.") for item in listed):
            return False
    return True


def _of_reach(app: App, function: Function, reach: Reach) -> Iterator[Edge]:
    for target in dict.fromkeys(ref.target for ref in refs(reach.host)):
        resource = app.resources.get(target)
        if resource is not None and resource.type in _APIS:
            yield Edge(function.id, target, "api", reach.location, f"{function.id} calls {target}")


def _named(app: App, parameters: Value, *names: str, deep: int = 0) -> Iterator[str]:
    """The resources that parameters of these names say, at any depth (``TransactItems[].Put.TableName``)."""
    if deep > _DEEPEST:
        return
    if isinstance(parameters, Mapping):
        for key, value in parameters.items():
            if key in names:
                yield from _resources(app, value)
            elif key == "RequestItems" and isinstance(value, Mapping):
                yield from _keys(app, value)
            elif isinstance(value, Mapping | tuple):
                yield from _named(app, value, *names, deep=deep + 1)
    elif isinstance(parameters, tuple):
        for item in parameters:
            yield from _named(app, item, *names, deep=deep + 1)


def _keys(app: App, items: Mapping[str, Value]) -> Iterator[str]:
    """Tables of a batch: the keys of its mapping, some of which are told apart because they are no plain texts."""
    others = items.get(OTHER_KEYS)
    for key in (
        *(key for key in items if key not in (OTHERS, OTHER_KEYS)),
        *(others if isinstance(others, tuple) else ()),
    ):
        yield from _resources(app, key)


def _resources(app: App, value: Value) -> Iterator[str]:
    """The resources of the app that a name, ARN or URL may mean."""
    seen = set()
    for listed in value if isinstance(value, tuple) else (value,):
        for option in options(listed):
            found = _resource(app, option)
            if found and found not in seen:
                seen.add(found)
                yield found


def _resource(app: App, value: Value) -> str:
    if isinstance(value, Ref | str):
        named = app.resource_of(value)
        if named is None and isinstance(value, str) and (":" in value or "/" in value):
            # An ARN or URL: what stands at its end is the name.
            named = app.resource_of(value.rstrip("*").rstrip("/:").rsplit("/", 1)[-1].rsplit(":", 1)[-1])
        return _meant(app, named.id) if named is not None else ""
    if isinstance(value, Text):
        named = app.resource_of(value)
        if named is not None:
            return _meant(app, named.id)
        return next((_meant(app, ref.target) for ref in refs(value) if ref.target in app.resources), "")
    return ""


def _meant(app: App, id_: str) -> str:
    """Through an alias or version to the function it stands for."""
    resource = app.resources[id_]
    if resource.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
        for ref in refs(resource.properties.get("FunctionName")):
            if app.function(ref.target) is not None:
                return ref.target
    return id_
