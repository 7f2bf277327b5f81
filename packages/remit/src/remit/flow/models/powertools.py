"""Powertools for AWS Lambda: what its helpers call in our name."""

from remit.app.value import Value
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.models.secrets import from_store
from remit.flow.values import UNKNOWN, Method, Val, known, literal, to_template, unknown

_PARAMETERS = "aws_lambda_powertools.utilities.parameters"
_TABLE_OPERATIONS = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")


def _call(service: str, operation: str, parameter: str, *, secret: bool = False) -> Model:
    def run(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
        del frame
        value = given.get(0, "name", "path", "table_name") or UNKNOWN
        held: dict[str, Value] = {parameter: to_template(value)}
        decrypt = given.keywords.get("decrypt")
        hidden = secret or (service == "ssm" and decrypt is not None and literal(decrypt) is not False)
        if hidden and service == "ssm":
            held["WithDecryption"] = True
        machine.sdk(service, operation, held, given.at)
        taints = (from_store(machine, to_template(value), given.at),) if hidden else ()
        return unknown("a parameter", taints)

    return Model(run=run)


def _layer(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """The table that remembers which events were handled already."""
    del frame
    value = given.get(0, "table_name") or UNKNOWN
    for operation in _TABLE_OPERATIONS:
        machine.sdk("dynamodb", operation, {"TableName": to_template(value)}, given.at)
    return unknown("a persistence layer")


def _app_config(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    held = {"Application": to_template(given.get(-1, "application") or known("")),
            "Environment": to_template(given.get(-1, "environment") or known(""))}  # fmt: skip
    for operation in ("StartConfigurationSession", "GetLatestConfiguration"):
        machine.sdk("appconfigdata", operation, dict(held), given.at)
    return unknown("a configuration")


FUNCTIONS: dict[str, Model] = {}
for _package in (_PARAMETERS, f"{_PARAMETERS}.ssm", f"{_PARAMETERS}.secrets", f"{_PARAMETERS}.base"):
    FUNCTIONS[f"{_package}.get_parameter"] = _call("ssm", "GetParameter", "Name")
    FUNCTIONS[f"{_package}.get_parameters"] = _call("ssm", "GetParametersByPath", "Path")
    FUNCTIONS[f"{_package}.get_parameters_by_name"] = _call("ssm", "GetParameters", "Names")
    FUNCTIONS[f"{_package}.get_secret"] = _call("secretsmanager", "GetSecretValue", "SecretId", secret=True)
    FUNCTIONS[f"{_package}.get_app_config"] = Model(run=_app_config)
FUNCTIONS["aws_lambda_powertools.utilities.feature_flags.AppConfigStore"] = Model(run=_app_config)
for _package in (
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.idempotency.persistence.dynamodb",
):
    FUNCTIONS[f"{_package}.DynamoDBPersistenceLayer"] = Model(run=_layer)
METHODS: dict[str, Model] = {}
