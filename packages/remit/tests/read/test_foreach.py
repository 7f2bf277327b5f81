"""Loops, lists, defaults of maps and values that are looked up when a template is deployed."""

from collections.abc import Callable

import pytest

from remit.app.model import App
from remit.app.value import Ref, Text, Unknown
from remit.read.build import build
from remit.read.document import Malformed, parse
from remit.read.resolve import dynamic

HEAD = "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n"


def properties(app: App, name: str) -> object:
    return app.resources[name].properties.plain()


def test_a_loop_over_resources(read_app: Callable[[str], App]) -> None:
    app = read_app(
        HEAD
        + """\
Parameters: {Extra: {Type: CommaDelimitedList, Default: "Refunds, e-mails"}}
Resources:
  Fn::ForEach::Queues:
    - Name
    - [Orders, !Ref Extra]
    - ${Name}Queue:
        Type: AWS::SQS::Queue
        Properties: {QueueName: !Sub "${Name}-q-${AWS::Region}"}
      Fn&{Name}:
        Type: AWS::Serverless::Function
        Properties:
          Handler: !Sub "src/${Name}.handler"
          Runtime: python3.12
          Environment: {Variables: {N: !Ref Name, Q: !GetAtt ["${Name}Queue", Arn], M: {Ref: Name}}}
  Last: {Type: AWS::SQS::Queue}
"""
    )
    assert list(app.resources) == [
        "OrdersQueue",
        "FnOrders",
        "RefundsQueue",
        "FnRefunds",
        "e-mailsQueue",
        "Fnemails",
        "Last",
    ]
    assert str(app.resources["RefundsQueue"].name) == "Refunds-q-{AWS::Region}"
    function = app.function("Fnemails")
    assert function is not None
    assert function.handler == "src/e-mails.handler"
    assert {name: node.plain() for name, node in function.environment.items()} == {
        "N": "e-mails",
        "Q": Ref("e-mailsQueue", "Arn"),
        "M": "e-mails",
    }
    assert app.resources["RefundsQueue"].location.line == 7


def test_loops_in_loops_properties_outputs_and_conditions(read_app: Callable[[str], App]) -> None:
    app = read_app(
        HEAD
        + """\
Mappings: {Of: {prod: {Regions: [eu, us]}}}
Conditions:
  Fn::ForEach::Each: [X, [a, b], {"Is${X}": !Equals [!Ref X, a]}]
Resources:
  Fn::ForEach::Outer:
    - Region
    - !FindInMap [Of, prod, Regions]
    - Fn::ForEach::Inner:
        - Kind
        - [Hot, Cold]
        - Store${Region}${Kind}:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !If [Isa, "${Region}-${Kind}", wrong]
              Fn::ForEach::Tags: [T, [x, y], {"Tag${T}": !Ref T}]
"""
    )
    assert list(app.resources) == ["StoreeuHot", "StoreeuCold", "StoreusHot", "StoreusCold"]
    assert properties(app, "StoreusCold") == {"BucketName": "us-Cold", "Tagx": "x", "Tagy": "y"}


def test_a_loop_over_what_only_the_deployment_knows_is_a_blind_spot() -> None:
    text = HEAD + "Parameters: {L: {Type: CommaDelimitedList}}\nResources:\n"
    text += "  Fn::ForEach::A: [N, !Ref L, {'${N}Q': {Type: AWS::SQS::Queue}}]\n"
    app, skips, failures = build(parse(text.encode(), json=False), "t.yaml")
    assert not app.resources
    assert not failures
    assert [(skip.what, skip.blind) for skip in skips] == [("Fn::ForEach::A", True)]


@pytest.mark.parametrize(
    ("loop", "why"),
    [
        ("[N, [a]]", "is not a loop"),
        ("{a: b}", "is not a loop"),
        ("[[N], [a], {a: b}]", "is not a loop"),
    ],
)
def test_a_loop_of_the_wrong_shape_is_told_with_its_place(loop: str, why: str) -> None:
    with pytest.raises(Malformed, match=why) as caught:
        build(parse(f"{HEAD}Resources:\n  Fn::ForEach::A: {loop}\n".encode(), json=False), "t.yaml")
    assert caught.value.line == 3


