"""Parameters of AWS calls that are sinks: statements, expressions, and the names of what a call works on."""

from collections.abc import Iterator

from remit.flow.machine import Arguments, Machine
from remit.flow.values import Dictionary, Known, Opaque, Part, Sequence, Symbol, Val
from remit_guard.core.verdict import CALL, SQL

#: Parameters that hold a statement of a query language, by service.
_STATEMENTS = {
    "rds-data": ("sql", "sqlStatements"),
    "redshift-data": ("Sql", "Sqls"),
    "athena": ("QueryString", "QueryStatement"),
    "dynamodb": ("Statement",),
    "timestream-query": ("QueryString",),
    "s3": ("Expression",),
    "neptunedata": ("openCypherQuery", "gremlinQuery"),
}
#: Parameters that name the resource a call works on.
_SELECTORS = frozenset((
    "TableName", "Bucket", "QueueUrl", "QueueName", "TopicArn", "TargetArn", "FunctionName", "SecretId", "RoleArn",
    "StateMachineArn", "stateMachineArn", "StreamName", "StreamARN", "DeliveryStreamName", "EventBusName", "KeyId", "UserPoolId",
    "InstanceIds", "DBInstanceIdentifier", "logGroupName", "clusterArn", "PolicyArn", "RoleName", "UserName", "Endpoint",
))  # fmt: skip
#: Parameters that hold an expression: dangerous as text put together, harmless as an object or a constant.
_EXPRESSIONS = frozenset((
    "FilterExpression", "KeyConditionExpression", "ConditionExpression", "UpdateExpression", "ProjectionExpression",
    "KeyConditions", "SelectExpression", "queryString", "filterPattern",
))  # fmt: skip


def sinks(machine: Machine, service: str, operation: str, values: dict[str, Val], given: Arguments) -> None:
    """Reports what is tainted among the parameters of one call."""
    statements = _STATEMENTS.get(service, ())
    for name, value in values.items():
        at = given.span(-1, name)
        for inner, item in _nested(value) if name in _HOLDERS else ():
            if not _own(inner, item):
                machine.sink(CALL, item, at, given.text, parameter=inner, service=service, operation=operation)
        if name in _NAMED.get(service, ()):
            machine.sink(CALL, value, at, given.text, parameter=name, service=service, operation=operation)
        if name in statements:
            machine.sink(SQL, value, at, given.text, parameter=name, service=service)
        elif (name in _SELECTORS and not _own(name, value)) or (
            name in _EXPRESSIONS and all(isinstance(atom, Known | Symbol | Opaque | Part) for atom in value.atoms)
        ):
            machine.sink(CALL, value, at, given.text, parameter=name, service=service, operation=operation)


#: Parameters that hold others, by which the resource is named further down.
_HOLDERS = frozenset(("CopySource", "TransactItems", "Entries", "Statements", "RequestItems", "StreamSpecification"))
#: Parameters whose meaning depends on the service.
_NAMED = {"ssm": frozenset(("Name", "Names", "Path")), "secretsmanager": frozenset(("SecretIdList",))}


def _nested(value: Val, depth: int = 0) -> Iterator[tuple[str, Val]]:
    """What names resources below a parameter: ``TransactItems[].Put.TableName``."""
    for atom in value.atoms:
        if isinstance(atom, Sequence):
            for item in (*atom.items, *([atom.rest] if atom.rest else [])):
                yield from _nested(item, depth + 1)
        elif isinstance(atom, Dictionary) and depth < 5:
            for name, item in atom.entries.items():
                if name in _SELECTORS:
                    yield str(name), item
                elif name not in ("Item", "Key", "ExpressionAttributeValues", "Detail", "MessageBody"):
                    yield from _nested(item, depth + 1)


def _own(name: str, value: Val) -> bool:
    """The name of a bucket or the like that only the platform writes in an event is no choice of the sender."""
    del name
    return not value.taints and not any(isinstance(atom, Part) for atom in value.atoms)


__all__ = ["sinks"]
