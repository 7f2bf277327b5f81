# ruff: noqa: E501  templates in tables read best in one line
"""Amazon States Language: tasks, what comes after what, and how a definition finds its way into a template."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.app.graph import reaches_function
from remit.app.location import Location
from remit.app.model import App, Sender
from remit.app.node import graft
from remit.read.asl import Machine, parse
from remit.read.build import build
from remit.read.document import parse as parse_document
from remit.read.reading import load

AT = Location("template.yaml", 1)


def machine(states: dict[str, object], start: str = "A") -> Machine:
    """A machine of some states."""
    found = parse(graft(_frozen({"StartAt": start, "States": states}), AT))
    assert found is not None
    return found


def _frozen(value: object) -> object:  # type: ignore[misc]
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def task(resource: str, **more: object) -> dict[str, object]:
    """A task that ends, unless it goes on."""
    return {"Type": "Task", "Resource": resource, **({} if "Next" in more else {"End": True}), **more}


@pytest.mark.parametrize(
    ("resource", "given", "kind", "target"),
    [
        ("arn:aws:lambda:r:1:function:f", {}, "invoke", "arn:aws:lambda:r:1:function:f"),
        ("arn:aws:states:::lambda:invoke", {"Parameters": {"FunctionName": "f", "Payload.$": "$"}}, "invoke", "f"),
        ("arn:aws-cn:states:::lambda:invoke.waitForTaskToken", {"Parameters": {"FunctionName": "f"}}, "invoke", "f"),
        ("arn:aws:states:::lambda:invoke", {"Arguments": {"FunctionName": "f", "Payload": "{% $states.input %}"}}, "invoke", "f"),
        ("arn:aws:states:::states:startExecution.sync:2", {"Parameters": {"StateMachineArn": "m"}}, "task", "m"),
        ("arn:aws:states:::sqs:sendMessage", {"Parameters": {"QueueUrl": "q"}}, "queue", "q"),
        ("arn:aws:states:::sns:publish.waitForTaskToken", {"Parameters": {"TopicArn": "t"}}, "topic", "t"),
        ("arn:aws:states:::events:putEvents", {"Parameters": {"Entries": [{"EventBusName": "b"}]}}, "rule", "b"),
        ("arn:aws:states:::dynamodb:putItem", {"Parameters": {"TableName": "d"}}, "write", "d"),
        ("arn:aws:states:::dynamodb:getItem", {"Parameters": {"TableName": "d"}}, "read", "d"),
        ("arn:aws:states:::aws-sdk:dynamodb:query", {"Parameters": {"TableName": "d"}}, "read", "d"),
        ("arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", {"Arguments": {"TransactItems": [{"Put": {"TableName": "d"}}]}}, "write", "d"),
        ("arn:aws:states:::aws-sdk:s3:putObject", {"Parameters": {"Bucket": "b", "Key.$": "$.k"}}, "write", "b"),
        ("arn:aws:states:::aws-sdk:s3:getObject", {"Parameters": {"Bucket": "b"}}, "read", "b"),
        ("arn:aws:states:::aws-sdk:sfn:startExecution", {"Parameters": {"StateMachineArn": "m"}}, "task", "m"),
        ("arn:aws:states:::aws-sdk:eventbridge:putEvents", {"Parameters": {"Entries": [{"EventBusName": "b"}]}}, "rule", "b"),
        ("arn:aws:states:r:1:activity:a", {}, "activity", "arn:aws:states:r:1:activity:a"),
        ("arn:aws:states:::bedrock:invokeModel", {"Parameters": {"ModelId": "m"}}, "other", None),
    ],
)  # fmt: skip
def test_what_a_task_calls(resource: str, given: dict[str, object], kind: str, target: object) -> None:
    found = machine({"A": task(resource, **given)})
    assert [(item.kind, item.target) for item in found.tasks] == [(kind, target)]
    assert not found.open


@pytest.mark.parametrize(
    "given",
    [
        {"Parameters": {"FunctionName.$": "$.name"}},
        {"Arguments": {"FunctionName": "{% $states.input.name %}"}},
        {"Parameters": {"FunctionName": "${NotSubstituted}"}},
    ],
)
def test_a_function_that_is_chosen_at_run_time_is_open(given: dict[str, object]) -> None:
    found = machine({"A": task("arn:aws:states:::lambda:invoke", **given)})
    assert not found.tasks
    assert [(name, why) for name, why, _ in found.open] == [("A", "which FunctionName is decided when it runs")]


def test_the_order_of_tasks_through_choices_branches_and_maps() -> None:
    found = machine(
        {
            "A": task("a", Next="Choose", Catch=[{"Next": "Sorry"}]),
            "Choose": {"Type": "Choice", "Choices": [{"Next": "Both"}], "Default": "Each"},
            "Both": {
                "Type": "Parallel",
                "Next": "Z",
                "Branches": [
                    {"StartAt": "L", "States": {"L": task("l", Next="L2"), "L2": task("l2")}},
                    {"StartAt": "R", "States": {"R": task("r")}},
                ],
            },
            "Each": {
                "Type": "Map",
                "Next": "Wait",
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "Parameters": {"Bucket": "in", "Key": "k"},
                },
                "ItemProcessor": {"StartAt": "M", "States": {"M": task("m")}},
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}},
            },
            "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Z"},
            "Sorry": {"Type": "Pass", "Next": "Z"},
            "Z": task("z"),
        }
    )
    assert found.first == ("A",)
    assert {name: set(after) for name, after in found.after.items() if "/Item" not in name and "/Res" not in name} == {
        "A": {"Both/1/L", "Both/2/R", "Each/M", "Z"},
        "Both/1/L": {"Both/1/L2"},
        "Both/1/L2": {"Z"},
        "Both/2/R": {"Z"},
        "Each/M": {"Z"},
        "Z": set(),
    }
    assert {(item.state, item.kind) for item in found.tasks if item.integration == "s3"} == {
        ("Each/ItemReader", "read"),
        ("Each/ResultWriter", "write"),
    }


F = "F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: .}}\nG: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: .}}\n"
TWO = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "%s", "Next": "B"}, "B": {"Type": "Task", "Resource": "%s", "End": true}}}'
FORMS = {
    "sub": "DefinitionString: !Sub '%s'" % (TWO % ("${F.Arn}", "${G.Arn}")),
    "join": "DefinitionString: !Join ['', ['{}', !GetAtt F.Arn, '{}', !GetAtt G.Arn, '{}']]".format(*tuple((TWO % ("|", "|")).split("|"))),
    "substitutions": "DefinitionString: '%s'\n    DefinitionSubstitutions: {First: !GetAtt F.Arn, Second: !GetAtt G.Arn}" % (TWO % ("${First}", "${Second}")),
    "object": "Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt F.Arn, Next: B}, B: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !Ref G}, End: true}}}",
    "object with substitutions": "Definition: {StartAt: A, States: {A: {Type: Task, Resource: '${First}', Next: B}, B: {Type: Task, Resource: '${Second}', End: true}}}\n    DefinitionSubstitutions: {First: !GetAtt F.Arn, Second: !Sub '${G.Arn}:live'}",
    "a number filled in": "DefinitionString: !Sub '{}'".format((TWO % ("${F.Arn}", "${G.Arn}")).replace('"End": true', '"TimeoutSeconds": ${AWS::AccountId}, "End": true')),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_definition(resources, form: str) -> None:  # type: ignore[no-untyped-def]
    app: App = resources(F + f"M:\n  Type: AWS::Serverless::StateMachine\n  Properties:\n    {FORMS[form]}\n")
    assert {(item.function, item.source, item.name, item.sender) for item in app.triggers} == {
        ("F", "step-functions", "task A of M", Sender.APP),
        ("G", "step-functions", "task B of M", Sender.APP),
    }
    (edge,) = reaches_function(app, "F", "G")
    assert (edge.kind, edge.text) == ("task", "M runs B after A")


@pytest.mark.parametrize("name", ["flow.asl.json", "flow.asl.yaml"])
def test_a_definition_in_a_file(tmp_path, name: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "sm").mkdir()
    (tmp_path / "sm" / name).write_text(TWO % ("${First}", "${Second}"))
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        + "".join(f"  {line}\n" for line in F.splitlines())
        + f"  M: {{Type: AWS::Serverless::StateMachine, Properties: {{DefinitionUri: sm/{name}, DefinitionSubstitutions: {{First: !GetAtt F.Arn, Second: !GetAtt G.Arn}}}}}}\n"
    )
    (app,) = load(tmp_path).apps
    assert [item.name for item in app.triggers] == ["task A of M", "task B of M"]
    assert app.triggers[0].location.file == f"sm/{name}"


@pytest.mark.parametrize(
    ("definition", "why"),
    [
        ("DefinitionUri: nowhere.asl.json", "its definition is not a file in this folder"),
        ("DefinitionUri: s3://bucket/flow.json", "its definition is not a file in this folder"),
        ("DefinitionString: 'not json {'", "its definition is not JSON"),
        ("DefinitionString: !ImportValue X", "its definition is not known: the export X of another stack"),
        ("Definition: {a: b}", "its definition is not a state machine in JSON or YAML"),
        ("Tracing: {}", "it has no definition"),
    ],
)
def test_a_machine_that_cannot_be_read_is_a_blind_spot(definition: str, why: str) -> None:
    text = f"Resources:\n  F: {{Type: AWS::Lambda::Function, Properties: {{Handler: a.b, Code: x}}}}\n  M: {{Type: AWS::StepFunctions::StateMachine, Properties: {{{definition}, DefinitionSubstitutions: {{X: !GetAtt F.Arn}}}}}}\n"
    app, skips, _ = build(parse_document(text.encode(), json=False), "template.yaml")
    assert why in [item.why for item in skips if item.blind and item.what == "M"]
    # What it names it may call all the same.
    assert [(item.source, item.resource) for item in app.triggers] == [("step-functions", "M")]


def test_machines_of_machines_carry_who_starts_the_first(resources) -> None:  # type: ignore[no-untyped-def]
    app: App = resources(
        F
        + """\
