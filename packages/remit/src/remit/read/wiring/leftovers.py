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
    names = {function, *(item.id for item in draft.of_type(*_PUBLISHED) if draft.function_of(Ref(item.id)) == function)}
    for item in () if found else draft.declared.values():
        if item.id != function and not item.type.startswith(_NO_INVOKERS) and _names(item, names):
            yield _named_by(item, function)


def _names(item: Declared, names: set[str]) -> bool:
    return any(
        ref.target in names and not ref.attribute.startswith("Destination")  # SAM: its queue or topic
        for ref in refs(item.properties.plain())
    )


def _named_by(item: Declared, function: str) -> Trigger:
    if item.type in _FUNCTIONS:
        who = (Sender.APP, f"{item.id} knows its name and may invoke it")
        return made(function, whole(item), "direct", f"invocation by {item.id}", who, item.id)
    who = (Sender.ACCOUNT, f"{item.id} ({item.type}) names it")
    return made(function, whole(item), "unknown", f"{item.type} {item.id}", who, item.id)
