"""``remit graph`` as people and programs call it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from inline_snapshot import snapshot

from remit.cli import COMMANDS
from remit.cli.graph import command

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs:
    Type: AWS::SQS::Queue
  Create:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.12
      Environment: {Variables: {JOBS: !Ref Jobs}}
      Policies:
        - SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}
      Events:
        Post: {Type: HttpApi, Properties: {Path: /orders, Method: post}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: work.handler
      Runtime: python3.12
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Nightly:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: work.handler
      Runtime: python3.12
      Events:
        Night: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
"""
CODE = """\
import os
import boto3

queue = boto3.client("sqs")


def handler(event, context):
    queue.send_message(QueueUrl=os.environ["JOBS"], MessageBody=event["body"])
    os.system("echo " + event["body"])
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "src" / "app.py").write_text(CODE)
    (folder / "src" / "work.py").write_text("def handler(event, context):\n    return None\n")
    monkeypatch.chdir(folder)
    return folder


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), standalone_mode=False)


def test_one_screen(shop: Path) -> None:
    result = invoke()
    assert result.return_value == 0
    assert result.stderr == ""
    assert result.stdout == snapshot("""\
shop   SAM · 3 functions · 3 triggers · 5 resources · template.yaml

 A critical  Anyone → POST /orders → Create: shell injection  src/app.py:9

anyone on the internet
└─ ServerlessHttpApi (HTTP API)
   POST /orders → Create  path A  ⟨own queue only (1 of 1 actions needed)⟩
      sends Jobs  path A  src/app.py:8
         → Work  ⟨logs only⟩
the platform itself
└─ Schedule
   schedule rate(1 day) → Nightly  ⟨logs only⟩

3 functions · 1 attack path · a picture: remit graph --format html -o graph.html
""")


def test_a_file_in_place_of_stdout(shop: Path) -> None:
    result = invoke("--format", "html", "-o", "graph.html")
    assert (result.return_value, result.stdout) == (0, "")
    assert (shop / "graph.html").read_text("utf-8").startswith("<!doctype html>")


def test_one_function(shop: Path) -> None:
    result = invoke("--function", "Work", "--format", "json")
    data = json.loads(result.stdout)
    assert data["function"] == "Work"
    ids = {node["id"] for node in data["apps"][0]["nodes"]}
    assert {"function:Work", "resource:Jobs", "function:Create", "sender:anyone"} <= ids
    assert "function:Nightly" not in ids


def test_a_function_that_is_not_there(shop: Path) -> None:
    result = invoke("--function", "Creat")
    assert 'there is no function "Creat"; did you mean Create?' in str(result.exception)
    assert result.exception.exit_code == 2


def test_without_code_it_says_so_and_is_no_gap(shop: Path) -> None:
    result = invoke("--no-code")
    assert result.return_value == 0
    assert "code not read, as asked" in result.stdout
    assert "shell injection" not in result.stdout


def test_what_was_not_read_is_said_and_ends_with_4(shop: Path) -> None:
    (shop / "src" / "work.py").write_text("def handler(:\n")
    result = invoke("--format", "json")
    assert result.return_value == 4
    data = json.loads(result.stdout)
    assert (data["complete"], data["exit_code"]) == (False, 4)
    assert "work.py" in result.stderr
    assert next(item for item in data["apps"][0]["functions"] if item["id"] == "function:Work")["not_read"]


def test_a_broken_template_is_no_empty_picture(shop: Path) -> None:
    (shop / "template.yaml").write_text("Resources: [\n")
    result = invoke()
    assert result.return_value == 4
    assert "template.yaml" in result.stderr


def test_nothing_to_draw(tmp_path: Path) -> None:
    result = invoke(str(tmp_path))
    assert result.return_value == 3
    assert "nothing to draw" in result.stderr
    assert invoke(str(tmp_path / "missing")).exception is not None


def test_the_command_is_listed_and_explains_itself(shop: Path) -> None:
    assert COMMANDS["graph"][0] == "remit.cli.graph"
    said = CliRunner().invoke(command, ["--help"]).stdout
    for part in ("graph.html", "--no-code", "Exit codes", "attack path"):
        assert part.lower() in said.lower()
