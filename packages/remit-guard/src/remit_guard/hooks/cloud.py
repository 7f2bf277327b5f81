"""botocore: every cloud call, before it is sent; boto3 and aioboto-style clients of the same base end here."""

from remit_guard.hooks.gate import Quiet, effect, failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Operations that carry a query, and the parameter that holds it.
_QUERIES = {
    ("dynamodb", "ExecuteStatement"): ("Statement", "partiql"),
    ("rds-data", "ExecuteStatement"): ("sql", ""),
    ("rds-data", "BatchExecuteStatement"): ("sql", ""),
    ("redshift-data", "ExecuteStatement"): ("Sql", "postgresql"),
    ("athena", "StartQueryExecution"): ("QueryString", ""),
    ("timestream-query", "Query"): ("QueryString", ""),
    ("s3", "SelectObjectContent"): ("Expression", ""),
}
#: Parameters of DynamoDB that hold an expression; values have a place of their own.
_EXPRESSIONS = (
    "FilterExpression", "KeyConditionExpression", "ConditionExpression", "UpdateExpression", "ProjectionExpression",
)  # fmt: skip
#: What holds such parameters once more: the writes and reads of a transaction.
_ITEMS = ("Put", "Update", "Delete", "ConditionCheck", "Get")


def patch(module: "Any") -> None:
    """Judges ``BaseClient._make_api_call``; the call's own sockets and files are the SDK's, not the function's."""
    plain = module.BaseClient._make_api_call  # noqa: SLF001  (where every operation of every client passes)

    def _make_api_call(self: "Any", operation_name: str, api_params: "Any") -> "Any":
        model = self.meta.service_model
        for statement, dialect in _statements(model.service_name, operation_name, api_params):
            effect("sql", statement, dialect)
        if model.service_name == "dynamodb" and isinstance(api_params, dict):
            for text in _expressions(api_params):
                effect("expression", text)
        elif model.service_name in ("ses", "sesv2") and isinstance(api_params, dict):
            _mail(api_params)
        effect("call", model.service_name, model.signing_name, operation_name, api_params)
        try:
            with Quiet():
                return plain(self, operation_name, api_params)
        except Exception as error:
            failed(error)
            raise

    module.BaseClient._make_api_call = _make_api_call  # noqa: SLF001


def _statements(service: str, operation: str, params: "Any") -> "list[tuple[str, str]]":
    if not isinstance(params, dict):
        return []
    found: list[Any] = []
    name, dialect = _QUERIES.get((service, operation), ("", ""))
    if name:
        found.append(params.get(name))
    elif (service, operation) == ("redshift-data", "BatchExecuteStatement"):
        found += params.get("Sqls") or ()
        dialect = "postgresql"
    elif service == "dynamodb" and operation in ("BatchExecuteStatement", "ExecuteTransaction"):
        dialect = "partiql"
        items = params.get("Statements") or params.get("TransactStatements") or ()
        found += [item.get("Statement") for item in items if isinstance(item, dict)]
    return [(statement, dialect) for statement in found if isinstance(statement, str)]


def _expressions(params: "Any") -> "list[str]":
    """Expressions that are texts; conditions built with ``Key`` and ``Attr`` are objects here, and harmless."""
    holders = [params]
    for item in params.get("TransactItems") or ():
        if isinstance(item, dict):
            holders += [item[name] for name in _ITEMS if isinstance(item.get(name), dict)]
    found = [holder.get(name) for holder in holders for name in _EXPRESSIONS]
    return [text for text in found if isinstance(text, str)]


def _mail(params: "Any") -> None:
    """Addresses and raw messages of the mail services."""
    from remit_guard.hooks.mail import header, message

    destination = params.get("Destination")
    for name, addresses in destination.items() if isinstance(destination, dict) else ():
        for address in addresses if isinstance(addresses, (list, tuple)) else ():
            header(str(name).removesuffix("Addresses"), address)
    content = params.get("Content")
    raw = params.get("RawMessage") or (content.get("Raw") if isinstance(content, dict) else None)
    if isinstance(raw, dict) and raw.get("Data"):
        message(raw["Data"])
