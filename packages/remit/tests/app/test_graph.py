"""The app as a graph: what the template wires, what the code does, and the ways between."""

from collections.abc import Mapping

from remit.app.effect import Effects, Reach, SdkCall
from remit.app.flow import Analysis
from remit.app.graph import after, edges, into, out_of, reaches_function, way
from remit.app.location import Location
from remit.app.model import App, Edge, Function, Resource, Sender, Trigger
from remit.app.node import Node
from remit.app.value import OTHER_KEYS, OTHERS, Choice, Ref, Text, Unknown, Value

AT = Location("app.py", 3)
TYPES = {
    "Q": "AWS::SQS::Queue",
    "T": "AWS::SNS::Topic",
    "B": "AWS::S3::Bucket",
    "D": "AWS::DynamoDB::Table",
    "Bus": "AWS::Events::EventBus",
    "M": "AWS::StepFunctions::StateMachine",
    "K": "AWS::SecretsManager::Secret",
    "Api": "AWS::ApiGateway::RestApi",
    "F": "AWS::Lambda::Function",
    "G": "AWS::Lambda::Function",
}


def node(value: Value) -> Node:
    """A plain mapping as nodes."""
    if isinstance(value, Mapping):
        return Node({key: node(item) for key, item in value.items()}, AT)
    return Node(tuple(node(item) for item in value), AT) if isinstance(value, tuple) else Node(value, AT)


def app(*triggers: Trigger, wired: tuple[Edge, ...] = ()) -> App:
    """Two functions among resources."""
    resources = {
        id_: Resource(id_, type_, Node({}, AT), AT, name="orders" if id_ == "D" else None)
        for id_, type_ in TYPES.items()
    }
    alias = Node({"FunctionName": Node(Ref("G"), AT)}, AT)
    resources["Live"] = Resource("Live", "AWS::Lambda::Alias", alias, AT)
    functions = tuple(Function(id_, "a.b", "python3.12", "src", AT) for id_ in ("F", "G"))
    return App("a", "SAM", "t", functions=functions, triggers=triggers, resources=resources, edges=wired)


def does(service: str, operation: str, reaches: tuple[Reach, ...] = (), **parameters: Value) -> dict[str, Analysis]:
    """An analysis in which F makes one call."""
    call = SdkCall(service, operation, parameters, AT)
    return {"F": Analysis("F", AT, effects=Effects(calls=(call,), reaches=reaches))}


def ends(found: tuple[Edge, ...]) -> set[tuple[str, str, str]]:
    """Source, target, kind."""
    return {(edge.source, edge.target, edge.kind) for edge in found}


def test_what_code_does_by_service() -> None:
    bare = app()
    cases: list[tuple[dict[str, Analysis], set[tuple[str, str, str]]]] = [
        (does("lambda", "Invoke", FunctionName=Ref("G")), {("F", "G", "invoke")}),
        (does("lambda", "Invoke", FunctionName=Ref("Live")), {("F", "G", "invoke")}),
        (does("sqs", "SendMessage", QueueUrl=Ref("Q")), {("F", "Q", "queue")}),
        (does("sqs", "ReceiveMessage", QueueUrl=Ref("Q")), set()),
        (does("sns", "Publish", TopicArn=Ref("T")), {("F", "T", "topic")}),
        (does("stepfunctions", "StartExecution", stateMachineArn=Ref("M")), {("F", "M", "task")}),
        (does("sfn", "StartExecution", stateMachineArn=Ref("M")), {("F", "M", "task")}),
        (does("s3", "PutObject", Bucket=Ref("B")), {("F", "B", "write")}),
        (does("s3", "GetObject", Bucket=Ref("B")), {("B", "F", "read")}),
        (does("dynamodb", "Query", TableName="orders"), {("D", "F", "read")}),
        (does("dynamodb", "PutItem", TableName="arn:aws:dynamodb:r:1:table/orders"), {("F", "D", "write")}),
        (does("dynamodb", "PutItem", TableName=Text(("arn:aws:x/", Ref("D")))), {("F", "D", "write")}),
        (
            does("dynamodb", "TransactWriteItems", TransactItems=({"Put": {"TableName": Ref("D")}},)),
            {("F", "D", "write")},
        ),
        (does("dynamodb", "BatchWriteItem", RequestItems={"orders": ()}), {("F", "D", "write")}),
        (does("dynamodb", "BatchGetItem", RequestItems={OTHERS: None, OTHER_KEYS: (Ref("D"),)}), {("D", "F", "read")}),
        (does("secretsmanager", "GetSecretValue", SecretId=Ref("K")), {("K", "F", "read")}),
        (does("s3", "PutObject", Bucket=Choice((Ref("B"), "elsewhere"))), {("F", "B", "write")}),
        (does("s3", "PutObject", Bucket=Unknown("a part of the event")), set()),
        (does("x", "y", (Reach(Text((Ref("Api"), ".execute-api.r.amazonaws.com")), 443, AT),)), {("F", "Api", "api")}),
        (does("x", "y", (Reach("example.com", 443, AT),)), set()),
    ]
    for analyses, expected in cases:
        assert ends(edges(bare, analyses)) == expected, analyses
        assert edges(bare) == ()


