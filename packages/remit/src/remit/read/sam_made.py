"""What SAM makes besides what a template declares, in CloudFormation's words: queues, topics, routes, data sources.

Declared like the rest of the template (their place is the setting that asks for them), so that one set of readers
finds triggers, policies and ways between them. What only repeats a trigger or a role (permissions, event source mappings,
stages, versions) is not made: those nouns say it already.
"""

from collections.abc import Iterator, Mapping

from remit.app.location import Location
from remit.app.model import Resource
from remit.app.node import Node, graft
from remit.app.value import Ref, Value, join
from remit.read.draft import Declared, Draft
from remit.read.names import name_of
from remit.read.sam import MACHINE, on_demand_destination

_OWNERS = ("AWS::Serverless::Function", MACHINE)


def add_made(draft: Draft) -> None:
    """Declares what SAM makes; an id that the template gives away itself is left alone."""
    for item in list(_made(draft)):
        if item.id not in draft.declared:
            draft.declared[item.id] = item
            name = name_of(item.type, item.properties)
            draft.resources[item.id] = Resource(item.id, item.type, item.properties, item.location, name, implied=True)


def _made(draft: Draft) -> Iterator[Declared]:
    for owner in draft.of_type(*_OWNERS):
        events = owner.properties.at("Events")
        for name, event in events.items() if events is not None else ():
            yield from _of_event(draft, owner, name, event)
        yield from _of_alias(draft, owner)
        config = owner.properties.at("EventInvokeConfig", "DestinationConfig")
        for kind in ("OnSuccess", "OnFailure"):
            node = config.at(kind) if config is not None else None
            made = on_demand_destination(draft, owner.id, kind, node) if node is not None else None
            if node is not None and made is not None:
                yield _declared(made[0], "AWS::SQS::Queue" if made[1] else "AWS::SNS::Topic", {}, node.location)
    for api in draft.of_type("AWS::Serverless::WebSocketApi"):
        yield from _of_sockets(draft, api)
    for api in draft.of_type("AWS::Serverless::GraphQLApi"):
        api.properties = _checked(api.properties)
        yield from _of_graph(draft, api)


def _of_alias(draft: Draft, owner: Declared) -> Iterator[Declared]:
    """The alias under which SAM publishes a function: templates call it by its id."""
    alias = owner.properties.at("AutoPublishAlias")
    name = draft.word(alias)
    if alias is not None and name and owner.type != MACHINE:
        properties: dict[str, Value] = {"Name": name, "FunctionName": Ref(owner.id)}
        id_ = f"{owner.id}Alias{name.replace('-', 'D').replace('_', 'U')}"
        yield _declared(id_, "AWS::Lambda::Alias", properties, alias.key or alias.location)


def _declared(id_: str, kind: str, properties: Mapping[str, Value], at: Location) -> Declared:
    return Declared(id_, kind, graft(properties, at), at)


def _of_event(draft: Draft, owner: Declared, name: str, event: Node) -> Iterator[Declared]:
    """The queues that SAM puts behind or between: dead letters of a rule, a queue between topic and function."""
    kind, at = draft.word(event.at("Type")), event.key or event.location
    dead = event.at("Properties", "DeadLetterConfig")
    rule = f"{owner.id}{name}"
    if dead is not None and dead.at("Arn") is None and dead.at("Type") is not None:
        queue = draft.word(dead.at("QueueLogicalId")) or f"{rule}Queue"
        yield _declared(queue, "AWS::SQS::Queue", {}, dead.key or at)
        if kind != "ScheduleV2":
            who: Value = {"Service": "events.amazonaws.com"}
            yield _sending(f"{rule}QueuePolicy", Ref(queue), Ref(queue, "Arn"), who, Ref(rule, "Arn"), at)
    subscription = event.at("Properties", "SqsSubscription")
    if kind == "SNS" and subscription is not None:
        yield from _between(draft, rule, event.get("Properties", "Topic"), subscription, at)


def _between(draft: Draft, event: str, topic: Value, subscription: Node, at: Location) -> Iterator[Declared]:
    """A queue between a topic and a function: SAM's own, or one that is given."""
    if isinstance(subscription.value, Mapping):
        arn, url = subscription.get("QueueArn"), subscription.get("QueueUrl")
        policy = draft.word(subscription.at("QueuePolicyLogicalId")) or f"{event}QueuePolicy"
    elif draft.truth(subscription):
        queue = f"{event}Queue"
        arn, url, policy = Ref(queue, "Arn"), Ref(queue), f"{event}QueuePolicy"
        yield _declared(queue, "AWS::SQS::Queue", {}, subscription.key or at)
    else:
        return
    yield _sending(policy, url, arn, "*", topic, at)
    yield _declared(event, "AWS::SNS::Subscription", {"Protocol": "sqs", "Endpoint": arn, "TopicArn": topic}, at)


def _sending(id_: str, url: Value, arn: Value, who: Value, source: Value, at: Location) -> Declared:
    """The policy that lets one source, a rule or topic, send to a queue."""
    statement: dict[str, Value] = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Principal": who,
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    document: dict[str, Value] = {"Version": "2012-10-17", "Statement": (statement,)}
    return _declared(id_, "AWS::SQS::QueuePolicy", {"PolicyDocument": document, "Queues": (url,)}, at)


