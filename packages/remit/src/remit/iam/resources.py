"""From the parameters of one call to the ARNs it touches, for the kinds that the hand-checked rules name."""

from collections.abc import Callable, Iterator, Mapping

from remit.app.model import App
from remit.app.value import OTHER_KEYS, OTHERS, Ref, Text, Unknown, Value, join, options, refs
from remit.iam.arns import KINDS, short, spell

Parameters = Mapping[str, Value]

_OTHER_ARNS = {
    "activity": "arn:P:states:R:A:activity:{}",
    "foundation-model": "arn:P:bedrock:R::foundation-model/{}",
    "inference-profile": "arn:P:bedrock:R:A:inference-profile/{}",
    "knowledge-base": "arn:P:bedrock:R:A:knowledge-base/{}",
    "topic-path": "arn:P:iot:R:A:topic/{}",
}


def find(app: App, function: str, kind: str, parameters: Parameters) -> Iterator[Value]:
    """The ARNs that one rule's kind means for one call.

    Args:
        app: where references are looked up.
        function: id of the calling function; its triggers tell which API its connections belong to.
        kind: as in ``special.RULES``.
        parameters: arguments of the call by API name.

    Yields:
        ARNs in the short form; ``Unknown`` with the reason where a parameter does not tell.
    """
    special = _SPECIAL.get(kind)
    if special is not None:
        yield from special(app, parameters)
    elif kind in _METHODS:
        yield from connections(app, function, _METHODS[kind], parameters)
    else:
        names = _PARAMETERS[kind]
        name = next((name for name in names if name in parameters), names[0])
        yield from _each(app, kind, name, parameters.get(name))


#: Kind -> the HTTP method of the call on a connection.
_METHODS = {"post-connection": "POST", "get-connection": "GET", "delete-connection": "DELETE"}
#: Kind -> the parameters that name it, the usual one first.
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "activity": ("activityArn",),
    "bucket": ("Bucket",),
    "delivery-stream": ("DeliveryStreamName",),
    "function": ("FunctionName",),
    "key": ("KeyId",),
    "parameter": ("Name",),
    "queue": ("QueueUrl",),
    "role": ("RoleArn",),
    "secret": ("SecretId",),
    "state-machine": ("stateMachineArn",),
    "stream": ("StreamARN", "StreamName"),
    "table": ("TableName",),
    "thing": ("thingName",),
}


def _each(app: App, kind: str, name: str, value: Value) -> Iterator[Value]:
    """One ARN for each alternative; an unknown one says which parameter it was."""
    for option in options(value):
        found = short(app, kind, option)
        yield Unknown(f"{name} is not known: {found.why}") if isinstance(found, Unknown) else found


def _bucket(app: App, parameters: Parameters, name: str = "Bucket") -> list[Value]:
    return list(_each(app, "bucket", name, parameters.get(name)))


def below(arn: Value, *tail: Value) -> Value:
    """An ARN with something behind it, where what is unknown becomes ``*``: ``{Uploads}/thumbs/*``."""
    if isinstance(arn, Unknown):
        return arn
    parts: list[Value] = []
    for part in tail:
        pieces = part.parts if isinstance(part, Text) else (part,)
        parts.extend(piece if isinstance(piece, str | Ref) else "*" for piece in pieces)
    return _squeezed(join([arn, *parts]))


def _squeezed(value: Value) -> Value:
    """``**`` says no more than ``*``."""
    if isinstance(value, Text):
        parts = [part.replace("**", "*") if isinstance(part, str) else part for part in value.parts]
        return join(list(parts))
    return value.replace("**", "*") if isinstance(value, str) else value


def _object(app: App, parameters: Parameters) -> Iterator[Value]:
    keys = list(options(parameters.get("Key")))
    for bucket in _bucket(app, parameters):
        for key in keys:
            yield below(bucket, "/", "*" if key is None else key)


def _deleted(app: App, parameters: Parameters) -> Iterator[Value]:
    delete = parameters.get("Delete")
    objects = delete.get("Objects") if isinstance(delete, Mapping) else None
    keys = [item.get("Key") for item in objects if isinstance(item, Mapping)] if isinstance(objects, tuple) else []
    for key in keys or [None]:
        yield from _object(app, {"Bucket": parameters.get("Bucket"), "Key": key})


