"""Who can call a route: what an API's and a route's ``Auth`` really attach, in SAM's words.

Declaring an authorizer protects nothing; a route is protected by the default authorizer of its API unless it opts
out (``Authorizer: NONE``), or by one of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.model import Authorizer, Grant, Sender
from remit.app.node import Node, possible
from remit.app.value import Choice, Value, options
from remit.read.draft import Draft
from remit.read.policy import grants_of
from remit.read.strangers import Part, circle_of, covers, let_in, own_networks, shape

Because = tuple[tuple[Location, str], ...]


@dataclass(frozen=True, slots=True)
class Access:
    """Who can call, what checks them, and why we say so."""

    sender: Sender
    authorizer: Authorizer | None
    because: Because


def anyone(*because: tuple[Location, str]) -> Access:
    """A route without any check."""
    return Access(Sender.ANYONE, None, because)


def sam_access(draft: Draft, api: Node | None, location: Location, event: Node) -> Access:
    """Who can call the route of a SAM event.

    Args:
        draft: the app so far.
        api: properties of its API, Globals merged; ``None`` when the API is not in the template.
        location: where the route is attached.
        event: the event's properties.
    """
    own = event.at("Auth")
    whole = api.at("Auth") if api else None
    route = f"{draft.word(event.at('Method')) or 'ANY'} {draft.word(event.at('Path'))}"
    narrowed = _network(draft, api, route) or _listed(own.at("ResourcePolicy") if own else None, route)
    named = own.at("Authorizer") if own else None
    undecided = _undecided(draft, named, whole, event)
    if undecided is not None:
        return _with(undecided, narrowed)
    name = draft.word(named)
    source = named
    if named is None and whole is not None and not _is_preflight(draft, whole, event):
        source = whole.at("DefaultAuthorizer")
        name = draft.word(source)
    if source is not None and name not in ("NONE", ""):
        kind = _kind(whole, name)
        where = source.key or source.location
        access = of_authorizer(kind, name, ((where, f"the authorizer {name} checks the caller"),))
        return _with(access, narrowed)
    key = next((node for part in (own, whole) if part and (node := part.at("ApiKeyRequired")) is not None), None)
    if key is not None and draft.truth(key):
        access = of_authorizer("api-key", "", ((key.key or key.location, "an API key is required"),))
        return _with(access, narrowed)
    if source is not None and name == "" and not isinstance(source.value, str):
        because = ((source.location, "which authorizer checks the caller is decided when the template is deployed"),)
        return _with(Access(Sender.AUTHENTICATED, Authorizer("unknown"), because), narrowed)
    if name == "NONE" and source is not None:
        return _with(anyone((source.location, "the route opts out of the API's authorizer")), narrowed)
    if api is None:
        why = "its API is outside this template: whether that checks the caller is not known"
    elif whole is not None and whole.at("Authorizers") is not None:
        why = "an authorizer is declared, but not attached here"
    else:
        why = "no authorizer checks the caller"
    return _with(anyone((location, why)), narrowed)


def _undecided(draft: Draft, named: Node | None, whole: Node | None, event: Node) -> Access | None:
    """What is left of the checks when an open condition decides between them; ``None`` when there is no such condition.

    The widest circle counts: a route that one branch leaves unchecked is unchecked.
    """
    default = whole.at("DefaultAuthorizer") if whole is not None and not _is_preflight(draft, whole, event) else None
    deciding = [node for node in (named, default if named is None or named.absent else None) if node is not None]
    if not any(node.absent or isinstance(node.value, Choice) for node in deciding):
        return None
    names = [str(draft.resolver.settled(value)) for node in deciding for value in possible(node)]
    where = deciding[0].key or deciding[0].location
    if deciding[-1].absent or any(name in ("NONE", "") for name in names):
        return anyone((where, "whether an authorizer checks the caller is decided when the template is deployed"))
    ways = [
        of_authorizer(_kind(whole, name), name, ((where, f"the authorizer {name} checks the caller"),))
        for name in names
    ]
    return max(ways, key=lambda access: access.sender)


def sam_default(draft: Draft, auth: Node | None, route: str, *, rest: bool, named: str = "") -> Access | None:
    """What the default authorizer of a SAM API, or the one that is named, makes of a route; ``None`` without one.

    Args:
        draft: the app so far.
        auth: the API's ``Auth``.
        route: its method and path.
        rest: whether the API is a REST API, whose preflight requests the default covers unless it is told not to.
        named: an authorizer that the route asks for itself.
    """
    source = auth.at("DefaultAuthorizer") if auth is not None and not named else auth
    name = named or draft.word(source)
    if source is None or name in ("", "NONE"):
        return None
    if not named and route.startswith("OPTIONS ") and (not rest or _spares_preflight(draft, auth)):
        return None
    return of_authorizer(_kind(auth, name), name, ((source.key or source.location, f"{name} checks the caller"),))


def _is_preflight(draft: Draft, auth: Node, event: Node) -> bool:
    """Whether a SAM event is a route for preflight requests, which the API's default authorizer leaves alone."""
    if draft.word(event.at("Method")).lower() != "options":
        return False
    http = event.at("ApiId") is not None or event.at("PayloadFormatVersion") is not None
    return http or _spares_preflight(draft, auth)


def _spares_preflight(draft: Draft, auth: Node | None) -> bool:
    node = auth.at("AddDefaultAuthorizerToCorsPreflight") if auth is not None else None
    return node is not None and draft.word(node) == "false"


def of_authorizer(kind: str, name: str, because: Because) -> Access:
    """The access that an authorizer of some kind leaves."""
    sender = Sender.ACCOUNT if kind == "iam" else Sender.AUTHENTICATED
    return Access(sender, Authorizer(kind, name), because)


