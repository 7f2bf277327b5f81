"""Frameworks that call the code's functions themselves, and hand the event over in their own words.

Powertools (resolvers, data classes, batch, parser), Flask, FastAPI, Chalice behind an adapter, durable functions.
"""

from remit.app.location import Location
from remit.flow import event as events
from remit.flow import ir
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models.model import FIRST, Model
from remit.flow.taint import Taints
from remit.flow.values import (
    UNKNOWN,
    Atom,
    Closure,
    Method,
    Part,
    Partial,
    Thing,
    Val,
    text_of,
    to_template,
    union,
    unknown,
)

_APP, _ROUTE = "http.App", "http.Route"
#: Decorators that only add something around a function.
_AROUND = frozenset(
    [
        "capture_method",
        "capture_lambda_handler",
        "log_metrics",
        "inject_lambda_context",
        "retry",
        "lru_cache",
        "cache",
        "wraps",
        "capture",
        "capture_async",
        "idempotent",
        "idempotent_function",
        "event_source",
        "event_parser",
        "tracer",
        "abstractmethod",
        "staticmethod",
        "overload",
        "override",
        "contextmanager",
        "asynccontextmanager",
        "timeout",
        "backoff",
        "on_exception",
        "lambda_handler_decorator",
        "validator",
        "patch",
        "fixture",
        "xray_recorder",
        "logger",
        "metrics",
        "deprecated",
    ]
)
_ROUTES = frozenset(
    ["get", "post", "put", "delete", "patch", "head", "options", "route", "api_route", "any", "resolver", "websocket"]
)
_NUMBERS = frozenset(("int", "float", "bool", "UUID", "uuid.UUID", "date", "datetime"))

#: Event data classes say the platform's names in their own way.
_SPELLED = {
    "query_string_parameters": ("queryStringParameters",),
    "multi_value_query_string_parameters": ("multiValueQueryStringParameters",),
    "path_parameters": ("pathParameters",),
    "raw_path": ("rawPath",),
    "raw_query_string": ("rawQueryString",),
    "http_method": ("httpMethod",),
    "request_context": ("requestContext",),
    "json_body": ("body", events.INTO),
    "decoded_body": ("body",),
    "resolved_query_string_parameters": ("queryStringParameters",),
    "resolved_headers_field": ("headers",),
    "records": ("Records",),
    "record": ("Records", events.ELEMENT),
    "bucket_name": ("Records", events.ELEMENT, "s3", "bucket", "name"),
    "object_key": ("Records", events.ELEMENT, "s3", "object", "key"),
    "get_object": ("object",),
    "sns": ("Sns",),
    "message_attributes": ("messageAttributes",),
    "sns_message": ("Records", events.ELEMENT, "Sns", "Message"),
    "new_image": ("NewImage",),
    "old_image": ("OldImage",),
    "detail_type": ("detail-type",),
    "raw_event": (),
}
#: Parts of a request in Flask's and Chalice's words.
_REQUEST = {
    "args": ("queryStringParameters",),
    "query_params": ("queryStringParameters",),
    "values": ("queryStringParameters",),
    "form": ("body", events.INTO),
    "json": ("body", events.INTO),
    "json_body": ("body", events.INTO),
    "get_json": ("body", events.INTO),
    "data": ("body",),
    "raw_body": ("body",),
    "get_data": ("body",),
    "files": ("body", events.INTO),
    "headers": ("headers",),
    "cookies": ("cookies",),
    "path": ("rawPath",),
}


def respelled(part: Part, name: str, at: Location) -> Part:
    """An attribute of an event data class as the part of the event it stands for."""
    steps = _SPELLED.get(name, (name,))
    if name == "sns" and not part.root.records:
        steps = (name,)
    for step in steps:
        part = events.inside(part, at) if step == events.INTO else events.below(part, step, at)
    return part


def request_part(machine: Machine, name: str, at: Location) -> "Val | None":
    """``flask.request.args`` and the like: a part of the event, by its full name."""
    if not name.startswith("flask.request."):
        return None
    last = name.removeprefix("flask.request.")
    steps = None if last.startswith("get_") else _REQUEST.get(last)
    return _of_request(machine, steps, at) if steps else None


def _of_request(machine: Machine, steps: tuple[str, ...], at: Location) -> Val:
    found: list[Atom] = []
    for root in machine.roots:
        part = Part(root, (), at)
        for step in steps:
            part = events.inside(part, at) if step == events.INTO else events.below(part, step, at)
        found.append(part)
    return Val(tuple(found))


def by_name(machine: Machine, frame: Frame, name: str, given: Arguments) -> "Val | None":
    """Data classes around the event, Flask's request, durable wrappers."""
    del frame
    if name.startswith("aws_lambda_powertools.utilities.data_classes."):
        return given.get(0, "data") or UNKNOWN
    head, _, last = name.rpartition(".")
    if head == "flask.request" and last in ("get_json", "get_data"):
        return _of_request(machine, _REQUEST[last], given.at)
    return None


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """Routes, adapters, and what a durable context does in our name."""
    if thing.kind == _APP:
        if name in _ROUTES or name.startswith("on_"):
            return Val((Thing(_ROUTE, {"path": given.get(0, "rule", "path") or UNKNOWN}),))
        if name in ("resolve", "__call__"):
            return unknown("an answer")
        if name in ("add_url_rule", "add_api_route"):
            for value in given.every():
                _register(machine, value, UNKNOWN, given.at)
        return None
    if thing.kind == "aws.Context" and name == "invoke" and ("function_name" in given.keywords or given.args):
        named = given.get(0, "function_name") or UNKNOWN
        machine.sdk("lambda", "Invoke", {"FunctionName": to_template(named)}, given.at)
        return unknown("an answer")
    if thing.kind == "aws.Context" and name in ("step", "run_in_child_context", "map", "parallel", "with_retry"):
        return _durable(machine, frame, given)
    return None


