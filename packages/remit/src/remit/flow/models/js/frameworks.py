"""Frameworks: Express and its kin behind an adapter, Middy, Powertools; callbacks and contexts of the platform."""

from remit.app.location import Location
from remit.flow import access
from remit.flow import event as events
from remit.flow.javascript_natives import CALLABLE, functions_in, invoke
from remit.flow.machine import Arguments, Frame, Machine
from remit.flow.models import powertools
from remit.flow.models.model import FIRST, Model
from remit.flow.taint import Taints
from remit.flow.values import (
    NONE,
    UNKNOWN,
    Closure,
    Dictionary,
    Known,
    Method,
    Part,
    Partial,
    Symbol,
    Thing,
    Val,
    known,
    text_of,
    union,
    unknown,
)  # fmt: skip
from remit_guard.core.verdict import PATH

_APP, _REQUEST, _RESPONSE, _CONTEXT = "js.App", "js.Request", "js.Response", "js.WebContext"
_ROUTES = frozenset(
    (
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "head",
        "options",
        "all",
        "use",
        "any",
        "route",
        "METHOD",
        "on",
        "addHook",
    )
)
#: Parts of a request in the words of Express, Koa, Fastify and Hono.
_PARTS: dict[str, tuple[str, ...]] = {
    "body": ("body", events.INTO), "rawBody": ("body",), "query": ("queryStringParameters",),
    "querystring": ("queryStringParameters",), "params": ("pathParameters",), "headers": ("headers",), "header": ("headers",),
    "cookies": ("cookies",), "signedCookies": ("cookies",), "url": ("rawPath",), "path": ("rawPath",),
    "originalUrl": ("rawPath",),
    "files": ("body", events.INTO), "file": ("body", events.INTO), "hostname": ("headers", "host"), "rawHeaders": ("headers",),
}  # fmt: skip
#: Methods of a request that read one of its parts.
_READS = {
    "get": ("headers",), "header": ("headers",), "param": ("pathParameters",), "query": ("queryStringParameters",),
    "queries": ("queryStringParameters",), "json": ("body", events.INTO), "text": ("body",), "parseBody": ("body", events.INTO),
    "formData": ("body", events.INTO), "arrayBuffer": ("body",),
}  # fmt: skip


def _of_event(machine: Machine, steps: tuple[str, ...], at: Location) -> Val:
    """A part of whatever event arrives, where it is a request."""
    parts = []
    for root in machine.roots:
        part = Part(root, (), at)
        for step in steps:
            part = events.inside(part, at) if step == events.INTO else events.below(part, step, at)
        parts.append(part)
    return Val(tuple(parts)) if parts else UNKNOWN


def attribute(machine: Machine, thing: Thing, name: str, at: Location, taints: Taints) -> "Val | None":
    """``req.body``, ``ctx.request.query``, ``req.apiGateway.event``."""
    del taints
    if thing.kind == _CONTEXT:
        if name in ("request", "req"):
            return Val((Thing(_REQUEST),))
        if name in ("response", "res"):
            return Val((Thing(_RESPONSE),))
    if thing.kind in (_REQUEST, _CONTEXT):
        if name in ("apiGateway", "requestContext", "env", "event", "lambdaEvent"):
            return _event_of(machine, name, at)
        if name in _PARTS and not (thing.kind == _CONTEXT and name in ("body", "header", "headers")):
            found = _of_event(machine, _PARTS[name], at)
            return union(found, Val((Method(thing, name),))) if name in _READS else found
        if name == "log":
            return Val((Thing("log.Structured"),))
    if thing.kind in (_APP, "js.Middy") and name in ("log", "logger"):
        return Val((Thing("log.Structured"),))
    return None


def _event_of(machine: Machine, name: str, at: Location) -> Val:
    whole = events.whole(machine.roots, at)
    if name in ("apiGateway", "env"):
        return Val((machine.dictionary({"event": whole, "context": Val((Thing("aws.Context"),))}),))
    return whole if name != "requestContext" else _of_event(machine, ("requestContext",), at)


def _application(_machine: Machine, _frame: Frame, _given: Arguments, _receiver: "Method | None") -> Val:
    return Val((Thing(_APP),))


def _registered(machine: Machine, given: Arguments, thing: Thing) -> Val:
    """A route: its functions are called with a request and a way to answer."""
    request, response = Val((Thing(_REQUEST),)), Val((Thing(_RESPONSE),))
    found: list[Val] = []
    for value in given.args:
        only = value.atoms[0] if len(value.atoms) == 1 else None
        if isinstance(only, Dictionary):
            # Fastify: ``route({method, url, handler})``.
            found.extend(item for key, item in only.entries.items() if key in ("handler", "preHandler", "onRequest"))
        else:
            found.append(value)
    for value in found:
        for atom in value.atoms:
            if isinstance(atom, Closure | Partial):
                parameters = atom.code.parameters if isinstance(atom, Closure) else []
                first = parameters[0].name if parameters else ""
                values = [request, response, unknown("next")]
                if len(parameters) == 4:
                    values = [unknown("an error"), *values]
                elif first in ("c", "ctx", "context"):
                    values = [Val((Thing(_CONTEXT),)), unknown("next")]
                machine.escaped.append((atom, values))
    return Val((thing,))


