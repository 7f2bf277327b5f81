"""Routes of plain CloudFormation APIs: REST APIs, HTTP and WebSocket APIs, and OpenAPI definitions inside either."""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Value
from remit.read.access import Access, anyone, of_authorizer, private
from remit.read.api_access import defined_access
from remit.read.draft import Declared, Draft
from remit.read.integrations import receivers
from remit.read.openapi import authorizers, operations, written_operation

_REST = ("AWS::ApiGateway::RestApi", "AWS::Serverless::Api")
_SOCKETS = "AWS::Serverless::WebSocketApi"
_HTTP = ("AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi", _SOCKETS)
#: Resource parents lead upwards; a chain this long goes in circles.
_MAX_PARENTS = 64


def read(draft: Draft) -> None:
    """Adds every route to a function that SAM events do not tell, and every function that works as an authorizer."""
    known = {(trigger.function, trigger.name, trigger.resource): index for index, trigger in enumerate(draft.triggers)}
    functions = {function.id for function in draft.functions}
    defined = list(_definitions(draft))
    for trigger in (*_rest(draft), *_http(draft), *defined):
        index = known.get((trigger.function, trigger.name, trigger.resource))
        if trigger.function not in functions:
            draft.feeds.append(trigger)
        elif index is None:
            known[trigger.function, trigger.name, trigger.resource] = len(draft.triggers)
            draft.triggers.append(trigger)
        elif not _overrides(draft, draft.triggers[index]):
            # The same route as a SAM event and in the API's definition: what the definition asks for holds.
            old = draft.triggers[index]
            draft.triggers[index] = replace(
                old, sender=trigger.sender, because=trigger.because, authorizer=trigger.authorizer
            )
    draft.triggers = [trigger for trigger in draft.triggers if not _is_written_over(draft, trigger, defined)]
    draft.triggers += _authorizers(draft)


def _overrides(draft: Draft, trigger: Trigger) -> bool:
    """Whether a SAM event's own ``Auth`` holds in spite of its API's definition."""
    node = trigger.properties.at("Auth", "OverrideApiAuth") if trigger.properties is not None else None
    api = draft.declared.get(trigger.resource)
    asks = trigger.properties.at("Auth") if trigger.properties is not None else None
    merged = api.properties.at("MergeDefinitions") if api is not None and asks is not None else None
    return any(item is not None and draft.truth(item) for item in (node, merged))


def _is_written_over(draft: Draft, trigger: Trigger, defined: list[Trigger]) -> bool:
    """Whether a SAM event adds no route, because the definition that people wrote has the say.

    To a REST API's definition SAM adds nothing; to an HTTP API's it adds what no integration is written for.
    """
    api = draft.declared.get(trigger.resource)
    if api is None or trigger.source not in ("rest-api", "http-api"):
        return False
    if any(
        (other.function, other.name, other.resource) == (trigger.function, trigger.name, trigger.resource)
        for other in defined
    ):
        return False
    if api.type == "AWS::Serverless::Api":
        return trigger.source == "rest-api" and _is_whole(draft, api)
    operation = written_operation(api.properties, trigger.name)
    return operation is not None and operation.at("x-amazon-apigateway-integration") is not None


def _is_whole(draft: Draft, api: Declared) -> bool:
    """Whether the definition of a SAM API stands in the template with all of its routes, and nothing is merged in."""
    paths = api.properties.at("DefinitionBody", "paths")
    merged = api.properties.at("MergeDefinitions")
    written = (
        paths is not None
        and isinstance(paths.value, Mapping)
        and all(isinstance(item.value, Mapping) for item in paths.value.values())
    )
    return written and not (merged is not None and draft.truth(merged))


def _rest(draft: Draft) -> Iterator[Trigger]:
    for method in draft.of_type("AWS::ApiGateway::Method"):
        properties = method.properties
        integration = properties.at("Integration")
        to = receivers(draft, integration)
        if not to:
            continue
        api = draft.target(properties.get("RestApiId"), *_REST)
        verb = draft.word(properties.at("HttpMethod")).upper() or "ANY"
        name = f"{verb} {_path(draft, properties.get('ResourceId'))}"
        access = private(draft, _properties(draft, api), _method_access(draft, method), name)
        for id_ in to:
            yield _route(id_, "rest-api", name, method.location, access, api, properties)


def _method_access(draft: Draft, method: Declared) -> Access:
    kind = method.properties.at("AuthorizationType")
    word = draft.word(kind)
    where = (kind.key or kind.location) if kind else method.location
    if word in ("CUSTOM", "COGNITO_USER_POOLS"):
        authorizer = draft.target(method.properties.get("AuthorizerId"))
        because = ((where, f"the authorizer {authorizer or 'outside this template'} checks the caller"),)
        return of_authorizer("cognito" if word.startswith("COGNITO") else "lambda", authorizer, because)
    if word == "AWS_IAM":
        return of_authorizer("iam", "", ((where, "IAM checks the caller"),))
    key = method.properties.at("ApiKeyRequired")
    if key is not None and draft.truth(key):
        return of_authorizer("api-key", "", ((key.key or key.location, "an API key is required"),))
    return anyone((where, "no authorizer checks the caller"))


