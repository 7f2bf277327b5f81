"""Events of functions: each becomes the resources that the framework would make for it, or a trigger where it is none."""

from collections.abc import Callable, Mapping

from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.value import Ref
from remit.read.draft import Declared, label
from remit.read.serverless import ids
from remit.read.serverless.http import add_http
from remit.read.serverless.http_api import add_http_api, add_websocket
from remit.read.serverless.roles import stream_kind
from remit.read.serverless.service import Entry, Service, arn, mapping, tree


def add_events(service: Service, entry: Entry) -> None:
    """Declares everything the events of one function make."""
    events = entry.node.at("events")
    for number, event in enumerate(service.listed(events, "events"), 1):
        if isinstance(event.value, str):
            # "- schedule" or "- alexaSkill": an event without settings
            _add(service, entry, event.value, Node(None, event.location), number)
        elif not isinstance(event.value, Mapping):
            service.wrong(event, 'an event is a kind with its settings here, as in "http: GET /orders"')
        else:
            written = [(kind, node) for kind, node in event.items() if kind not in _SETTINGS]
            for kind, node in written:
                _add(service, entry, kind, node, number)


#: Keys beside the kind of an event that are none themselves.
_SETTINGS = ("enabled",)


def _add(service: Service, entry: Entry, kind: str, node: Node, number: int) -> None:
    adder = _ADDERS.get(kind)
    if adder is not None:
        adder(service, entry, node)
        return
    if kind in _DIRECT:
        sender, name, why, source = _DIRECT[kind]
        _trigger(service, entry, name, node, sender, why, source)
        return
    at = node.key or node.location
    service.blind(entry.name, f"the event kind {kind[:60]} is not known here", at)
    _trigger(
        service, entry, f"{kind[:60]} (event {number})", node, Sender.ANYONE, f"the event {kind[:60]} is not known"
    )


def _trigger(
    service: Service, entry: Entry, name: str, node: Node, sender: Sender, why: str, source: str = "unknown"
) -> None:
    at = node.key or node.location
    service.draft.triggers.append(Trigger(entry.id, source, name, at, sender, ((at, why),), "", None, node))


_DIRECT = {
    "alexaSkill": (Sender.ANYONE, "Alexa skill", "whoever speaks to the skill", "alexa"),
    "alexaSmartHome": (Sender.ANYONE, "Alexa smart home", "whoever speaks to the device", "alexa"),
    "cloudFront": (Sender.ANYONE, "requests at the edge (CloudFront)", "whoever requests a page", "cloudfront"),
    "iotFleetProvisioning": (Sender.AUTHENTICATED, "IoT provisioning", "devices that ask to be provisioned", "unknown"),
}


def _value(node: Node, key: str = "arn") -> Node | None:
    """What an event names: under a key, or itself."""
    given = node.at(key) if isinstance(node.value, Mapping) else node
    return given if given is not None and given.value is not None else None


def _mapped(service: Service, entry: Entry, node: Node, kind: str) -> None:
    """An event source that the platform polls."""
    source = _value(node)
    if source is None:
        service.wrong(node, f'the event of {entry.name} does not say which {kind} it reads: "arn" is missing')
        return
    at = node.key or node.location
    settings = mapping(node)
    properties: dict[str, object] = {
        "EventSourceArn": source,
        "FunctionName": arn(entry.id),
        "BatchSize": settings.at("batchSize") if settings else None,
        "Enabled": settings.at("enabled") if settings else None,
        "FunctionResponseTypes": settings.at("functionResponseType") if settings else None,
        "DestinationConfig": settings.at("destinations") if settings else None,
    }
    filters = settings.at("filterPatterns") if settings else None
    if filters is not None and isinstance(filters.value, tuple):
        properties["FilterCriteria"] = {"Filters": [{"Pattern": item} for item in filters.value]}
    name = ids.alphanumeric(label(source.plain()).rsplit("/", 1)[-1])
    service.add(f"{ids.normal(entry.name)}EventSourceMapping{kind}{name}", _MAPPING, properties, at)


_MAPPING = "AWS::Lambda::EventSourceMapping"


def _sqs(service: Service, entry: Entry, node: Node) -> None:
    _mapped(service, entry, node, "SQS")


def _stream(service: Service, entry: Entry, node: Node) -> None:
    _mapped(service, entry, node, stream_kind(service, node).capitalize())


def _broker(service: Service, entry: Entry, node: Node) -> None:
    _mapped(service, entry, node, "MQ")