def by_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> "Val | None":
    """Methods of applications, requests and answers."""
    if thing.kind == _APP:
        if name in _ROUTES:
            return _registered(machine, given, thing)
        return unknown("an answer") if name in ("run", "handle", "proxy", "inject") else Val((thing,))
    if thing.kind == "js.Middy":
        return _middy_method(machine, frame, thing, name, given)
    if thing.kind == _REQUEST and name in _READS:
        inner = _of_event(machine, _READS[name], given.at)
        key = text_of(given.args[0]) if given.args else None
        return access.index(machine, frame, inner, known(key), given.at) if key is not None else inner
    if thing.kind in (_RESPONSE, _CONTEXT):
        return _answer(machine, thing, name, given)
    return None


def _answer(machine: Machine, thing: Thing, name: str, given: Arguments) -> Val:
    """``res.send(page)``, ``res.json(data)``, ``res.redirect(address)``."""
    value = given.args[-1] if given.args else NONE
    at = given.span(len(given.args) - 1) if given.args else given.at
    if name in ("send", "html", "end", "write"):
        texts = any(isinstance(atom, Known | Symbol | Part) for atom in value.atoms) or name == "html"
        page = texts and name in ("send", "html") and thing.kind == (_RESPONSE if name == "send" else thing.kind)
        kind = known("text/html" if page else "text/plain")
        _told(machine, {"body": value, "headers": Val((machine.dictionary({"content-type": kind}),))}, at)
    elif name in ("json", "jsonp", "text", "body", "render"):
        _told(machine, {"body": value}, at)
    elif name in ("redirect", "location"):
        target = next(
            (item for item in given.args if text_of(item) is not None or item.taints or not _number(item)), value
        )
        _told(machine, {"statusCode": known(302), "headers": Val((machine.dictionary({"location": target}),))}, at)
    elif name in ("set", "header", "setHeader", "append") and len(given.args) == 2:
        _told(machine, {"statusCode": known(200), "headers": _headers(machine, given)}, at)
    elif name in ("sendFile", "download") and given.args:
        machine.sink(PATH, given.args[0], given.span(0), given.text, write="false")
    return Val((thing,))


def _number(value: Val) -> bool:
    return len(value.atoms) == 1 and isinstance(value.atoms[0], Known) and isinstance(value.atoms[0].value, int)


def _headers(machine: Machine, given: Arguments) -> Val:
    name = text_of(given.args[0]) or "x"
    return Val((machine.dictionary({name.lower(): given.args[1]}),))


def _told(machine: Machine, entries: dict[str, Val], at: Location) -> None:
    from remit.flow.response import answered

    made = machine.dictionary({"statusCode": known(200), **entries})
    made.places = dict.fromkeys(made.entries, at)
    for held in entries.get("headers", NONE).atoms:
        if isinstance(held, Dictionary):
            held.places = dict.fromkeys(held.entries, at)
    answered(machine, Val((made,)), at)


# -- adapters and wrappers ---------------------------------------------------------------------------------------------


