"""The policy engine: Deny, Allow, NotAction, NotResource, conditions, incomplete ARNs, and what is only known later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.app.location import Location
from remit.app.model import App, Grant, Resource
from remit.app.node import Node
from remit.app.value import Choice, Ref, Text, Unknown, Value
from remit.iam import Answer, allows, expand
from remit.iam.slips import like

AT = Location("template.yaml", 1)
EMPTY = Node({}, AT)
TABLE = Ref("Orders", "Arn")
YES, MAYBE, NO = Answer.YES, Answer.MAYBE, Answer.NO


def grant(
    actions: str,
    *resources: Value,
    effect: str = "Allow",
    conditions: Value = None,
    not_actions: str = "",
    **more: tuple[Value, ...],
) -> Grant:
    return Grant(
        effect, tuple(actions.split()), resources, AT, tuple(not_actions.split()), conditions=conditions, **more
    )  # type: ignore[arg-type]


def app(**resources: tuple[str, Value]) -> App:
    found = {key: Resource(key, type_, EMPTY, AT, name) for key, (type_, name) in resources.items()}
    return App("app", "SAM", "template.yaml", resources=found)


SHOP = app(
    Orders=("AWS::DynamoDB::Table", None),
    Named=("AWS::DynamoDB::Table", Text((Ref("Stage"), "-orders"))),
    Uploads=("AWS::S3::Bucket", "shop-uploads"),
    Placed=("AWS::SNS::Topic", None),
    Work=("AWS::SQS::Queue", "work"),
    Search=("AWS::Kendra::Index", None),
)


def spelled(service: str, resource: Value) -> Text:
    parts = resource.parts if isinstance(resource, Text) else (resource,)
    head = (f"arn:aws:{service}:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":")
    return Text((*head, *parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "asked", "expected"),
    [
        # Every way a template can spell one table.
        (Ref("Orders", "Arn"), TABLE, YES),
        (
            Text(("arn:aws:dynamodb:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":table/", Ref("Orders"))),
            TABLE,
            YES,
        ),
        (Text(("arn:", Ref("AWS::Partition"), ":dynamodb:*:*:table/", Ref("Orders"))), TABLE, YES),
        ("arn:aws:dynamodb:*:*:table/*", TABLE, YES),
        ("arn:aws:dynamodb:eu-west-1:*:table/*", TABLE, MAYBE),
        ("arn:aws:dynamodb:*:*:table/orders", TABLE, NO),
        (Text((Ref("Orders", "Arn"), "/index/*")), TABLE, NO),
        (Text((Ref("Orders", "Arn"), "/index/*")), Text((Ref("Orders", "Arn"), "/index/byUser")), YES),
        (Ref("Named", "Arn"), TABLE, NO),
        (Text(("arn:aws:dynamodb:*:*:table/", Ref("Stage"), "-*")), Ref("Named", "Arn"), YES),
        ("arn:aws:dynamodb:*:*:table/prod-orders", Ref("Named", "Arn"), MAYBE),
        # Buckets and objects, by name and by reference.
        ("arn:aws:s3:::shop-uploads/*", Text((Ref("Uploads", "Arn"), "/a.png")), YES),
        (Text(("arn:aws:s3:::", Ref("Uploads"), "/*")), Text((Ref("Uploads", "Arn"), "/*")), YES),
        ("arn:aws:s3:::shop-uploads", Text((Ref("Uploads", "Arn"), "/a.png")), NO),
        ("arn:aws:s3:::shop-*", Text((Ref("Uploads", "Arn"), "/a.png")), YES),
        # Ref of a topic is its ARN, of a queue a URL.
        (Ref("Placed"), Ref("Placed", "Arn"), YES),
        (spelled("sns", Ref("Placed", "TopicName")), Ref("Placed", "Arn"), YES),
        (spelled("sqs", Ref("Work", "QueueName")), Ref("Work", "Arn"), YES),
        (spelled("sqs", "work"), Ref("Work", "Arn"), YES),
        # Incomplete ARNs are completed with wildcards, unless they end with a colon.
        ("arn:aws:sqs", Ref("Work", "Arn"), YES),
        ("arn:aws:sns", Ref("Work", "Arn"), NO),
        ("arn:aws:sqs::", Ref("Work", "Arn"), NO),
        # A type whose attributes are not known here.
        (
            spelled("kendra", Text(("index/", Ref("Search")))),
            spelled("kendra", Text(("index/", Ref("Search", "Id")))),
            YES,
        ),
        (spelled("kendra", Text(("index/", Ref("Search")))), spelled("kendra", Text(("index/", Ref("Orders")))), NO),
        # Nobody knows.
        (Unknown("Fn::ImportValue"), TABLE, MAYBE),
        (Ref("TableArn"), TABLE, MAYBE),
        (Ref("TableArn"), Ref("TableArn"), YES),
        (Choice((Ref("Orders", "Arn"), "*")), TABLE, YES),
        (Choice((Ref("Orders", "Arn"), "arn:aws:s3:::x")), TABLE, MAYBE),
        ("*", "*", YES),
        (Ref("Orders", "Arn"), "*", MAYBE),
    ],
)
def test_resources(pattern: Value, asked: Value, expected: Answer) -> None:
    assert allows([grant("dynamodb:*", pattern)], "dynamodb:GetItem", asked, SHOP).answer is expected


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ([], NO),
        ([grant("DynamoDB:getitem", "*")], YES),
        ([grant("dynamodb:Get*", "*")], YES),
        ([grant("dynamodb:?etItem", "*")], YES),
        ([grant("dynamodb:Put*", "*")], NO),
        ([grant("*", "*"), grant("dynamodb:*", "*", effect="Deny")], NO),
        ([grant("dynamodb:*", "*", effect="Deny"), grant("*", "*")], NO),
        ([grant("*", "*"), grant("dynamodb:*", Ref("Named", "Arn"), effect="Deny")], YES),
        ([grant("*", "*"), grant("dynamodb:*", Ref("SomeArn"), effect="Deny")], MAYBE),
        (
            [grant("*", "*"), grant("*", "*", effect="Deny", conditions={"Bool": {"aws:SecureTransport": "false"}})],
            MAYBE,
        ),
        ([grant("*", "*", conditions={"StringEquals": {"aws:SourceAccount": "1"}})], MAYBE),
        ([grant("", "*", not_actions="iam:*")], YES),
        ([grant("", "*", not_actions="iam:* dynamodb:Get*")], NO),
        ([grant("dynamodb:*", not_resources=(Ref("Orders", "Arn"),))], NO),
        ([grant("dynamodb:*", not_resources=(Ref("Named", "Arn"),))], YES),
        ([grant("dynamodb:*", not_resources=(Ref("SomeArn"),))], MAYBE),
    ],
)
def test_statements(grants: list[Grant], expected: Answer) -> None:
    assert allows(grants, "dynamodb:GetItem", TABLE, SHOP).answer is expected


def test_the_decision_names_its_statement_and_reason() -> None:
    denied = allows(
        [grant("*", "*"), (deny := grant("dynamodb:*", "*", effect="Deny"))], "dynamodb:GetItem", TABLE, SHOP
    )
    assert denied.grant is deny
    assert denied.why == "a statement denies it"
    assert allows([], "dynamodb:GetItem", TABLE).why == "no statement allows it"
    assert allows([grant("*", "*")], "dynamodb:GetItem", TABLE).why == ""


STATEMENTS = st.builds(
    grant,
    st.sampled_from(["*", "s3:*", "s3:GetObject", "dynamodb:Get*", "dynamodb:*"]),
    st.sampled_from(["*", TABLE, Ref("Named", "Arn"), Ref("P"), "arn:aws:s3:::shop-uploads/*", Unknown("?")]),
    effect=st.sampled_from(["Allow", "Allow", "Deny"]),
    conditions=st.sampled_from([None, None, {"Bool": {"a": "b"}}]),
)
ASKED = st.tuples(
    st.sampled_from(["s3:GetObject", "dynamodb:GetItem"]), st.sampled_from([TABLE, Ref("Named", "Arn"), "*"])
)


@given(st.lists(STATEMENTS, max_size=6), STATEMENTS, ASKED)
def test_one_more_statement_moves_access_only_in_its_direction(
    grants: list[Grant], more: Grant, asked: tuple[str, Value]
) -> None:
    before, after = allows(grants, *asked, SHOP).answer, allows([*grants, more], *asked, SHOP).answer
    assert after >= before if more.effect == "Allow" else after <= before


@given(st.lists(STATEMENTS, max_size=6), ASKED, st.randoms())
def test_the_order_of_statements_does_not_matter(grants: list[Grant], asked: tuple[str, Value], random: object) -> None:
    shuffled = list(grants)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert allows(grants, *asked, SHOP).answer is allows(shuffled, *asked, SHOP).answer


def test_expansion_gives_real_actions_and_is_idempotent() -> None:
    found = expand("dynamodb:*Item")
    assert {"dynamodb:GetItem", "dynamodb:BatchWriteItem"} <= set(found)
    assert not {"dynamodb:Query", "dynamodb:ListTables"} & set(found)
    assert all(expand(action) == (action,) for action in found)
    assert expand("DYNAMODB:getitem") == ("dynamodb:GetItem",)
    assert expand("dynamodb:NotYetKnown") == ("dynamodb:NotYetKnown",)
    assert expand("nosuchservice:*") == ()
    assert set(expand("s3*:*")) > set(expand("s3:*"))
    assert len(expand("*")) > 20_000


OWN_FOLDER = grant("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*")


def test_a_policy_variable_is_a_value_that_only_the_request_knows() -> None:
    assert allows((OWN_FOLDER,), "s3:GetObject", "arn:aws:s3:::b/bob/k").answer is MAYBE
    assert allows((OWN_FOLDER,), "s3:GetObject", "arn:aws:s3:::c/bob/k").answer is NO
    assert allows((grant("s3:GetObject", "arn:aws:s3:::b/*"),), "s3:GetObject", "arn:aws:s3:::b/${x}").answer is YES


def test_a_document_of_the_old_version_has_no_policy_variables() -> None:
    old = Grant("Allow", ("s3:GetObject",), OWN_FOLDER.resources, AT, variables=False)
    assert allows((old,), "s3:GetObject", "arn:aws:s3:::b/bob/k").answer is NO
    assert allows((old,), "s3:GetObject", "arn:aws:s3:::b/${aws:username}/k").answer is YES


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("s3:GetObjekt", "s3:GetObject"),
        ("s3:HeadObject", "s3:GetObject"),
        ("bedrock-runtime:InvokeModel", "bedrock:InvokeModel"),
        ("sqs:SendMesage", "sqs:SendMessage"),
        ("dynamodbb:GetItem", "dynamodb:GetItem"),
        ("dynamodbb:*", "dynamodb:*"),
        ("s3:Zzzz*", ""),
        ("nosuchthing:Do", ""),
        ("", ""),
    ],
)
def test_what_an_unknown_action_is_probably_a_slip_of(slip: str, meant: str) -> None:
    assert like(slip) == meant
