"""Differences from the translator that are understood: docs/sam-oracle.md has the reason for each name."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bench._sam_facts import Fact, facts
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
    named |= {id_.partition("Alias")[0] for id_ in named if "Alias" in id_}
    machines = {id_ for id_ in named if pair.type_of(id_) == "AWS::Serverless::StateMachine"}
    return bool(named & reached or machines)


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
    apis = {id_ for id_, item in pair.ours.resources.items() if item.type in _APIS}
    properties = pair.properties(fact.subject)
    named = set(_targets([properties.get("RestApiId"), properties.get("ApiId")]))
    return bool(named & apis if named else apis)


_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi")
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


def _is_renamed(pair: Pair, side: str, fact: Fact) -> bool:
    """The translator gives what it publishes an id of its own, often with a hash; Remit keeps the id people write."""
    if side == "-":
        renamed = _renamed(pair, fact)
        return renamed != fact and renamed in facts(pair.ours)
    return any(
        other != fact and _renamed(pair, other) == fact for other in facts(pair.theirs) if other.kind == fact.kind
    )


def _renamed(pair: Pair, fact: Fact) -> Fact:
    subject, text = fact.subject, fact.text
    for id_, item in pair.theirs.resources.items():
        name = _WRITTEN[item.type](id_) if item.type in _WRITTEN and not pair.type_of(id_) else ""
        if item.type == "AWS::ApiGateway::Stage" and not pair.type_of(id_):
            name = next(_targets(pair.properties(id_).get("RestApiId")), "") + ".Stage"
        if name:
            text = text.replace("{" + id_ + "}", "{" + name + "}")
            subject = name if subject == id_ else subject
    return Fact(fact.kind, subject, text)


_HASH = re.compile("[0-9a-f]{10}$")
#: Type to how people write what the translator calls otherwise.
_WRITTEN: dict[str, Callable[[str], str]] = {
    "AWS::Lambda::LayerVersion": lambda id_: _HASH.sub("", id_),
    "AWS::Lambda::Version": lambda id_: _HASH.sub("", id_).removesuffix("Version") + ".Version",
    "AWS::Lambda::Alias": lambda id_: re.sub("Alias[^A]*$", "", id_) + ".Alias",
    "AWS::StepFunctions::StateMachineAlias": lambda id_: re.sub("Alias[^A]*$", "", id_),
}


def _is_under_condition(pair: Pair, side: str, fact: Fact) -> bool:
    """The translator puts a conditional function's routes under its condition; Remit reads every resource as if deployed."""
    entry = pair.written["Resources"].get(fact.subject)
    return (
        side == "+"
        and fact.kind == "trigger"
        and isinstance(entry, dict)
        and "Condition" in entry
        and fact.text.startswith(("rest-api ", "http-api "))
    )


def _is_outside(pair: Pair, side: str, fact: Fact) -> bool:
    """A permission on a function of another template attaches nothing to a function of this one."""
    if not _made_resource(pair, side, fact, "AWS::Lambda::Permission"):
        return False
    named = set(_targets(pair.properties(fact.subject).get("FunctionName")))
    return not any(function.id in named for function in pair.ours.functions)


def _is_hook(pair: Pair, side: str, fact: Fact) -> bool:
    """CodeDeploy calls the hooks of a deployment: the translator writes that where templates have no properties."""
    for name, entry in pair.written["Resources"].items():
        properties = entry.get("Properties") if isinstance(entry, dict) else None
        hooks = ((properties or {}).get("DeploymentPreference") or {}).get("Hooks") if properties else None
        if side == "+" and fact.kind == "trigger" and fact.text.startswith(f"direct of {name} ") and hooks:
            return fact.subject in set(_targets(hooks))
    return False


