"""Amazon Connect: what callers say and type."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, whole

TYPES = ("AWS::Connect::IntegrationAssociation", "AWS::Connect::ContactFlow", "AWS::Connect::ContactFlowModule")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The function that an instance may call, or that a flow names."""
    who = (Sender.ANYONE, "whoever calls or writes to the contact centre")
    kind = draft.word(item.properties.at("IntegrationType"))
    if item.type == "AWS::Connect::IntegrationAssociation" and kind not in ("LAMBDA_FUNCTION", ""):
        return
    key = "IntegrationArn" if item.type == "AWS::Connect::IntegrationAssociation" else "Content"
    function = draft.function_of(item.properties.get(key))
    if function:
        yield from attach(draft, item.properties.get(key), whole(item), "connect", f"calls through {item.id}", who)
