"""What a role lets an attacker do, in words."""

import pytest

from remit.app.location import Location
from remit.app.model import App, Function, Grant, Resource, Role
from remit.app.node import Node
from remit.app.value import Ref, Text, Value
from remit.iam import escalations, reach, reached

AT = Location("template.yaml", 1)
TYPES = {
    "Orders": "AWS::DynamoDB::Table", "Products": "AWS::DynamoDB::Table", "Uploads": "AWS::S3::Bucket",
    "PaymentKey": "AWS::SecretsManager::Secret", "A": "AWS::Lambda::Function", "B": "AWS::Lambda::Function",
    "C": "AWS::Lambda::Function", "D": "AWS::Lambda::Function", "Work": "AWS::SQS::Queue",
}  # fmt: skip
APP = App(
    "a", "SAM", "t.yaml", tuple(Function(name, "h", "", "src", AT) for name in "ABCD"),
    resources={name: Resource(name, type_, Node({}, AT), AT) for name, type_ in TYPES.items()},
)  # fmt: skip
HERE = Text(("arn:aws:lambda:*:", Ref("AWS::AccountId"), ":function:*"))


def role(*statements: tuple[str, Value], **more: object) -> Role:
    grants = [Grant("Allow", tuple(actions.split()), (on,), AT, **more) for actions, on in statements]  # type: ignore[arg-type]
    return Role("R", tuple(grants), AT)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], ()),
        ([("logs:PutLogEvents", "*")], ()),
        ([("*", "*")], ("does anything in the whole account",)),
        ([("s3:*", "*")], ("reads, writes and deletes from every bucket",)),
        ([("s3:GetObject", "arn:aws:s3:::*/*")], ("reads every bucket",)),
        ([("s3:GetObject", "arn:aws:s3:::*")], ("reads every bucket",)),
        ([("s3:GetObject", Text((Ref("Uploads", "Arn"), "/*")))], ("reads Uploads",)),
        ([("s3:GetObject", Ref("Uploads", "Arn"))], ()),
        ([("dynamodb:PutItem", Ref("Orders", "Arn"))], ("writes Orders",)),
        (
            [("dynamodb:GetItem dynamodb:PutItem", Ref("Orders", "Arn")), ("dynamodb:GetItem", Ref("Products", "Arn"))],
            ("reads Orders and Products", "writes Orders"),
        ),
        ([("secretsmanager:GetSecretValue", Ref("PaymentKey"))], ("reads the secret PaymentKey",)),
        ([("lambda:InvokeFunction", HERE)], ("invokes every function",)),
        ([("lambda:InvokeFunction", Ref(name, "Arn")) for name in "ABCD"], ("invokes 4 functions",)),
        ([("lambda:InvokeFunction", "*")], ("invokes every function",)),
        ([("lambda:UpdateFunctionCode", Ref("A", "Arn"))], ("changes the code of A",)),
        ([("iam:PutRolePolicy", "*")], ("can write any policy into a role",)),
        (
            [("iam:PassRole lambda:CreateFunction", "*")],
            (
                "may call iam:PassRole on things outside this app",
                "may call lambda:CreateFunction on things outside this app",
            ),
        ),
        (
            [("iam:PassRole lambda:CreateFunction lambda:InvokeFunction", "*")],
            ("can run code of its own as a stronger role", "invokes every function"),
        ),
    ],
)
def test_reach(statements: list[tuple[str, Value]], expected: tuple[str, ...]) -> None:
    assert reach(APP, role(*statements)) == expected


def test_conditions_do_not_hold_an_attacker_who_is_inside_the_function() -> None:
    assert reach(APP, role(("s3:GetObject", "*"), conditions={"Bool": {"a": "b"}})) == ("reads every bucket",)


def test_a_deny_takes_reach_away() -> None:
    grants = (*role(("s3:*", "*")).grants, Grant("Deny", ("s3:PutObject", "s3:DeleteObject"), ("*",), AT))
    assert reach(APP, Role("R", grants, AT)) == ("reads every bucket",)


def test_a_grant_on_an_unknown_parameter_reaches_nothing_of_the_app() -> None:
    assert reach(APP, role(("dynamodb:GetItem", Ref("TableArn")))) == (
        "may call dynamodb:GetItem on things outside this app",
    )
    assert reached(APP, role(("dynamodb:GetItem", Ref("TableArn")))) == {}


