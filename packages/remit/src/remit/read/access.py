"""Who can call a route: what an API's and a route's ``Auth`` really attach, in SAM's words.

Declaring an authorizer protects nothing; a route is protected by the default authorizer of its API unless it opts
out (``Authorizer: NONE``), or by one of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from remit.app.location import Location
from remit.app.model import Authorizer, Sender
from remit.app.node import Node
from remit.read.draft import Draft

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


def sam_access(draft: Draft, api: Node | None, api_location: Location, event: Node) -> Access:
    """Who can call the route of a SAM event.

    Args:
        draft: the app so far.
        api: properties of its API, Globals merged; ``None`` when the API is not in the template.
        api_location: where the API is declared.
        event: the event's properties.
    """
    own = event.at("Auth")
    whole = api.at("Auth") if api else None
    narrowed = _network(draft, api)
    named = own.at("Authorizer") if own else None
    name = draft.word(named)
    source = named
    if named is None and whole is not None:
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
    why = "the API has no default authorizer" if whole is None else "an authorizer is declared, but not attached here"
    if whole is None or not whole.at("Authorizers"):
        why = "no authorizer checks the caller"
    return _with(anyone((own.location if own else api_location, why)), narrowed)


def of_authorizer(kind: str, name: str, because: Because) -> Access:
    """The access that an authorizer of some kind leaves."""
    sender = Sender.ACCOUNT if kind == "iam" else Sender.AUTHENTICATED
    return Access(sender, Authorizer(kind, name), because)


def _kind(auth: Node | None, name: str) -> str:
    if name == "AWS_IAM":
        return "iam"
    declared = auth.at("Authorizers", name) if auth else None
    if declared is None:
        return "unknown"
    if declared.at("UserPoolArn") is not None:
        return "cognito"
    if declared.at("FunctionArn") is not None:
        return "lambda"
    if any(declared.at(key) is not None for key in ("JwtConfiguration", "OpenIdConnectUrl")):
        return "jwt"
    return "unknown"


def _network(draft: Draft, api: Node | None) -> tuple[Location, str] | None:
    """What keeps the internet away from an API altogether: a private endpoint."""
    if api is None:
        return None
    endpoint = api.at("EndpointConfiguration")
    if endpoint is None:
        return None
    kinds = endpoint.at("Type") or endpoint.at("Types") if isinstance(endpoint.value, Mapping) else endpoint
    for kind in kinds.elements() if kinds else ():
        if draft.word(kind).upper() == "PRIVATE":
            return kind.location, "the API is private: only its network can call it"
    return None


def _with(access: Access, narrowed: tuple[Location, str] | None) -> Access:
    if narrowed is None or access.sender <= Sender.ACCOUNT:
        return access
    return Access(Sender.ACCOUNT, access.authorizer, (*access.because, narrowed))


def private(draft: Draft, api: Node | None, access: Access) -> Access:
    """The same access, narrowed when the API can only be called from its own network."""
    return _with(access, _network(draft, api))
