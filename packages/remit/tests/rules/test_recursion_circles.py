"""Functions that start each other in a circle."""

from remit.app.effect import Effects, SdkCall
from remit.app.facts import Facts
from remit.app.flow import Analysis
from remit.app.location import Location
from remit.app.model import App, Edge, Function, Resource, Sender, Trigger
from remit.app.node import Node
from remit.app.report import Persona
from remit.app.value import Ref
from remit.rules.unbounded_recursion import RULE

HERE = Location("template.yaml", 1)
FILTER = Node({"Filter": Node({"Key": Node("x", HERE)}, HERE)}, HERE)


def circle(kind: str, *, filtered: bool = False, second: str = "PutObject") -> Facts:
    names = ("Cut", "Paste")
    functions = tuple(Function(name, "a.h", "python3.13", "src", HERE) for name in names)
    resources = {name: Resource(name, kind, Node({}, HERE), HERE) for name in ("In", "Out")}
    source = "s3" if kind.endswith("Bucket") else "sqs"
    node = FILTER if filtered else None
    triggers = (
        Trigger("Cut", source, "in", Location("template.yaml", 5), Sender.APP, resource="In", properties=node),
        Trigger("Paste", source, "out", Location("template.yaml", 9), Sender.APP, resource="Out"),
    )
    service, first, parameter = ("s3", "PutObject", "Bucket") if source == "s3" else ("sqs", "SendMessage", "QueueUrl")
    operations = {"Cut": (first, "Out"), "Paste": (second if source == "s3" else first, "In")}
    analyses = {
        name: Analysis(
            name, HERE,
            effects=Effects(calls=(SdkCall(service, operation, {parameter: Ref(to)}, Location(f"{name}.py", 3)),)),
        )
        for name, (operation, to) in operations.items()
    }  # fmt: skip
    return Facts(App("a", "SAM", "t", functions, triggers, resources), analyses)


def test_two_functions_that_fill_each_others_buckets_are_one_finding() -> None:
    (finding,) = RULE.check(circle("AWS::S3::Bucket"))
    assert finding.message == "Cut and Paste start each other, through Out, In"
    assert finding.persona == Persona.REGULAR
    assert [hop.text for hop in finding.related][-1] == "In starts Cut"


def test_queues_and_filters_may_be_meant() -> None:
    for facts in (circle("AWS::SQS::Queue"), circle("AWS::S3::Bucket", filtered=True)):
        (finding,) = RULE.check(facts)
        assert finding.persona == Persona.PEDANTIC


def test_reading_and_deleting_start_nothing() -> None:
    for operation in ("GetObject", "DeleteObject"):
        assert not list(RULE.check(circle("AWS::S3::Bucket", second=operation)))


def test_steps_of_a_state_machine_are_no_circle() -> None:
    functions = tuple(Function(name, "a.h", "python3.13", "src", HERE) for name in ("Poll", "Wait"))
    edges = (Edge("Poll", "Wait", "task", HERE, "then"), Edge("Wait", "Poll", "task", HERE, "then"))
    analyses = {function.id: Analysis(function.id, HERE) for function in functions}
    assert not list(RULE.check(Facts(App("a", "SAM", "t", functions, edges=edges), analyses)))
