"""Ways up inside one app, as findings."""

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import App, Function, Grant, Resource, Role
from remit.app.node import Node
from remit.app.report import Persona
from remit.app.value import Ref, Value, join
from remit.rules.privilege_escalation import RULE

AT = Location("template.yaml", 3)


def grant(action: str, on: Value = "*", **more: Value) -> Grant:
    return Grant("Allow", (action,), (on,), AT, **more)  # type: ignore[arg-type]


def app(*grants: Grant) -> App:
    code = Node({"S3Bucket": Node(Ref("Code"), AT), "S3Key": Node("f.zip", AT)}, AT)
    functions = (
        Function("Web", "a.h", "", "src", AT, role="WebRole"),
        Function("Pay", "a.h", "", None, AT, role="PayRole", properties=Node({"Code": code}, AT)),
    )
    resources = {
        "Code": Resource("Code", "AWS::S3::Bucket", Node({}, AT), AT),
        "Orders": Resource("Orders", "AWS::DynamoDB::Table", Node({}, AT), AT),
    }
    pay = Role("PayRole", (grant("dynamodb:PutItem", Ref("Orders", "Arn")),), AT, ("Pay",))
    return App(
        "a", "SAM", "t", functions, (), resources, {"WebRole": Role("WebRole", grants, AT, ("Web",)), "PayRole": pay}
    )


OBJECTS = join([Ref("Code", "Arn"), "/*"])


def test_writing_the_code_of_a_stronger_function_is_a_way_up() -> None:
    (finding,) = RULE.check(Facts(app(grant("s3:PutObject", OBJECTS))))
    assert finding.message == "Web replaces code in Code, which Pay runs"
    assert finding.notes == {"gains": "the rights of PayRole: writes Orders"}
    assert finding.persona == Persona.REGULAR


def test_what_is_not_stronger_or_not_sure_is_no_finding() -> None:
    equal = grant("dynamodb:PutItem", Ref("Orders", "Arn"))
    assert list(RULE.check(Facts(app(grant("s3:PutObject", OBJECTS), equal)))) == []
    unsure: Value = {"StringEquals": {"aws:PrincipalTag/team": "ops"}}
    assert list(RULE.check(Facts(app(grant("s3:PutObject", OBJECTS, conditions=unsure))))) == []