def _msk(service: Service, entry: Entry, node: Node) -> None:
    _mapped(service, entry, node, "MSK")


def _kafka(service: Service, entry: Entry, node: Node) -> None:
    topic = service.word(node.at("topic"))
    properties = {"FunctionName": arn(entry.id), "Topics": [topic]}
    id_ = f"{ids.normal(entry.name)}EventSourceMappingKafka{ids.alphanumeric(topic)}"
    service.add(id_, _MAPPING, properties, node.key or node.location)


def _topic(service: Service, entry: Entry, node: Node) -> None:
    """A topic by name is made; one by ARN is only subscribed to."""
    at = node.key or node.location
    settings = mapping(node)
    source = _value(node)
    named = settings.at("topicName") if settings else None
    word = service.word(source)
    name = service.word(named)
    topic: object = source
    made = source is None or (isinstance(source.value, str) and not word.startswith("arn:"))
    if made and (settings is None or settings.at("arn") is None):
        name = name or word
        if not name:
            service.wrong(node, f'the "sns" event of {entry.name} names no topic')
            return
        display = settings.at("displayName") if settings else None
        id_ = service.add(
            f"SNSTopic{ids.alphanumeric(name)}", "AWS::SNS::Topic", {"TopicName": name, "DisplayName": display}, at
        )
        topic = Ref(id_)
    label_ = ids.alphanumeric(name or label(source.plain() if source else None))
    policy = settings.at("filterPolicy") if settings else None
    properties = {"TopicArn": topic, "Protocol": "lambda", "Endpoint": arn(entry.id), "FilterPolicy": policy}
    service.add(f"{ids.normal(entry.name)}SnsSubscription{label_}", "AWS::SNS::Subscription", properties, at)


def _bucket(service: Service, entry: Entry, node: Node) -> None:
    """A bucket by name is made, unless it is said to exist; its notification is added to what ``resources`` says."""
    at = node.key or node.location
    settings = mapping(node)
    named = settings.at("bucket") if settings else _value(node)
    if named is None or named.value is None:
        service.wrong(node, f'the "s3" event of {entry.name} names no bucket')
        return
    kind = (service.word(settings.at("event")) if settings else "") or "s3:ObjectCreated:*"
    if settings is not None and service.draft.truth(settings.at("existing")):
        target = service.draft.target(named.plain(), "AWS::S3::Bucket")
        why = f"{target} is part of this app" if target else f"{label(named.plain())} is outside this template"
        sender = Sender.APP if target else Sender.ACCOUNT
        name = f"{kind.removesuffix(':*')} on {target or label(named.plain())}"
        service.draft.triggers.append(Trigger(entry.id, "s3", name, at, sender, ((at, why),), target, None, node))
        return
    word = service.word(named)
    declared = service.provider.at("s3", word) if word else None
    settled = declared.at("name") if declared is not None else None
    id_ = service.draft.target(named.plain(), "AWS::S3::Bucket") or f"S3Bucket{ids.alphanumeric(word)}"
    service.add(id_, "AWS::S3::Bucket", {"BucketName": settled or named}, at)
    item = service.draft.declared[id_]
    notification = tree({"Event": kind, "Function": arn(entry.id)}, at)
    _append(item, ("NotificationConfiguration", "LambdaConfigurations"), notification)


def _append(item: Declared, path: tuple[str, ...], node: Node) -> None:
    """Adds one element to a list inside the properties of what is declared already."""

    def added(at: Node | None, rest: tuple[str, ...]) -> Node:
        if not rest:
            return Node((*(at.elements() if at else ()), node), at.location if at else node.location)
        entries = dict(at.value) if at is not None and isinstance(at.value, Mapping) else {}
        entries[rest[0]] = added(entries.get(rest[0]), rest[1:])
        return Node(entries, at.location if at else node.location, at.key if at else None)

    item.properties = added(item.properties, path)


def _schedule(service: Service, entry: Entry, node: Node) -> None:
    at = node.key or node.location
    settings = mapping(node)
    rate = settings.at("rate") if settings else node
    for number, when in enumerate(rate.elements() if rate is not None else (), 1):
        properties = {"ScheduleExpression": when, "Targets": [{"Arn": arn(entry.id), "Id": f"{entry.name}Schedule"}]}
        id_ = _free(service, f"{ids.normal(entry.name)}EventsRuleSchedule", number)
        service.add(id_, "AWS::Events::Rule", properties, at)


def _free(service: Service, stem: str, number: int) -> str:
    while f"{stem}{number}" in service.draft.declared:
        number += 1
    return f"{stem}{number}"


