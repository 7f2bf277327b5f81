"""Ways up: what a role must hold for one, what it wins, and what takes the way away again."""

from typing import Any

import pytest

from remit.app.location import Location
from remit.app.model import App, Edge, Function, Grant, Resource, Role, Sender, Trigger
from remit.app.node import Node
from remit.app.value import Ref, Unknown, Value, join
from remit.iam import Escalation, catalog, escalations, moves, reach
from remit.iam.methods import methods

AT = Location("template.yaml", 1)


def node(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: node(item) for key, item in value.items()}, AT)
    if isinstance(value, list | tuple):
        return Node(tuple(node(item) for item in value), AT)
    return Node(value, AT)


def grant(actions: str, *on: Value, effect: str = "Allow", **more: Any) -> Grant:
    return Grant(effect, tuple(actions.split()), on or ("*",), AT, **more)


def role(*grants: Grant, name: str = "Weak") -> Role:
    return Role(name, grants, AT, (name.removesuffix("Role"),), implied=name.endswith("Role"))


def trusting(*who: Value) -> tuple[Grant, ...]:
    return (Grant("Allow", ("sts:AssumeRole",), (), AT, principals=who),)


ROOT = join(["arn:aws:iam::", Ref("AWS::AccountId"), ":root"])
STRONG = grant("dynamodb:*", Ref("Orders", "Arn"))
ROLES = {
    "PayRole": role(STRONG, grant("ssm:GetParameter", Ref("Url", "Arn")), name="PayRole"),
    "PlainRole": role(grant("logs:PutLogEvents"), name="PlainRole"),
    "Worker": Role("Worker", (STRONG,), AT, trust=trusting("lambda.amazonaws.com")),
    "Runner": Role("Runner", (STRONG,), AT, trust=trusting("states.amazonaws.com")),
    "Ops": Role("Ops", (STRONG,), AT, trust=trusting(ROOT)),
}
PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "Orders": ("AWS::DynamoDB::Table", {}),
    "Code": ("AWS::S3::Bucket", {}),
    "Images": ("AWS::ECR::Repository", {}),
    "Work": ("AWS::SQS::Queue", {}),
    "Placed": ("AWS::SNS::Topic", {}),
    "Bus": ("AWS::Events::EventBus", {}),
    "Url": ("AWS::SSM::Parameter", {}),
    "Common": ("AWS::Lambda::LayerVersion", {"Content": {"S3Bucket": Ref("Code"), "S3Key": "l.zip"}}),
    "Ship": ("AWS::StepFunctions::StateMachine", {"RoleArn": Ref("Runner", "Arn")}),
    "Worker": ("AWS::IAM::Role", {}),
    "Runner": ("AWS::IAM::Role", {}),
    "Ops": ("AWS::IAM::Role", {}),
    "Pay": ("AWS::Lambda::Function", {}),
    "Plain": ("AWS::Lambda::Function", {}),
}
FUNCTIONS = (
    Function(
        "Pay", "a.h", "python3.13", None, AT, {"URL": node(Ref("Url"))}, "PayRole",
        node({"Layers": (Ref("Common"),), "CodeUri": {"Bucket": Ref("Code"), "Key": "f.zip"}}),
    ),
    Function("Plain", "a.h", "", "src", AT, {}, "PlainRole", node({"ImageUri": join([Ref("Images"), ":latest"])})),
)  # fmt: skip
PATTERN = node({"Pattern": {"source": ["shop.orders"]}})
APP = App(
    "shop", "SAM", "template.yaml", FUNCTIONS,
    (
        Trigger("Pay", "sqs", "messages of Work", AT, Sender.APP, resource="Work"),
        Trigger("Pay", "eventbridge", "events of rule A", AT, Sender.ACCOUNT, properties=PATTERN),
        Trigger("Pay", "eventbridge", "events of Bus", AT, Sender.APP, resource="Bus"),
    ),
    {name: Resource(name, type_, node(properties), AT) for name, (type_, properties) in PARTS.items()}, ROLES,
    edges=(Edge("Placed", "Work", "topic", AT, "Placed feeds Work"),),
)  # fmt: skip


def ways(*grants: Grant, doubtful: bool = False) -> dict[str, Escalation]:
    return {way.id: way for way in escalations(APP, role(*grants), doubtful=doubtful)}


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.id)
def test_a_method_is_held_with_all_its_actions_and_with_no_fewer(method: Any) -> None:
    assert method.id in ways(*(grant(action) for action in method.actions))
    for left_out in method.actions:
        assert method.id not in ways(*(grant(action) for action in method.actions if action != left_out))


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.id)
def test_a_deny_takes_a_method_away(method: Any) -> None:
    for action in method.actions:
        assert method.id not in ways(grant("*"), grant(action, effect="Deny"), doubtful=True)


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.id)
def test_a_method_is_well_formed(method: Any) -> None:
    assert method.gain
    assert method.phrase.startswith("can ")
    assert (method.service != "") == ("iam:PassRole" in method.actions)
    assert all(catalog.spelled(action) == action for action in method.actions)