def _kind(auth: Node | None, name: str) -> str:
    declared = auth.at("Authorizers", name) if auth else None
    if declared is None:
        return "iam" if name == "AWS_IAM" else "unknown"
    if declared.at("UserPoolArn") is not None:
        return "cognito"
    if declared.at("FunctionArn") is not None:
        return "lambda"
    if any(declared.at(key) is not None for key in ("JwtConfiguration", "OpenIdConnectUrl")):
        return "jwt"
    return "unknown"


#: Who is left, and where that is written and how.
Narrowed = tuple[Sender, Location, str]


def _network(draft: Draft, api: Node | None, route: str) -> Narrowed | None:
    """What keeps the internet away from a route whatever checks its callers: a private endpoint, the API's policy."""
    if api is None:
        return None
    endpoint = api.at("EndpointConfiguration")
    kinds = None
    if endpoint is not None:
        kinds = endpoint.at("Type") or endpoint.at("Types") if isinstance(endpoint.value, Mapping) else endpoint
    for kind in kinds.elements() if kinds else ():
        if not kind.absent and draft.word(kind).upper() == "PRIVATE":
            return Sender.ACCOUNT, kind.location, "the API is private: only its network can call it"
    body = api.at("Body") or api.at("DefinitionBody")
    written = body.at("x-amazon-apigateway-policy") if body is not None else None
    return _policy_narrows(api.at("Policy") or written, route) or _listed(api.at("Auth", "ResourcePolicy"), route)


#: What SAM writes "everyone, unless" and "everyone, but" for: beside these, a list of accounts narrows nothing.
_NETWORKS = ("IpRange", "SourceVpc", "IntrinsicVpc", "IntrinsicVpce")


def _listed(policy: Node | None, route: str) -> Narrowed | None:
    """What SAM's lists of networks and accounts leave of an API."""
    lists = dict(policy.items()) if policy is not None else {}
    networks = [name for name in lists if name.startswith(_NETWORKS)]
    for name, node in lists.items():
        if node.absent:
            continue
        where = node.key or node.location
        values = [option for item in node.elements() for option in options(item.plain())]
        if not values or any(value is None for value in values):
            continue
        if name.startswith("IpRange") and name.endswith("Whitelist"):
            if own_networks(values):
                return Sender.ACCOUNT, where, "the API's policy names the networks that may call it"
        elif name in networks and name.endswith("Whitelist"):
            return Sender.ACCOUNT, where, "the API's policy names the networks that may call it"
        elif name == "AwsAccountWhitelist" and not networks:
            widest = max((circle_of(value) or Sender.ACCOUNT for value in values), default=Sender.ACCOUNT)
            if widest is not Sender.ANYONE:
                return widest, where, "the API's policy names the accounts that may call it"
    return _policy_narrows(lists.get("CustomStatements"), route)


def _policy_narrows(document: Node | None, route: str) -> Narrowed | None:
    """What a resource policy leaves of one route: ``None`` when strangers can call it all the same."""
    grants = grants_of(document, [])
    if not grants:
        return None
    if not any(grant.effect == "Allow" for grant in grants):
        # One that only refuses: what lets callers in must stand elsewhere, and may let in everyone.
        grants = [Grant("Allow", ("*",), ("*",), grants[0].location, principals=("*",)), *grants]
    found = let_in(grants, ("execute-api:Invoke",), _part_given(route), _part_taken(route))
    if found is not None and found[0] is Sender.ANYONE:
        return None
    denied = next((grant for grant in grants if grant.effect == "Deny"), None)
    if found is not None:
        return found[0], found[1].location, "the API's policy names another account that may call it"
    if denied is not None and any(grant.effect == "Allow" and "*" in grant.principals for grant in grants):
        return Sender.ACCOUNT, denied.location, "the API's policy refuses everyone else"
    return Sender.ACCOUNT, grants[0].location, "the API's policy names who may call it"


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def _calls(route: str, parameter: str) -> list[str]:
    """The calls of a route as policies write them: ``GET/orders/{id}``; none when the route is not known."""
    method, _, path = route.partition(" ")
    if not path.startswith("/"):
        return []
    written = re.sub(r"\{[^}]*\}", parameter, path)
    return [f"{verb}{written}" for verb in ((method.upper(),) if method.upper() in _METHODS else _METHODS)]


def _pattern(value: Value) -> str:
    """What the resource of a statement means of an API, as ``METHOD/path``: what comes after the stage."""
    text = shape(value)
    if text.startswith("arn:"):
        text = text.split(":", 5)[-1]
        text = text.partition("/")[2] or "*"
    else:
        text = text.removeprefix("execute-api:/")
    return text.partition("/")[2] or "*" if "/" in text else "*" if text.endswith("*") else "\ue002"


def _part_given(route: str) -> Part:
    calls = _calls(route, "*")

    def given(value: Value) -> str | None:
        pattern = _pattern(value)
        if not calls:
            return pattern
        return "*" if any(covers(pattern, call) or covers(call, pattern) for call in calls) else None

    return given


def _part_taken(route: str) -> Part:
    calls = _calls(route, "\ue003")

    def taken(value: Value) -> str | None:
        pattern = _pattern(value)
        if not calls:
            return pattern
        return "*" if all(covers(pattern, call) for call in calls) else None

    return taken


def _with(access: Access, narrowed: Narrowed | None) -> Access:
    if narrowed is None or access.sender <= narrowed[0]:
        return access
    return Access(narrowed[0], access.authorizer, (*access.because, narrowed[1:]))


def private(draft: Draft, api: Node | None, access: Access, route: str = "") -> Access:
    """The same access, narrowed when the API's endpoint or policy keeps strangers from a route (``POST /orders``)."""
    return _with(access, _network(draft, api, route))