def test_a_bomb_of_loops_ends() -> None:
    listed = "[" + ", ".join(f"v{number}" for number in range(1000)) + "]"
    body = "{Type: AWS::SQS::Queue}"
    text = "'" + "".join(f"${{L{level}}}" for level in range(5)) + f"': {body}"
    for level in reversed(range(5)):
        text = f"Fn::ForEach::Loop{level}: [L{level}, {listed}, {{{text}}}]"
    with pytest.raises(Malformed, match="expand to far too much"):
        build(parse(f"Resources: {{{text}}}\n".encode(), json=False), "t.yaml")


def test_too_many_levels_are_refused() -> None:
    text = "A: {Type: AWS::SQS::Queue}"
    for level in range(6):
        text = f"Fn::ForEach::Loop{level}: [L{level}, [a], {{{text}}}]"
    with pytest.raises(Malformed, match="more than 5 deep"):
        build(parse(f"Resources: {{{text}}}\n".encode(), json=False), "t.yaml")


def test_lists_defaults_and_lengths(read_app: Callable[[str], App]) -> None:
    app = read_app(
        HEAD
        + """\
Parameters:
  L: {Type: CommaDelimitedList, Default: "a, b,c"}
  S: {Type: "List<AWS::EC2::Subnet::Id>"}
Mappings: {M: {one: {k: 1}}}
Resources:
  R:
    Type: AWS::X
    Properties:
      Second: !Select [1, !Ref L]
      Joined: !Join ["-", !Ref L]
      Count: {Fn::Length: !Ref L}
      Open: {Fn::Length: !Ref S}
      NoKey: !FindInMap [M, two, k, {DefaultValue: other}]
      NoMap: !FindInMap [Gone, two, k, {DefaultValue: !Ref L}]
      There: !FindInMap [M, one, k, {DefaultValue: other}]
      Json: {Fn::ToJsonString: {a: [1, !Ref R2]}}
  R2: {Type: AWS::X}
"""
    )
    assert properties(app, "R") == {
        "Second": "b",
        "Joined": "a-b-c",
        "Count": 3,
        "Open": Unknown("the length of a list"),
        "NoKey": "other",
        "NoMap": Ref("L"),
        "There": 1,
        "Json": Text(('{"a":[1,"', Ref("R2"), '"]}')),
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{resolve:secretsmanager:prod/db:SecretString:password}}", Unknown("the secret prod/db, its password")),
        ("{{resolve:secretsmanager:prod/db}}", Unknown("the secret prod/db")),
        ("{{resolve:ssm:/app/url:3}}", Unknown("the parameter /app/url:3")),
        ("{{resolve:ssm-secure:/app/key}}", Unknown("the secure parameter /app/key")),
        (
            "db://{{resolve:ssm:a}}:{{resolve:ssm:b}}@x",
            Text(("db://", Unknown("the parameter a"), ":", Unknown("the parameter b"), "@x")),
        ),
        (
            Text(("{{resolve:secretsmanager:", Ref("Db"), ":SecretString:password}}", Ref("X"))),
            Text((Unknown("the secret {Db}, its password"), Ref("X"))),
        ),
        ("{{resolve:ssm:unclosed", Unknown("the parameter unclosed")),
        ("{{resolved}} }}", "{{resolved}} }}"),
    ],
)
def test_values_that_are_looked_up_later(value: str | Text, expected: object) -> None:
    assert dynamic(value) == expected


def test_a_secret_in_an_environment_is_unknown_and_named(resources: Callable[[str], App]) -> None:
    app = resources("""\
        F:
          Type: AWS::Serverless::Function
          Properties:
            Handler: a.b
            Runtime: python3.12
            Environment: {Variables: {P: !Sub "{{resolve:secretsmanager:${Db}:SecretString:password}}"}}
        Db: {Type: AWS::SecretsManager::Secret}
        """)
    assert app.functions[0].environment["P"].value == Unknown("the secret {Db}, its password")
