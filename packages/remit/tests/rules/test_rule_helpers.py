import pytest

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import App, Grant
from remit.app.value import Choice, Ref, Text, Value
from remit.rules._excess import changes, needs_every_resource
from remit.rules._grants import is_grave, looks_only, open_resources
from remit.rules._mend import word_in
from remit.rules._public import everyone, matches
from remit.rules._template import is_everything, is_false, is_true

HERE = Location("t.yaml", 2, 3, 4, 9)


@pytest.mark.parametrize(
    ("value", "open_"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:dynamodb:*:*:table/*", True),
        (Text(("arn:aws:lambda:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":function:*")), True),
        ("arn:aws:s3:::photos/*", False),
        ("arn:aws:s3:::photos*", False),
        (Text(("arn:aws:s3:::", Ref("Photos"), "/*")), False),
        (Text(("arn:aws:s3:::", Ref("BucketNameParameter"), "/*")), False),
        (Ref("Table", "Arn"), False),
        (Choice((Ref("Table", "Arn"), "*")), True),
        (None, False),
        (3, False),
    ],
)
def test_what_counts_as_every_resource(value: Value, open_: bool) -> None:
    assert is_everything(value) is open_


def test_a_statement_with_not_resource_is_open() -> None:
    assert open_resources(Grant("Allow", ("s3:*",), (), HERE, not_resources=("arn:aws:s3:::x",)))


@pytest.mark.parametrize(
    ("action", "changing"),
    [
        ("dynamodb:PutItem", True),
        ("dynamodb:GetItem", False),
        ("comprehend:DetectSentiment", False),
        ("lambda:InvokeFunction", True),
        ("newservice:DescribeThings", False),
        ("newservice:BreakThings", True),
    ],
)
def test_changing_is_told_by_access_level_then_by_name(action: str, changing: bool) -> None:
    assert changes(action) is changing


def test_action_patterns() -> None:
    assert is_grave("iam:PassRole")
    assert is_grave("lambda:Update*")
    assert not is_grave("lambda:ListTags")
    assert looks_only("s3:GetObject")
    assert not looks_only("s3:*")
    assert needs_every_resource("s3:ListAllMyBuckets")
    assert not needs_every_resource("s3:GetObject")
    assert not needs_every_resource("nothing:AtAll")


@pytest.mark.parametrize(
    ("principals", "conditions", "public"),
    [
        (("*",), None, True),
        (("*",), {}, True),
        (("*",), {"StringEquals": {"aws:SourceArn": "arn"}}, False),
        (("*",), {"Bool": {"aws:SecureTransport": "true"}}, True),
        (("arn:aws:iam::1:root",), None, False),
        ((), None, False),
    ],
)
def test_everyone_is_a_star_that_nothing_binds(principals: tuple[str, ...], conditions: Value, public: bool) -> None:
    grant = Grant("Allow", ("s3:Get*",), ("*",), HERE, conditions=conditions, principals=principals)
    assert everyone(grant) is public
    assert matches(grant, "s3:GetObject")
    assert not matches(grant, "s3:PutObject")


def test_true_and_false_as_templates_write_them() -> None:
    assert is_true("True")
    yes: Value = True
    assert is_true(yes)
    assert is_false("false")
    assert not is_false(None)
    assert not is_true(1)


def test_a_word_is_found_inside_the_statement_only() -> None:
    texts = {"t.yaml": "s3:*\n  - Action: s3:Get\n    x: s3:*\n    y: s3:*\n"}
    facts = Facts(App("a", "SAM", "t.yaml"), texts=texts)
    assert word_in(facts, HERE, ("s3:*",)) == Location("t.yaml", 3, 8, 3, 12)
    assert word_in(facts, HERE, ("nothing", "")) == HERE
