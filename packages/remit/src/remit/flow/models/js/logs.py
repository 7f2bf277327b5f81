"""Logs: ``console``, the usual loggers, Powertools."""

from remit.flow.models import logs
from remit.flow.models.model import Model

_PRINT = logs.FUNCTIONS["builtins.print"]
_STRUCTURED = Model(gives="log.Structured")
FUNCTIONS: dict[str, Model] = {
    f"console.{_name}": _PRINT for _name in ("log", "info", "warn", "error", "debug", "trace", "dir", "table", "group")
} | {
    "process.stdout.write": _PRINT, "process.stderr.write": _PRINT, "util.log": _PRINT, "console.assert": Model(),
    "console.time": Model(), "console.timeEnd": Model(), "winston.createLogger": _STRUCTURED, "winston.Logger": _STRUCTURED,
    "pino": _STRUCTURED, "pino.pino": _STRUCTURED, "bunyan.createLogger": _STRUCTURED,
    "log4js.getLogger": Model(gives="log.Logger"),
    "loglevel.getLogger": Model(gives="log.Logger"), "lambda-log": _STRUCTURED, "lambda-log.LambdaLog": _STRUCTURED,
    "@aws-lambda-powertools/logger.Logger": _STRUCTURED, "@aws-lambda-powertools/logger.injectLambdaContext": Model(),
}  # fmt: skip
METHODS: dict[str, Model] = dict(logs.METHODS)
for _kind in ("log.Logger", "log.Structured"):
    for _name in ("trace", "verbose", "silly", "notice", "http", "log"):
        METHODS[f"{_kind}.{_name}"] = METHODS[f"{_kind}.info"]
    for _name in ("child", "createChild"):
        METHODS[f"{_kind}.{_name}"] = Model(gives=_kind)
    for _name in (
        "addContext",
        "appendKeys",
        "setLogLevel",
        "setLevel",
        "logEventIfEnabled",
        "injectLambdaContext",
        "add",
    ):
        METHODS[f"{_kind}.{_name}"] = Model()
by_look = logs.by_look
__all__ = ["FUNCTIONS", "METHODS", "by_look"]
