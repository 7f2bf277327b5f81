"""Functions between structures and texts: JSON, YAML, CSV; and those that only mark a value.

``jsonencode`` keeps the structure: policies and definitions are read from it, each value in its own place. It is written
out as text only where it becomes a part of one (``Evaluator.word``).
"""

import csv
import io
from collections.abc import Callable, Mapping

from remit.app.node import Node
from remit.app.value import Choice, Ref, Unknown, Value
from remit.read.document import Malformed, Raw
from remit.read.resolve import json_text
from remit.read.terraform.aws.documents import document
from remit.read.terraform.calls import Context, mapped, open_, word
from remit.read.terraform.known import Wrong


def _jsonencode(_context: Context, value: Node) -> Node | Value:
    if isinstance(value.value, Mapping | tuple):
        return value
    return json_text(value.plain())


def _jsondecode(context: Context, text: Node) -> Node | Value:
    if isinstance(text.value, Mapping | tuple):
        return text  # what jsonencode made
    if isinstance(text.value, Ref | Unknown | Choice):
        return Unknown("what a document says that the deployment makes")
    context.evaluator.spend(len(str(text.value)) // 20, context.at)
    found = document(Node(text.value, context.at))
    if isinstance(found.value, Unknown) and isinstance(text.value, str):
        raise Wrong(found.value.why)
    return found


def _yamlencode(_context: Context, value: Node) -> Node | Value:
    # JSON is YAML, and what reads it knows the difference as little as we do.
    return _jsonencode(_context, value)


def _yamldecode(context: Context, text: Node) -> Node | Value:
    from remit.read.yaml_document import parse_yaml

    value = context.evaluator.literal(text)
    if isinstance(value, Mapping | tuple):
        return text
    if not isinstance(value, str):
        return Unknown("what a document says that the deployment makes")
    context.evaluator.spend(len(value) // 20, context.at)
    try:
        root, _ = parse_yaml(value)
    except Malformed as error:
        raise Wrong(f"a text that is not YAML: {error.why}") from None
    return _node(root, context)


def _node(raw: Raw, context: Context) -> Node:
    value = raw.value
    if isinstance(value, dict):
        return Node({name: _node(item, context) for name, item in value.items()}, context.at)
    if isinstance(value, list):
        return Node(tuple(_node(item, context) for item in value), context.at)
    return Node(value, context.at)


def _csvdecode(context: Context, text: Node) -> Node | Value:
    value = context.evaluator.literal(text)
    if not isinstance(value, str):
        return Unknown("a table that the deployment makes")
    try:
        rows = list(csv.DictReader(io.StringIO(value)))
    except csv.Error:
        raise Wrong("a text that is no table") from None
    entries = []
    for row in rows:
        cells = {str(name): Node(cell, context.at) for name, cell in row.items() if isinstance(cell, str | None)}
        entries.append(Node(cells, context.at))
    return Node(tuple(entries), context.at)


def _same(_context: Context, value: Node) -> Node:
    return value


def _issensitive(_context: Context, _value: Node) -> Value:
    return False


def _map(context: Context, *items: Node) -> Node:
    found: dict[str, Node] = {}
    for key, value in zip(items[::2], items[1::2], strict=False):
        context.evaluator.put(found, context.evaluator.key(key), value)
    return context.evaluator.structure(found, context.at)


def _type(_context: Context, _value: Node) -> Value:
    return Unknown("the type of a value")


def _provider_arn_parse(context: Context, arn: Node) -> Node | Value:
    parts = word(context.evaluator.literal(arn)).split(":", 5)
    if len(parts) != 6:
        raise Wrong("a text that is no ARN")
    names = ("", "partition", "service", "region", "account_id", "resource")
    return Node({name: Node(part, context.at) for name, part in zip(names, parts, strict=True) if name}, context.at)


def _defaults(context: Context, value: Node, default: Node) -> Node:
    if open_(value.value):
        return value
    given = {name: item for name, item in mapped(value).items() if item.value is not None}
    return context.evaluator.structure({**mapped(default), **given}, context.at)


STRUCTURES: dict[str, Callable[..., Node | Value]] = {
    "jsonencode": _jsonencode,
    "jsondecode": _jsondecode,
    "yamlencode": _yamlencode,
    "yamldecode": _yamldecode,
    "csvdecode": _csvdecode,
    "sensitive": _same,
    "nonsensitive": _same,
    "ephemeralasnull": _same,
    "issensitive": _issensitive,
    "map": _map,
    "type": _type,
    "defaults": _defaults,
    "provider::aws::arn_parse": _provider_arn_parse,
}
