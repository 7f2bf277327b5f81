"""Granted and not needed, needed and not granted, what the platform needs; on grants as templates write them."""

import pytest

from remit.app.location import Location
from remit.app.model import App, Function, Grant, Resource, Role, Sender, Trigger
from remit.app.need import FunctionRemit, Need, Unresolved
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.value import Ref, Text, Value
from remit.iam import Answer, excess, granted, missing, platform_needs

AT = Location("template.yaml", 1)
F = Function("F", "app.handler", "python3.12", "src", AT, role="R")
TABLE, OTHER = Ref("Orders", "Arn"), Ref("Products", "Arn")
OBJECTS = Text((Ref("Uploads", "Arn"), "/*"))


def grant(actions: str, *resources: Value, effect: str = "Allow", conditions: Value = None) -> Grant:
    return Grant(effect, tuple(actions.split()), resources or ("*",), AT, conditions=conditions)


def node(value: object) -> Node:
    return Node({key: node(item) for key, item in value.items()}, AT) if isinstance(value, dict) else Node(value, AT)  # type: ignore[arg-type]


def app(*grants: Grant, triggers: tuple[Trigger, ...] = (), opaque: bool = False, **properties: object) -> App:
    types = {
        "Orders": "AWS::DynamoDB::Table", "Products": "AWS::DynamoDB::Table", "Uploads": "AWS::S3::Bucket",
        "Work": "AWS::SQS::Queue", "Key": "AWS::KMS::Key",
    }  # fmt: skip
    resources = {name: Resource(name, type_, node(properties.get(name, {})), AT) for name, type_ in types.items()}
    unknown = (("arn:aws:iam::1:policy/Team", AT),) if opaque else ()
    return App("a", "SAM", "t.yaml", (F,), triggers, resources, {"R": Role("R", grants, AT, ("F",), unknown)})


def needs(*pairs: tuple[str, Value], unresolved: tuple[Unresolved, ...] = ()) -> FunctionRemit:
    return FunctionRemit("F", tuple(Need("calls", action, on, (AT,)) for action, on in pairs), unresolved)


GET = ("dynamodb:GetItem", TABLE)


@pytest.mark.parametrize(
    ("grants", "remit", "expected"),
    [
        ([grant("dynamodb:GetItem", TABLE)], needs(GET), []),
        ([grant("dynamodb:GetItem dynamodb:PutItem", TABLE)], needs(GET), [("action", "dynamodb:PutItem", 1)]),
        ([grant("dynamodb:*Item", TABLE)], needs(GET), [("action", "dynamodb:*Item", 6)]),
        ([grant("DynamoDB:getitem", TABLE)], needs(GET), []),
        # Textract reads the document with the caller's rights: no call of the code, and no excess.
        ([grant("textract:DetectDocumentText s3:GetObject")], needs(("textract:DetectDocumentText", "*")), []),
        ([grant("dynamodb:GetItem", "*")], needs(GET), [("resource", "dynamodb:GetItem", 1)]),
        ([grant("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*")], needs(GET), [("resource", "dynamodb:GetItem", 1)]),
        # A second resource in the statement is not wider in itself: other actions of it may want that.
        ([grant("dynamodb:GetItem", TABLE, Text((TABLE, "/index/*")))], needs(GET), []),
        ([grant("dynamodb:GetItem", "*")], needs(("dynamodb:GetItem", "*")), []),
        ([grant("s3:GetObject", OBJECTS)], needs(("s3:GetObject", Text((Ref("Uploads", "Arn"), "/in/*")))), []),
        ([grant("s3:GetObject", "arn:aws:s3:::*/*")], needs(("s3:GetObject", OBJECTS)), [("resource", "s3:GetObject", 1)]),
        ([grant("dynamodb:*", TABLE, effect="Deny")], needs(), []),
        ([grant("logs:CreateLogGroup logs:PutLogEvents logs:CreateLogStream")], needs(), []),
        ([grant("xray:PutTraceSegments")], needs(), [("action", "xray:PutTraceSegments", 1)]),
        # Where the resource is not known the action is needed all the same.
        ([grant("dynamodb:GetItem", "*")], needs(unresolved=(Unresolved("calls", "dynamodb:GetItem", "?", AT),)), []),
        # Where the action is not known, or code was not read, nothing can be called unneeded.
        ([grant("s3:*")], needs(unresolved=(Unresolved("calls", "dynamodb:?", "?", AT),)), []),
        ([grant("s3:*")], needs(unresolved=(Unresolved("code", "app.py", "?", AT),)), []),
        ([grant("s3:GetObject")], needs(unresolved=(Unresolved("reaches", "?", "?", AT),)), [("action", "s3:GetObject", 1)]),
    ],
)  # fmt: skip
def test_excess(grants: list[Grant], remit: FunctionRemit, expected: list[tuple[str, str, int]]) -> None:
    found = excess(app(*grants), F, remit)
    assert [(item.kind, item.action, item.count) for item in found] == expected
    assert all(item.grant in grants for item in found)


def test_wider_resources_say_what_would_do() -> None:
    (item,) = excess(app(grant("dynamodb:GetItem", "*")), F, needs(GET, ("dynamodb:GetItem", OTHER)))
    assert item.needed == (TABLE, OTHER)


