"""SAM events: what each entry of a function's ``Events`` attaches to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.report import Failure
from remit.app.value import Value
from remit.read.access import Access, sam_access
from remit.read.draft import Declared, Draft, label
from remit.read.sam import IMPLICIT_HTTP, IMPLICIT_REST, api_properties


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
    triggers = []
    for name, event in events.items():
        kind = draft.word(event.at("Type"))
        properties = event.at("Properties") or Node({}, event.location)
        attached = Attached(owner.id, name, kind, properties, event.key or event.location)
        triggers.append(_READERS.get(kind, _other)(draft, attached))
    return triggers


def _trigger(event: Attached, source: str, name: str, sender: Sender, resource: str = "", why: str = "") -> Trigger:
    because = ((event.location, why),) if why else ()
    return Trigger(event.owner, source, name, event.location, sender, because, resource, None, event.properties)


def _api(draft: Draft, event: Attached) -> Trigger:
    reference = event.properties.at("RestApiId")
    return _route(draft, event, "rest-api", reference, IMPLICIT_REST)


def _http_api(draft: Draft, event: Attached) -> Trigger:
    reference = event.properties.at("ApiId")
    version = draft.word(event.properties.at("PayloadFormatVersion"))
    source = "rest-api" if version == "1.0" else "http-api"
    return _route(draft, event, source, reference, IMPLICIT_HTTP)


def _route(draft: Draft, event: Attached, source: str, reference: Node | None, implicit: str) -> Trigger:
    api = draft.target(reference.plain()) if reference else implicit
    access: Access = sam_access(draft, api_properties(draft, api), event.location, event.properties)
    method = draft.word(event.properties.at("Method")).upper()
    method = "ANY" if method in ("", "*", "X-AMAZON-APIGATEWAY-ANY-METHOD") else method
    path = draft.word(event.properties.at("Path"))
    name = f"{method} {path}" if path else "every other route"
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


def _queue(draft: Draft, event: Attached) -> Trigger:
    return _from_resource(draft, event, "sqs", "messages of", "Queue")


def _topic(draft: Draft, event: Attached) -> Trigger:
    subscription = event.properties.at("SqsSubscription")
    if subscription is not None and (isinstance(subscription.value, Mapping) or draft.truth(subscription)):
        # SAM puts a queue between the topic and the function: what arrives is an SQS event around the message.
        return _from_resource(draft, event, "sqs", "messages, through a queue, of", "Topic")
    return _from_resource(draft, event, "sns", "messages of", "Topic")


def _table(draft: Draft, event: Attached) -> Trigger:
    return _from_resource(draft, event, "dynamodb", "changes of", "Stream")


def _bucket(draft: Draft, event: Attached) -> Trigger:
    kinds = [draft.word(node) for node in (event.properties.at("Events") or Node((), event.location)).elements()]
    shown = ", ".join(kind.removesuffix(":*") for kind in kinds if kind) or "objects"
    return _from_resource(draft, event, "s3", f"{shown} on", "Bucket")


def _from_resource(draft: Draft, event: Attached, source: str, verb: str, key: str) -> Trigger:
    value = event.properties.get(key)
    resource = draft.target(value)
    sender, why = default_sender(draft, value)
    return _trigger(event, source, f"{verb} {resource or label(value)}", sender, resource, why)


def default_sender(draft: Draft, value: Value) -> tuple[Sender, str]:
    """Who can send through a resource before its policy is looked at: this app, or anyone in the account."""
    resource = draft.target(value)
    if resource:
        return Sender.APP, f"{resource} is part of this app"
    return Sender.ACCOUNT, f"{label(value)} is outside this template"


def _rule(draft: Draft, event: Attached) -> Trigger:
    bus = event.properties.at("EventBusName")
    value = bus.plain() if bus else None
    resource = draft.target(value)
    sender, why = event_sender(draft, event.properties.at("Pattern"), value)
    return _trigger(event, "eventbridge", f"events of rule {event.name}", sender, resource, why)


def event_sender(draft: Draft, pattern: Node | None, bus: Value) -> tuple[Sender, str]:
    """Who can send the events a rule matches: only AWS may use a source that begins with ``aws.``."""
    listed = pattern.at("source") if pattern else None
    sources = [draft.word(node) for node in listed.elements()] if listed else []
    if sources and all(source.startswith("aws.") for source in sources):
        return Sender.PLATFORM, f"only AWS sends events of {', '.join(sources)}"
    if bus is not None and draft.target(bus):
        return Sender.APP, f"{draft.target(bus)} is part of this app"
    return Sender.ACCOUNT, "anyone in the account may put events on this bus"


def _schedule(draft: Draft, event: Attached) -> Trigger:
    when = draft.word(event.properties.at("Schedule")) or draft.word(event.properties.at("ScheduleExpression"))
    return _trigger(
        event, "schedule", f"schedule {when or event.name}", Sender.PLATFORM, "", "only the scheduler sends"
    )


def _stream(draft: Draft, event: Attached) -> Trigger:
    return _from_resource(draft, event, "unknown", "records of", "Stream")


def _cluster(draft: Draft, event: Attached) -> Trigger:
    key = "Broker" if event.type == "MQ" else "Cluster"
    return _from_resource(draft, event, "unknown", "records of", key)


def _kafka(_: Draft, event: Attached) -> Trigger:
    why = "records of a Kafka cluster outside this account's control"
    return _trigger(event, "unknown", f"Kafka records ({event.name})", Sender.ACCOUNT, "", why)


def _logs(draft: Draft, event: Attached) -> Trigger:
    return _from_resource(draft, event, "unknown", "log lines of", "LogGroupName")


def _pool(draft: Draft, event: Attached) -> Trigger:
    value = event.properties.get("UserPool")
    kinds = [draft.word(node) for node in (event.properties.at("Trigger") or Node((), event.location)).elements()]
    name = f"{', '.join(kinds) or 'sign-in'} of {label(value)}"
    return _trigger(event, "unknown", name, Sender.ANYONE, draft.target(value), "whoever signs up or signs in")


def _things(_: Draft, event: Attached) -> Trigger:
    return _trigger(event, "unknown", f"IoT messages ({event.name})", Sender.AUTHENTICATED, "", "devices send these")


def _skill(_: Draft, event: Attached) -> Trigger:
    return _trigger(event, "unknown", f"Alexa skill ({event.name})", Sender.ANYONE, "", "whoever speaks to the skill")


def _other(_: Draft, event: Attached) -> Trigger:
    why = f"the event type {event.type or '?'} is not known here"
    return _trigger(event, "unknown", f"{event.type or 'event'} ({event.name})", Sender.ANYONE, "", why)


_READERS: dict[str, Callable[[Draft, Attached], Trigger]] = {
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
    "Kinesis": _stream,
    "DocumentDB": _cluster,
    "MSK": _stream,
    "MQ": _cluster,
    "SelfManagedKafka": _kafka,
    "CloudWatchLogs": _logs,
    "Cognito": _pool,
    "IoTRule": _things,
    "AlexaSkill": _skill,
}
