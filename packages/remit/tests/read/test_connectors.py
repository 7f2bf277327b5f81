"""Connectors against SAM's own translator: the same actions on the same resources for the same role."""

from collections.abc import Callable
from typing import Any

import pytest
from samtranslator.model.connector_profiles.profile import PROFILE

from remit.app.model import App, Grant
from remit.read.build import build
from remit.read.document import parse

SAM = "Transform: AWS::Serverless-2016-10-31\n"
PERMISSIONS: dict[str, dict[str, Any]] = PROFILE["Permissions"]  # type: ignore[index]
DECLARED = {
    "AWS::Lambda::Function": "{Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.12}}",
    "AWS::DynamoDB::Table": "{Type: AWS::Serverless::SimpleTable}",
    "AWS::StepFunctions::StateMachine": "{Type: AWS::Serverless::StateMachine, Properties: {Definition: {}}}",
    "AWS::ApiGateway::RestApi": "{Type: AWS::Serverless::Api, Properties: {StageName: x}}",
    "AWS::ApiGatewayV2::Api": "{Type: AWS::Serverless::HttpApi}",
    "AWS::AppSync::DataSource": "{Type: AWS::AppSync::DataSource, Properties: {ServiceRoleArn: !GetAtt Role.Arn}}",
    "AWS::Events::Rule": (
        "{Type: AWS::Events::Rule, Properties: {Targets: [{Arn: !GetAtt Destination.Arn, RoleArn: !GetAtt Role.Arn}]}}"
    ),
}
PAIRS = [(source, destination) for source in PERMISSIONS for destination in PERMISSIONS[source]]


def granted(app: App) -> list[Grant]:
    return [grant for role in app.roles.values() for grant in role.grants if grant.origin.startswith("connector:")]


@pytest.mark.parametrize(("source", "destination"), PAIRS)
def test_every_pair_the_translator_knows(source: str, destination: str) -> None:
    known = PERMISSIONS[source][destination]
    categories = list(known["Properties"]["AccessCategories"])
    text = f"""\
{SAM}Resources:
  Role: {{Type: AWS::IAM::Role, Properties: {{}}}}
  Source: {DECLARED.get(source, f"{{Type: {source}}}")}
  Destination: {DECLARED.get(destination, f"{{Type: {destination}}}")}
  Link:
    Type: AWS::Serverless::Connector
    Properties: {{Source: {{Id: Source}}, Destination: {{Id: Destination}}, Permissions: [{", ".join(categories)}]}}
"""
    app, skips, failures = build(parse(text.encode(), json=False), "template.yaml")
    assert not failures
    assert [skip.what for skip in skips if skip.blind and skip.what.startswith("Link")] == []
    if known["Type"] == "AWS_IAM_ROLE_MANAGED_POLICY":
        statements = [s for c in categories for s in known["Properties"]["AccessCategories"][c]["Statement"]]
        expected = {(tuple(s["Action"]), tuple(map(spelled, s["Resource"]))) for s in statements}
        assert {(grant.actions, tuple(map(plain, grant.resources))) for grant in granted(app)} == expected
    elif known["Type"] == "AWS_LAMBDA_PERMISSION":
        permission = app.resources["LinkPermission"]
        assert permission.properties.get("Principal") == known["Properties"]["AccessCategories"]["Write"]["Principal"]
    else:
        (statement,) = known["Properties"]["AccessCategories"]["Write"]["Statement"]
        grants = [grant for each in app.policies.values() for grant in each]
        assert [grant.actions for grant in grants] == [(statement["Action"],)]


def spelled(resource: str) -> str:
    for end in ("Source", "Destination"):
        resource = resource.replace(f"%{{{end}.Arn}}", end).replace(f"%{{{end}.Name}}", f"{{{end}.Name}}")
    return resource.replace("${", "{")


def plain(value: object) -> str:
    text = str(value)
    for end in ("Source", "Destination"):
        text = text.replace(f"{{{end}.Arn}}", end).replace(f"{{{end}}}", end)
    return text


@pytest.fixture
def app_of(read_app: Callable[[str], App]) -> Callable[[str], App]:
    return lambda text: read_app(SAM + text)


def test_a_connector_written_at_its_source(app_of: Callable[[str], App]) -> None:
    app = app_of("""\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.12}
    Connectors:
      Mine: {Properties: {Destination: [{Id: T}, {Id: Q}], Permissions: [Read]}}
  T: {Type: AWS::DynamoDB::Table}
  Q: {Type: AWS::SQS::Queue}
""")
    role = app.roles["FRole"]
    mine = [grant for grant in role.grants if grant.origin == "connector:FMine"]
    assert [(grant.actions[0], grant.location.line) for grant in mine] == [
        ("dynamodb:GetItem", 7),
        ("sqs:ReceiveMessage", 7),
    ]


def test_ends_outside_the_template(app_of: Callable[[str], App]) -> None:
    app = app_of("""\
Resources:
  R: {Type: AWS::IAM::Role, Properties: {}}
  L:
    Type: AWS::Serverless::Connector
    Properties:
      Source: {Type: AWS::Lambda::Function, RoleName: !Ref R, Arn: "arn:aws:lambda:x:1:function:f"}
      Destination: {Type: AWS::SNS::Topic, Arn: "arn:aws:sns:x:1:topic"}
      Permissions: [Write]
""")
    assert [(grant.actions, grant.resources) for grant in granted(app)] == [
        (("sns:Publish",), ("arn:aws:sns:x:1:topic",))
    ]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (
            "Source: {Id: F}, Destination: {Id: Gone}, Permissions: [Read]",
            'names "Gone", which this template does not declare',
        ),
        ("Source: {Id: F}, Permissions: [Read]", 'lacks "Source", "Destination" or "Permissions"'),
        ("Source: {Id: F}, Destination: {Id: C}, Permissions: [Read]", "a connector from Function to Cluster"),
        (
            "Source: {Id: F}, Destination: {Id: T}, Permissions: [Read]",
            "with the permission Read, which this pair does not have",
        ),
        ("Source: {Id: F}, Destination: {Arn: x}, Permissions: [Read]", "to something that is not told"),
    ],
)
def test_what_is_not_known_is_said(link: str, said: str) -> None:
    text = f"""\
{SAM}Resources:
  F: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b, Runtime: python3.12}}}}
  C: {{Type: AWS::ECS::Cluster}}
  T: {{Type: AWS::SNS::Topic}}
  L: {{Type: AWS::Serverless::Connector, Properties: {{{link}}}}}
"""
    _, skips, failures = build(parse(text.encode(), json=False), "template.yaml")
    assert [said in item.why for item in (*failures, *(skip for skip in skips if skip.blind))] == [True]