Outer:
  Type: AWS::Serverless::StateMachine
  Properties:
    Definition: {StartAt: A, States: {A: {Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {StateMachineArn: !Ref Inner}, End: true}}}
    Events: {E: {Type: Api, Properties: {Path: /x, Method: post}}}
Inner:
  Type: AWS::Serverless::StateMachine
  Properties:
    Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt F.Arn, End: true}}}
"""
    )
    (trigger,) = app.triggers_of("F")
    assert trigger.sender is Sender.ANYONE
    assert next(text for _, text in trigger.because) == "Outer invokes Inner"


KEYS = st.sampled_from(
    [
        "StartAt",
        "States",
        "Type",
        "Resource",
        "Parameters",
        "Arguments",
        "Next",
        "Default",
        "Choices",
        "Catch",
        "Branches",
        "ItemProcessor",
        "Iterator",
        "End",
        "ItemReader",
        "ResultWriter",
        "FunctionName",
        "FunctionName.$",
        "Bucket",
        "A",
        "B",
        "C",
    ]
)
LEAVES = (
    st.sampled_from(
        [
            "A",
            "B",
            "C",
            "Task",
            "Map",
            "Parallel",
            "Choice",
            "arn:aws:states:::lambda:invoke",
            "arn:",
            "${A}",
            "{% x %}",
        ]
    )
    | st.none()
    | st.booleans()
    | st.integers()
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=40
)
STATES = st.dictionaries(st.sampled_from("ABC"), st.dictionaries(KEYS, TREES, max_size=6), max_size=3)


@settings(max_examples=200, deadline=None)
@given(STATES)
def test_any_shape_of_states_is_read_or_open(states: dict[str, object]) -> None:
    text = json.dumps(
        {
            "Resources": {
                "M": {
                    "Type": "AWS::StepFunctions::StateMachine",
                    "Properties": {"DefinitionString": json.dumps({"StartAt": "A", "States": states})},
                }
            }
        }
    )
    app, skips, failures = build(parse_document(text.encode(), json=True), "template.json")
    assert not failures
    assert app.resources
    assert all(item.location is not None for item in skips)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_definition_or_a_blind_spot(definition: str) -> None:
    text = json.dumps(
        {
            "Resources": {
                "M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": definition}}
            }
        }
    )
    _, skips, failures = build(parse_document(text.encode(), json=True), "template.json")
    assert not failures
    assert [item.what for item in skips] == ["M"]


def test_hostile_definitions_are_bounded() -> None:
    deep: dict[str, object] = {"StartAt": "A", "States": {"A": task("f")}}
    for _ in range(60):
        deep = {"StartAt": "A", "States": {"A": {"Type": "Map", "End": True, "ItemProcessor": deep}}}
    assert any(why == "more states than are read" for _, why, _ in machine(deep["States"]).open)  # type: ignore[arg-type]
    wide = {
        f"S{n}": {"Type": "Choice", "Choices": [{"Next": f"S{m}"} for m in range(n + 1, min(n + 40, 400))]}
        for n in range(400)
    }
    wide["S399"] = task("f")
    assert machine(wide, "S0").first == ("S399",)
