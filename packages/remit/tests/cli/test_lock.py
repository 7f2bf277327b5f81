"""``remit lock`` as people and machines see it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from inline_snapshot import snapshot

from remit.cli.lock import command

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {}
  Uploads:
    Type: AWS::S3::Bucket
  Create:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.12
      Environment: {Variables: {TABLE: !Ref Orders}}
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Orders}
      Events:
        Post: {Type: HttpApi, Properties: {Path: /orders, Method: post}}
"""
CODE = """\
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def handler(event, context):
    table.put_item(Item={"id": "1"})
    s3.get_object(Bucket=event["bucket"], Key="x")
    s3.list_buckets()
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "src" / "app.py").write_text(CODE)
    monkeypatch.chdir(folder)
    return folder


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), standalone_mode=False)


def test_the_summary(shop: Path) -> None:
    result = invoke()
    assert result.return_value == 0
    assert result.stdout == snapshot("""\
shop   SAM · 1 function · template.yaml
  Create  needs 2 actions, CreateRole grants 10
    + not granted   s3:ListAllMyBuckets on *  src/app.py:11
    - not needed    dynamodb:GetItem, DeleteItem, Scan and 6 more on {Orders} and 1 more (DynamoDBCrudPolicy)  template.yaml:16
    ? unresolved    s3:GetObject: Bucket is not known: a part of the event  src/app.py:10
granted 10 actions, needed 2; 1 unresolved → remit.lock
""")
    assert (shop / "remit.lock").is_file()


def test_a_check_writes_nothing_and_shows_the_difference(shop: Path) -> None:
    invoke()
    before = (shop / "remit.lock").read_text()
    (shop / "src" / "app.py").write_text(CODE + '    table.delete_item(Key={"id": "1"})\n')
    result = invoke("--check")
    assert result.return_value == 1
    assert (shop / "remit.lock").read_text() == before
    assert result.stdout == snapshot("""\
shop   SAM · 1 function · template.yaml
  Create  + may call dynamodb:DeleteItem on Orders  src/app.py:12
  1 change of what functions may do: review, then remit lock
  Create  needs 3 actions, CreateRole grants 10
    + not granted   s3:ListAllMyBuckets on *  src/app.py:11
    - not needed    dynamodb:GetItem, Scan, Query and 5 more on {Orders} and 1 more (DynamoDBCrudPolicy)  template.yaml:16
    ? unresolved    s3:GetObject: Bucket is not known: a part of the event  src/app.py:10
granted 10 actions, needed 3; 1 unresolved
""")


def test_json(shop: Path) -> None:
    data = json.loads(invoke("--format", "json").stdout)
    assert data["exit_code"] == 0
    function = data["apps"][0]["functions"]["Create"]
    assert function["missing"] == snapshot(
        [
            {
                "action": "s3:ListAllMyBuckets",
                "on": "*",
                "answer": "no",
                "why": "no statement allows it",
                "because": "src/app.py:11",
            }
        ]
    )
    assert {need["what"] for need in function["needs"] if need["verb"] == "calls"} == {
        "dynamodb:PutItem",
        "s3:ListAllMyBuckets",
    }
    assert [item["what"] for item in function["unresolved"]] == ["s3:GetObject"]


def test_output_names_the_lock(shop: Path) -> None:
    invoke("-o", "other.lock")
    assert (shop / "other.lock").is_file()
    assert not (shop / "remit.lock").exists()
    assert "no usable other2.lock yet" in invoke("--check", "-o", "other2.lock").stdout


def test_nothing_to_examine(tmp_path: Path) -> None:
    result = invoke(str(tmp_path))
    assert result.return_value == 3
    assert result.stdout == ""
    assert "nothing to examine" in result.stderr


def test_what_was_not_read_is_told_and_the_lock_is_written(shop: Path) -> None:
    (shop / "src" / "app.py").write_text("def handler(:\n")
    result = invoke()
    assert result.return_value == 4
    assert "not read completely: nothing was compared" in result.stdout
    assert result.stderr
    assert 'verb = "code"' in (shop / "remit.lock").read_text()
