"""Differences from the translator that are understood: docs/sam-oracle.md has the reason for each name."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bench._sam_facts import Fact
from remit.app.model import App


class Pair(NamedTuple):
    """One template and what came of it: as written, as translated, and both as Remit reads them."""

    written: dict[str, Any]
    made: dict[str, Any]
    ours: App
    theirs: App

    def type_of(self, id_: str) -> str:
        """The type a resource is written with."""
        entry = self.written["Resources"].get(id_)
        return str(entry.get("Type")) if isinstance(entry, dict) else ""

    def properties(self, id_: str) -> dict[str, Any]:
        """The properties of a resource of the translated template."""
        found = self.made["Resources"].get(id_, {}).get("Properties")
        return found if isinstance(found, dict) else {}


#: Looks at a pair, the side that has the fact ("-" the translator alone, "+" Remit alone), and the fact.
Entry = Callable[[Pair, str, Fact], bool]


def justified(pair: Pair, side: str, fact: Fact) -> str:
    """The name of the entry that explains a difference; ``""`` when none does."""
    return next((name for name, entry in ENTRIES.items() if entry(pair, side, fact)), "")


def _made_resource(pair: Pair, side: str, fact: Fact, *types: str) -> bool:
    """Whether the fact is a resource of one of these types that the translator made and nobody wrote."""
    return side == "-" and fact.kind == "resource" and fact.text in types and not pair.type_of(fact.subject)


def _targets(value: Any) -> Iterator[str]:
    """Every logical id that a value of a translated template refers to."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield item
            elif key == "Fn::GetAtt":
                yield item[0] if isinstance(item, list) else str(item).partition(".")[0]
            elif key == "Fn::Sub":
                text = item[0] if isinstance(item, list) else item
                yield from (hole.partition(".")[0] for hole in re.findall(r"\$\{([^!}]+)\}", str(text)))
                yield from _targets(item[1:] if isinstance(item, list) else None)
            else:
                yield from _targets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _targets(item)


def _is_role(pair: Pair, side: str, fact: Fact) -> bool:
    """A role that SAM makes is a Role of the App, not a Resource."""
    return _made_resource(pair, side, fact, "AWS::IAM::Role") and fact.subject in pair.ours.roles


def _is_trigger(pair: Pair, side: str, fact: Fact) -> bool:
    """What attaches an event to a function or machine is a Trigger of the App, or of whoever the event starts."""
    if not _made_resource(pair, side, fact, *_ATTACHMENTS):
        return False
    named = set(_targets(pair.properties(fact.subject)))
    reached = {trigger.function for trigger in pair.ours.triggers}
    machines = {id_ for id_ in named if pair.type_of(id_) == "AWS::Serverless::StateMachine"}
    aliases = {id_.partition("Alias")[0] for id_ in named if "Alias" in id_}
    return bool((named | aliases) & reached or machines)


_ATTACHMENTS = (
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Url",
    "AWS::Events::Rule",
    "AWS::Scheduler::Schedule",
    "AWS::SNS::Subscription",
    "AWS::IoT::TopicRule",
    "AWS::Logs::SubscriptionFilter",
)


def _is_api_part(pair: Pair, side: str, fact: Fact) -> bool:
    """Stages, deployments, domains and keys of an API are settings of the API, which Remit has as one Resource."""
    if not _made_resource(pair, side, fact, *_API_PARTS):
        return False
    apis = {
        id_
        for id_, item in pair.ours.resources.items()
        if item.type in ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi")
    }
    return bool(apis)


_API_PARTS = (
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::DomainNameV2",
    "AWS::ApiGateway::DomainNameAccessAssociation",
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::BasePathMappingV2",
    "AWS::ApiGateway::UsagePlan",
    "AWS::ApiGateway::UsagePlanKey",
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::Route53::RecordSetGroup",
    "AWS::AppSync::GraphQLSchema",
    "AWS::AppSync::ApiKey",
    "AWS::AppSync::ApiCache",
    "AWS::AppSync::DomainName",
    "AWS::AppSync::DomainNameApiAssociation",
)