def _bus_rule(service: Service, entry: Entry, node: Node) -> None:
    at = node.key or node.location
    properties: dict[str, object] = {"Targets": [{"Arn": arn(entry.id), "Id": entry.name}]}
    for key, name in (("pattern", "EventPattern"), ("schedule", "ScheduleExpression"), ("eventBus", "EventBusName")):
        given = node.at(key)
        if given is not None and given.value is not None:
            properties[name] = given
    bus = node.at("eventBus")
    word = bus.value if bus is not None else None
    if bus is not None and isinstance(word, str) and word != "default" and not word.startswith("arn:"):
        # A bus by its name is made, once.
        made = service.draft.target(word, "AWS::Events::EventBus")
        id_ = made or service.add(
            f"{ids.alphanumeric(word)}EventBridgeEventBus", "AWS::Events::EventBus", {"Name": bus}, bus.location
        )
        properties["EventBusName"] = tree(Ref(id_), bus.location)
    id_ = _free(service, f"{ids.normal(entry.name)}EventBridgeRule", 1)
    service.add(id_, "AWS::Events::Rule", properties, at)


def _watch_event(service: Service, entry: Entry, node: Node) -> None:
    properties = {"EventPattern": node.at("event"), "Targets": [{"Arn": arn(entry.id), "Id": entry.name}]}
    id_ = _free(service, f"{ids.normal(entry.name)}EventsRuleCloudWatchEvent", 1)
    service.add(id_, "AWS::Events::Rule", properties, node.key or node.location)


def _watch_log(service: Service, entry: Entry, node: Node) -> None:
    properties = {
        "LogGroupName": _value(node, "logGroup"),
        "DestinationArn": arn(entry.id),
        "FilterPattern": node.at("filter"),
    }
    id_ = _free(service, f"{ids.normal(entry.name)}LogsSubscriptionFilterCloudWatchLog", 1)
    service.add(id_, "AWS::Logs::SubscriptionFilter", properties, node.key or node.location)


def _pool(service: Service, entry: Entry, node: Node) -> None:
    kind = service.word(node.at("trigger"))
    pool = node.at("pool")
    word = service.word(pool)
    at = node.key or node.location
    if service.draft.truth(node.at("existing")) or not word:
        name = f"{kind or 'sign-in'} of {word or label(pool.plain() if pool else None)}"
        _trigger(service, entry, name, node, Sender.ANYONE, "whoever signs up or signs in", "cognito")
        return
    id_ = f"CognitoUserPool{ids.alphanumeric(word)}"
    service.add(id_, "AWS::Cognito::UserPool", {"UserPoolName": pool}, at)
    item = service.draft.declared[id_]
    given = item.properties.at("LambdaConfig")
    config = dict(given.items()) if given else {}
    config[kind or "trigger"] = tree(arn(entry.id), at)
    entries = {**dict(item.properties.items()), "LambdaConfig": Node(config, at)}
    item.properties = Node(entries, item.properties.location, item.properties.key, item.properties.absent)


def _balancer(service: Service, entry: Entry, node: Node) -> None:
    properties = {"TargetType": "lambda", "Targets": [{"Id": arn(entry.id)}]}
    id_ = f"{ids.normal(entry.name)}AlbTargetGroup"
    service.add(id_, "AWS::ElasticLoadBalancingV2::TargetGroup", properties, node.key or node.location)


def _thing(service: Service, entry: Entry, node: Node) -> None:
    payload = {"Sql": node.at("sql"), "Actions": [{"Lambda": {"FunctionArn": arn(entry.id)}}]}
    id_ = _free(service, f"{ids.normal(entry.name)}IotTopicRule", 1)
    service.add(id_, "AWS::IoT::TopicRule", {"TopicRulePayload": payload}, node.key or node.location)


_ADDERS: dict[str, Callable[[Service, Entry, Node], None]] = {
    "http": add_http,
    "httpApi": add_http_api,
    "websocket": add_websocket,
    "s3": _bucket,
    "sns": _topic,
    "sqs": _sqs,
    "stream": _stream,
    "schedule": _schedule,
    "eventBridge": _bus_rule,
    "cloudwatchEvent": _watch_event,
    "cloudwatchLog": _watch_log,
    "cognitoUserPool": _pool,
    "alb": _balancer,
    "iot": _thing,
    "kafka": _kafka,
    "msk": _msk,
    "activemq": _broker,
    "rabbitmq": _broker,
}