def test_ids_of_methods_are_unique() -> None:
    ids = [method.id for method in methods()]
    assert len(ids) == len(set(ids)) > 60


NEW = grant("lambda:CreateFunction lambda:InvokeFunction")


def passing(*on: Value, to: str = "") -> Grant:
    return grant("iam:PassRole", *on, conditions={"StringEquals": {"iam:PassedToService": to}} if to else None)


def test_a_role_may_be_passed_to_one_service_only() -> None:
    assert ways(NEW, passing(to="lambda.amazonaws.com"))["new-function-invoked"].sure
    assert "new-function-invoked" not in ways(NEW, passing(to="ec2.amazonaws.com"), doubtful=True)
    assert "run-instance" in ways(grant("ec2:RunInstances"), passing(to="ec2.amazonaws.com"))


def test_passing_one_role_of_the_app_wins_its_rights() -> None:
    way = ways(NEW, passing(Ref("Worker", "Arn")))["new-function-invoked"]
    assert (way.targets, way.gain) == (("Worker",), "the rights of Worker: reads, writes and deletes from Orders")
    assert [step.action for step in way.steps] == ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]


def test_passing_a_role_that_is_not_stronger_or_that_the_service_cannot_use_wins_nothing() -> None:
    assert "new-function-invoked" not in ways(NEW, STRONG, passing(Ref("Worker", "Arn")), doubtful=True)
    assert "new-function-invoked" not in ways(NEW, passing(Ref("Runner", "Arn")), doubtful=True)
    machine = grant("states:CreateStateMachine states:StartExecution")
    assert ways(machine, passing(Ref("Runner", "Arn")))["new-state-machine"].targets == ("Runner",)


def test_a_bucket_named_beside_pass_role_is_no_role() -> None:
    assert "new-function-invoked" not in ways(
        NEW, grant("iam:PassRole s3:GetObject", "arn:aws:s3:::b/*"), doubtful=True
    )
    assert "new-function-invoked" in ways(NEW, grant("iam:PassRole s3:GetObject", "arn:aws:iam::*:role/x-*"))


def test_what_is_changed_must_be_what_is_started() -> None:
    job, other = (f"arn:aws:glue:eu-west-1:111122223333:job/{name}" for name in "ab")
    assert "update-glue-job-code" in ways(grant("glue:UpdateJob", job), grant("glue:StartJobRun", job))
    assert "update-glue-job-code" not in ways(grant("glue:UpdateJob", job), grant("glue:StartJobRun", other))


def test_what_hangs_on_a_condition_is_told_only_when_asked_for() -> None:
    some = grant("iam:PutRolePolicy", conditions={"StringEquals": {"aws:PrincipalTag/team": "ops"}})
    assert "put-role-policy" not in ways(some)
    assert not ways(some, doubtful=True)["put-role-policy"].sure
    assert "can write any policy into a role" in reach(APP, role(some))


def bounded(boundary: tuple[Grant, ...], *grants: Grant) -> dict[str, Escalation]:
    mine = Role("Weak", grants, AT, boundary=boundary)
    return {way.id: way for way in escalations(APP, mine, doubtful=True)}


def test_a_permissions_boundary_keeps_ways_away() -> None:
    everything = grant("*")
    edge, unknown = (grant("s3:* lambda:*"),), (grant("*", conditions=Unknown("a boundary that is elsewhere")),)
    assert "put-role-policy" not in bounded(edge, everything)
    assert bounded(edge, everything)["swap-function-settings"].sure
    assert bounded((everything,), everything)["put-role-policy"].sure
    assert not bounded(unknown, everything)["put-role-policy"].sure


def test_assuming_a_stronger_role_of_the_app() -> None:
    assert ways(grant("sts:AssumeRole", Ref("Ops", "Arn")))["assume-role"].targets == ("Ops",)
    assert "assume-role" not in ways(STRONG, grant("sts:AssumeRole", Ref("Ops", "Arn")))
    assert "assume-role" not in ways(grant("sts:AssumeRole", Ref("Worker", "Arn")), doubtful=True)
    assert ways(grant("sts:AssumeRole"))["assume-role"].targets == ()


def below(name: str) -> Value:
    return join([Ref(name, "Arn"), "/*"])