def _durable(machine: Machine, frame: Frame, given: Arguments) -> Val:
    """``context.step(function)``: it is called with a context of its own."""
    from remit.flow.calls import call

    results = []
    for value in given.every():
        functions = tuple(atom for atom in value.atoms if isinstance(atom, Closure | Partial))
        if functions:
            context = Val((Thing("aws.Context"),))
            inner = Arguments(given.at, given.text, [context], spans=[given.at], places=[""])
            results.append(call(machine, frame, Val(functions), inner))
    return union(*results) if results else unknown("the result of a step", given.args[0].taints if given.args else ())


def attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """``app.current_event`` and ``app.current_request``."""
    del taints
    if thing.kind == _APP:
        if name == "current_event":
            return events.whole(machine.roots, at)
        if name == "current_request":
            return Val((Thing("http.Incoming"),))
    if thing.kind == "http.Incoming" and name in _REQUEST:
        return _of_request(machine, _REQUEST[name], at)
    return None


def decorated(machine: Machine, frame: Frame, atom: Atom, decorator: ir.Expr, function: Val) -> Val:
    """A function under a foreign decorator: stays what it is; one that registers it will also call it."""
    if isinstance(atom, Thing) and atom.kind == _ROUTE:
        _register(machine, function, atom.facts["path"], machine.place(frame, decorator.at))
    elif _name(decorator) not in _AROUND:
        for item in function.atoms:
            if isinstance(item, Closure):
                machine.escaped.append((item, None))
    return function


def _register(machine: Machine, function: Val, route: Val, at: Location) -> None:
    path = text_of(route) or ""
    for item in function.atoms:
        if not isinstance(item, Closure):
            continue
        values = []
        for parameter in item.code.parameters:
            if parameter.kind not in ("plain", "keyword") or parameter.type in _NUMBERS:
                values.append(unknown(parameter.name))
                continue
            inside = f"<{parameter.name}" in path or f":{parameter.name}>" in path or "{" + parameter.name in path
            where = ("pathParameters",) if inside or not path else ("queryStringParameters",)
            values.append(_of_request(machine, (*where, parameter.name), at))
        machine.escaped.append((item, values))


def _name(node: ir.Expr) -> str:
    if isinstance(node, ir.Call):
        node = node.function
    return node.name if isinstance(node, ir.Attr) else node.id if isinstance(node, ir.Name) else ""


def _batch(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``process_partial_response(event, record_handler, ...)``: the handler sees each record."""
    from remit.flow.access import elements, index
    from remit.flow.calls import call
    from remit.flow.values import known

    event = given.get(0, "event") or UNKNOWN
    handler = given.get(1, "record_handler")
    if handler is not None:
        records = index(machine, frame, event, known("Records"), given.at)
        each = elements(machine, frame, records, given.at)
        call(machine, frame, handler, Arguments(given.at, "record_handler", [each], spans=[given.at], places=[""]))
    return unknown("a partial batch response")


def _parse(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``parse(event, model, envelope)``: a model checks types, the texts in it stay their sender's."""
    del machine, frame
    event = given.get(0, "event") or UNKNOWN
    if given.get(2, "envelope") is None:
        return event
    return Val(tuple(events.inside(atom, given.at) if isinstance(atom, Part) else atom for atom in event.atoms))


FUNCTIONS: dict[str, Model] = {
    "flask.Flask": Model(gives=_APP),
    "flask.Blueprint": Model(gives=_APP),
    "fastapi.FastAPI": Model(gives=_APP),
    "fastapi.APIRouter": Model(gives=_APP),
    "chalice.Chalice": Model(gives=_APP),
    "chalice.Blueprint": Model(gives=_APP),
    "mangum.Mangum": Model(gives=_APP),
    "apig_wsgi.make_lambda_handler": Model(gives=_APP),
    "awsgi.response": Model(),
    "serverless_wsgi.handle_request": Model(),
    "aws_lambda_powertools.utilities.batch.process_partial_response": Model(run=_batch),
    "aws_lambda_powertools.utilities.batch.async_process_partial_response": Model(run=_batch),
    "aws_lambda_powertools.utilities.parser.parse": Model(run=_parse),
    "aws_lambda_powertools.utilities.parser.parser.parse": Model(run=_parse),
    "aws_durable_execution_sdk_python.durable_execution": Model(keeps=FIRST),
}
_RESOLVERS = (
    "APIGatewayRestResolver", "APIGatewayHttpResolver", "LambdaFunctionUrlResolver", "ALBResolver", "VPCLatticeV2Resolver",
    "ApiGatewayResolver", "AppSyncResolver", "BedrockAgentResolver",
)  # fmt: skip
for _kind in _RESOLVERS:
    for _package in ("", ".api_gateway", ".lambda_function_url", ".appsync", ".vpc_lattice"):
        FUNCTIONS[f"aws_lambda_powertools.event_handler{_package}.{_kind}"] = Model(gives=_APP)
for _name_ in (
    "aws_lambda_powertools.event_handler.router.Router",
    "aws_lambda_powertools.event_handler.api_gateway.Router",
):
    FUNCTIONS[_name_] = Model(gives=_APP)
for _kind in ("APIGatewayRouter", "APIGatewayHttpRouter", "ALBRouter", "LambdaFunctionUrlRouter"):
    FUNCTIONS[f"aws_lambda_powertools.event_handler.router.{_kind}"] = Model(gives=_APP)
METHODS: dict[str, Model] = {f"{_APP}.__call__": Model()}
__all__ = ["FUNCTIONS", "METHODS", "attribute", "by_method", "by_name", "decorated", "request_part", "respelled"]