def _adapted(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``serverless(app)``: the handler is the application, whose routes are called by it."""
    del frame, machine
    functions = tuple(atom for value in given.args for atom in functions_in(value))
    if functions:
        return Val((Thing("wrapped", {}, (Val(functions),)),))
    return Val((Thing("http.App"),))


def _middy(machine: Machine, frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``middy(handler)``: the handler, with more around it."""
    del machine, frame
    functions = tuple(atom for value in given.args[:1] for atom in value.atoms if isinstance(atom, CALLABLE))
    return Val((Thing("js.Middy", {}, (Val(functions),)),))


def _middy_method(machine: Machine, frame: Frame, thing: Thing, name: str, given: Arguments) -> Val:
    if name == "handler":
        functions = tuple(atom for value in given.args[:1] for atom in value.atoms if isinstance(atom, CALLABLE))
        return Val((Thing("js.Middy", {}, (Val(functions),)),))
    for value in given.args:
        for atom in value.atoms:
            # Middleware of the code itself is called around each request.
            held = list(atom.entries.values()) if isinstance(atom, Dictionary) else [Val((atom,))]
            request = machine.dictionary({"event": events.whole(machine.roots, given.at), "response": UNKNOWN})
            for item in held:
                machine.escaped.extend((function, [Val((request,))]) for function in functions_in(item))  # type: ignore[misc]
    del frame
    return Val((thing,))


def _wrapped_call(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    thing = receiver.receiver if receiver is not None else None
    inner = thing.inner[0] if isinstance(thing, Thing) and thing.inner else UNKNOWN
    return invoke(machine, frame, inner, list(given.args), given)


def _replied(machine: Machine, _frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``callback(error, answer)``, ``context.succeed(answer)``, ``context.done(error, answer)``."""
    from remit.flow.response import answered

    only = receiver is not None and receiver.name in ("succeed", "fail")
    value = given.get(0 if only else 1)
    if value is not None and any(root.responds and root.source != "direct" for root in machine.roots):
        answered(machine, value, given.span(0 if only else 1))
    return NONE


def _controllers(machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """``NestFactory.create(AppModule)``: what its decorators wire together is not followed."""
    machine.skip("its controllers", "how NestJS wires its modules is not followed", given.at)
    return Val((Thing(_APP),))


# -- Powertools --------------------------------------------------------------------------------------------------------


def _parameter(name: str) -> Model:
    """``getParameter(name, options)``, ``getSecret(name)``: what the function of Python of the same name does."""
    inner = powertools.FUNCTIONS[f"aws_lambda_powertools.utilities.parameters.{name}"].run

    def run(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
        keywords = {
            str(key): item
            for value in given.args[1:]
            for atom in value.atoms
            if isinstance(atom, Dictionary)
            for key, item in atom.entries.items()
        }
        assert inner is not None  # noqa: S101  (it is code)
        return inner(
            machine, frame, Arguments(given.at, given.text, given.args[:1], keywords, given.spans[:1]), receiver
        )

    return Model(run=run)


def _layer(machine: Machine, frame: Frame, given: Arguments, receiver: "Method | None") -> Val:
    """``new DynamoDBPersistenceLayer({tableName})``."""
    inner = powertools.FUNCTIONS["aws_lambda_powertools.utilities.idempotency.DynamoDBPersistenceLayer"].run
    names = [atom.entries["tableName"] for value in given.args for atom in value.atoms
             if isinstance(atom, Dictionary) and "tableName" in atom.entries]  # fmt: skip
    assert inner is not None  # noqa: S101  (it is code)
    return inner(machine, frame, Arguments(given.at, given.text, names[:1]), receiver)


def _around(_machine: Machine, _frame: Frame, given: Arguments, _receiver: "Method | None") -> Val:
    """A function that gives the function it is handed, with more around it."""
    functions = tuple(atom for value in given.args for atom in value.atoms if isinstance(atom, Closure | Partial))
    return Val((Thing("wrapped", {}, (Val(functions),)),)) if functions else UNKNOWN


_FIRST, _ADAPT, _MAKE = Model(keeps=FIRST), Model(run=_adapted), Model(run=_application)
FUNCTIONS: dict[str, Model] = {
    **dict.fromkeys((
        "express", "express.Router", "koa", "fastify", "fastify.fastify", "hono.Hono", "restify.createServer",
        "lambda-api", "@koa/router",
        "koa-router", "polka", "find-my-way", "restana", "express-promise-router", "openapi-backend",
    ), _MAKE),
    **dict.fromkeys((
        "serverless-http", "serverless-express/handler", "@vendia/serverless-express", "@codegenie/serverless-express",
        "serverless-express",
        "aws-serverless-express.createServer", "@fastify/aws-lambda", "aws-lambda-fastify", "hono/aws-lambda.handle",
        "koa-aws-lambda",
        "serverless-express.configure", "@vendia/serverless-express.configure", "hono/aws-lambda.streamHandle",
    ), _ADAPT),
    "aws-serverless-express.proxy": Model(), "@middy/core": Model(run=_middy), "middy": Model(run=_middy),
    "@nestjs/core.NestFactory.create": Model(run=_controllers),
    "@nestjs/core.NestFactory.createApplicationContext": Model(run=_controllers),
    "@aws-lambda-powertools/parameters/ssm.getParameter": _parameter("get_parameter"),
    "@aws-lambda-powertools/parameters/ssm.getParameters": _parameter("get_parameters"),
    "@aws-lambda-powertools/parameters/ssm.getParametersByName": _parameter("get_parameters_by_name"),
    "@aws-lambda-powertools/parameters/secrets.getSecret": _parameter("get_secret"),
    "@aws-lambda-powertools/parameters/appconfig.getAppConfig": _parameter("get_app_config"),
    "@aws-lambda-powertools/idempotency/dynamodb.DynamoDBPersistenceLayer": Model(run=_layer),
    "@aws-lambda-powertools/idempotency.makeIdempotent": Model(run=_around),
    "@aws-lambda-powertools/tracer.Tracer": Model(gives="js.Tracer"),
    "@aws-lambda-powertools/metrics.Metrics": Model(gives="js.Metrics"),
    "@sentry/serverless.AWSLambda.wrapHandler": Model(run=_around), "datadog-lambda-js.datadog": Model(run=_around),
    "express.json": Model(), "express.urlencoded": Model(), "express.static": Model(), "cors": Model(), "helmet": Model(),
    "body-parser.json": Model(), "body-parser.urlencoded": Model(), "compression": Model(), "morgan": Model(),
}  # fmt: skip
METHODS: dict[str, Model] = {
    "js.Middy.__call__": Model(run=_wrapped_call), "js.Callback.__call__": Model(run=_replied),
    "aws.Context.succeed": Model(run=_replied), "aws.Context.done": Model(run=_replied), "aws.Context.fail": Model(),
    "aws.Context.getRemainingTimeInMillis": Model(), "http.App.__call__": Model(),
}  # fmt: skip
__all__ = ["FUNCTIONS", "METHODS", "attribute", "by_method"]
