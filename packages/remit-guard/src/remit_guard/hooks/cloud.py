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
}


def patch(module: "Any") -> None:
    """Judges ``BaseClient._make_api_call``; the call's own sockets and files are the SDK's, not the function's."""
    plain = module.BaseClient._make_api_call  # noqa: SLF001  (where every operation of every client passes)

    def _make_api_call(self: "Any", operation_name: str, api_params: "Any") -> "Any":
        model = self.meta.service_model
        for statement, dialect in _statements(model.service_name, operation_name, api_params):
            effect("sql", statement, dialect)
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
    elif service == "dynamodb" and operation in ("BatchExecuteStatement", "ExecuteTransaction"):
        dialect = "partiql"
        items = params.get("Statements") or params.get("TransactStatements") or ()
        found += [item.get("Statement") for item in items if isinstance(item, dict)]
    return [(statement, dialect) for statement in found if isinstance(statement, str)]
