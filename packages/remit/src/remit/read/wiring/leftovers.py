"""Functions that no reader attached anything to: what permissions say, then whatever else in the template names them."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.app.value import Ref, refs
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import made, whole
from remit.read.wiring.permission import services

#: What a function is called by, once it is published.
_PUBLISHED = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
_FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
#: What names a function without ever invoking it.
_NO_INVOKERS = (
    "AWS::IAM::",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Version",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Logs::",
    "AWS::CloudWatch::",
    "AWS::SSM::Parameter",
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
    "AWS::Serverless::Connector",
    "AWS::ApiGateway",
    "AWS::ApplicationAutoScaling::",
    "AWS::CodeDeploy::",
    "AWS::CDK::Metadata",
    "AWS::XRay::",
    "AWS::ResourceGroups::",
    "AWS::ServiceDiscovery::",
)


def leftovers(draft: Draft, function: str) -> Iterator[Trigger]:
    """Triggers of a function that nothing known is attached to: whatever else in the template has to do with it."""
    found = list(services(draft, function))
    yield from found
    if not found:
        named = draft.once("leftovers", lambda: _named(draft))
        yield from (_named_by(item, function) for item in named.get(function, ()) if item.id != function)


def _named(draft: Draft) -> dict[str, list[Declared]]:
    """What names each function, by itself or by an alias or version of it; not what never invokes anything."""
    stands_for = {item.id: draft.function_of(Ref(item.id)) for item in draft.of_type(*_PUBLISHED)}
    found: dict[str, list[Declared]] = {}
    for item in draft.declared.values():
        if item.type.startswith(_NO_INVOKERS):
            continue
        named = [
            ref.target
            for ref in refs(item.properties.plain())
            if not ref.attribute.startswith("Destination")  # SAM: its queue or topic
        ]
        for target in dict.fromkeys(stands_for.get(name, name) for name in named):
            found.setdefault(target, []).append(item)
    return found


def _named_by(item: Declared, function: str) -> Trigger:
    if item.type in _FUNCTIONS:
        who = (Sender.APP, f"{item.id} knows its name and may invoke it")
        return made(function, whole(item), "direct", f"invocation by {item.id}", who, item.id)
    who = (Sender.ACCOUNT, f"{item.id} ({item.type}) names it")
    return made(function, whole(item), "unknown", f"{item.type} {item.id}", who, item.id)
