"""Routes that anybody may call, and what limits them."""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Sender, Trigger
from remit.rules._template import of_type

#: Sources with throttles of their own, and all that answer on the web.
LIMITED = ("http-api", "rest-api", "websocket")
WEB = (*LIMITED, "function-url", "alb", "appsync", "lattice", "cloudfront")


def open_routes(facts: Facts) -> Iterator[Trigger]:
    """Routes of APIs that anyone on the internet may call; those behind a web firewall are left out."""
    if any(of_type(facts, "AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation")):
        return
    for trigger in facts.app.triggers:
        if trigger.source in LIMITED and trigger.sender == Sender.ANYONE:
            yield trigger
