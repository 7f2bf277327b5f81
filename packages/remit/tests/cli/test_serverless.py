"""A service of the Serverless Framework through the command line, from its configuration to the lock."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.cli import main

Run = Callable[..., tuple[int, str]]

SERVICE = """\
service: shop
custom:
  table: ${self:service}-${sls:stage}-orders
provider:
  name: aws
  runtime: python3.13
  environment:
    TABLE: ${self:custom.table}
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:*
          Resource: arn:aws:dynamodb:${aws:region}:*:table/${self:custom.table}
functions:
  create:
    handler: src/orders.create
    events:
      - httpApi: POST /orders
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: ${self:custom.table}
"""
CODE = """\
import json
import sys
from collections.abc import Callable
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def create(event, context):
    os.system("echo " + event["body"])
    table.put_item(Item=json.loads(event["body"]))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/orders.py").write_text(CODE)
    (tmp_path / "serverless.yml").write_text(SERVICE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    def run_(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["remit", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsysbinary.readouterr().out.decode()

    return run_


def test_scan_finds_the_path_from_the_route_to_the_shell(folder: Path, run: Run) -> None:
    code, text = run("scan", ".")
    assert code == 1
    assert text.startswith("shop   Serverless · 1 function · 1 trigger")
    assert "critical[shell-injection]  anyone on the internet runs commands in CreateLambdaFunction" in text
    assert "serverless.yml:19  POST /orders" in text
    _, report = run("scan", ".", "--format", "json")
    assert json.loads(report)["apps"][0]["form"] == "Serverless"


def test_lock_narrows_the_shared_role_to_the_table(folder: Path, run: Run) -> None:
    code, text = run("lock", ".")
    assert code == 0, text
    lock = (folder / "remit.lock").read_text()
    assert '{ action = "dynamodb:PutItem", on = "{Orders}", because = "src/orders.py:13" },' in lock
    assert "not needed    dynamodb:* " in text
    assert "wider         dynamodb:PutItem is needed on {Orders} only" in text
    run("lock", ".")
    assert (folder / "remit.lock").read_text() == lock