def _of_sockets(draft: Draft, api: Declared) -> Iterator[Declared]:
    """Routes and integrations of a WebSocket API, and the authorizer of the route that opens a socket."""
    auth = api.properties.at("Auth")
    kind = draft.word(auth.at("AuthType")) if auth is not None else ""
    authorizer = f"{api.id}ConnectAuthorizer"
    if kind == "CUSTOM" and auth is not None:
        uri = join(["arn:aws:apigateway:lambda:path/functions/", auth.get("AuthArn"), "/invocations"])
        yield _declared(
            authorizer, "AWS::ApiGatewayV2::Authorizer", {"ApiId": Ref(api.id), "AuthorizerUri": uri}, auth.location
        )
    routes = api.properties.at("Routes")
    for key, route in routes.items() if routes is not None else ():
        at = route.key or route.location
        base = f"{api.id}{_clean(key)}"
        yield _declared(
            f"{base}Integration",
            "AWS::ApiGatewayV2::Integration",
            {"ApiId": Ref(api.id), "IntegrationUri": route.get("FunctionArn")},
            at,
        )
        properties: dict[str, Value] = {
            "ApiId": Ref(api.id),
            "RouteKey": key,
            "Target": join(["integrations/", Ref(f"{base}Integration")]),
        }
        if key == "$connect" and kind:
            properties["AuthorizationType"] = kind
            properties["AuthorizerId"] = Ref(authorizer)
        yield _declared(f"{base}Route", "AWS::ApiGatewayV2::Route", properties, at)


def _clean(key: str) -> str:
    """A route's key as a part of a logical id; keys that lose something in this keep apart by their length."""
    clean = "".join(letter for letter in key.removeprefix("$").capitalize() if letter.isalnum())
    return clean if key.startswith("$") or key.isalnum() else f"{clean}{len(key)}"


def _checked(properties: Node) -> Node:
    """How a GraphQL API checks its callers, said as CloudFormation says it as well."""
    auth = properties.at("Auth")
    if auth is None or not isinstance(properties.value, Mapping):
        return properties
    more = tuple(_mode(item) for item in (auth.at("Additional") or Node((), auth.location)).elements())
    said = {"AdditionalAuthenticationProviders": Node(more, auth.location, auth.key, auth.absent)}
    return Node(
        {**properties.value, **dict(_mode(auth).items()), **said},
        properties.location,
        properties.key,
        properties.absent,
    )


def _mode(auth: Node) -> Node:
    names = {
        "Type": "AuthenticationType",
        "LambdaAuthorizer": "LambdaAuthorizerConfig",
        "OpenIDConnect": "OpenIDConnectConfig",
        "UserPool": "UserPoolConfig",
    }
    return Node({names[key]: node for key, node in auth.items() if key in names}, auth.location, auth.key, auth.absent)


def _of_graph(draft: Draft, api: Declared) -> Iterator[Declared]:
    """The data sources of a GraphQL API that are functions or tables, and the resolvers that lead to them."""
    steps = api.properties.at("Functions")
    for name, step in steps.items() if steps is not None else ():
        if step.at("Id") is not None:  # declared on its own
            continue
        using: dict[str, Value] = {
            "ApiId": Ref(api.id, "ApiId"),
            "Name": name,
            "DataSourceName": step.get("DataSource"),
        }
        yield _declared(f"{api.id}{name}", "AWS::AppSync::FunctionConfiguration", using, step.key or step.location)
    types = api.properties.at("Resolvers")
    for type_, fields in types.items() if types is not None else ():
        for name, field in fields.items():
            used = field.at("Pipeline")
            pipeline = [draft.word(step) for step in used.elements()] if used is not None else []
            yield _declared(
                f"{api.id}{type_}{name}",
                "AWS::AppSync::Resolver",
                {
                    "ApiId": Ref(api.id, "ApiId"),
                    "TypeName": type_,
                    "FieldName": draft.word(field.at("FieldName")) or name,
                    "PipelineConfig": {"Functions": tuple(Ref(f"{api.id}{step}", "FunctionId") for step in pipeline)},
                },
                field.key or field.location,
            )
    for kind, key, type_ in (("Lambda", "FunctionArn", "AWS_LAMBDA"), ("DynamoDb", "TableName", "AMAZON_DYNAMODB")):
        sources = api.properties.at("DataSources", kind)
        for name, source in sources.items() if sources is not None else ():
            at = source.key or source.location
            spelled = "DynamoDB" if kind == "DynamoDb" else kind
            config: dict[str, Value] = (
                {"LambdaConfig": {"LambdaFunctionArn": source.get(key)}}
                if kind == "Lambda"
                else {"DynamoDBConfig": {"TableName": source.get(key)}}
            )
            properties: dict[str, Value] = {"ApiId": Ref(api.id, "ApiId"), "Name": name, "Type": type_, **config}
            yield _declared(f"{api.id}{name}{spelled}DataSource", "AWS::AppSync::DataSource", properties, at)
