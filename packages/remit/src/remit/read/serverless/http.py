"""``http`` events: routes of the REST API that the framework makes, or of the one it is told to use."""

from collections.abc import Mapping

from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Ref, Text, Unknown, Value, join
from remit.read.serverless import ids
from remit.read.serverless.functions import cors_properties
from remit.read.serverless.service import Entry, Service, arn, tree


def add_http(service: Service, entry: Entry, event: Node) -> None:
    """Declares the method of one route, with its path, authorizer and integration."""
    method, path, given = route_of(service, event)
    if not method:
        service.wrong(event, 'an "http" event has a method and a path, as in "GET /orders"')
        return
    at = event.key or event.location
    api = _api(service, at)
    _declare_api(service, event)
    parent, resource_ids = _resources(service, path, api, at)
    properties: dict[str, object] = {
        "HttpMethod": "ANY" if method in ("ANY", "*") else method,
        "RestApiId": api,
        "ResourceId": parent,
        "Integration": tree({"Type": _type(service, given), "Uri": _uri(entry)}, at),
        **_authorization(service, given, at),
    }
    key = given.at("private") if given else None
    if key is not None and service.draft.truth(key):
        properties["ApiKeyRequired"] = key
    service.add(
        f"ApiGatewayMethod{resource_ids}{ids.upper_first(method.lower())}", "AWS::ApiGateway::Method", properties, at
    )
    cors = given.at("cors") if given else None
    if cors is not None and (isinstance(cors.value, Mapping) or service.draft.truth(cors)):
        _add_options(service, resource_ids, parent, api, cors)


def route_of(service: Service, event: Node) -> tuple[str, str, Node | None]:
    """Method, path and settings of a route in either form: ``GET /orders``, or a mapping."""
    if isinstance(event.value, Mapping):
        method, path = service.word(event.at("method")).upper(), service.word(event.at("path"))
        return method, path or _symbolic(event.at("path")), event
    words = service.word(event).split()
    if words == ["*"]:
        return "*", "", None
    return (words[0].upper(), words[1], None) if len(words) == 2 else ("", "", None)


def _symbolic(node: Node | None) -> str:
    return "" if node is None or node.value is None else str(node.plain())


def _type(service: Service, given: Node | None) -> str:
    word = service.word(given.at("integration")).lower().replace("_", "-") if given else ""
    return {"lambda": "AWS", "aws": "AWS", "http": "HTTP", "http-proxy": "HTTP_PROXY", "mock": "MOCK"}.get(
        word, "AWS_PROXY"
    )


def _uri(entry: Entry) -> Value:
    start: list[Value] = [
        "arn:",
        Ref("AWS::Partition"),
        ":apigateway:",
        Ref("AWS::Region"),
        ":lambda:path/2015-03-31/functions/",
    ]
    return join([*start, arn(entry.id), "/invocations"])


def _api(service: Service, at: Location) -> Node:
    given = service.provider.at("apiGateway", "restApiId")
    return given if given is not None and given.value is not None else tree(Ref(ids.REST_API), at)


def _declare_api(service: Service, event: Node) -> None:
    """The framework's own REST API, with who may call it at all."""
    provider = service.provider
    if ids.REST_API in service.draft.declared or provider.at("apiGateway", "restApiId") is not None:
        return
    at = event.key or event.location
    policy = provider.at("apiGateway", "resourcePolicy") or provider.at("resourcePolicy")
    endpoint = provider.at("apiGateway", "endpointType") or provider.at("endpointType")
    kind = service.word(endpoint).upper()
    properties: dict[str, object] = {
        "Name": provider.at("apiName") or provider.at("apiGateway", "apiName") or join([_stage_first(service)]),
        "EndpointConfiguration": tree({"Types": [kind or "EDGE"]}, endpoint.location if endpoint else at),
    }
    if policy is not None and policy.value is not None:
        document = {"Version": "2012-10-17", "Statement": policy}
        properties["Policy"] = tree(document, policy.key or policy.location)
    service.add(ids.REST_API, "AWS::ApiGateway::RestApi", properties, at)


def _stage_first(service: Service) -> Value:
    from remit.read.serverless.variables import STAGE

    return join([STAGE, "-", service.name if service.name is not None else Unknown("the service's name")])


