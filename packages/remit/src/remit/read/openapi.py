"""OpenAPI definitions with API Gateway's extensions: which operation calls which function, and who may call it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.node import Node
from remit.read.access import Access, anyone, of_authorizer
from remit.read.draft import Draft
from remit.read.integrations import receivers

_METHODS_WORDS = "get put post delete options head patch trace x-amazon-apigateway-any-method"
_METHODS = frozenset(_METHODS_WORDS.split())
_INTEGRATION = "x-amazon-apigateway-integration"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that a function answers, or another part of the template takes."""

    function: str
    name: str
    location: Location
    access: Access
    node: Node
    payload_version: str
    #: Whether the operation itself says what checks the caller, be it nothing.
    decided: bool = False


def operations(draft: Draft, body: Node) -> Iterator[Operation]:
    """The operations of a definition whose integration leads to a part of this template."""
    paths = body.at("paths")
    for path, item in paths.items() if paths else ():
        for method, node in item.items():
            integration = node.at(_INTEGRATION)
            if method.lower() not in _METHODS or integration is None:
                continue
            for function in receivers(draft, integration):
                verb = "ANY" if method.startswith("x-") else method.upper()
                version = draft.word(integration.at("payloadFormatVersion"))
                where = node.key or node.location
                access = access_of(draft, body, node, where)
                # The route that catches everything else, as HTTP APIs spell it.
                name = "every other route" if path.lstrip("/") == "$default" else f"{verb} {path}"
                decided = bool(list((node.at("security") or Node((), where)).elements()))
                yield Operation(function, name, where, access, node, version, decided)


def access_of(draft: Draft, body: Node, operation: Node, where: Location) -> Access:
    """Who can call an operation: its ``security``, else of the whole definition; an empty list or ``{}`` asks for nothing."""
    own, general = operation.at("security"), body.at("security")
    if own is not None and own.absent:
        # An open condition decides which of the two holds: the wider one counts.
        either = (_access_by(draft, body, security, where) for security in (own, general))
        return max(either, key=lambda access: access.sender)
    security = own or general
    if security is not None and security.absent:
        return anyone((security.key or security.location, "an open condition decides whether anything is asked for"))
    return _access_by(draft, body, security, where)


def _access_by(draft: Draft, body: Node, security: Node | None, where: Location) -> Access:
    if security is None:
        return anyone((where, "the operation has no security"))
    at = security.key or security.location
    alternatives = list(security.elements())
    if all(item.absent for item in alternatives) and not security.absent:
        return anyone((at, "the operation asks for no security"))
    if not alternatives or any(isinstance(item.value, Mapping) and not item.value for item in alternatives):
        return anyone((at, "the operation asks for no security"))
    # API Gateway takes them all together: one authorizer at most, and a key when the list names one.
    names = [name for item in alternatives for name, _ in item.items()]
    kinds = {name: kind for name in names if (kind := _scheme(draft, body, name)) is not None}
    if not kinds:
        return anyone((at, f"{names[0] if names else 'it'} names no security scheme of this definition"))
    name = next((name for name, kind in kinds.items() if kind != "api-key"), next(iter(kinds)))
    return of_authorizer(kinds[name], name, ((at, f"{name} checks the caller"),))


def written_operation(api: Node, name: str) -> Node | None:
    """What a SAM API's own definition says of a route, whether it has an integration there or not.

    Args:
        api: the API's properties.
        name: method and path, or "every other route".
    """
    method, _, path = name.partition(" ")
    keys = {"any", "x-amazon-apigateway-any-method"} if method in ("ANY", "every") else {method.lower()}
    for written, item in (api.at("DefinitionBody", "paths") or Node({}, api.location)).items():
        same = written.lstrip("/") == "$default" if method == "every" else written == path
        for key, operation in item.items() if same else ():
            if key.lower() in keys:
                return operation
    return None


def authorizers(body: Node) -> Iterator[tuple[str, Node]]:
    """The functions that check callers of a definition: the name of each scheme and the URI it calls."""
    for path in (("components", "securitySchemes"), ("securityDefinitions",)):
        schemes = body.at(*path)
        for name, scheme in schemes.items() if schemes is not None else ():
            uri = scheme.at("x-amazon-apigateway-authorizer", "authorizerUri")
            if uri is not None:
                yield name, uri


def _scheme(draft: Draft, body: Node, name: str) -> str | None:
    declared = body.at("components", "securitySchemes", name) or body.at("securityDefinitions", name)
    if declared is None:
        return "iam" if name.lower() in ("sigv4", "aws_iam") else None
    kind = draft.word(declared.at("x-amazon-apigateway-authtype")).lower()
    authorizer = declared.at("x-amazon-apigateway-authorizer")
    if kind == "awssigv4":
        return "iam"
    if kind == "cognito_user_pools":
        return "cognito"
    if authorizer is not None:
        return "jwt" if draft.word(authorizer.at("type")).lower() == "jwt" else "lambda"
    return "api-key" if draft.word(declared.at("type")).lower() == "apikey" else None