def _is_version(pair: Pair, side: str, fact: Fact) -> bool:
    """Versions and aliases that SAM publishes are the function or machine itself in the App."""
    types = (
        "AWS::Lambda::Version",
        "AWS::Lambda::Alias",
        "AWS::StepFunctions::StateMachineVersion",
        "AWS::StepFunctions::StateMachineAlias",
    )
    if not _made_resource(pair, side, fact, *types):
        return False
    owner = re.split("Version|Alias", fact.subject)[0]
    named = {owner, *_targets(pair.properties(fact.subject))}
    return any("AutoPublishAlias" in str(_ours(pair, id_)) for id_ in named)


def _ours(pair: Pair, id_: str) -> Any:
    item = pair.ours.resources.get(id_)
    return item.properties.plain() if item is not None else None


def _is_invoke_config(pair: Pair, side: str, fact: Fact) -> bool:
    """How asynchronous calls are retried is a property of the function."""
    if not _made_resource(pair, side, fact, "AWS::Lambda::EventInvokeConfig"):
        return False
    return "EventInvokeConfig" in str(_ours(pair, fact.subject.removesuffix("EventInvokeConfig")))


def _is_deployment(pair: Pair, side: str, fact: Fact) -> bool:
    """How CodeDeploy shifts traffic changes nothing an attacker can reach, but for its role, which is compared."""
    types = ("AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup")
    return _made_resource(pair, side, fact, *types) and "DeploymentPreference" in str(
        [item.properties.plain() for item in pair.ours.resources.values()]
    )


def _is_layer(pair: Pair, side: str, fact: Fact) -> bool:
    """The translator adds a hash of the content to a layer's id: each version is a resource. Remit keeps the id."""
    if fact.kind == "resource" and fact.text == "AWS::Lambda::LayerVersion":
        ours, theirs = (pair.ours.resources, pair.theirs.resources)
        if side == "-":
            return _HASH.sub("", fact.subject) in ours
        return any(_HASH.sub("", id_) == fact.subject for id_ in theirs)
    if fact.kind in ("property", "environment"):
        layers = [id_ for id_, item in pair.theirs.resources.items() if item.type == "AWS::Lambda::LayerVersion"]
        text = fact.text
        for id_ in layers:
            text = text.replace("{" + (id_ if side == "-" else _HASH.sub("", id_)) + "}", "{layer}")
        return "{layer}" in text and _other_side(pair, side, fact, text, layers)
    return False


_HASH = re.compile("[0-9a-f]{10}$")


def _other_side(pair: Pair, side: str, fact: Fact, text: str, layers: list[str]) -> bool:
    """Whether the other side says the same once layers are called the same."""
    from bench._sam_facts import facts

    for other in facts(pair.ours if side == "-" else pair.theirs):
        if other[:2] == fact[:2]:
            said = other.text
            for id_ in layers:
                said = said.replace("{" + (_HASH.sub("", id_) if side == "-" else id_) + "}", "{layer}")
            if said == text:
                return True
    return False


def _is_nested(pair: Pair, side: str, fact: Fact) -> bool:
    """A nested application keeps SAM's type in the App: where its template is local, that is read as an App of its own."""
    return (
        fact.kind == "resource"
        and pair.type_of(fact.subject) == "AWS::Serverless::Application"
        and fact.text in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
        and side in "-+"
    )


ENTRIES: dict[str, Entry] = {
    "role-is-a-role": _is_role,
    "attachment-is-a-trigger": _is_trigger,
    "part-of-an-api": _is_api_part,
    "published-version": _is_version,
    "invoke-config": _is_invoke_config,
    "deployment-group": _is_deployment,
    "layer-id": _is_layer,
    "nested-application": _is_nested,
}
