"""Nested stacks and applications: parts of the template that nests them."""

from pathlib import Path

import pytest

from remit.app.value import Ref
from remit.read import Reading, code_of, load

SAM = "Transform: AWS::Serverless-2016-10-31\n"


def write(root: Path, name: str, content: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def said(reading: Reading) -> list[tuple[str, str, bool]]:
    return [(skip.what, skip.why, skip.blind) for skip in reading.skips]


PARENT = (
    SAM
    + """\
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  Store:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./db/store.yaml
      Parameters: {Prefix: !Ref Stage}
  Api:
    Type: AWS::Serverless::Application
    Properties:
      Location: api/template.yaml
      Parameters: {Table: !GetAtt Store.Outputs.TableName, TableArn: !GetAtt Store.Outputs.TableArn}
  Top:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      CodeUri: top
      Environment: {Variables: {T: !GetAtt Store.Outputs.TableName, URL: !GetAtt Api.Outputs.Url}}
"""
)
STORE = """\
Parameters: {Prefix: {Type: String}, Size: {Type: String, Default: small}}
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${Prefix}-orders-${Size}"}}
Outputs:
  TableName: {Value: !Ref Orders}
  TableArn: {Value: !GetAtt Orders.Arn}
"""
API = (
    SAM
    + """\
Parameters: {Table: {Type: String}, TableArn: {Type: String}}
Resources:
  Top:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: src
      Environment: {Variables: {T: !Ref Table}}
      Policies:
        - Statement: [{Effect: Allow, Action: dynamodb:PutItem, Resource: !Ref TableArn}]
      Events: {Get: {Type: Api, Properties: {Path: /x, Method: get}}}
Outputs: {Url: {Value: !Sub "https://${ServerlessRestApi}.example"}}
"""
)


def test_values_cross_the_border_both_ways(tmp_path: Path) -> None:
    write(tmp_path, "template.yaml", PARENT)
    write(tmp_path, "db/store.yaml", STORE)
    write(tmp_path, "api/template.yaml", API)
    write(tmp_path, "api/src/app.py", "def handler(event, context): ...\n")
    reading = load(tmp_path)
    (app,) = reading.apps
    assert not reading.failures
    assert not said(reading)
    assert [(function.id, function.code, str(function.location)) for function in app.functions] == [
        ("Top", "top", "template.yaml:14"),
        ("ApiTop", "api/src", "api/template.yaml:4"),
    ]
    top, child = app.functions
    assert top.environment["T"].plain() == Ref("Orders")
    assert child.environment["T"].plain() == Ref("Orders")
    assert app.resource_of(child.environment["T"].plain()) is app.resources["Orders"]
    assert str(app.resources["Orders"].name) == "{Stage}-orders-{Size}"
    assert app.resources["Orders"].label == "Store/Orders"
    role = app.role_of(child)
    assert role is not None
    assert [grant.resources for grant in role.grants if "dynamodb:PutItem" in grant.actions] == [
        (Ref("Orders", "Arn"),)
    ]
    (trigger,) = app.triggers_of("ApiTop")
    assert (trigger.name, trigger.location.file) == ("GET /x", "api/template.yaml")
    assert set(code_of(tmp_path, child).files) == {"api/src/app.py"}


def test_one_template_nested_twice_is_there_twice(tmp_path: Path) -> None:
    nest = "{Type: AWS::Serverless::Application, Properties: {Location: a/t.yaml, Parameters: {N: %s}}}"
    write(tmp_path, "template.yaml", f"{SAM}Resources:\n  One: {nest % 'x'}\n  Two: {nest % 'y'}\n")
    write(
        tmp_path,
        "a/t.yaml",
        SAM
        + """\
Parameters: {N: {Type: String}}
Conditions: {IsX: !Equals [!Ref N, x]}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: !If [IsX, python3.12, nodejs20.x]
      Environment: {Variables: {N: !Ref N}}
      Events: {E: {Type: Api, Properties: {Path: /x, Method: get}}}
""",
    )
    (app,) = load(tmp_path).apps
    assert [(f.id, f.runtime, f.code, f.environment["N"].plain()) for f in app.functions] == [
        ("F", "python3.12", "a", "x"),
        ("TwoF", "nodejs20.x", "a", "y"),
    ]
    assert {trigger.function: trigger.resource for trigger in app.triggers} == {
        "F": "ServerlessRestApi",
        "TwoF": "TwoServerlessRestApi",
    }


def test_circles_are_told_once(tmp_path: Path) -> None:
    nest = "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}\n  Q: {Type: AWS::SQS::Queue}\n"
    write(tmp_path, "template.yaml", nest % "a.yaml")
    write(tmp_path, "a.yaml", nest % "b.yaml")
    write(tmp_path, "b.yaml", nest % "a.yaml")
    reading = load(tmp_path)
    assert [failure.why for failure in reading.failures] == ["this template nests itself: a.yaml → b.yaml → a.yaml"]
    assert [app.template for app in reading.apps] == ["template.yaml"]


def test_templates_that_only_nest_each_other_are_not_lost(tmp_path: Path) -> None:
    nest = "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}\n  Q: {Type: AWS::SQS::Queue}\n"
    write(tmp_path, "a.yaml", nest % "b.yaml")
    write(tmp_path, "b.yaml", nest % "a.yaml")
    reading = load(tmp_path)
    assert reading.failures
    write(tmp_path, "self/t.yaml", nest % "t.yaml")
    assert [failure.why for failure in load(tmp_path / "self").failures] == [
        "this template nests itself: t.yaml → t.yaml"
    ]


def test_a_wide_and_deep_nest_ends(tmp_path: Path) -> None:
    many = "Resources:\n" + "".join(
        f"  N{n}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: NEXT}}}}\n" for n in range(10)
    )
    for level in range(12):
        write(tmp_path, f"t{level}.yaml", many.replace("NEXT", f"t{level + 1}.yaml"))
    write(tmp_path, "t12.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}\n")
    reading = load(tmp_path / "t0.yaml")
    assert len(reading.apps) == 1
    assert any("nested more than 10 levels deep" in failure.why for failure in reading.failures)


@pytest.mark.parametrize(
    ("properties", "what"),
    [
        ("TemplateURL: https://s3.amazonaws.com/b/x.yaml", "a nested stack: its template is not here"),
        ("TemplateURL: gone.yaml", "a nested stack: its template gone.yaml is not there"),
        ("TemplateURL: ../../outside.yaml", "a nested stack: its template ../../outside.yaml is not there"),
        ("TemplateURL: !Ref Unknown", "a nested stack: its template is not here"),
    ],
)
def test_what_is_not_here_is_a_blind_spot(tmp_path: Path, properties: str, what: str) -> None:
    write(
        tmp_path,
        "template.yaml",
        f"Resources:\n  N: {{Type: AWS::CloudFormation::Stack, Properties: {{{properties}}}}}\n",
    )
    assert said(load(tmp_path)) == [("N", what, True)]


def test_an_application_of_a_repository_is_a_blind_spot(tmp_path: Path) -> None:
    write(
        tmp_path,
        "template.yaml",
        SAM + "Resources:\n  N: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a}}}\n",
    )
    assert said(load(tmp_path)) == [("N", "an application of a repository: its template is not here", True)]


def test_a_template_in_a_bucket_is_known_by_its_name(tmp_path: Path) -> None:
    url = '!Sub "https://${Bucket}.s3.${AWS::Region}.amazonaws.com/quickstart/templates/db.yaml"'
    write(
        tmp_path,
        "main.yaml",
        f"Resources:\n  N: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}\n",
    )
    write(tmp_path, "templates/db.yaml", "Resources: {Q: {Type: AWS::SQS::Queue}}\n")
    reading = load(tmp_path)
    ((app),) = reading.apps
    assert set(app.resources) == {"N", "Q"}
    assert [blind for _, _, blind in said(reading)] == [False]
