"""Who can call a route: what an API's and a route's ``Auth`` really attach, in SAM's words.

Declaring an authorizer protects nothing; a route is protected by the default authorizer of its API unless it opts
out (``Authorizer: NONE``), or by one of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.model import Authorizer, Sender
from remit.app.node import Node
from remit.app.value import Value
from remit.read.draft import Draft
from remit.read.policy import grants_of, is_restricted

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
    narrowed = _network(draft, api) or _listed(own.at("ResourcePolicy") if own else None)
    named = own.at("Authorizer") if own else None
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


def _network(draft: Draft, api: Node | None) -> tuple[Location, str] | None:
    """What keeps the internet away from an API altogether: a private endpoint, a policy that names networks."""
    if api is None:
        return None
    endpoint = api.at("EndpointConfiguration")
    kinds = None
    if endpoint is not None:
        kinds = endpoint.at("Type") or endpoint.at("Types") if isinstance(endpoint.value, Mapping) else endpoint
    for kind in kinds.elements() if kinds else ():
        if draft.word(kind).upper() == "PRIVATE":
            return kind.location, "the API is private: only its network can call it"
    body = api.at("Body") or api.at("DefinitionBody")
    written = body.at("x-amazon-apigateway-policy") if body is not None else None
    return _policy_narrows(api.at("Policy") or written) or _listed(api.at("Auth", "ResourcePolicy"))


#: What SAM writes "everyone, unless" and "everyone, but" for: beside these, a list of accounts narrows nothing.
_NETWORKS = ("IpRange", "SourceVpc", "IntrinsicVpc", "IntrinsicVpce")


def _listed(policy: Node | None) -> tuple[Location, str] | None:
    """What SAM's lists of networks and accounts leave of an API."""
    lists = dict(policy.items()) if policy is not None else {}
    networks = [name for name in lists if name.startswith(_NETWORKS)]
    for name, node in lists.items():
        if name.endswith("Whitelist") and (name in networks or not networks):
            return node.key or node.location, "the API's policy names who may call it"
    return _policy_narrows(lists.get("CustomStatements"))


def _policy_narrows(document: Node | None) -> tuple[Location, str] | None:
    grants = grants_of(document, [])
    # "Deny unless" keeps all others out; "deny these" keeps only these out.
    denied = next((grant for grant in grants if grant.effect == "Deny" and _is_unless(grant.conditions)), None)
    allowed = [grant for grant in grants if grant.effect == "Allow"]
    if denied is not None:
        return denied.location, "the API's policy refuses everyone else"
    if allowed and all(is_restricted(grant.conditions) or "*" not in grant.principals for grant in allowed):
        return allowed[0].location, "the API's policy names who may call it"
    return None


def _is_unless(conditions: Value) -> bool:
    return isinstance(conditions, Mapping) and any("Not" in operator for operator in conditions)


def _with(access: Access, narrowed: tuple[Location, str] | None) -> Access:
    if narrowed is None or access.sender <= Sender.ACCOUNT:
        return access
    return Access(Sender.ACCOUNT, access.authorizer, (*access.because, narrowed))


def private(draft: Draft, api: Node | None, access: Access) -> Access:
    """The same access, narrowed when the API can only be called from its own network."""
    return _with(access, _network(draft, api))