def _copied(app: App, parameters: Parameters) -> Iterator[Value]:
    """``CopySource`` is a mapping or ``bucket/key`` in one text."""
    for source in options(parameters.get("CopySource")):
        if isinstance(source, Mapping):
            yield from _object(app, source)
            continue
        parts = list(source.parts) if isinstance(source, Text) else [source]
        if isinstance(parts[0], str):
            parts[0] = parts[0].lstrip("/")
        cut = next((index for index, part in enumerate(parts) if isinstance(part, str) and "/" in part), -1)
        if cut < 0:
            yield Unknown("CopySource is not known as bucket and key")
            continue
        before, _, after = str(parts[cut]).partition("/")
        bucket, key = join([*parts[:cut], before]), join([after, *parts[cut + 1 :]])
        yield from _object(app, {"Bucket": bucket, "Key": key})


def _index(app: App, parameters: Parameters) -> Iterator[Value]:
    """A query of an index needs the index, not the table."""
    for table in _each(app, "table", "TableName", parameters.get("TableName")):
        if parameters.get("IndexName") is None:
            yield table
        for index in options(parameters.get("IndexName")):
            if index is not None:
                yield below(table, "/index/", index)


def _batch(app: App, parameters: Parameters) -> Iterator[Value]:
    """The tables are the keys of ``RequestItems``; a batch writer has one table of its own."""
    if parameters.get("RequestItems") is None and "TableName" in parameters:
        yield from _each(app, "table", "TableName", parameters["TableName"])
        return
    for items in options(parameters.get("RequestItems")):
        if not isinstance(items, Mapping):
            yield Unknown("RequestItems does not tell the tables")
            continue
        others = items.get(OTHER_KEYS, ())
        named = [table for table in items if table not in (OTHERS, OTHER_KEYS)]
        for table in (*named, *(others if isinstance(others, tuple) else ())):
            yield from _each(app, "table", "RequestItems", table)
        if OTHERS in items and not others:
            yield Unknown("RequestItems does not tell all tables")


def _transact_get(app: App, parameters: Parameters) -> Iterator[Value]:
    items = parameters.get("TransactItems")
    if not isinstance(items, tuple):
        yield Unknown("TransactItems does not tell the tables")
        return
    for item in items:
        get = item.get("Get") if isinstance(item, Mapping) else None
        yield from _each(app, "table", "TransactItems", get.get("TableName") if isinstance(get, Mapping) else None)


def _topic(app: App, parameters: Parameters) -> Iterator[Value]:
    """A text message to a phone has no topic: the action then works on ``*`` only."""
    if parameters.get("PhoneNumber") is not None:
        yield "*"
        return
    name = "TargetArn" if "TargetArn" in parameters and "TopicArn" not in parameters else "TopicArn"
    yield from _each(app, "topic", name, parameters.get(name))


def _bus(app: App, parameters: Parameters) -> Iterator[Value]:
    entries = parameters.get("Entries")
    if not isinstance(entries, tuple) or not entries:
        yield Unknown("Entries does not tell the event bus")
        return
    for entry in entries:
        if not isinstance(entry, Mapping):
            yield Unknown("Entries does not tell the event bus")
            continue
        name = entry.get("EventBusName")
        yield from _each(app, "bus", "EventBusName", "default" if name is None else name)


def _parameters(app: App, parameters: Parameters) -> Iterator[Value]:
    names = parameters.get("Names")
    if not isinstance(names, tuple):
        names = (Unknown("not a list that is known"),) if names is None else (names,)
    for name in names:
        yield from _each(app, "parameter", "Names", name)


def _parameter_path(app: App, parameters: Parameters) -> Iterator[Value]:
    """The path as it is given, trailing slash and all, is the resource; the root is every parameter."""
    for path in options(parameters.get("Path")):
        if path == "/":
            yield spell(KINDS["parameter"], "*")
        else:
            yield from _each(app, "parameter", "Path", path)


def _secret_list(app: App, parameters: Parameters) -> Iterator[Value]:
    names = parameters.get("SecretIdList")
    for name in names if isinstance(names, tuple) else (Unknown("SecretIdList is not known"),):
        yield from _each(app, "secret", "SecretIdList", name)


def _queue_name(app: App, parameters: Parameters) -> Iterator[Value]:
    yield from _each(app, "queue", "QueueName", parameters.get("QueueName"))


def _execution(app: App, parameters: Parameters) -> Iterator[Value]:
    """An execution's ARN is that of its state machine with ``execution`` in place of ``stateMachine``."""
    for value in options(parameters.get("executionArn")):
        if isinstance(value, Ref | str) and app.resource_of(value) is None:
            yield value
        else:
            yield Unknown("executionArn is not known: it is not known which state machine it belongs to")


def _model(_: App, parameters: Parameters) -> Iterator[Value]:
    """A model is named by ARN, by id (``vendor.name-v1:0``), or by an inference profile (``us.vendor.name-v1:0``)."""
    for model in options(parameters.get("modelId")):
        yield from _model_arns(model)


