"""SAM events: what each entry of a function's ``Events`` attaches to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Failure, Skip
from remit.app.value import Ref
from remit.read.access import Access, sam_access
from remit.read.api_access import written_access
from remit.read.draft import Declared, Draft, label
from remit.read.either import each_of
from remit.read.sam import IMPLICIT_HTTP, IMPLICIT_REST, api_properties
from remit.read.wiring.attach import SCHEDULER, default_sender, made
from remit.read.wiring.mapping import kind_of, stream_of, verb
from remit.read.wiring.pool import pool_sender
from remit.read.wiring.rule import matched
from remit.read.wiring.thing import DEVICES


@dataclass(frozen=True, slots=True)
class Attached:
    """One event of one function (or state machine)."""

    owner: str
    name: str
    type: str
    properties: Node
    location: Location


def read_sam_events(draft: Draft, owner: Declared) -> list[Trigger]:
    """The triggers of one function (or state machine)."""
    events = owner.properties.at("Events")
    if events is None:
        return []
    if not isinstance(events.value, Mapping):
        kind = "a list" if isinstance(events.value, tuple) else "not a mapping"
        why = f'"Events" is {kind} here; SAM wants a mapping of names to events'
        draft.failures.append(Failure(draft.file, why, events.key or events.location))
        return []
    triggers: list[Trigger] = []
    for name, event in events.items():
        for one in each_of(draft, event, "Type"):
            kind = draft.word(one.at("Type"))
            for properties in each_of(draft, one.at("Properties") or Node({}, event.location), "Path", "Method"):
                attached = Attached(owner.id, name, kind, properties, event.key or event.location)
                triggers += _READERS.get(kind, _other)(draft, attached)
    return triggers


def _node(event: Attached) -> Node:
    """The properties of an event as one node, which stands where its name does."""
    return Node(event.properties.value, event.location)


def _api(draft: Draft, event: Attached) -> Iterator[Trigger]:
    reference = event.properties.at("RestApiId")
    yield _route(draft, event, "rest-api", reference, IMPLICIT_REST)


def _http_api(draft: Draft, event: Attached) -> Iterator[Trigger]:
    reference = event.properties.at("ApiId")
    version = draft.word(event.properties.at("PayloadFormatVersion"))
    source = "rest-api" if version == "1.0" else "http-api"
    yield _route(draft, event, source, reference, IMPLICIT_HTTP)


def _route(draft: Draft, event: Attached, source: str, reference: Node | None, implicit: str) -> Trigger:
    api = _api_of(draft, reference) if reference is not None else implicit
    method = draft.likely(event.properties.at("Method")).upper()
    method = "ANY" if method in ("", "*", "X-AMAZON-APIGATEWAY-ANY-METHOD") else method
    path = draft.likely(event.properties.at("Path"))
    name = "every other route" if path in ("", "$default", "/$default") else f"{method} {path}"
    properties = api_properties(draft, api)
    access: Access = sam_access(draft, properties, event.location, event.properties)
    if properties is not None and implicit == IMPLICIT_HTTP:
        access = written_access(draft, properties, name, event.properties) or access
    return Trigger(
        event.owner,
        source,
        name,
        event.location,
        access.sender,
        access.because,
        api,
        access.authorizer,
        event.properties,
    )


def _api_of(draft: Draft, reference: Node) -> str:
    """The API an event names: SAM takes its bare logical id as well as a reference."""
    value = reference.plain()
    return value if isinstance(value, str) and value in draft.declared else draft.target(value)


def _queue(draft: Draft, event: Attached) -> Iterator[Trigger]:
    yield _from_resource(draft, event, "sqs", "messages of", "Queue")


def _topic(draft: Draft, event: Attached) -> Iterator[Trigger]:
    subscription = event.properties.at("SqsSubscription")
    if subscription is None or not (isinstance(subscription.value, Mapping) or draft.truth(subscription)):
        yield _from_resource(draft, event, "sns", "messages of", "Topic")
        return
    # There is a queue between the topic and the function, whose subscription is declared like any other: what arrives
    # is an SQS event around the message.
    through = _from_resource(draft, event, "sqs", "messages, through a queue, of", "Topic")
    queue = draft.target(subscription.get("QueueArn")) if isinstance(subscription.value, Mapping) else ""
    made_here = f"{event.owner}{event.name}Queue"
    queue = queue or (made_here if made_here in draft.declared else "")
    if not queue:
        # The queue lies elsewhere: whoever may send to it is not seen here.
        why = "the queue between them is outside this template"
        yield replace(through, sender=Sender.ACCOUNT, because=((event.location, why),), resource="")
        return
    yield replace(through, resource=queue)


def _table(draft: Draft, event: Attached) -> Iterator[Trigger]:
    yield _from_resource(draft, event, "dynamodb", "changes of", "Stream")


def _bucket(draft: Draft, event: Attached) -> Iterator[Trigger]:
    kinds = [draft.word(node) for node in (event.properties.at("Events") or Node((), event.location)).elements()]
    shown = ", ".join(kind.removesuffix(":*") for kind in kinds if kind) or "objects"
    yield _from_resource(draft, event, "s3", f"{shown} on", "Bucket")


def _from_resource(draft: Draft, event: Attached, source: str, verb: str, key: str) -> Trigger:
    value = event.properties.get(key)
    resource = draft.target(value)
    return made(
        event.owner, _node(event), source, f"{verb} {resource or label(value)}", default_sender(draft, value), resource
    )


def _rule(draft: Draft, event: Attached) -> Iterator[Trigger]:
    pattern = event.properties.at("Pattern")
    name = f"events of rule {event.name}"
    yield from matched(draft, Ref(event.owner), _node(event), event.properties, name, pattern)


def _schedule(draft: Draft, event: Attached) -> Iterator[Trigger]:
    when = draft.word(event.properties.at("Schedule")) or draft.word(event.properties.at("ScheduleExpression"))
    yield made(event.owner, _node(event), "schedule", f"schedule {when or event.name}", SCHEDULER)


def _polled(draft: Draft, event: Attached) -> Iterator[Trigger]:
    """Streams and brokers: what SAM makes event source mappings of."""
    key = {"MQ": "Broker", "DocumentDB": "Cluster"}.get(event.type, "Stream")
    value = stream_of(draft, event.properties.get(key))
    kind = {"MSK": "kafka", "Kinesis": "kinesis", "DocumentDB": "documentdb"}.get(event.type)
    kind = kind or kind_of(draft, value, event.properties)
    resource = draft.target(value)
    name = f"{verb(kind)} {resource or label(value)}"
    yield made(event.owner, _node(event), kind, name, default_sender(draft, value), resource)


def _kafka(_: Draft, event: Attached) -> Iterator[Trigger]:
    who = (Sender.ACCOUNT, "records of a Kafka cluster outside this account's control")
    yield made(event.owner, _node(event), "kafka", f"Kafka records ({event.name})", who)


def _logs(draft: Draft, event: Attached) -> Iterator[Trigger]:
    yield _from_resource(draft, event, "logs", "log lines of", "LogGroupName")


def _pool(draft: Draft, event: Attached) -> Iterator[Trigger]:
    value = event.properties.get("UserPool")
    pool = draft.target(value)
    kinds = [draft.word(node) for node in (event.properties.at("Trigger") or Node((), event.location)).elements()]
    name = f"{', '.join(kinds) or 'sign-in'} of {label(value)}"
    who = max((pool_sender(draft, pool, kind) for kind in kinds or [""]), key=lambda found: found[0])
    yield made(event.owner, _node(event), "cognito", name, who, pool)


def _things(_: Draft, event: Attached) -> Iterator[Trigger]:
    yield made(event.owner, _node(event), "iot", f"IoT messages ({event.name})", DEVICES)


def _skill(_: Draft, event: Attached) -> Iterator[Trigger]:
    who = (Sender.ANYONE, "whoever speaks to the skill")
    yield made(event.owner, _node(event), "alexa", f"Alexa skill ({event.name})", who)


def _other(draft: Draft, event: Attached) -> Iterator[Trigger]:
    why = f"the event type {event.type or '?'} is not known here"
    draft.skips.append(Skip(f"{event.owner} {event.name}", why, event.location, blind=True))
    yield made(event.owner, _node(event), "unknown", f"{event.type or 'event'} ({event.name})", (Sender.ANYONE, why))


_READERS: dict[str, Callable[[Draft, Attached], Iterator[Trigger]]] = {
    "Api": _api,
    "HttpApi": _http_api,
    "SQS": _queue,
    "SNS": _topic,
    "DynamoDB": _table,
    "S3": _bucket,
    "EventBridgeRule": _rule,
    "CloudWatchEvent": _rule,
    "Schedule": _schedule,
    "ScheduleV2": _schedule,
    "Kinesis": _polled,
    "DocumentDB": _polled,
    "MSK": _polled,
    "MQ": _polled,
    "SelfManagedKafka": _kafka,
    "CloudWatchLogs": _logs,
    "Cognito": _pool,
    "IoTRule": _things,
    "AlexaSkill": _skill,
}
