"""Custom resources, macros and hooks of CloudFormation: what a deployment calls."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, whole

TYPES = ("AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Macro", "AWS::CloudFormation::LambdaHook")
_KEYS = {
    "AWS::CloudFormation::Macro": ("FunctionName", "macro"),
    "AWS::CloudFormation::LambdaHook": ("LambdaFunction", "hook"),
}


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one custom resource (of any ``Custom::`` type), macro or hook."""
    key, kind = _KEYS.get(item.type, ("ServiceToken", "custom resource"))
    source = "custom-resource" if key == "ServiceToken" else "unknown"
    who = (Sender.PLATFORM, "CloudFormation calls it when the stack is deployed")
    yield from attach(draft, item.properties.get(key), whole(item), source, f"{kind} {item.id}", who)