def _resources(service: Service, path: str, api: Node, at: Location) -> tuple[object, str]:
    """Declares the resources of a path; the last one and the path inside ids."""
    parent: object = Ref(ids.REST_API, "RootResourceId")
    name = ""
    for part in [part for part in path.strip("/").split("/") if part][:50]:
        name += ids.path_part(part)
        id_ = f"ApiGatewayResource{name}"
        service.add(id_, "AWS::ApiGateway::Resource", {"PathPart": part, "ParentId": parent, "RestApiId": api}, at)
        parent = Ref(id_)
    return parent, name


def _authorization(service: Service, given: Node | None, at: Location) -> dict[str, object]:
    """Which authorizer is attached: a function's name, ``aws_iam``, an ARN, or a mapping of these."""
    authorizer = given.at("authorizer") if given else None
    if authorizer is None or authorizer.value is None:
        return {"AuthorizationType": tree("NONE", at)}
    where = authorizer.key or authorizer.location
    kinds = authorizer.at("type")
    if service.may_be_none(authorizer) or (kinds is not None and not service.word(kinds)):
        # What it is, if it is anything, is only told when it is deployed: nothing is known to check the caller.
        return {"AuthorizationType": tree("NONE", where)}
    settings = authorizer if isinstance(authorizer.value, Mapping) else None
    named = settings.at("name") if settings else authorizer
    kind = service.word(settings.at("type")).upper() if settings else ""
    word = service.word(named)
    if kind == "AWS_IAM" or (settings is None and word.lower() == "aws_iam"):
        return {"AuthorizationType": tree("AWS_IAM", where)}
    if kind == "NONE":
        return {"AuthorizationType": tree("NONE", where)}
    existing = settings.at("authorizerId") if settings else None
    source = settings.at("arn") if settings else None
    if source is None and settings is None and isinstance(authorizer.value, str | Ref | Text):
        source = authorizer
    pool = kind == "COGNITO_USER_POOLS" or _is_pool(service, source.plain() if source else None)
    type_ = tree("COGNITO_USER_POOLS" if pool else "CUSTOM", where)
    if existing is not None:
        return {"AuthorizationType": type_, "AuthorizerId": existing}
    function = service.function(source.plain() if source and settings else named.plain() if named else None)
    if not function and named is not None:
        function = service.function(named.plain())
    label = _label(word, function, source)
    id_ = f"{ids.alphanumeric(label) or 'Custom'}ApiGatewayAuthorizer"
    properties: dict[str, object] = {
        "Name": label,
        "Type": "COGNITO_USER_POOLS"
        if pool
        else service.word(settings.at("type")).upper() or "TOKEN"
        if settings
        else "TOKEN",
        "RestApiId": Ref(ids.REST_API),
    }
    if pool:
        properties["ProviderARNs"] = [source]
    else:
        properties["AuthorizerUri"] = _authorizer_uri(function, source)
    service.add(id_, "AWS::ApiGateway::Authorizer", properties, where)
    return {"AuthorizationType": type_, "AuthorizerId": Ref(id_)}


def _authorizer_uri(function: str, source: Node | None) -> object:
    return arn(function) if function else source


def _label(word: str, function: str, source: Node | None) -> str:
    if word and ":" not in word:
        return word
    if function:
        return function
    value = source.plain() if source else ""
    if isinstance(value, Ref):
        return value.target
    return str(value).rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def _is_pool(service: Service, value: Value) -> bool:
    if service.draft.target(value, "AWS::Cognito::UserPool"):
        return True
    pieces = value.parts if isinstance(value, Text) else (value,)
    return any(isinstance(piece, str) and ":cognito-idp:" in piece for piece in pieces)


def _add_options(service: Service, path: str, parent: object, api: Node, cors: Node) -> None:
    """The preflight answer of a route with CORS: it tells every browser which origins may read."""
    at = cors.key or cors.location
    properties = {
        "HttpMethod": "OPTIONS",
        "RestApiId": api,
        "ResourceId": parent,
        "AuthorizationType": "NONE",
        "Integration": {"Type": "MOCK"},
        # Not CloudFormation's word: there it is spread over the headers of the answer. It says the same.
        "Cors": cors_properties(cors),
    }
    service.add(f"ApiGatewayMethod{path}Options", "AWS::ApiGateway::Method", properties, at)
