"""A queue is no wall when everybody may call what fills it."""

from remit import rules
from remit.app.effect import Effects, SdkCall
from remit.app.facts import Facts
from remit.app.flow import Analysis, Flow, Origin, Step, Use
from remit.app.location import Location
from remit.app.model import App, Edge, Function, Resource, Sender, Trigger
from remit.app.node import Node
from remit.app.noun import replace
from remit.app.report import Persona
from remit.app.value import Ref

HERE = Location("template.yaml", 1)
SINK = Location("work.py", 9, 1, 9, 5)


def facts(*, target: str = "Jobs", front: Sender = Sender.ANYONE) -> Facts:
    functions = tuple(Function(name, "app.handler", "python3.13", "src", HERE) for name in ("Front", "Work"))
    queue = Resource("Jobs", "AWS::SQS::Queue", Node({}, HERE), HERE)
    triggers = (
        Trigger("Front", "http-api", "POST /jobs", Location("template.yaml", 5), front),
        Trigger("Work", "sqs", "messages of Jobs", Location("template.yaml", 9), Sender.APP, resource="Jobs"),
    )
    call = SdkCall("sqs", "SendMessage", {"QueueUrl": Ref(target)}, Location("front.py", 4))
    flow = Flow("Work", Origin("field", "Records[].body", "sqs", Location("work.py", 8)), "path", SINK, "open", ())
    analyses = {
        "Front": Analysis("Front", HERE, effects=Effects(calls=(call,))),
        "Work": Analysis("Work", HERE, (flow,)),
    }
    return Facts(App("a", "SAM", "template.yaml", functions, triggers, {"Jobs": queue}), analyses)


def test_the_sender_behind_the_queue_is_named_with_the_way() -> None:
    (finding,) = rules.load("path-traversal").check(facts())
    assert finding.message == "anyone on the internet, through Jobs, chooses which file Work opens"
    assert finding.confidence == "medium"
    assert finding.persona == Persona.REGULAR
    assert [(str(hop.location), hop.text) for hop in finding.hops][:3] == [
        ("template.yaml:5", "POST /jobs"),
        ("front.py:4", "Front calls SendMessage on Jobs"),
        ("template.yaml:9", "messages of Jobs · Records[].body"),
    ]


def test_another_queue_or_a_sender_no_wider_changes_nothing() -> None:
    for known in (facts(target="Other"), facts(front=Sender.APP)):
        (finding,) = rules.load("path-traversal").check(known)
        assert finding.message.startswith("another part of this app chooses")
        assert finding.persona == Persona.PEDANTIC


def test_functions_that_feed_each_other_end() -> None:
    known = facts()
    back = Trigger("Front", "sqs", "messages of Jobs", HERE, Sender.APP, resource="Jobs")
    loop = Facts(
        App("a", "SAM", "t", known.app.functions, (known.app.triggers[1], back), known.app.resources), known.analyses
    )
    assert len(list(rules.load("path-traversal").check(loop))) == 1


def chained(call: SdkCall, triggers: tuple[Trigger, ...], edges: tuple[Edge, ...] = ()) -> Facts:
    known = facts()
    resources = {
        name: Resource(name, kind, Node({}, HERE), HERE)
        for name, kind in (("Jobs", "AWS::SQS::Queue"), ("News", "AWS::SNS::Topic"), ("Flow", "AWS::StepFunctions::StateMachine"))
    }  # fmt: skip
    front = Trigger("Front", "http-api", "POST /jobs", Location("template.yaml", 5), Sender.ANYONE)
    app = App("a", "SAM", "t", known.app.functions, (front, *triggers), resources, edges=edges)
    flow = Flow("Work", Origin("event", "", "direct", Location("work.py", 8)), "process", SINK, "os.system", ())
    queued = Flow(
        "Work", Origin("field", "Records[].body", "sqs", Location("work.py", 8)), "process", SINK, "os.system", ()
    )
    analyses = {
        "Front": Analysis("Front", HERE, effects=Effects(calls=(call,))),
        "Work": Analysis("Work", HERE, (queued if triggers[0].source == "sqs" else flow,)),
    }
    return Facts(app, analyses)


def test_whom_code_invokes_hears_its_callers() -> None:
    call = SdkCall("lambda", "Invoke", {"FunctionName": Ref("Work")}, Location("front.py", 4))
    direct = Trigger("Work", "direct", "direct calls", HERE, Sender.ACCOUNT, implied=True)
    known = chained(call, (direct,))
    known = replace(
        known,
        app=replace(known.app, resources={"Work": Resource("Work", "AWS::Lambda::Function", Node({}, HERE), HERE)}),
    )
    (finding,) = rules.load("shell-injection").check(known)
    assert finding.message.startswith("anyone on the internet, through Front,")
    assert "Front calls Invoke on Work" in [hop.text for hop in finding.hops]


def test_a_topic_that_fills_the_queue_is_followed_back_and_a_filtered_one_is_not() -> None:
    call = SdkCall("sns", "Publish", {"TopicArn": Ref("News")}, Location("front.py", 4))
    queue = Trigger("Work", "sqs", "messages of Jobs", Location("template.yaml", 9), Sender.APP, resource="Jobs")
    fills = Edge("News", "Jobs", "topic", Location("template.yaml", 12), "News sends to Jobs")
    (finding,) = rules.load("shell-injection").check(chained(call, (queue,), (fills,)))
    assert finding.message.startswith("anyone on the internet, through Jobs,")
    assert [hop.text for hop in finding.hops][:4] == [
        "POST /jobs", "Front calls Publish on News", "News sends to Jobs", "messages of Jobs · Records[].body",
    ]  # fmt: skip
    only = replace(fills, filter=Node({"kind": Node("a", HERE)}, HERE))
    (finding,) = rules.load("shell-injection").check(chained(call, (queue,), (only,)))
    assert finding.message.startswith("another part of this app")


def test_a_state_machine_that_code_starts_is_followed_back() -> None:
    call = SdkCall("stepfunctions", "StartExecution", {"stateMachineArn": Ref("Flow")}, Location("front.py", 4))
    task = Trigger(
        "Work", "step-functions", "a task of Flow", Location("template.yaml", 9), Sender.APP, resource="Flow"
    )
    (finding,) = rules.load("shell-injection").check(chained(call, (task,)))
    assert finding.message.startswith("anyone on the internet, through Flow,")


def test_the_way_through_the_code_that_sends_on_is_told_when_it_is_known() -> None:
    known = facts()
    origin = Origin("field", "body→job", "http-api", Location("front.py", 2))
    use = Use("message", Location("front.py", 4), "send", {}, {"Body": (origin,)},
              (Step(Location("front.py", 2), "takes body→job from the event"),))  # fmt: skip
    front = replace(known.analyses["Front"], uses=(use,))
    (finding,) = rules.load("path-traversal").check(replace(known, analyses={**known.analyses, "Front": front}))
    assert [(str(hop.location), hop.text) for hop in finding.hops][:3] == [
        ("template.yaml:5", "POST /jobs"),
        ("front.py:2", "takes body→job from the event"),
        ("front.py:4", "Front calls SendMessage on Jobs"),
    ]
