import pytest

from remit_guard.sandbox.actions import needed
from remit_guard.sandbox.calls import matches, outside, targets

TABLE = "arn:aws:dynamodb:eu-central-1:000000000000:table/Orders"


@pytest.mark.parametrize(
    ("pattern", "target", "covered"),
    [
        ("*", "anything", True),
        (TABLE, "Orders", True),
        (TABLE, TABLE, True),
        (TABLE, "Order", False),
        ("arn:aws:dynamodb:*:*:table/Orders", TABLE, True),
        ("arn:aws:dynamodb:*:*:table/Ord*", "Orders", True),
        ("Orders", TABLE, True),
        ("${TABLE}", "Orders", True),
        ("${TABLE}", "Users", False),
        ("${UNSET}", "Users", True),
        ("arn:aws:s3:::b/in/*", "arn:aws:s3:::b/in/a/b.png", True),
        ("arn:aws:s3:::b/in/*", "arn:aws:s3:::b/out/a", False),
        ("${BUCKET}", "arn:aws:s3:::b/any", True),
        ("arn:aws:s3:::${BUCKET}/*", "arn:aws:s3:::b/any", True),
        ("arn:aws:s3:::${BUCKET}/*", "arn:aws:s3:::c/any", False),
        (
            "arn:aws:sqs:eu-central-1:000000000000:jobs",
            "https://sqs.eu-central-1.amazonaws.com/000000000000/jobs",
            True,
        ),
        ("${QUEUE}", "https://sqs.eu-central-1.amazonaws.com/000000000000/jobs", True),
        ("arn:aws:lambda:*:*:function:pay", "pay", True),
        ("arn:aws:lambda:*:*:function:pay", "arn:aws:lambda:eu-central-1:000000000000:function:pay:live", True),
        ("arn:aws:secretsmanager:*:*:secret:db-??????", "db", True),
        ("arn:aws:ssm:*:*:parameter/app/key", "/app/key", True),
        ("a.c", "abc", False),
    ],
)
def test_matches(pattern: str, target: str, covered: bool) -> None:
    environ = {
        "TABLE": "Orders",
        "BUCKET": "b",
        "QUEUE": "https://sqs.eu-central-1.amazonaws.com/000000000000/jobs",
    }
    assert matches(pattern, target, environ) is covered


@pytest.mark.parametrize(
    ("service", "signing", "operation", "params", "actions"),
    [
        ("dynamodb", "dynamodb", "PutItem", {}, ("dynamodb:PutItem",)),
        ("dynamodb", "dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": {}}, {"Delete": {}}]},
         ("dynamodb:DeleteItem", "dynamodb:PutItem")),
        ("dynamodb", "dynamodb", "ExecuteStatement", {"Statement": "select * from x"}, ("dynamodb:PartiQLSelect",)),
        ("s3", "s3", "HeadObject", {}, ("s3:GetObject",)),
        ("s3", "s3", "ListObjectsV2", {}, ("s3:ListBucket",)),
        ("stepfunctions", "states", "StartExecution", {}, ("states:StartExecution",)),
        ("cloudwatch", "monitoring", "PutMetricData", {}, ("cloudwatch:PutMetricData",)),
        ("sesv2", "ses", "SendEmail", {}, ("ses:SendEmail",)),
        ("lambda", "lambda", "Invoke", {}, ("lambda:InvokeFunction",)),
        ("sts", "sts", "GetCallerIdentity", {}, ()),
    ],
)  # fmt: skip
def test_needed(service: str, signing: str, operation: str, params: dict[str, object], actions: object) -> None:
    assert needed(service, signing, operation, params) == actions


def test_targets() -> None:
    assert targets("dynamodb", {"RequestItems": {"A": [], "B": []}}) == ["A", "B"]
    assert targets("dynamodb", {"TransactItems": [{"Put": {"TableName": "A"}}]}) == ["A"]
    assert targets("s3", {"Bucket": "b", "Key": "k"}) == ["arn:aws:s3:::b/k"]
    assert targets("s3", {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}]}}) == ["arn:aws:s3:::b/x"]
    assert targets("ssm", {"Name": "/a"}) == ["/a"]
    assert targets("rekognition", {"Name": "data"}) == []
    assert targets("sqs", "no mapping") == []


def test_outside_names_what_is_missing() -> None:
    calls = (("dynamodb:PutItem", TABLE), ("s3:Get*", "arn:aws:s3:::b/*"))
    put = {"TableName": "Orders", "Item": {}}
    assert outside("dynamodb", "dynamodb", "PutItem", put, calls, {}) is None
    assert outside("dynamodb", "dynamodb", "DeleteItem", put, calls, {}) == ("dynamodb:DeleteItem", "Orders")
    assert outside("dynamodb", "dynamodb", "PutItem", {"TableName": "Users"}, calls, {}) == (
        "dynamodb:PutItem",
        "Users",
    )
    assert outside("s3", "s3", "GetObject", {"Bucket": "b", "Key": "k"}, calls, {}) is None
    assert outside("s3", "s3", "PutObject", {"Bucket": "b", "Key": "k"}, calls, {}) == (
        "s3:PutObject",
        "arn:aws:s3:::b/k",
    )
