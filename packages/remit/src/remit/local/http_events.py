"""HTTP requests as the events API Gateway makes of them, and results as the responses it makes of those. Pure.

Both payload formats: 1.0 (``rest-api``) and 2.0 (``http-api``, ``function-url``). Specified at
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

_TEXT = re.compile(
    r"(?:text/.*|application/(?:.*\+)?(?:json|xml|javascript|yaml|x-www-form-urlencoded))\s*(?:;.*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it came off the wire; header names in any case, repeated ones kept."""

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"

    def header(self, name: str) -> str:
        """The values of one header, joined by a comma as API Gateway does; ``""`` when absent."""
        return ",".join(value for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Route:
    """One route of an API, leading to one function.

    Args:
        method: ``GET`` ... or ``ANY``.
        path: ``/orders/{id}``, ``/{proxy+}`` or ``$default``.
        function: logical id.
        source: ``http-api``, ``rest-api`` or ``function-url``.
        authorizer: kind of the authorizer, ``""`` when there is none.
    """

    method: str
    path: str
    function: str
    source: str
    authorizer: str = ""

    @property
    def key(self) -> str:
        """The route key of a 2.0 event."""
        return "$default" if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What differs from request to request and is not in the request: made outside, so that mapping stays pure."""

    request_id: str
    time: datetime
    claims: Mapping[str, str] = field(default_factory=dict)
    api: str = "local"
    stage: str = "$default"


def match(routes: tuple[Route, ...], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route API Gateway would choose: literal segments before variables, those before ``{proxy+}``, then the default.

    Args:
        routes: all routes of one API.
        method: the request's method.
        path: its path, still percent-encoded.

    Returns:
        The route and its decoded path parameters, or ``None``.
    """
    best: tuple[tuple[int, ...], Route, dict[str, str]] | None = None
    for route in routes:
        if route.method not in ("ANY", "*", method):
            continue
        found = _match_path(route.path, path)
        if found is None:
            continue
        rank = (*found[0], 0 if route.method == method else 1)
        if best is None or rank < best[0]:
            best = (rank, route, found[1])
    return None if best is None else (best[1], best[2])


def _match_path(pattern: str, path: str) -> tuple[tuple[int, ...], dict[str, str]] | None:
    if pattern == "$default":
        return (9,), {}
    wanted = pattern.strip("/").split("/")
    given = path.strip("/").split("/")
    rank: list[int] = []
    parameters: dict[str, str] = {}
    for index, part in enumerate(wanted):
        if part.startswith("{") and part.endswith("+}"):
            rest = "/".join(given[index:])
            if not rest:
                return None
            parameters[part[1:-2]] = unquote(rest)
            return (*rank, 2), parameters
        if index >= len(given):
            return None
        if part.startswith("{") and part.endswith("}"):
            if not given[index]:
                return None
            parameters[part[1:-1]] = unquote(given[index])
            rank.append(1)
        elif part == given[index]:
            rank.append(0)
        else:
            return None
    return (tuple(rank), parameters) if len(given) == len(wanted) else None


def to_event(request: Request, route: Route, parameters: Mapping[str, str], stamp: Stamp) -> dict[str, Any]:
    """The event of a request in the format of the route's source."""
    if route.source == "rest-api":
        return _version_1(request, route, parameters, stamp)
    return _version_2(request, route, parameters, stamp)


def to_response(source: str, result: object) -> Response:
    """The response API Gateway makes of what a handler returned.

    Args:
        source: ``http-api``, ``rest-api`` or ``function-url``.
        result: the handler's result.

    Returns:
        The response; a result of the wrong shape is the gateway's own 5xx, as there.
    """
    version_1 = source == "rest-api"
    if not (isinstance(result, Mapping) and "statusCode" in result):
        if version_1 or (isinstance(result, Mapping) and "statusCode" in result):
            return failure(source)
        if result is None:
            return Response(200)
        return Response(200, (("content-type", "application/json"),), json.dumps(result).encode())
    try:
        status = int(result["statusCode"])
        body = _body(result.get("body"), encoded=bool(result.get("isBase64Encoded")))
        headers = _headers(result)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return failure(source)
    if not 100 <= status <= 599:
        return failure(source)
    return Response(status, headers, body)


def failure(source: str) -> Response:
    """What the sender sees when the function failed."""
    kind = (("content-type", "application/json"),)
    if source == "rest-api":
        return Response(502, kind, b'{"message": "Internal server error"}')
    return Response(500, kind, b'{"message":"Internal Server Error"}')


def refused(status: int, message: str) -> Response:
    """A refusal by the gateway itself: no route, no token."""
    return Response(status, (("content-type", "application/json"),), json.dumps({"message": message}).encode())


def _version_2(request: Request, route: Route, parameters: Mapping[str, str], stamp: Stamp) -> dict[str, Any]:
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in request.headers:
        name = name.lower()
        if name == "cookie":
            cookies.extend(part.strip() for part in value.split(";") if part.strip())
        else:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    query: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    context: dict[str, Any] = {
        "accountId": "000000000000",
        "apiId": stamp.api,
        "domainName": f"{stamp.api}.execute-api.local",
        "domainPrefix": stamp.api,
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "requestId": stamp.request_id,
        "routeKey": route.key,
        "stage": stamp.stage,
        "time": stamp.time.strftime("%d/%b/%Y:%H:%M:%S %z"),
        "timeEpoch": int(stamp.time.timestamp() * 1000),
    }
    authorizer = _authorizer_2(route.authorizer, stamp.claims)
    if authorizer:
        context["authorizer"] = authorizer
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": unquote(request.path),
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": context,
        "isBase64Encoded": False,
    }
    optional = (("cookies", cookies), ("queryStringParameters", query), ("pathParameters", dict(parameters)))
    event.update({name: value for name, value in optional if value})
    if request.body:
        event["body"], event["isBase64Encoded"] = _encode(request)
    return event


