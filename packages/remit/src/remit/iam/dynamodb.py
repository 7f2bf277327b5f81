"""DynamoDB calls whose *actions* stand in their parameters: transactions and PartiQL statements.

Source: the developer guide, "Using IAM with DynamoDB transactions" and "IAM security policies with PartiQL for DynamoDB".
"""

import re
from collections.abc import Iterator, Mapping

from remit.app.model import App
from remit.app.value import Text, Unknown, Value, join, options
from remit.iam.arns import short
from remit.iam.resources import below

_ITEMS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
_VERBS = {
    "select": "dynamodb:PartiQLSelect",
    "insert": "dynamodb:PartiQLInsert",
    "update": "dynamodb:PartiQLUpdate",
    "delete": "dynamodb:PartiQLDelete",
}
#: What stands before the table's name, for each verb.
_TABLE = re.compile(r"^\s*(select\b.*?\bfrom|insert\s+into|update|delete\s+from)\s+\"?", re.IGNORECASE | re.DOTALL)

OPERATIONS = ("TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")


def needs(app: App, operation: str, parameters: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """Action and table of each part; action ``""`` with an ``Unknown`` where the parameters do not tell."""
    if operation == "TransactWriteItems":
        yield from _transaction(app, parameters.get("TransactItems"))
        return
    if operation == "ExecuteStatement":
        statements: Value = (parameters.get("Statement"),)
    else:
        listed = parameters.get("Statements" if operation == "BatchExecuteStatement" else "TransactStatements")
        statements = tuple(_member(item, "Statement") for item in listed) if isinstance(listed, tuple) else ()
    if not isinstance(statements, tuple) or not statements:
        yield "", Unknown("the PartiQL statements are not known")
        return
    for statement in statements:
        for option in options(statement):
            yield _statement(app, option)


def _transaction(app: App, items: Value) -> Iterator[tuple[str, Value]]:
    for listed in options(items):
        if not isinstance(listed, tuple) or not listed:
            yield "", Unknown("TransactItems: the items are not known")
            continue
        for item in listed:
            for option in options(item):
                yield from _item(app, option)


def _item(app: App, item: Value) -> Iterator[tuple[str, Value]]:
    known = [name for name in _ITEMS if isinstance(item, Mapping) and name in item]
    if not known:
        yield "", Unknown("TransactItems: an item is not known")
    for name in known:
        for table in options(_member(_member(item, name), "TableName")):
            yield _ITEMS[name], short(app, "table", table)


def _member(value: Value, name: str) -> Value:
    return value.get(name) if isinstance(value, Mapping) else None


def _statement(app: App, statement: Value) -> tuple[str, Value]:
    parts = list(statement.parts) if isinstance(statement, Text) else [statement]
    head = parts[0]
    match = _TABLE.match(head) if isinstance(head, str) else None
    if match is None or not isinstance(head, str):
        return "", Unknown("a PartiQL statement is not known")
    action = _VERBS[match.group(1).split()[0].lower()]
    parts[0] = head[match.end() :]
    name, rest = _name([part for part in parts if part != ""])
    if name is None:
        return action, Unknown("the table of a PartiQL statement is not known")
    table = short(app, "table", name)
    if action != "dynamodb:PartiQLSelect" or not rest or not isinstance(rest[0], str) or not rest[0].startswith("."):
        return action, table
    # A query of an index needs the index, as with Query.
    index, _ = _name([part for part in (rest[0][1:].removeprefix('"'), *rest[1:]) if part != ""])
    if isinstance(table, Unknown) or index is None:
        return action, table if isinstance(table, Unknown) else Unknown("the index of a PartiQL statement is not known")
    return action, below(table, "/index/", index)


def _name(parts: list[Value]) -> "tuple[Value | None, list[Value]]":
    """The name that a statement goes on with, up to its quote, dot or blank; and what follows that."""
    found: list[Value] = []
    for number, part in enumerate(parts):
        end = re.search(r"[\".\s\[]", part) if isinstance(part, str) else None
        if end is None or not isinstance(part, str):
            found.append(part)
            continue
        if end.start():
            found.append(part[: end.start()])
        after = part[end.start() :].removeprefix('"')
        return (join(found) if found else None), [after, *parts[number + 1 :]]
    return (join(found) if found else None), []
