"""Logs: ``print``, the standard loggers, Powertools; and whatever is called like a logger."""

import re

from remit.flow import event as events
from remit.flow import taint, uses
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.natives import QUOTED
from remit.flow.values import NONE, Method, Opaque, Thing, Val, literal, unknown
from remit_guard.core.verdict import LOG

_LEVELS = ("debug", "info", "warning", "warn", "error", "critical", "exception", "fatal", "log")
_LOGGER = re.compile(r"(?i)(^|[._])(log|logger|logging|_log|_logger)$")


def _print(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    del frame
    for number, value in enumerate(given.args):
        _line(machine, value, given, number, structured=False)
    return NONE


def _line(machine: Machine, value: Val, given: Arguments, index: int, *, structured: bool, name: str = "") -> None:
    from remit.flow.natives import as_text

    at = given.span(index, name) if name else given.span(index)
    taints = as_text(machine, value, at).taints
    uses.logged(machine, taints, at, given.text)
    if structured:
        taints = taint.cleaned(taints, QUOTED)
    # The event as a whole is a flow into the log however it is written there.
    for item in taints:
        if item.origin.kind == "event":
            item = taint.Taint(item.origin, item.trace, item.confidence, item.clean - QUOTED)
        machine.flow(LOG, item, at, given.text, {"structured": "true"} if structured else {})


def _write(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    del frame
    thing = receiver.receiver if receiver else None
    structured = isinstance(thing, Thing) and thing.kind == "log.Structured"
    for number, value in enumerate(given.args):
        _line(machine, value, given, number, structured=structured)
    for name, value in given.keywords.items():
        if name in ("extra", "msg", "message") or structured:
            _line(machine, value, given, -1, structured=structured or name == "extra", name=name)
    return NONE


def _around(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``@logger.inject_lambda_context(log_event=True)`` writes each event as it is."""
    del frame
    wanted = given.keywords.get("log_event")
    if wanted is not None and literal(wanted) is True:
        at = given.span(-1, "log_event")
        for item in machine.taints(events.whole(machine.roots, at), at):
            machine.flow(LOG, item, at, given.text, {"structured": "true"})
    return unknown(f"{given.text}()")


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """``loguru.logger.info`` and other loggers that are imported as such."""
    head, _, last = name.rpartition(".")
    if last in _LEVELS and _LOGGER.search(head):
        return _write(machine, frame, given, None)
    return None


def by_look(machine: Machine, frame: Frame, method: Method, given: Arguments) -> "Val | None":
    """``self.logger.info(...)`` on something unknown that is called like a logger."""
    if method.name not in _LEVELS:
        return None
    head = given.text.rpartition(".")[0]
    why = method.receiver.why if isinstance(method.receiver, Opaque) else ""
    if _LOGGER.search(head) or _LOGGER.search(why.removesuffix("()")) or why.endswith("getLogger()"):
        return _write(machine, frame, given, method)
    return None


_WRITE = Model(run=_write)
FUNCTIONS: dict[str, Model] = {
    "builtins.print": Model(run=_print),
    "sys.stdout.write": Model(run=_print),
    "sys.stderr.write": Model(run=_print),
    "pprint.pprint": Model(run=_print),
    "pprint.pp": Model(run=_print),
    "logging.getLogger": Model(gives="log.Logger"),
    "logging.Logger": Model(gives="log.Logger"),
    "aws_lambda_powertools.Logger": Model(gives="log.Structured"),
    "aws_lambda_powertools.logging.Logger": Model(gives="log.Structured"),
    "aws_lambda_powertools.logging.logger.Logger": Model(gives="log.Structured"),
    "structlog.get_logger": Model(gives="log.Structured"),
    "structlog.getLogger": Model(gives="log.Structured"),
}
for _level in _LEVELS:
    FUNCTIONS[f"logging.{_level}"] = _WRITE
METHODS: dict[str, Model] = {}
for _kind in ("log.Logger", "log.Structured"):
    for _level in _LEVELS:
        METHODS[f"{_kind}.{_level}"] = _WRITE
    METHODS[f"{_kind}.getChild"] = Model(gives=_kind)
    METHODS[f"{_kind}.bind"] = Model(gives=_kind)
    METHODS[f"{_kind}.inject_lambda_context"] = Model(run=_around)
    METHODS[f"{_kind}.append_keys"] = Model()
    METHODS[f"{_kind}.setLevel"] = Model()
    METHODS[f"{_kind}.addHandler"] = Model()
__all__ = ["FUNCTIONS", "METHODS", "by_look", "by_name"]
