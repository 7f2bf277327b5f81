"""What Azure's worker hands to a function, as the plain events of ``remit_guard.events``.

Objects are told by the names of their classes, which the SDK and the worker's own subclasses share, so nothing is imported.
Bodies are read where reading them takes nothing away; a blob's content is a stream that belongs to the function.
"""

from remit_guard.platforms.adapt import plain, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: In the event of a request whose body could not be read.
UNREAD = "bodyNotRead"


def event_of(values: "dict[str, Any]", trigger: str = "") -> "Any":
    """The event of one call.

    Args:
        values: the function's arguments by name, without the context; the trigger's among them, and input bindings.
        trigger: type of the trigger, where it is known.

    Returns:
        A mapping with ``azureTrigger``. Without any object that tells its trigger: all arguments, each of their leaves
        untrusted.
    """
    for value in values.values():
        made = _known(value)
        if made is not None:
            return made
    data = [plain(value) for value in values.values() if not hasattr(value, "set")]  # outputs are the function's own
    return _texts(trigger, data)


def _known(value: "Any") -> "Any":
    batch = value if isinstance(value, list) and value else None
    one = batch[0] if batch else value
    for kind in type(one).__mro__:
        make = _MAKERS.get(kind.__name__)
        if make is not None:
            return make(batch if batch is not None else [value])
    kinds = [kind.__name__ for kind in type(value).__mro__]
    if "DocumentList" in kinds:
        return _documents(list(value))
    if "SqlRowList" in kinds or "MySqlRowList" in kinds:
        return _rows(list(value))
    return None


def _http(values: "list[Any]") -> "Any":
    request = values[0]
    event = {
        "azureTrigger": "httpTrigger",
        "method": request.method,
        "url": str(request.url),
        "headers": plain(dict(request.headers.items())),
        "params": plain(dict(request.params.items())),
        "routeParams": plain(dict(request.route_params.items())),
    }
    event["body"], event["isBase64Encoded"] = text_of(request.get_body())
    return event


def _streamed(values: "list[Any]") -> "Any":
    """A request of the FastAPI extension: its body is read by the function, once, and not before it."""
    request = values[0]
    return {
        "azureTrigger": "httpTrigger",
        "method": request.method,
        "url": str(request.url),
        "headers": plain(dict(request.headers.items())),
        "params": plain(dict(request.query_params.items())),
        "routeParams": plain(dict(request.path_params)),
        UNREAD: True,
    }


def _messages(trigger: str, **more: str) -> "Callable[[list[Any]], Any]":
    """A maker of messages: the body, and what else a stranger writes, by the SDK's name of it."""

    def make(values: "list[Any]") -> "Any":
        found = []
        for value in values:
            message: dict[str, Any] = {}
            text, encoded = text_of(value.get_body())
            message["body64" if encoded else "body"] = text
            for name, attribute in more.items():
                part = getattr(value, attribute, None)
                if part is not None:
                    message[name] = plain(part)
            found.append(message)
        return {"azureTrigger": trigger, "messages": found}

    return make


def _blob(values: "list[Any]") -> "Any":
    value = values[0]
    return {
        "azureTrigger": "blobTrigger",
        "name": value.name,
        "uri": value.uri,
        "length": value.length,
        "blobProperties": plain(getattr(value, "blob_properties", None) or {}),
        "metadata": plain(getattr(value, "metadata", None) or {}),
    }


def _grid(values: "list[Any]") -> "Any":
    value = values[0]
    return {
        "azureTrigger": "eventGridTrigger",
        "id": value.id,
        "topic": value.topic,
        "subject": value.subject,
        "eventType": value.event_type,
        "data": plain(value.get_json()),
    }


def _cloud(values: "list[Any]") -> "Any":
    value = values[0]
    return {
        "azureTrigger": "eventGridTrigger",
        "specversion": value.specversion,
        "id": value.id,
        "source": value.source,
        "type": value.type,
        "subject": value.subject,
        "data": plain(value.get_json()),
    }


def _documents(values: "list[Any]") -> "Any":
    return {"azureTrigger": "cosmosDBTrigger", "documents": [plain(value.to_dict()) for value in values]}


def _rows(values: "list[Any]") -> "Any":
    changes = []
    for value in values:
        row = plain(dict(value.data if hasattr(value, "data") else value))
        changes.append(row if "Item" in row else {"Item": row})
    return {"azureTrigger": "sqlTrigger", "changes": changes}


def _timer(values: "list[Any]") -> "Any":
    return {"azureTrigger": "timerTrigger", "pastDue": bool(values[0].past_due)}


def _texts(trigger: str, data: "list[Any]") -> "Any":
    """Triggers whose functions get a text, a mapping or a list of those."""
    kind = trigger.lower().removesuffix("trigger")
    first = data[0] if data else None
    if kind in ("rabbitmq", "queue", "servicebus", "eventhub", "kafka") and first is not None:
        found = first if isinstance(first, list) else [first]
        return {"azureTrigger": trigger, "messages": [{"body": one} if isinstance(one, str) else one for one in found]}
    if kind in ("activity", "entity", "orchestration"):
        return {"azureTrigger": trigger, "input": first}
    if kind == "signalr":
        return {"azureTrigger": trigger, "context": first}
    if kind.startswith("mcp"):
        found = _document(first)
        known = found if isinstance(found, dict) else {"arguments": found}
        return {"azureTrigger": trigger, **known}
    return {"azureTrigger": trigger or "unknown", "data": data[0] if len(data) == 1 else data}


def _document(value: "Any") -> "Any":
    from remit_guard.events.decode import document

    found = document(value) if isinstance(value, str) else None
    return value if found is None else found


_MAKERS: "dict[str, Callable[[list[Any]], Any]]" = {
    "HttpRequest": _http,
    "HTTPConnection": _streamed,
    "QueueMessage": _messages("queueTrigger", id="id", dequeueCount="dequeue_count"),
    "ServiceBusMessage": _messages(
        "serviceBusTrigger",
        messageId="message_id",
        applicationProperties="application_properties",
        subject="subject",
        correlationId="correlation_id",
        sessionId="session_id",
        replyTo="reply_to",
        to="to",
        contentType="content_type",
    ),
    "EventHubEvent": _messages(
        "eventHubTrigger", partitionKey="partition_key", properties="metadata", systemProperties="iothub_metadata"
    ),
    "KafkaEvent": _messages("kafkaTrigger", key="key", headers="headers", topic="topic"),
    "InputStream": _blob,
    "EventGridEvent": _grid,
    "CloudEvent": _cloud,
    "Document": _documents,
    "SqlRow": _rows,
    "MySqlRow": _rows,
    "TimerRequest": _timer,
}
