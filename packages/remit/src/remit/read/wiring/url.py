"""Function URLs: an address of a function's own."""

from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import Authorizer, Sender, Trigger
from remit.app.node import Node, certain, possible
from remit.app.value import Value, spread
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import place_of, whole

TYPES = ("AWS::Lambda::Url",)
_CLOUDFRONT = "cloudfront.amazonaws.com"


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one function URL."""
    for function in dict.fromkeys(map(draft.function_of, spread(item.properties.get("TargetFunctionArn")))):
        if function:
            yield url_trigger(draft, function, whole(item), item.id)


def url_trigger(draft: Draft, function: str, url: Node, resource: str = "") -> Trigger:
    """A function URL: open to everyone unless IAM checks the caller, and no CDN signs for everyone."""
    auth = url.at("AuthType")
    where = place_of(auth) if auth else place_of(url)
    location = place_of(url)
    kind = draft.word(auth)
    if kind != "AWS_IAM":
        why = "the function URL checks nobody" if kind == "NONE" else "the function URL may check nobody"
        return Trigger(
            function, "function-url", "function URL", location, Sender.ANYONE, ((where, why),), resource, None, url
        )
    because: tuple[tuple[Location, str], ...] = ((where, "IAM checks the caller"),)
    sender = Sender.ACCOUNT
    for permission in draft.naming("AWS::Lambda::Permission", "FunctionName").get(function, ()):
        # Origin access control: CloudFront signs what it forwards, and it forwards what anyone asks of it.
        if _CLOUDFRONT in _principals(draft, permission):
            sender = Sender.ANYONE
            because = ((permission.location, "CloudFront may call it, for anyone who asks CloudFront"), *because)
        elif sender is Sender.ACCOUNT and _opens(draft, permission):
            sender = Sender.OTHER_ACCOUNT
            because = (
                (permission.location, "this permission lets every account call it, signed as it likes"),
                *because,
            )
    return Trigger(
        function, "function-url", "function URL", location, sender, because, resource, Authorizer("iam"), url
    )


def _opens(draft: Draft, permission: Declared) -> bool:
    """Whether a permission lets identities of any account call the URL: IAM then checks only that they are somebody."""
    properties = permission.properties
    actions = [draft.resolver.settled(value) for value in possible(properties.at("Action"))]
    narrowed = any(certain(properties.at(key)) is not None for key in ("SourceArn", "SourceAccount", "PrincipalOrgID"))
    other = any(
        isinstance(who, str) and (who == "*" or who.isdecimal() or who.startswith("arn:"))
        for who in _principals(draft, permission)
    )
    opens = any(action in ("lambda:InvokeFunctionUrl", "lambda:*", "*") for action in actions)
    return opens and other and not narrowed


def _principals(draft: Draft, permission: Declared) -> list[Value]:
    return [draft.resolver.settled(value) for value in possible(permission.properties.at("Principal"))]
