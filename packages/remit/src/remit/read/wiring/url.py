"""Function URLs: an address of a function's own."""

from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import Authorizer, Sender, Trigger
from remit.app.node import Node
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import place_of, whole

TYPES = ("AWS::Lambda::Url",)
_CLOUDFRONT = "cloudfront.amazonaws.com"


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one function URL."""
    function = draft.function_of(item.properties.get("TargetFunctionArn"))
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
        if draft.word(permission.properties.at("Principal")) == _CLOUDFRONT:
            sender = Sender.ANYONE
            because = ((permission.location, "CloudFront may call it, for anyone who asks CloudFront"), *because)
        elif sender is Sender.ACCOUNT and _opens(draft, permission):
            sender = Sender.OTHER_ACCOUNT
            because = ((permission.location, "this permission lets every account call it, signed as it likes"), *because)
    return Trigger(
        function, "function-url", "function URL", location, sender, because, resource, Authorizer("iam"), url
    )


def _opens(draft: Draft, permission: Declared) -> bool:
    """Whether a permission lets identities of any account call the URL: IAM then checks only that they are somebody."""
    properties = permission.properties
    action = draft.word(properties.at("Action"))
    narrowed = any(properties.at(key) is not None for key in ("SourceArn", "SourceAccount", "PrincipalOrgID"))
    who = draft.settled(properties.at("Principal"))
    other = who == "*" or (isinstance(who, str) and (who.isdecimal() or who.startswith("arn:")))
    return action in ("lambda:InvokeFunctionUrl", "lambda:*", "*") and other and not narrowed