@pytest.mark.parametrize(
    ("held", "id_", "targets", "phrase"),
    [
        (grant("s3:PutObject", below("Code")), "write-code-bucket", ("Pay",), "replaces code in Code, which Pay runs"),
        (grant("lambda:UpdateFunctionCode", Ref("Pay", "Arn")), "swap-code", ("Pay",), "replaces the code of Pay"),
        (grant("states:UpdateStateMachine"), "swap-workflow", ("Ship",), "replaces the workflow of Ship"),
    ],
)
def test_code_that_stronger_parts_run(held: Grant, id_: str, targets: tuple[str, ...], phrase: str) -> None:
    way = ways(held)[id_]
    assert (way.targets, way.phrase, way.sure) == (targets, phrase, True)
    assert "reads, writes and deletes from Orders" in way.gain
    assert id_ not in ways(held, *ROLES["PayRole"].grants)


def test_code_of_what_is_not_stronger_wins_nothing() -> None:
    assert ways(grant("ecr:PutImage", Ref("Images", "Arn")), grant("s3:PutObject", "arn:aws:s3:::other/*")) == {}


@pytest.mark.parametrize(
    ("held", "id_", "phrase", "steps"),
    [
        (grant("lambda:InvokeFunction", Ref("Pay", "Arn")), "invoke", "invokes Pay", ["invokes Pay"]),
        (grant("states:StartExecution"), "start", "starts Ship", ["starts Ship"]),
        (
            grant("sqs:SendMessage", Ref("Work", "Arn")),
            "send",
            "sends to Work, which feeds Pay",
            ["sends to Work", "Work starts Pay"],
        ),
        (
            grant("sns:Publish", Ref("Placed")),
            "publish",
            "publishes to Placed, which feeds Pay",
            ["publishes to Placed", "Placed feeds Work", "Work starts Pay"],
        ),
        (
            grant("ssm:PutParameter", Ref("Url", "Arn")),
            "put-parameter",
            "writes the parameter Url, which feeds Pay",
            ["writes the parameter Url", "Pay reads Url"],
        ),
        (
            grant("events:PutEvents", Ref("Bus", "Arn")),
            "put-events",
            "puts events on Bus, which feeds Pay",
            ["puts events on Bus", "Bus starts Pay"],
        ),
    ],
)
def test_feeding_a_stronger_part(held: Grant, id_: str, phrase: str, steps: list[str]) -> None:
    (way,) = moves(APP, role(held))
    assert (way.id, way.phrase, [step.text for step in way.steps], way.sure) == (id_, phrase, steps, True)
    assert moves(APP, role(held, *ROLES["PayRole"].grants)) == ()
    assert moves(APP, role(held, grant("*", effect="Deny"))) == ()
    assert escalations(APP, role(held)) == ()


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (None, True),
        ({"ForAllValues:StringEquals": {"events:source": ("shop.orders",)}}, True),
        ({"ForAllValues:StringEquals": {"events:source": ("shop.mail",)}}, None),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, False),
    ],
)
def test_the_default_bus_takes_what_rules_ask_for(conditions: Value, expected: bool | None) -> None:
    on = join(["arn:aws:events:", Ref("AWS::Region"), ":", Ref("AWS::AccountId"), ":event-bus/default"])
    found = [
        way for way in moves(APP, role(grant("events:PutEvents", on, conditions=conditions))) if way.id == "put-events"
    ]
    assert [way.sure for way in found] == ([] if expected is None else [expected])


def test_only_aws_sends_events_of_aws() -> None:
    pattern = node({"Pattern": {"source": ["aws.s3"]}})
    trigger = Trigger("Pay", "eventbridge", "events of rule A", AT, Sender.PLATFORM, properties=pattern)
    app = App("a", "SAM", "t", FUNCTIONS, (trigger,), APP.resources, ROLES)
    assert moves(app, role(grant("events:PutEvents"))) == ()


def many(count: int) -> App:
    """An app of functions that may all change each other's code, and each write one table."""
    names = range(count)
    change = grant("lambda:UpdateFunctionCode lambda:InvokeFunction", "arn:aws:lambda:*:*:function:*")
    roles = {f"R{i}": role(change, grant("dynamodb:PutItem", Ref(f"T{i}", "Arn")), name=f"R{i}") for i in names}
    tables = {f"T{i}": Resource(f"T{i}", "AWS::DynamoDB::Table", node({}), AT) for i in names}
    codes = {f"F{i}": Resource(f"F{i}", "AWS::Lambda::Function", node({}), AT) for i in names}
    functions = tuple(Function(f"F{i}", "a.h", "", "src", AT, role=f"R{i}") for i in names)
    return App("a", "SAM", "t", functions, (), tables | codes, roles)


def test_in_a_large_app_what_is_held_on_all_is_told_once() -> None:
    small, large = many(3), many(30)
    assert [way.targets for way in escalations(small, small.roles["R0"])] == [("F1",), ("F2",)]
    (way,) = escalations(large, large.roles["R0"])
    assert (way.phrase, way.targets, way.sure) == ("replaces the code of every function", (), True)
    assert [way.phrase for way in moves(large, large.roles["R0"])] == ["invokes every function"]