def _is_connector(pair: Pair, side: str, fact: Fact) -> bool:
    """A connector becomes policies; their statements are compared where they apply, their ids differ."""
    if fact.kind != "resource":
        return False
    if side == "-":
        metadata = pair.made["Resources"].get(fact.subject, {}).get("Metadata")
        return isinstance(metadata, dict) and "aws:sam:connectors" in metadata
    own = pair.ours.resources.get(fact.subject)
    types = ("AWS::Lambda::Permission", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
    used = "AWS::Serverless::Connector" in str(pair.written) or "'Connectors'" in str(pair.written)
    return fact.text == "AWS::Serverless::Connector" or (
        used and fact.text in types and own is not None and own.implied
    )


def _is_connector_by_url(pair: Pair, side: str, fact: Fact) -> bool:
    """A connector that is given a queue's URL and ARN: Remit knows the queue by its ARN, the translator writes the URL."""
    return fact.kind == "policy" and any(
        "QueueUrl" in str(entry) and (side == "+" or fact.subject == f"{name}QueuePolicy")  # a URL of no queue here
        for name, entry in pair.written["Resources"].items()
        if isinstance(entry, dict) and ("Connectors" in entry or entry.get("Type") == "AWS::Serverless::Connector")
    )


def _is_permission_only(pair: Pair, side: str, fact: Fact) -> bool:
    """A permission for an API whose route is under a condition or elsewhere: Remit has the route from the event itself."""
    entry = pair.written["Resources"].get(fact.subject)
    events = (entry.get("Properties") or {}).get("Events") if isinstance(entry, dict) else None
    kinds = (
        {event.get("Type") for event in events.values() if isinstance(event, dict)}
        if isinstance(events, dict)
        else set()
    )
    routes = [
        trigger
        for trigger in pair.ours.triggers
        if trigger.function == fact.subject and trigger.source in ("rest-api", "http-api")
    ]
    return (
        (side, fact.kind) == ("-", "trigger")
        and re.fullmatch(r"unknown of \w* from ANYONE", fact.text) is not None
        and bool(kinds & {"Api", "HttpApi"})
        and bool(routes)
    )


def _is_named_in_policies(pair: Pair, side: str, fact: Fact) -> bool:
    """Whom SAM's ``Policies`` name, where no other way in is seen: the translator has moved them to a role."""
    for name, entry in pair.written["Resources"].items():
        properties = entry.get("Properties") if isinstance(entry, dict) else None
        if re.match(rf"(direct|step-functions) of {name} ", fact.text) and isinstance(properties, dict):
            return (side, fact.kind) == ("+", "trigger") and fact.subject in set(_targets(properties.get("Policies")))
    return False


def _is_other_kind(pair: Pair, side: str, fact: Fact) -> bool:
    """An ``HttpApi`` event on a REST API: the translator takes it for old templates, with routes of the REST kind."""
    entry = pair.written["Resources"].get(fact.subject)
    events = (entry.get("Properties") or {}).get("Events") if isinstance(entry, dict) else None
    for event in events.values() if isinstance(events, dict) else ():
        api = event.get("Properties", {}).get("ApiId") if isinstance(event, dict) else None
        if event.get("Type") == "HttpApi" and any(
            pair.type_of(id_) == "AWS::Serverless::Api" and f" of {id_} " in fact.text for id_ in _targets(api)
        ):
            return fact.kind == "trigger" and side in "-+"
    return False


def _is_taken_name(pair: Pair, side: str, fact: Fact) -> bool:
    """A resource of another type that is called like SAM's implicit API: the translator loses it, Remit keeps it."""
    for name in ("ServerlessRestApi", "ServerlessHttpApi"):
        if pair.type_of(name) and not pair.type_of(name).endswith("Api") and side in "-+":
            return fact.subject.startswith(name)
    return False


def _is_no_source(pair: Pair, side: str, fact: Fact) -> bool:
    """A data source of a GraphQL API that reaches nothing is not made."""
    made = _made_resource(pair, side, fact, "AWS::AppSync::DataSource")
    return made and pair.properties(fact.subject).get("Type") == "NONE"


def _is_merged_nowhere(pair: Pair, side: str, fact: Fact) -> bool:
    """``MergeDefinitions`` with a definition that has no paths: the translator drops the events' routes, Remit keeps them."""
    for name, entry in pair.written["Resources"].items():
        properties = entry.get("Properties") if isinstance(entry, dict) else None
        if isinstance(properties, dict) and properties.get("MergeDefinitions") and f" of {name} " in fact.text:
            return side == "+" and fact.kind == "trigger" and not (properties.get("DefinitionBody") or {}).get("paths")
    return False


def _is_defined_elsewhere(pair: Pair, side: str, fact: Fact) -> bool:
    """An API whose definition lies in a bucket: which routes it has is not known, the events say which are meant."""
    if side != "+" or fact.kind != "trigger":
        return False
    apis = [id_ for id_ in pair.written["Resources"] if f" of {id_} " in fact.text]
    return any("BodyS3Location" in pair.properties(id_) for id_ in apis)


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
    "published-name": _is_renamed,
    "route-under-a-condition": _is_under_condition,
    "function-elsewhere": _is_outside,
    "deployment-hook": _is_hook,
    "definition-elsewhere": _is_defined_elsewhere,
    "connector": _is_connector,
    "connector-by-url": _is_connector_by_url,
    "permission-only": _is_permission_only,
    "named-in-policies": _is_named_in_policies,
    "event-of-other-kind": _is_other_kind,
    "implicit-name-taken": _is_taken_name,
    "source-of-nothing": _is_no_source,
    "merged-nowhere": _is_merged_nowhere,
    "nested-application": _is_nested,
}