def _version_1(request: Request, route: Route, parameters: Mapping[str, str], stamp: Stamp) -> dict[str, Any]:
    lists: dict[str, list[str]] = {}
    for name, value in request.headers:
        lists.setdefault(name, []).append(value)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    body, encoded = _encode(request) if request.body else (None, False)
    return {
        "version": "1.0",
        "resource": route.path,
        "path": unquote(request.path),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in lists.items()},
        "multiValueHeaders": lists,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": stamp.api,
            "authorizer": {"claims": dict(stamp.claims)} if route.authorizer else None,
            "httpMethod": request.method,
            "identity": {"sourceIp": request.source_ip, "userAgent": request.header("user-agent")},
            "path": request.path,
            "protocol": "HTTP/1.1",
            "requestId": stamp.request_id,
            "requestTimeEpoch": int(stamp.time.timestamp() * 1000),
            "resourcePath": route.path,
            "stage": "local" if stamp.stage == "$default" else stamp.stage,
        },
        "body": body,
        "isBase64Encoded": encoded,
    }


def _authorizer_2(kind: str, claims: Mapping[str, str]) -> dict[str, Any]:
    if not kind:
        return {}
    if kind in ("jwt", "cognito"):
        return {"jwt": {"claims": dict(claims), "scopes": claims.get("scope", "").split() or None}}
    if kind == "iam":
        return {"iam": {"userArn": claims.get("sub", ""), "accountId": "000000000000"}}
    return {"lambda": dict(claims)}


def _encode(request: Request) -> tuple[str, bool]:
    kind = request.header("content-type")
    if not kind or _TEXT.fullmatch(kind):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(request.body).decode(), True


def _body(body: object, *, encoded: bool) -> bytes:
    if body is None:
        return b""
    text = body if isinstance(body, str) else json.dumps(body)
    return base64.b64decode(text, validate=True) if encoded else text.encode()


def _headers(result: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    many = result.get("multiValueHeaders") or {}
    for name, value in (result.get("headers") or {}).items():
        if name not in many:
            pairs.append((str(name).lower(), str(value)))
    for name, values in many.items():
        pairs.extend((str(name).lower(), str(value)) for value in values)
    pairs.extend(("set-cookie", str(cookie)) for cookie in result.get("cookies") or ())
    if any("\r" in part or "\n" in part for pair in pairs for part in pair):
        raise ValueError("a header holds a line break")
    return tuple(pairs)


def now(request_id: str, claims: Mapping[str, str], clock: float) -> Stamp:
    """The stamp of a request at a time in seconds since the epoch."""
    return Stamp(request_id, datetime.fromtimestamp(clock, UTC), claims)