_GEOGRAPHIES = ("us.", "eu.", "apac.", "us-gov.", "global.", "jp.", "au.", "ca.")


def _model_arns(model: Value) -> Iterator[Value]:
    if isinstance(model, str) and model.startswith("arn:"):
        yield model
    elif isinstance(model, str) and model.startswith(_GEOGRAPHIES):
        yield spell(_OTHER_ARNS["inference-profile"], model)
        # The profile sends the request on to the model itself, in whichever region it chooses.
        yield spell("arn:P:bedrock:*::foundation-model/{}", model.partition(".")[2])
    elif isinstance(model, str | Ref):
        yield spell(_OTHER_ARNS["foundation-model"], model)
    else:
        yield Unknown(f"modelId is not known: {model.why if isinstance(model, Unknown) else 'it is not given'}")


def _generation(_: App, parameters: Parameters) -> Iterator[Value]:
    yield from _model_arns(
        _deep(parameters, "retrieveAndGenerateConfiguration", "knowledgeBaseConfiguration", "modelArn")
    )


def _knowledge_base(_: App, parameters: Parameters) -> Iterator[Value]:
    path = ("retrieveAndGenerateConfiguration", "knowledgeBaseConfiguration", "knowledgeBaseId")
    for value in options(_deep(parameters, *path)):
        named = isinstance(value, str | Ref)
        yield spell(_OTHER_ARNS["knowledge-base"], value) if named else Unknown("knowledgeBaseId is not known")


def _deep(value: Value, *path: str) -> Value:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _identity(app: App, parameters: Parameters) -> Iterator[Value]:
    """The verified identity behind the sender: the address itself or its domain, whichever the app declares."""
    name = next((name for name in ("Source", "FromEmailAddress") if name in parameters), "Source")
    for value in options(parameters.get(name)):
        if not isinstance(value, str) or "@" not in value:
            yield from _each(app, "identity", name, value)
            continue
        address = value.rpartition("<")[2].rstrip("> ")
        found = [short(app, "identity", item) for item in (address, address.rpartition("@")[2])]
        declared = [item for item in found if isinstance(item, Ref)]
        yield declared[0] if declared else Unknown(f"whether {address} or its domain is the verified identity")


def _iot_topic(_: App, parameters: Parameters) -> Iterator[Value]:
    for topic in options(parameters.get("topic")):
        yield below(spell(_OTHER_ARNS["topic-path"], ""), "*" if topic is None else topic)


_WEBSOCKET = "WEBSOCKET"


def connections(app: App, function: str, method: str, parameters: Parameters) -> Iterator[Value]:
    """Connections of the WebSocket API in the endpoint, else of the one that calls the function, else of the only one.

    Args:
        app: the app.
        function: id of the calling function.
        method: the HTTP method that the operation is sent with.
        parameters: arguments of the call; ``endpoint_url`` may name the API.
    """
    apis = [item.id for item in app.resources.values() if item.properties.get("ProtocolType") == _WEBSOCKET]
    named = [ref.target for ref in refs(parameters.get("endpoint_url")) if ref.target in apis]
    calling = [trigger.resource for trigger in app.triggers if trigger.function == function]
    candidates = (named, [api for api in calling if api in apis], apis if len(apis) == 1 else [])
    found = next((list(dict.fromkeys(some)) for some in candidates if some), [])
    for api in found:
        for stage in _stages(app, api):
            yield below(Ref(api, "Arn"), "/", stage, f"/{method}/@connections/*")
    if not found:
        yield Unknown("endpoint_url does not tell which WebSocket API it belongs to")


def _stages(app: App, api: str) -> list[Value]:
    """The stages a template declares for an API; any, when it declares none."""
    stages = [item.properties for item in app.resources.values() if item.type == "AWS::ApiGatewayV2::Stage"]
    found = [stage.get("StageName") for stage in stages if api in {ref.target for ref in refs(stage.get("ApiId"))}]
    return [stage for stage in found if stage is not None] or ["*"]


def _any(_: App, __: Parameters) -> Iterator[Value]:
    yield "*"


_SPECIAL: dict[str, Callable[[App, Parameters], Iterator[Value]]] = {
    "any": _any,
    "batch-tables": _batch,
    "bus": _bus,
    "copy-source": _copied,
    "deleted-objects": _deleted,
    "execution": _execution,
    "generation-model": _generation,
    "identity": _identity,
    "index": _index,
    "iot-topic": _iot_topic,
    "knowledge-base": _knowledge_base,
    "model": _model,
    "object": _object,
    "parameter-path": _parameter_path,
    "parameters": _parameters,
    "queue-name": _queue_name,
    "secret-list": _secret_list,
    "topic": _topic,
    "transact-get": _transact_get,
}
