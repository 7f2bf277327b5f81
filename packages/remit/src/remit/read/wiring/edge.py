"""CloudFront: functions that see requests and answers at the edge."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, found_under

TYPES = ("AWS::CloudFront::Distribution",)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The functions that are associated with any behaviour of a distribution."""
    who = (Sender.ANYONE, "whoever requests a page")
    for listed in found_under(item.properties, "LambdaFunctionAssociations"):
        for node in listed.elements():
            kind = draft.word(node.at("EventType")) or "requests"
            to = node.get("LambdaFunctionARN")
            yield from attach(draft, to, node, "cloudfront", f"{kind} of {item.id}", who, item.id)
