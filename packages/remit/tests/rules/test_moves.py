"""Three functions: one that strangers reach feeds the queue of one that can do anything; a third has nothing to do with it."""

from pathlib import Path

import pytest

from remit.app.report import Finding, Persona
from remit.graph import Picture, picture
from remit.scan import Plan, survey

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, CodeUri: .}}
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Front:
    Type: AWS::Serverless::Function
    Properties:
      Handler: front.handler
      Environment: {Variables: {JOBS: !Ref Jobs}}
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
      Events: {Post: {Type: HttpApi, Properties: {Method: POST, Path: /run}}}
  Keeper:
    Type: AWS::Serverless::Function
    Properties:
      Handler: keeper.handler
      Policies: [AdministratorAccess]
      Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}
  Clock:
    Type: AWS::Serverless::Function
    Properties:
      Handler: keeper.handler
      Events: {Tick: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
"""
FRONT = """\
import os
import boto3

def handler(event, context):
    os.system("echo " + event["body"])
    boto3.client("sqs").send_message(QueueUrl=os.environ["JOBS"], MessageBody="go")
"""


@pytest.fixture
def scanned(tmp_path: Path) -> tuple[list[Finding], Picture]:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "front.py").write_text(FRONT)
    (tmp_path / "keeper.py").write_text("def handler(event, context):\n    return 1\n")
    found = survey(Plan((tmp_path,), persona=Persona.PEDANTIC, today="2026-10-01", max_advisory_age=100_000))
    (part,) = found.parts
    return list(found.report.findings), picture(part.facts, part.findings)


def test_the_path_goes_on_to_what_the_function_feeds(scanned: tuple[list[Finding], Picture]) -> None:
    findings, _ = scanned
    (path,) = [finding for finding in findings if finding.rule == "shell-injection"]
    assert path.reach == ("sends to Jobs, which feeds Keeper",)


def test_the_pedantic_hear_that_an_administrator_runs_on_what_strangers_reach(
    scanned: tuple[list[Finding], Picture],
) -> None:
    findings, _ = scanned
    (finding,) = [finding for finding in findings if finding.rule == "privilege-escalation"]
    assert finding.message == "Front sends to Jobs, which feeds Keeper"
    assert finding.persona == Persona.PEDANTIC
    assert finding.notes["gains"].startswith("the rights of KeeperRole: reads and replaces every secret")


def test_the_picture_shows_where_a_taken_over_function_leads(scanned: tuple[list[Finding], Picture]) -> None:
    _, drawn = scanned
    onward = [(way.start, way.end, way.verbs) for way in drawn.ways if way.reach]
    assert onward == [("function:Front", "function:Keeper", ("feeds",))]
    (attack,) = drawn.attacks
    assert attack.nodes[-1] == "function:Keeper"
    assert "function:Clock" not in attack.nodes
