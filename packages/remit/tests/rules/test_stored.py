"""What one function stores and another reads keeps its sender, in both languages."""

from pathlib import Path

import pytest

from remit import rules
from remit.app.report import Finding
from remit.rules._stored import attribute_of
from remit.scan.gather import gather
from remit.scan.report import Plan

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Writer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {writer}
      Handler: app.handler
      CodeUri: writer
      Environment: {{Variables: {{TABLE: !Ref Jobs, BUCKET: !Ref Files}}}}
      Events:
        Post: {{Type: HttpApi, Properties: {{Method: POST, Path: /jobs}}}}
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {reader}
      Handler: app.handler
      CodeUri: reader
      Environment: {{Variables: {{TABLE: !Ref {table}, BUCKET: !Ref Files}}}}
      Events:
        Nightly: {{Type: Schedule, Properties: {{Schedule: rate(1 day)}}}}
  Jobs:
    Type: AWS::Serverless::SimpleTable
  Other:
    Type: AWS::Serverless::SimpleTable
  Files:
    Type: AWS::S3::Bucket
"""
UPDATE = """table.update_item(Key={'id': '1'}, UpdateExpression='SET title = :t', ExpressionAttributeValues={':t': body['t']})"""
SCAN = """
  const { Items } = await table.send(new ScanCommand({ TableName }));
  for (const i of Items) execSync('x ' + i.name);"""
PYTHON = """
import json, os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")
def handler(event, context):
    {code}
"""
SCRIPT = """
const {{ execSync }} = require("child_process");
const {{ DynamoDBClient }} = require("@aws-sdk/client-dynamodb");
const {{ DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, ScanCommand }} = require("@aws-sdk/lib-dynamodb");
const AWS = require("aws-sdk");
const s3 = new AWS.S3();
const table = DynamoDBDocumentClient.from(new DynamoDBClient({{}}));
const TableName = process.env.TABLE, Bucket = process.env.BUCKET;
exports.handler = async (event) => {{
  {code}
}};
"""
BODY = "body = json.loads(event['body']); "
SCRIPT_BODY = "const body = JSON.parse(event.body); "


def found(folder: Path, writer: str, reader: str, table: str = "Jobs") -> list[Finding]:
    """Commands that the sender to the writer runs in the reader; code with ``await`` is JavaScript."""
    (folder / "template.yaml").write_text(
        TEMPLATE.format(
            writer="nodejs22.x" if "await" in writer else "python3.13",
            reader="nodejs22.x" if "await" in reader else "python3.13",
            table=table,
        )
    )
    for name, code in (("writer", writer), ("reader", reader)):
        (folder / name).mkdir()
        script = "await" in code
        text = (SCRIPT if script else PYTHON).format(code=code)
        (folder / name / ("app.js" if script else "app.py")).write_text(text)
    gathered = gather(folder, Plan((folder,), today="2026-10-01", max_advisory_age=100_000))
    return [finding for facts in gathered.facts for finding in rules.load("shell-injection").check(facts)]


@pytest.mark.parametrize(
    ("writer", "reader", "sent"),
    [
        (BODY + "table.put_item(Item={'id': '1', 'name': body['n']})",
         "os.system('x ' + table.get_item(Key={'id': '1'})['Item']['name'])", True),
        (BODY + "table.put_item(Item={'id': '1', 'name': body['n']})",
         "os.system('x ' + table.get_item(Key={'id': '1'})['Item']['id'])", False),
        (BODY + "table.put_item(Item={'id': '1', **body})",
         "os.system('x ' + table.scan()['Items'][0]['whatever'])", True),
        (BODY + UPDATE,
         "os.system('x ' + table.scan()['Items'][0]['title'])", True),
        (BODY + UPDATE,
         "os.system('x ' + table.scan()['Items'][0]['other'])", False),
        (SCRIPT_BODY + "await table.send(new PutCommand({ TableName, Item: { id: '1', name: body.n } }));",
         "os.system('x ' + table.get_item(Key={'id': '1'})['Item']['name'])", True),
        (BODY + "table.put_item(Item={'id': '1', 'name': body['n']})",
         SCAN, True),
        (BODY + "s3.put_object(Bucket=os.environ['BUCKET'], Key='k', Body=body['text'])",
         "os.system(s3.get_object(Bucket=os.environ['BUCKET'], Key='k')['Body'].read().decode())", True),
        (SCRIPT_BODY + "await s3.putObject({ Bucket, Key: 'k', Body: body.text }).promise();",
         "const o = await s3.getObject({ Bucket, Key: 'k' }).promise(); execSync(o.Body.toString());", True),
        ("table.put_item(Item={'id': '1', 'name': 'fixed'})",
         "os.system('x ' + table.get_item(Key={'id': '1'})['Item']['name'])", False),
    ],
)  # fmt: skip
def test_the_sender_is_followed_through_a_store(tmp_path: Path, writer: str, reader: str, sent: bool) -> None:
    told = found(tmp_path, writer, reader)
    assert bool(told) is sent
    for finding in told:
        assert finding.message.startswith("anyone on the internet, through ")
        files = [hop.location.file.rpartition("/")[0] for hop in finding.hops]
        assert files[0] == "", "it begins in the template"
        assert "writer" in files
        assert files[-1] == "reader"
        assert finding.is_path


def test_another_table_is_another_matter(tmp_path: Path) -> None:
    writer = BODY + "table.put_item(Item={'id': '1', 'name': body['n']})"
    assert not found(tmp_path, writer, "os.system(table.get_item(Key={'id': '1'})['Item']['name'])", table="Other")


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("Item.name", "name"),
        ("Items[].name.S", "name"),
        ("Items[]", ""),
        ("Item.cfg→x", "cfg"),
        ("Body→cmd", "cmd"),
        ("", ""),
    ],
)
def test_attributes_of_answers(path: str, attribute: str) -> None:
    assert attribute_of(path) == attribute
