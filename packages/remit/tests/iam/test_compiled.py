"""The remit the guard loads: variables where names are only known later, never wider in silence."""

import json

from remit.app.location import Location
from remit.app.model import App, Function, Resource, Sender, Trigger
from remit.app.need import FunctionRemit, Need, Unresolved
from remit.app.node import Node
from remit.app.value import Ref, Text, Value
from remit.iam import compile_remit
from remit_guard.core.remit import Remit

AT = Location("template.yaml", 1)
ENVIRONMENT = {
    "TABLE": Node(Ref("Orders"), AT),
    "QUEUE": Node(Ref("Work"), AT),
    "HOST": Node(Text((Ref("Stage"), ".example")), AT),
    "PLAIN": Node("x", AT),
}
F = Function("F", "app.handler", "python3.12", "src", AT, environment=ENVIRONMENT)
TYPES = {
    "Orders": "AWS::DynamoDB::Table",
    "Work": "AWS::SQS::Queue",
    "Uploads": "AWS::S3::Bucket",
    "Named": "AWS::S3::Bucket",
}
APP = App(
    "a", "SAM", "t.yaml", (F,), (Trigger("F", "sqs", "messages", AT, Sender.APP),),
    {name: Resource(name, type_, Node({}, AT), AT, "shop" if name == "Named" else None) for name, type_ in TYPES.items()},
)  # fmt: skip


def compiled(*needs: tuple[str, Value, Value], unresolved: tuple[Unresolved, ...] = (), app: App = APP) -> Remit:
    return compile_remit(
        app, F, FunctionRemit("F", tuple(Need(*need, (AT,)) for need in needs), unresolved), {"runs": "block"}
    )


def test_calls_name_the_variable_the_arn_or_anything() -> None:
    remit = compiled(
        ("calls", "dynamodb:GetItem", Ref("Orders", "Arn")),
        ("calls", "dynamodb:Query", Text((Ref("Orders", "Arn"), "/index/byUser"))),
        ("calls", "sqs:SendMessage", Ref("Work", "Arn")),
        ("calls", "s3:PutObject", Text((Ref("Named", "Arn"), "/in/*"))),
        ("calls", "s3:GetObject", Text((Ref("Uploads", "Arn"), "/*"))),
        (
            "calls",
            "sns:Publish",
            Text(("arn:", Ref("AWS::Partition"), ":sns:", Ref("AWS::Region"), ":1:", Ref("Topic"))),
        ),
        ("calls", "rekognition:DetectLabels", "*"),
    )
    assert dict(remit.calls) == {
        "dynamodb:GetItem": "${TABLE}",
        "dynamodb:Query": "${TABLE}",
        "sqs:SendMessage": "${QUEUE}",
        "s3:PutObject": "arn:aws*:s3:::shop/in/*",
        "s3:GetObject": "*",
        "sns:Publish": "*",
        "rekognition:DetectLabels": "*",
    }


def test_the_rest() -> None:
    remit = compiled(
        ("reaches", "api.example:443", None),
        ("reaches", Text((Ref("Stage"), ".example:443")), None),
        ("runs", "convert", None),
        ("writes", "/tmp/out-*.png", None),
        ("reads", "/etc/hosts", None),
        ("secrets", "prod/key", None),
        ("returns", "errors", "shaped"),
    )
    assert remit.function == "F"
    assert remit.receives == ("sqs",)
    assert remit.reaches == ("*.example:443", "api.example:443")
    assert (remit.runs, remit.reads, remit.writes) == (("convert",), ("/etc/hosts",), ("/tmp/out-",))
    assert (remit.secrets, remit.returns, remit.modes) == (("prod/key",), {"errors": "shaped"}, {"runs": "block"})
    assert remit.unresolved == ()
    assert remit.digest.startswith("sha256:")


def test_a_function_without_triggers_is_called_directly() -> None:
    assert compiled(app=App("a", "SAM", "t.yaml", (F,))).receives == ("direct",)


def test_unresolved_never_blocks_and_never_disappears() -> None:
    action = compiled(unresolved=(Unresolved("calls", "dynamodb:GetItem", "?", AT),))
    assert action.calls == (("dynamodb:GetItem", "*"),)
    assert action.unresolved == ()
    assert compiled(unresolved=(Unresolved("calls", "dynamodb:?", "?", AT),)).unresolved == ("calls",)
    assert compiled(unresolved=(Unresolved("reaches", "?", "?", AT),)).unresolved == ("reaches",)
    unread = compiled(unresolved=(Unresolved("code", "app.py", "?", AT),)).unresolved
    assert unread == ("calls", "reaches", "reads", "runs", "secrets", "writes")


def test_equal_remits_give_equal_bytes_and_the_guard_reads_them() -> None:
    needs = (("calls", "sqs:SendMessage", Ref("Work", "Arn")), ("calls", "dynamodb:GetItem", Ref("Orders", "Arn")))
    one, other = compiled(*needs).to_json(), compiled(*reversed(needs)).to_json()
    assert one == other
    assert Remit.from_json(one).calls == compiled(*needs).calls
    assert json.loads(one)["version"] == 1