def rule(pattern: Value, bus: str = "") -> Trigger:
    """A rule that starts G."""
    properties = node({"EventPattern": pattern})
    return Trigger("G", "eventbridge", "events of rule R", AT, Sender.ACCOUNT, resource=bus, properties=properties)


def test_events_reach_the_rules_that_may_match_them() -> None:
    def put(**entry: Value) -> dict[str, Analysis]:
        return does("events", "PutEvents", Entries=(entry,))

    on_default = app(rule({"source": ("shop",), "detail-type": ("paid",)}))
    assert ends(edges(on_default, put(Source="shop", DetailType="paid"))) == {("F", "G", "rule")}
    assert ends(edges(on_default, put(Source=Unknown("x"), DetailType="paid"))) == {("F", "G", "rule")}
    assert ends(edges(on_default, put(Source="shop", DetailType="sent"))) == set()
    assert ends(edges(on_default, put(Source="other"))) == set()
    assert ends(edges(on_default, put(Source="shop", EventBusName=Ref("Bus")))) == {("F", "Bus", "rule")}
    # Nobody but AWS sends these.
    assert ends(edges(app(rule({"source": ("aws.ec2",)})), put(Source=Unknown("x")))) == set()
    own = app(rule({"source": ("shop",)}, "Bus"))
    found = edges(own, put(Source="shop", EventBusName="default"))
    assert ends(found) == {("Bus", "G", "rule")}
    assert ends(reaches_function(own, "F", "G", put(Source="shop", EventBusName=Ref("Bus")))) == {
        ("F", "Bus", "rule"),
        ("Bus", "G", "rule"),
    }


def test_ways_are_the_shortest_and_loops_are_found() -> None:
    wired = tuple(
        Edge(source, target, "topic", AT, "")
        for source, target in (("B", "T"), ("T", "Q"), ("Q", "G"), ("B", "Q"), ("Q", "T"))
    )
    graph = app(wired=wired)
    assert [edge.target for edge in way(graph, "B", "G")] == ["Q", "G"]
    assert way(graph, "G", "B") == ()
    assert [edge.target for edge in way(graph, "T", "T")] == ["Q", "T"]
    assert after(graph, "B") == ("T", "Q", "G")
    assert {edge.source for edge in into(graph, "Q")} == {"T", "B"}
    assert {edge.target for edge in out_of(graph, "Q")} == {"G", "T"}
    analyses = does("s3", "PutObject", Bucket=Ref("B"))
    assert [edge.target for edge in reaches_function(graph, "F", "G", analyses)] == ["B", "Q", "G"]
    assert reaches_function(graph, "F", "G") == ()
    assert reaches_function(graph, "B", "G") == ()  # not a function
    among = edges(graph, analyses)
    assert reaches_function(graph, "F", "G", among=among) == reaches_function(graph, "F", "G", analyses)


def test_the_template_comes_first_and_nothing_twice() -> None:
    told = Edge("Q", "G", "queue", AT, "Q feeds G")
    trigger = Trigger("G", "sqs", "messages of Q", Location("t", 9), Sender.APP, resource="Q")
    outside = Trigger("G", "sns", "messages of x", AT, Sender.ACCOUNT, resource="")
    assert edges(app(trigger, outside, wired=(told,))) == (told,)
    assert ends(edges(app(trigger))) == {("Q", "G", "queue")}
