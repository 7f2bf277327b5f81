"""Custom rules of AWS Config: descriptions of resources, which whoever may change these writes."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, whole

TYPES = ("AWS::Config::ConfigRule", "AWS::Config::OrganizationConfigRule")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The trigger of one rule with a function of its own."""
    properties = item.properties
    own = properties.get("Source", "SourceIdentifier")
    to = own or properties.get("OrganizationCustomRuleMetadata", "LambdaFunctionArn")
    who = (Sender.ACCOUNT, "what is evaluated, anyone in the account may have changed")
    yield from attach(draft, to, whole(item), "config", f"rule {item.id}", who)