def _path(draft: Draft, value: Value) -> str:
    """The path of a REST resource, through its parents."""
    pieces: list[str] = []
    for _ in range(_MAX_PARENTS):
        id_ = draft.target(value, "AWS::ApiGateway::Resource")
        if not id_:
            break
        properties = draft.declared[id_].properties
        pieces.append(draft.word(properties.at("PathPart")))
        value = properties.get("ParentId")
    return "/" + "/".join(reversed(pieces))


def _http(draft: Draft) -> Iterator[Trigger]:
    for route in draft.of_type("AWS::ApiGatewayV2::Route"):
        integration = _integration(draft, route.properties.get("Target"))
        to = receivers(draft, integration)
        if not to or integration is None:
            continue
        api = draft.target(route.properties.get("ApiId"), *_HTTP)
        name = draft.word(route.properties.at("RouteKey"))
        name = "every other route" if name == "$default" else name
        sockets = api != "" and _is_socket(draft, draft.declared[api])
        version = draft.word(integration.at("PayloadFormatVersion"))
        source = "websocket" if sockets else "http-api" if version == "2.0" else "rest-api"
        deciding = _connect(draft, api) or route if sockets else route
        access = _route_access(draft, deciding)
        for id_ in to:
            yield _route(id_, source, name, route.location, access, api, route.properties)
    for item in draft.of_type("AWS::ApiGatewayV2::Api"):
        function = draft.function_of(item.properties.get("Target"))
        if function:  # "quick create": one integration for every route, without an authorizer
            access = anyone((item.location, "an API made with Target has no authorizer"))
            yield _route(function, "http-api", "every route", item.location, access, item.id, item.properties)


def _is_socket(draft: Draft, api: Declared) -> bool:
    return api.type == _SOCKETS or draft.word(api.properties.at("ProtocolType")) == "WEBSOCKET"


def _integration(draft: Draft, target: Value) -> Node | None:
    id_ = draft.target(target, "AWS::ApiGatewayV2::Integration")
    return draft.declared[id_].properties if id_ else None


def _connect(draft: Draft, api: str) -> Declared | None:
    """The route that decides who gets a socket at all: only it can have an authorizer."""
    return draft.once("sockets", lambda: _connects(draft)).get(api)


def _connects(draft: Draft) -> dict[str, Declared]:
    routes = reversed(list(draft.of_type("AWS::ApiGatewayV2::Route")))
    opening = [route for route in routes if draft.word(route.properties.at("RouteKey")) == "$connect"]
    return {draft.target(route.properties.get("ApiId"), *_HTTP): route for route in opening}


def _route_access(draft: Draft, route: Declared) -> Access:
    kind = route.properties.at("AuthorizationType")
    word = draft.word(kind)
    where = (kind.key or kind.location) if kind else route.location
    if word in ("JWT", "CUSTOM"):
        authorizer = draft.target(route.properties.get("AuthorizerId"))
        because = ((where, f"the authorizer {authorizer or 'outside this template'} checks the caller"),)
        return of_authorizer("jwt" if word == "JWT" else "lambda", authorizer, because)
    if word == "AWS_IAM":
        return of_authorizer("iam", "", ((where, "IAM checks the caller"),))
    return anyone((where, "no authorizer checks the caller"))


def _definitions(draft: Draft) -> Iterator[Trigger]:
    """Routes in OpenAPI definitions that stand in the template."""
    for item in draft.of_type(*_REST, *_HTTP):
        body = item.properties.at("Body") or item.properties.at("DefinitionBody")
        if body is None or not isinstance(body.value, Mapping):
            continue
        rest = item.type in _REST
        for operation in operations(draft, body):
            version = operation.payload_version
            source = "rest-api" if rest or version == "1.0" else "http-api"
            access = operation.access
            if item.type.startswith("AWS::Serverless::"):
                access = defined_access(draft, item, operation)
            access = private(draft, item.properties, access, operation.name)
            yield _route(
                operation.function, source, operation.name, operation.location, access, item.id, operation.node
            )


def _authorizers(draft: Draft) -> Iterator[Trigger]:
    """Functions that check callers: whatever a stranger sends as a token reaches them first."""
    for item in draft.of_type("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"):
        function = draft.function_of(item.properties.get("AuthorizerUri"))
        if function:
            yield _authorizer(function, item.id, item.location, item.properties)
    for api in draft.of_type(*_REST, *_HTTP):
        body = api.properties.at("Body") or api.properties.at("DefinitionBody")
        for name, uri in authorizers(body) if body is not None else ():
            function = draft.function_of(uri.plain())
            if function:
                yield _authorizer(function, name, uri.location, uri)
    for api in draft.of_type("AWS::Serverless::Api", "AWS::Serverless::HttpApi"):
        declared = api.properties.at("Auth", "Authorizers")
        for name, node in declared.items() if declared else ():
            function = draft.function_of(node.get("FunctionArn"))
            if function:
                yield _authorizer(function, name, node.key or node.location, node)


def _authorizer(function: str, name: str, location: Location, node: Node) -> Trigger:
    because = ((location, "it is asked before the caller is known"),)
    return Trigger(function, "unknown", f"authorizer {name}", location, Sender.ANYONE, because, "", None, node)


def _properties(draft: Draft, id_: str) -> Node | None:
    return draft.declared[id_].properties if id_ else None


def _route(function: str, source: str, name: str, location: Location, access: Access, api: str, node: Node) -> Trigger:
    return Trigger(function, source, name, location, access.sender, access.because, api, access.authorizer, node)