FOREIGN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([("secretsmanager:*", FOREIGN + "prod/db")], ("may call secretsmanager:* on things outside this app",)),
        (
            [("ec2:DescribeInstances", "*"), ("ses:DeleteIdentity", "*"), ("ssm:GetParametersByPath", "*")],
            (
                "may call ssm:GetParametersByPath on things outside this app",
                "may call ses:DeleteIdentity on things outside this app",
                "may call ec2:DescribeInstances on things outside this app",
            ),
        ),
        ([("dynamodb:DeleteTable", Ref("Orders", "Arn"))], ("may call dynamodb:DeleteTable on Orders",)),
        ([("dynamodb:GetItem dynamodb:DescribeTable", Ref("Orders", "Arn"))], ("reads Orders",)),
        ([("logs:CreateLogGroup xray:PutTraceSegments ec2:CreateNetworkInterface", "*")], ()),
        ([("secretsmanager:Get*", "arn:aws:secretsmanager:*:*:secret:??*")], ("reads every secret",)),
        ([("secretsmanager:GetSecretValue", FOREIGN + "*")], ("reads every secret",)),
        ([("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/*")], ("reads every table",)),
    ],
)
def test_what_lies_outside_the_app_is_told(statements: list[tuple[str, Value]], expected: tuple[str, ...]) -> None:
    assert reach(APP, role(*statements)) == expected


def test_a_deny_and_a_boundary_take_away_what_lies_outside() -> None:
    (grant,) = role(("ses:DeleteIdentity", "*")).grants
    deny = Grant("Deny", ("ses:*",), ("*",), AT)
    other = Grant("Allow", ("s3:*",), ("*",), AT)
    assert reach(APP, Role("R", (grant, deny), AT)) == ()
    assert reach(APP, Role("R", (grant,), AT, boundary=(other,))) == ()


def test_methods_need_every_action() -> None:
    held = escalations(APP, role(("iam:PassRole states:CreateStateMachine", "*"), ("states:StartExecution", "*")))
    assert [method.id for method in held] == ["new-state-machine"]
    assert escalations(APP, role(("iam:PassRole states:CreateStateMachine", "*"))) == ()


NAMES = {"Made": None, "Named": "orders", "Other": None}
TABLES = App(
    "a", "SAM", "t.yaml",
    resources={id_: Resource(id_, "AWS::DynamoDB::Table", Node({}, AT), AT, name) for id_, name in NAMES.items()},
)  # fmt: skip
TABLE = "arn:aws:dynamodb:*:*:table/"


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((Ref("Made", "Arn"),), "reads Made"),
        ((Ref("Other", "Arn"), Ref("Made", "Arn")), "reads Made and Other"),
        ((Ref("Made", "Arn"), TABLE + "orders"), "reads Made and Named"),
        ((Ref("Made", "Arn"), Text((TABLE, Ref("Other"), "*"))), "reads Made and Other"),
        ((Ref("Made", "Arn"), TABLE + "ord*"), "reads Made and Named"),
        ((Ref("Made", "Arn"), TABLE + "*"), "reads every table"),
    ],
)
def test_a_table_is_reached_by_reference_by_name_and_by_wildcard(patterns: tuple[Value, ...], expected: str) -> None:
    assert reach(TABLES, Role("R", (Grant("Allow", ("dynamodb:GetItem",), patterns, AT),), AT)) == (expected,)


def test_a_permissions_boundary_keeps_reach_within() -> None:
    everything, some = Grant("Allow", ("*",), ("*",), AT), Grant("Allow", ("s3:GetObject", "sqs:*"), ("*",), AT)
    assert reach(APP, Role("R", (everything,), AT, boundary=(everything,))) == ("does anything in the whole account",)
    assert reach(APP, Role("R", (everything,), AT, boundary=(some,))) == (
        "reads every bucket",
        "sends to and reads every queue",
    )
    assert reached(APP, Role("R", (everything,), AT, boundary=(some,))) == {
        "Uploads": ("reads",),
        "Work": ("sends to", "reads"),
    }
