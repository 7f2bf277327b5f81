"""The badge of a role, from what the policy engine says of it."""

import pytest

from remit import iam
from remit.app.location import Location
from remit.app.model import App, Grant, Resource, Role
from remit.app.node import Node
from remit.app.value import Ref
from remit.graph.power import power
from remit.rules._paths import without_polling

HERE = Location("template.yaml", 1)
EMPTY = Node({}, HERE)
RESOURCES = {
    "Orders": "AWS::DynamoDB::Table",
    "Items": "AWS::DynamoDB::Table",
    "Key": "AWS::SecretsManager::Secret",
    "Files": "AWS::S3::Bucket",
    "Other": "AWS::Lambda::Function",
}
APP = App("shop", "SAM", "template.yaml", resources={
    name: Resource(name, type_, EMPTY, HERE) for name, type_ in RESOURCES.items()
})  # fmt: skip


def badge(*grants: Grant, opaque: tuple[str, ...] = ()) -> tuple[int, str]:
    role = without_polling(Role("R", grants, HERE, opaque=tuple((name, HERE) for name in opaque)))
    found = power(APP, role, iam.reach(APP, role), iam.reached(APP, role))
    return found.level, found.word


def allow(*actions: str, on: object = "*", origin: str = "inline") -> Grant:
    return Grant("Allow", actions, (on,), HERE, origin=origin)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ((), (0, "logs only")),
        ((allow("logs:PutLogEvents"),), (0, "logs only")),
        ((allow("dynamodb:PutItem", on=Ref("Orders", "Arn")),), (1, "own table only")),
        ((allow("ses:DeleteIdentity"),), (1, "things outside this app")),
        ((allow("dynamodb:DeleteTable", on=Ref("Orders", "Arn")),), (1, "other grants")),
        (
            (allow("dynamodb:PutItem", on=Ref("Orders", "Arn")), allow("ses:DeleteIdentity")),
            (1, "own table and things outside this app"),
        ),
        (
            (allow("dynamodb:PutItem", on=Ref("Orders", "Arn")), allow("dynamodb:GetItem", on=Ref("Items", "Arn"))),
            (1, "2 tables only"),
        ),
        ((allow("secretsmanager:GetSecretValue", on=Ref("Key")),), (2, "reads secrets")),
        ((allow("s3:GetObject"),), (3, "every bucket")),
        ((allow("*"),), (5, "admin-like")),
        ((allow("iam:PutRolePolicy"),), (5, "can raise itself")),
        ((allow("sqs:ReceiveMessage", origin="managed:AWSLambdaSQSQueueExecutionRole"),), (0, "logs only")),
    ],
)
def test_badges(grants: tuple[Grant, ...], expected: tuple[int, str]) -> None:
    assert badge(*grants) == expected


def test_a_way_up_that_hangs_on_a_condition_is_not_called_harmless() -> None:
    grant = Grant(
        "Allow", ("iam:PutRolePolicy",), ("*",), HERE, conditions={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    )
    assert badge(grant) == (3, "may raise itself (under a condition)")


def test_changing_code_is_worse_than_reading_everything() -> None:
    level, _ = badge(allow("lambda:UpdateFunctionCode"), allow("s3:GetObject"))
    assert level >= 4


def test_a_policy_nobody_knows_is_never_called_harmless() -> None:
    assert badge(opaque=("SharedPolicy",))[0] == -1
    assert badge(allow("s3:GetObject"), opaque=("SharedPolicy",)) == (3, "every bucket, and what is not known")


def test_a_role_that_is_not_there() -> None:
    assert power(APP, None, (), {}).level == -1
