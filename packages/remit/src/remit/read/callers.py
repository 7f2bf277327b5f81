"""Who is behind "any signed-in user" and "IAM checks the caller": pools to which anyone signs up, roles that guests get."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Value
from remit.read.draft import Draft
from remit.read.guests import guests_may_call
from remit.read.wiring.attach import place_of
from remit.read.wiring.pool import open_pool

_AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
#: Where an authorizer says whose tokens it takes, in the words of SAM, CloudFormation and OpenAPI.
_ISSUERS = (
    ("UserPoolArn",),
    ("ProviderARNs",),
    ("JwtConfiguration", "issuer"),
    ("JwtConfiguration", "Issuer"),
    ("x-amazon-apigateway-authorizer", "providerARNs"),
    ("x-amazon-apigateway-authorizer", "jwtConfiguration", "issuer"),
)


def add_callers(draft: Draft) -> None:
    """Says of each route whether becoming a user is open to everyone, and whether IAM keeps anyone out."""
    draft.triggers = [_told(draft, trigger) for trigger in draft.triggers]
    draft.feeds = [_told(draft, trigger) for trigger in draft.feeds]


def _told(draft: Draft, trigger: Trigger) -> Trigger:
    authorizer = trigger.authorizer
    if authorizer is None or not trigger.resource:
        return trigger
    if authorizer.kind == "iam" and trigger.sender > Sender.APP:
        return _for_guests(draft, trigger)
    if authorizer.kind in ("cognito", "jwt", "unknown") and trigger.sender is Sender.AUTHENTICATED:
        more = open_pool(draft, *_issuers(draft, trigger.resource, authorizer.name))
        return replace(trigger, because=(*trigger.because, *more)) if more else trigger
    return trigger


def _for_guests(draft: Draft, trigger: Trigger) -> Trigger:
    found = guests_may_call(draft, trigger.resource)
    if found is None:
        return trigger
    node, pool = found
    reason = (place_of(node), f"{pool} gives everyone who asks a role that may call it")
    return replace(trigger, sender=Sender.ANYONE, because=(reason, *trigger.because))


def _issuers(draft: Draft, api: str, name: str) -> Iterator[Value]:
    for node in _declarations(draft, api, name):
        for path in _ISSUERS:
            value = node.get(*path)
            if isinstance(value, tuple):
                yield from value
            elif value is not None:
                yield value


def _declarations(draft: Draft, api: str, name: str) -> Iterator[Node]:
    """Whatever declares an authorizer of that name."""
    declared = draft.declared.get(name)
    if declared is not None and declared.type in _AUTHORIZERS:
        yield declared.properties
    owner = draft.declared.get(api)
    if owner is None or not name:
        return
    places: list[tuple[str, ...]] = [("Auth", "Authorizers", name)]
    for body in ("Body", "DefinitionBody"):
        places += [(body, "components", "securitySchemes", name), (body, "securityDefinitions", name)]
    for place in places:
        node = owner.properties.at(*place)
        if node is not None:
            yield node
