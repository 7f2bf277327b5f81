"""Frameworks that call the code's functions themselves: resolvers, routers, registries."""

from remit.app.location import Location
from remit.flow import ir
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import Model
from remit.flow.taint import Taints
from remit.flow.values import Atom, Closure, Partial, Thing, Val

#: Decorators that only add something around a function.
_AROUND = frozenset((
    "capture_method", "capture_lambda_handler", "log_metrics", "inject_lambda_context", "retry", "lru_cache", "cache", "wraps",
    "capture", "capture_async", "idempotent", "idempotent_function", "event_source", "event_parser", "tracer", "abstractmethod",
    "staticmethod", "overload", "override", "contextmanager", "asynccontextmanager", "timeout", "backoff", "on_exception",
    "lambda_handler_decorator", "validator", "patch", "fixture", "xray_recorder", "logger", "metrics", "deprecated",
))  # fmt: skip


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Nothing more by name alone."""
    del machine, frame, name, given
    return None


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """Nothing more by method alone."""
    del machine, frame, thing, name, given
    return None


def attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """Nothing more by attribute alone."""
    del machine, thing, name, at, taints
    return None


def decorated(machine: Machine, frame: Frame, atom: Atom, decorator: ir.Expr, function: Val) -> Val:
    """A function under a foreign decorator: stays what it is; one that registers it will also call it."""
    del frame, atom
    name = _name(decorator)
    if name not in _AROUND:
        for item in function.atoms:
            if isinstance(item, Closure | Partial):
                machine.escaped.append((item, None))
    return function


def _name(node: ir.Expr) -> str:
    if isinstance(node, ir.Call):
        node = node.function
    return node.name if isinstance(node, ir.Attr) else node.id if isinstance(node, ir.Name) else ""


FUNCTIONS: dict[str, Model] = {}
METHODS: dict[str, Model] = {}
__all__ = ["FUNCTIONS", "METHODS", "attribute", "by_method", "by_name", "decorated"]
