"""Bedrock: what a model makes of what people tell it, as arguments of a function."""

from collections.abc import Iterator

from remit.app.model import Sender, Trigger
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import Who, attach, each, found_under, whole

TYPES = (
    "AWS::Bedrock::Agent",
    "AWS::Bedrock::Flow",
    "AWS::Bedrock::DataSource",
    "AWS::BedrockAgentCore::GatewayTarget",
)
_TALKS = (Sender.AUTHENTICATED, "what people tell the agent, and what it has read, decides what it sends")


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """The functions that an agent's action groups, a flow's nodes or a gateway's tools name."""
    if item.type == "AWS::Bedrock::Agent":
        for group in each(item.properties.at("ActionGroups")):
            name = f"action group {draft.word(group.at('ActionGroupName')) or '?'} of {item.id}"
            to = group.get("ActionGroupExecutor", "Lambda")
            yield from attach(draft, to, whole(item), "bedrock-agent", name, _TALKS, item.id)
        override = item.properties.get("PromptOverrideConfiguration", "OverrideLambda")
        yield from attach(draft, override, whole(item), "unknown", f"answers of {item.id}", _TALKS, item.id)
        return
    who = _gateway(draft, item) if item.type.endswith("GatewayTarget") else _TALKS
    for node in found_under(item.properties, "LambdaArn"):
        yield from attach(draft, node.plain(), whole(item), "unknown", f"calls through {item.id}", who, item.id)


def _gateway(draft: Draft, item: Declared) -> Who:
    """Who may call the tools of a gateway."""
    gateway = draft.target(item.properties.get("GatewayIdentifier"), "AWS::BedrockAgentCore::Gateway")
    kind = draft.word(draft.declared[gateway].properties.at("AuthorizerType")) if gateway else ""
    if kind == "NONE":
        return Sender.ANYONE, "the gateway checks nobody"
    if kind == "AWS_IAM":
        return Sender.ACCOUNT, "IAM checks the caller of the gateway"
    return Sender.AUTHENTICATED, "what people tell an agent decides how it uses this tool"
