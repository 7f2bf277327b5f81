"""AppSync: resolvers of a GraphQL API, through its data sources, to functions, tables and buses."""

from collections.abc import Iterator

from remit.app.location import Location
from remit.app.model import Authorizer, Sender, Trigger
from remit.app.node import Node, possible
from remit.app.noun import Struct, replace
from remit.app.value import Ref, Value
from remit.read.draft import Declared, Draft
from remit.read.wiring.attach import Who, attach, each, entries, made, place_of, receiver, whole
from remit.read.wiring.pool import open_pool

TYPES = ("AWS::AppSync::DataSource", "AWS::AppSync::GraphQLApi", "AWS::AppSync::Api", "AWS::Serverless::GraphQLApi")
_STEP = "AWS::AppSync::FunctionConfiguration"
#: What a data source of each kind names.
_TARGETS = (
    ("LambdaConfig", "LambdaFunctionArn"),
    ("DynamoDBConfig", "TableName"),
    ("EventBridgeConfig", "EventBusArn"),
)
#: Widest first: how a GraphQL API checks its callers, the authorizer's kind, who gets through, why.
_MODES = (
    ("API_KEY", "api-key", Sender.ANYONE, "the GraphQL API asks for nothing but its key, which every client knows"),
    ("AMAZON_COGNITO_USER_POOLS", "cognito", Sender.AUTHENTICATED, "{} checks the caller of the GraphQL API"),
    ("OPENID_CONNECT", "jwt", Sender.AUTHENTICATED, "{} checks the caller of the GraphQL API"),
    ("AWS_LAMBDA", "lambda", Sender.AUTHENTICATED, "{} checks the caller of the GraphQL API"),
    ("AWS_IAM", "iam", Sender.ACCOUNT, "IAM checks the caller of the GraphQL API"),
)


def read(draft: Draft, item: Declared) -> Iterator[Trigger]:
    """Triggers of one data source, or of the function that an API asks about its callers."""
    if item.type == "AWS::AppSync::DataSource":
        yield from _source(draft, item)
        return
    for config in (item.properties, *each(item.properties.at("AdditionalAuthenticationProviders"))):
        yield from _authorizer(draft, config, item.id)
    for provider in each(item.properties.at("EventConfig", "AuthProviders")):
        yield from _authorizer(draft, provider, item.id)


def _authorizer(draft: Draft, config: Node, api: str) -> Iterator[Trigger]:
    asked = config.at("LambdaAuthorizerConfig", "AuthorizerUri")
    who = (Sender.ANYONE, "it is asked before the caller is known")
    if asked is not None:
        yield from attach(draft, asked.plain(), asked, "unknown", f"authorizer of {api}", who)


def _source(draft: Draft, item: Declared) -> Iterator[Trigger]:
    to: Value = next((value for path in _TARGETS if (value := item.properties.get(*path)) is not None), None)
    id_ = receiver(draft, to)
    if not id_:
        return
    api = draft.target(item.properties.get("ApiId"))
    access = graph_access(draft, api)
    fields = _fields(draft, item)
    for node, field in fields or [(whole(item), f"GraphQL through {item.id}")]:
        trigger = made(id_, node, "appsync", field, access.who, api, access.authorizer)
        yield replace(trigger, because=(*trigger.because, *access.more))


class Checked(Struct, frozen=True):
    """How an API checks its callers: who gets through, what checks, and what else there is to say."""

    who: Who
    authorizer: Authorizer | None
    more: tuple[tuple[Location, str], ...] = ()


def graph_access(draft: Draft, api: str) -> Checked:
    """The widest of the ways in which a GraphQL API lets callers in: which fields each may see is not read."""
    declared = draft.declared.get(api)
    if declared is None:
        return Checked((Sender.ANYONE, "its GraphQL API is outside this template"), None)
    configs = [declared.properties, *each(declared.properties.at("AdditionalAuthenticationProviders"))]
    configs += each(declared.properties.at("EventConfig", "AuthProviders"))
    kinds = {
        draft.resolver.settled(value): node
        for node in reversed(configs)
        for value in possible(node.at("AuthenticationType") or node.at("AuthType"))
        if isinstance(value, str | Ref)
    }
    if draft.word(declared.properties.at("Visibility")) == "PRIVATE":
        return Checked((Sender.ACCOUNT, "the GraphQL API is private: only its network can call it"), None)
    for mode, kind, sender, why in _MODES:
        config = kinds.get(mode)
        if config is not None:
            named = config.get("UserPoolConfig", "UserPoolId") or config.get("CognitoConfig", "UserPoolId")
            more = open_pool(draft, named, config.get("OpenIDConnectConfig", "Issuer"))
            return Checked((sender, why.format(mode)), Authorizer(kind, draft.target(named)), more)
    return Checked((Sender.ANYONE, f"how {api} checks its callers is decided when it is deployed"), None)


_Fields = dict[str, list[tuple[Node, str]]]


def _fields(draft: Draft, source: Declared) -> list[tuple[Node, str]]:
    """The fields that a data source resolves, alone or as one step of a pipeline."""
    return draft.once("graphql fields", lambda: _all_fields(draft)).get(source.id, [])


def _all_fields(draft: Draft) -> _Fields:
    names = {
        draft.word(item.properties.at("Name")): item.id
        for item in reversed(list(draft.of_type("AWS::AppSync::DataSource")))
    }

    def used(node: Node | None) -> str:
        """The data source that a name or reference means."""
        if node is None:
            return ""
        return draft.target(node.plain(), "AWS::AppSync::DataSource") or names.get(draft.word(node), "")

    steps = {item.id: used(item.properties.at("DataSourceName")) for item in draft.of_type(_STEP)}
    found: _Fields = {}
    for resolver in draft.of_type("AWS::AppSync::Resolver"):
        sources = [used(resolver.properties.at("DataSourceName"))]
        for node in each(resolver.properties.at("PipelineConfig", "Functions")):
            sources.append(steps.get(draft.target(node.plain(), _STEP), ""))
        words = [draft.word(resolver.properties.at(key)) for key in ("TypeName", "FieldName")]
        for source in dict.fromkeys(sources):
            found.setdefault(source, []).append((whole(resolver), ".".join(word or "?" for word in words)))
    for channel in draft.of_type("AWS::AppSync::ChannelNamespace"):
        for event, node in entries(channel.properties.at("HandlerConfigs")):
            source = used(node.at("Integration", "DataSourceName"))
            found.setdefault(source, []).append((Node(node.value, place_of(node)), f"{event} of {channel.id}"))
    found.pop("", None)
    return found
