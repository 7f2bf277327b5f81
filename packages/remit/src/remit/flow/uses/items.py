"""Items of tables and what is written to stores: which parts of a call the event has a say in."""

from remit.app.flow import EVENT, FIELD
from remit.flow.machine import Arguments, Machine
from remit.flow.taint import Taints
from remit.flow.values import Dictionary, Instance, Part, Thing, Val, literal

#: A call about one item: detail ``operation`` and ``condition``; parts ``Key.id``, ``Item.owner``, ``Item`` for all of it.
ITEM = "item"
#: An object is stored: part ``Body``.
OBJECT = "object"
#: A message is sent on: part ``Body``.
MESSAGE = "message"
_MESSAGES = {
    ("sqs", "SendMessage"): "MessageBody",
    ("sqs", "SendMessageBatch"): "Entries",
    ("sns", "Publish"): "Message",
    ("sns", "PublishBatch"): "PublishBatchRequestEntries",
    ("events", "PutEvents"): "Entries",
    ("lambda", "Invoke"): "Payload",
    ("kinesis", "PutRecord"): "Data",
    ("kinesis", "PutRecords"): "Records",
    ("stepfunctions", "StartExecution"): "input",
}
_OPERATIONS = frozenset(("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"))


def recorded(machine: Machine, service: str, operation: str, values: dict[str, Val], given: Arguments) -> None:
    """An API call happens; ``values`` are its parameters."""
    if service == "s3" and operation == "PutObject" and "Body" in values:
        taints = _sent(machine.taints(values["Body"], given.at))
        if taints:
            machine.use(OBJECT, given.at, given.text, {"Body": taints})
    sent = _MESSAGES.get((service, operation))
    if sent is not None and sent in values:
        taints = _sent(machine.taints(values[sent], given.at))
        if taints:
            machine.use(MESSAGE, given.at, given.text, {"Body": taints})
    if service != "dynamodb" or operation not in _OPERATIONS:
        return
    parts: dict[str, Taints] = {}
    for name in ("Key", "Item"):
        if name in values:
            _inside(machine, name, values[name], given, parts)
    for name in ("ExpressionAttributeValues", "ConditionExpression", "KeyConditionExpression", "FilterExpression"):
        if name in values:
            parts[name] = _sent(machine.taints(values[name], given.at))
    names = values.get("ExpressionAttributeNames")
    if names is not None:
        parts["names"] = _sent(tuple(item for atom in names.atoms if isinstance(atom, Dictionary)
                               for key in atom.keys for item in machine.taints(key, given.at)))  # fmt: skip
    condition = any(name in values for name in ("ConditionExpression", "Expected", "ConditionalOperator"))
    expression = literal(values["UpdateExpression"]) if "UpdateExpression" in values else ""
    machine.use(
        ITEM, given.at, given.text, parts, operation=operation, condition="yes" if condition else "no",
        update=str(expression or ""), whole="yes" if _whole(values.get("Item")) else "no",
    )  # fmt: skip


def _sent(taints: Taints) -> Taints:
    return tuple(item for item in taints if item.origin.kind in (FIELD, EVENT))


def _inside(machine: Machine, name: str, value: Val, given: Arguments, parts: dict[str, Taints]) -> None:
    """Taints of each attribute; in the way of the plain client each is a mapping of its type to its text."""
    for atom in value.atoms:
        held = atom.entries if isinstance(atom, Dictionary) else atom.fields if isinstance(atom, Instance) else {}
        for key, item in held.items():
            parts[f"{name}.{key}"] = _sent(machine.taints(item, given.at))
    parts[name] = _sent(machine.taints(value, given.at))


def _whole(value: "Val | None", depth: int = 0) -> bool:
    """Whether a document of the event is stored with all that is in it, whatever that is."""
    for atom in value.atoms if value is not None else ():
        if isinstance(atom, Part) and atom.path:
            return True
        if isinstance(atom, Dictionary) and depth < 2 and _whole(atom.rest, depth + 1):
            return True
        if isinstance(atom, Thing) and "document" in atom.facts and _whole(atom.facts["document"], depth + 1):
            return True
    return False


__all__ = ["ITEM", "MESSAGE", "OBJECT", "recorded"]
