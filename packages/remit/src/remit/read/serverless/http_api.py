"""``httpApi`` and ``websocket`` events: routes of the HTTP and WebSocket APIs that the framework makes."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Value, join
from remit.read.serverless import ids
from remit.read.serverless.functions import cors_properties
from remit.read.serverless.http import route_of
from remit.read.serverless.service import Entry, Service, arn, mapping, tree


def add_http_api(service: Service, entry: Entry, event: Node) -> None:
    """Declares one route with its integration and authorizer."""
    method, path, given = route_of(service, event)
    if given is not None and not method and path:
        method = "*"
    if given is not None and path == "*" and not service.word(given.at("method")):
        method, path = "*", ""
    if not method:
        service.wrong(event, 'an "httpApi" event has a method and a path, as in "GET /orders", or is "*"')
        return
    at = event.key or event.location
    api = _api(service, at)
    everything = method == "*" and path in ("", "*")
    path = "/" + path.strip("/")
    key = "$default" if everything else f"{'ANY' if method == '*' else method} {path}"
    version = service.provider.at("httpApi", "payload") or "2.0"
    integration = service.add(
        f"HttpApiIntegration{ids.normal(entry.name)}",
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": api,
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": arn(entry.id),
            "PayloadFormatVersion": version,
        },
        at,
    )
    properties = {
        "ApiId": api,
        "RouteKey": key,
        "Target": join(["integrations/", Ref(integration)]),
        **_authorization(service, given, at),
    }
    name = "Default" if everything else ids.upper_first(method.lower().replace("*", "any")) + ids.path_id(path)
    service.add(f"HttpApiRoute{name}", "AWS::ApiGatewayV2::Route", properties, at)


def _api(service: Service, at: Location) -> object:
    given = service.provider.at("httpApi", "id")
    if given is not None and given.value is not None:
        return given
    if ids.HTTP_API not in service.draft.declared:
        provider = service.provider
        cors = provider.at("httpApi", "cors")
        wanted = cors is not None and (isinstance(cors.value, Mapping) or service.draft.truth(cors))
        properties = {
            "Name": provider.at("httpApi", "name") or service.prefix,
            "ProtocolType": "HTTP",
            "CorsConfiguration": cors_properties(cors) if cors is not None and wanted else None,
        }
        service.add(ids.HTTP_API, "AWS::ApiGatewayV2::Api", properties, at)
        _declare_authorizers(service)
    return Ref(ids.HTTP_API)


def _declare_authorizers(service: Service) -> None:
    declared = service.provider.at("httpApi", "authorizers")
    for name, node in service.section(declared, "httpApi.authorizers"):
        request = service.word(node.at("type")).lower() == "request"
        properties: dict[str, object] = {
            "ApiId": Ref(ids.HTTP_API),
            "Name": node.at("name") or name,
            "AuthorizerType": "REQUEST" if request else "JWT",
        }
        if request:
            named = node.at("functionName")
            function = service.function(named.plain()) if named else ""
            properties["AuthorizerUri"] = arn(function) if function else node.at("functionArn") or named
        else:
            properties["JwtConfiguration"] = {"Issuer": node.at("issuerUrl"), "Audience": node.at("audience")}
        at = node.key or node.location
        service.add(_authorizer_id(name), "AWS::ApiGatewayV2::Authorizer", properties, at)


def _authorizer_id(name: str) -> str:
    return f"HttpApiAuthorizer{ids.alphanumeric(name)}"


def _authorization(service: Service, given: Node | None, at: Location) -> dict[str, object]:
    authorizer = given.at("authorizer") if given else None
    if authorizer is None or authorizer.value is None:
        return {"AuthorizationType": tree("NONE", at)}
    where = authorizer.key or authorizer.location
    if service.may_be_none(authorizer):
        return {"AuthorizationType": tree("NONE", where)}
    settings = mapping(authorizer)
    kind = service.word(settings.at("type")).lower() if settings else ""
    name = service.word(settings.at("name") if settings else authorizer)
    if "aws_iam" in (kind, name.lower()):
        return {"AuthorizationType": tree("AWS_IAM", where)}
    id_ = _authorizer_id(name) if name else ""
    known = service.draft.declared.get(id_)
    request = kind == "request" or (known is not None and known.properties.get("AuthorizerType") == "REQUEST")
    reference: object = Ref(id_) if known is not None else settings.at("id") if settings else authorizer
    return {"AuthorizationType": tree("CUSTOM" if request else "JWT", where), "AuthorizerId": reference}


def add_websocket(service: Service, entry: Entry, event: Node) -> None:
    """Declares one route of the WebSocket API; only ``$connect`` can have an authorizer."""
    settings = mapping(event)
    route = service.word(settings.at("route") if settings else event)
    if not route:
        service.wrong(event, 'a "websocket" event has a route, as in "$connect"')
        return
    at = event.key or event.location
    api: object = service.provider.at("apiGateway", "websocketApiId")
    if api is None:
        name = service.provider.at("websocketsApiName") or join([service.prefix, "-websockets"])
        sockets = {"Name": name, "ProtocolType": "WEBSOCKET"}
        api = Ref(service.add(ids.SOCKETS, "AWS::ApiGatewayV2::Api", sockets, at))
    integration = service.add(
        f"{ids.normal(entry.name)}WebsocketsIntegration",
        "AWS::ApiGatewayV2::Integration",
        {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": _uri(entry)},
        at,
    )
    properties = {
        "ApiId": api,
        "RouteKey": route,
        "Target": join(["integrations/", Ref(integration)]),
        **_socket_authorization(service, settings, api, at),
    }
    id_ = f"{ids.alphanumeric(route.replace('$', 'S'))}WebsocketsRoute"
    service.add(id_, "AWS::ApiGatewayV2::Route", properties, at)


def _uri(entry: Entry) -> Value:
    start: list[Value] = [
        "arn:",
        Ref("AWS::Partition"),
        ":apigateway:",
        Ref("AWS::Region"),
        ":lambda:path/2015-03-31/functions/",
    ]
    return join([*start, arn(entry.id), "/invocations"])


def _socket_authorization(service: Service, given: Node | None, api: object, at: Location) -> dict[str, object]:
    authorizer = given.at("authorizer") if given else None
    if authorizer is None or authorizer.value is None:
        return {"AuthorizationType": tree("NONE", at)}
    where = authorizer.key or authorizer.location
    if service.may_be_none(authorizer):
        return {"AuthorizationType": tree("NONE", where)}
    settings = mapping(authorizer)
    named = (settings.at("arn") or settings.at("name")) if settings else authorizer
    if service.word(named).lower() == "aws_iam":
        return {"AuthorizationType": tree("AWS_IAM", where)}
    function = service.function(named.plain()) if named else ""
    label = service.word(settings.at("name") if settings else None) or function or service.word(named)
    properties = {"ApiId": api, "AuthorizerType": "REQUEST", "AuthorizerUri": arn(function) if function else named}
    id_ = f"{ids.alphanumeric(label.rsplit(':', 1)[-1])}WebsocketsAuthorizer"
    service.add(id_, "AWS::ApiGatewayV2::Authorizer", properties, where)
    return {"AuthorizationType": tree("CUSTOM", where), "AuthorizerId": Ref(id_)}
