"""The figures of the graph are taken from what is really there."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Good:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      CodeUri: src
      Environment: {Variables: {TABLE: !Ref Orders, LEVEL: INFO, GONE: !ImportValue other}}
  Misspelled: {Type: AWS::Serverless::Function, Properties: {Handler: app.handle, Runtime: python3.12, CodeUri: src}}
  Absent: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, Runtime: python3.12, CodeUri: none}}
  Java: {Type: AWS::Serverless::Function, Properties: {Handler: a.B::c, Runtime: java21, CodeUri: src}}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
"""
TERRAFORM = """\
resource "aws_dynamodb_table" "orders" { name = "orders" }
resource "aws_lambda_function" "f" {
  function_name = "f"
  handler = "index.handler"
  runtime = "nodejs20.x"
  filename = "${path.module}/code"
  environment {
    variables = {
      TABLE = aws_dynamodb_table.orders.name # one that names a resource
      LEVEL = "INFO"
    }
  }
}
"""


def test_figures(tmp_path: Path) -> None:
    (tmp_path / "one/src").mkdir(parents=True)
    (tmp_path / "one/template.yaml").write_text(TEMPLATE)
    (tmp_path / "one/src/app.py").write_text("def handler(event, context): ...\n")
    (tmp_path / "two/code").mkdir(parents=True)
    (tmp_path / "two/main.tf").write_text(TERRAFORM)
    (tmp_path / "two/code/index.js").write_text("exports.handler = async () => 1\n")
    command = [sys.executable, "-m", "bench.graph", "--data", str(tmp_path), "--json", "--list", "--jobs", "1"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    del said["figures"]["wall_s"]
    assert said["figures"] == {
        "templates": 2,
        "crashed": 0,
        "functions": 5,
        "functions_with_local_code": 3,
        "handlers_located": 2,
        "resource_env": 2,
        "resource_env_resolved": 2,
    }
    assert said["more"]["functions_in_other_languages"] == 1
    assert said["more"]["code_not_in_project"] == 1
    assert "Misspelled" in done.stderr
    assert "Absent: none is not there" in done.stderr