def test_a_function_without_a_known_role_has_no_excess_and_nothing_missing() -> None:
    bare = App("a", "SAM", "t.yaml", (F,))
    assert excess(bare, F, needs(GET)) == ()
    assert missing(bare, F, needs(GET)) == ()


@pytest.mark.parametrize(
    ("grants", "opaque", "expected"),
    [
        ([grant("dynamodb:GetItem", TABLE)], False, []),
        ([], False, [Answer.NO]),
        ([], True, [Answer.MAYBE]),
        ([grant("dynamodb:*", TABLE, effect="Deny")], True, [Answer.NO]),
        ([grant("dynamodb:GetItem", OTHER)], False, [Answer.NO]),
        ([grant("dynamodb:GetItem", Ref("TableArn"))], False, [Answer.MAYBE]),
        ([grant("dynamodb:GetItem", TABLE, conditions={"Bool": {"x": "y"}})], False, [Answer.MAYBE]),
    ],
)
def test_missing(grants: list[Grant], opaque: bool, expected: list[Answer]) -> None:
    assert [item.decision.answer for item in missing(app(*grants, opaque=opaque), F, needs(GET))] == expected


def names(where: App, function: Function = F, remit: FunctionRemit | None = None) -> set[str]:
    return {str(need.what) for need in platform_needs(where, function, remit)}


def test_the_platform_needs_what_the_triggers_and_properties_ask_for() -> None:
    plain = names(app())
    assert "logs:PutLogEvents" in plain
    assert not {name.partition(":")[0] for name in plain} - {"logs"}
    polled = Trigger("F", "sqs", "messages", AT, Sender.APP, resource="Work")
    assert names(app(triggers=(polled,))) - plain >= {"sqs:ReceiveMessage", "sqs:DeleteMessage"}
    streamed = Trigger("F", "dynamodb", "changes", AT, Sender.APP, resource="Orders")
    assert "dynamodb:GetRecords" in names(app(triggers=(streamed,)))
    traced = Function(
        "F", "h", "", "src", AT, properties=node({"TracingConfig": {"Mode": "Active"}, "VpcConfig": {"SubnetIds": "x"}})
    )
    assert {"xray:PutTraceSegments", "ec2:CreateNetworkInterface"} <= names(app(), traced)
    dead = Function("F", "h", "", "src", AT, properties=node({"DeadLetterConfig": {"TargetArn": Ref("Work", "Arn")}}))
    assert "sqs:SendMessage" in names(app(), dead)
    stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/x"
    outside = {"Events": {"K": {"Type": "Kinesis", "Properties": {"Stream": stream}}, "M": {"Type": "MSK"}}}
    found = names(app(), Function("F", "h", "", "src", AT, properties=node(outside)))
    assert {"kinesis:GetRecords", "kafka:GetBootstrapBrokers", "ec2:DescribeVpcs"} <= found
    inside = {"Events": {"S": {"Type": "SQS", "Properties": {"Queue": Ref("Work", "Arn")}}}}
    assert names(app(), Function("F", "h", "", "src", AT, properties=node(inside))) == plain
    durable = Function("F", "h", "", "src", AT, properties=node({"DurableConfig": {"ExecutionTimeout": 60}}))
    assert "lambda:CheckpointDurableExecution" in names(app(), durable)


def test_keys_of_the_resources_in_use_are_the_platforms_business() -> None:
    encrypted = {"Orders": {"SSESpecification": {"KMSMasterKeyId": Ref("Key", "Arn")}}}
    keys = grant("kms:Decrypt kms:GenerateDataKey", Ref("Key", "Arn"))
    table = grant("dynamodb:GetItem", TABLE)
    assert excess(app(keys, table, **encrypted), F, needs(GET)) == ()
    assert [item.action for item in excess(app(keys, **encrypted), F, needs())] == [
        "kms:Decrypt",
        "kms:GenerateDataKey",
    ]
    assert [item.action for item in excess(app(keys, table), F, needs(GET))] == ["kms:Decrypt", "kms:GenerateDataKey"]


def test_granted_counts_real_actions() -> None:
    role = Role("R", (grant("dynamodb:*Item s3:GetObject"), grant("sqs:*", effect="Deny")), AT)
    assert granted(role) == {
        "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
        "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "s3:GetObject",
    }  # fmt: skip
    everything = Grant("Allow", (), ("*",), AT, not_actions=("iam:*",))
    found = granted(Role("R", (everything,), AT))
    assert "s3:GetObject" in found
    assert not any(action.startswith("iam:") for action in found)
    limited = granted(Role("R", (grant("*", "*"), grant("s3:*", "*", effect="Deny")), AT))
    assert "sqs:SendMessage" in limited
    assert not any(action.startswith("s3:") for action in limited)
    some = granted(Role("R", (grant("*", "*"), grant("s3:*", "arn:aws:s3:::a", effect="Deny")), AT))
    assert "s3:GetObject" in some


def test_what_the_boundary_does_not_allow_is_missing() -> None:
    within = app(grant("dynamodb:*"))
    roles = {"R": replace(within.roles["R"], boundary=(grant("s3:*"),))}
    (item,) = missing(replace(within, roles=roles), F, needs(GET))
    assert (item.decision.word, item.decision.why) == ("no", "the role's permissions boundary does not allow it")
    roles = {"R": replace(within.roles["R"], boundary=(grant("dynamodb:Get*"),))}
    assert missing(replace(within, roles=roles), F, needs(GET)) == ()
