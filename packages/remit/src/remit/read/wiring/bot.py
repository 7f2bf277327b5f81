"""Lex: what people say to a bot."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import attach, found_under, whole

TYPES = ("AWS::Lex::Bot", "AWS::Lex::BotAlias")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The functions that a bot's aliases name, each once."""
    who = (Sender.ANYONE, "whoever talks to the bot")
    seen = set()
    for node in found_under(item.properties, "LambdaArn"):
        for trigger in attach(draft, node.plain(), whole(item), "lex", f"conversations with {item.id}", who, item.id):
            if trigger.function not in seen:
                seen.add(trigger.function)
                yield trigger
