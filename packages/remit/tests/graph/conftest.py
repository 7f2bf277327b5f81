"""A small shop with two attack paths, one of them through a queue."""

from collections.abc import Callable
from pathlib import Path

import pytest

from remit.graph import Picture, picture
from remit.scan import Plan, survey

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {}
  Jobs:
    Type: AWS::SQS::Queue
  Key:
    Type: AWS::SecretsManager::Secret
  Spare:
    Type: AWS::S3::Bucket
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          Login:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example/", audience: [shop]}
  Create:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: create.handler
      Runtime: python3.12
      Environment: {Variables: {TABLE: !Ref Orders, JOBS: !Ref Jobs}}
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Orders}
        - SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /orders, Method: post}}
        Show:
          Type: HttpApi
          Properties: {ApiId: !Ref Api, Path: "/orders/{id}", Method: get, Auth: {Authorizer: Login}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: work.handler
      Runtime: python3.12
      Policies:
        - AWSSecretsManagerGetSecretValuePolicy: {SecretArn: !Ref Key}
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Tick:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: tick.handler
      Runtime: ruby3.3
      Role: arn:aws:iam::123456789012:role/elsewhere
      Environment: {Variables: {TABLE: !Ref Orders}}
      Events:
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
"""
CREATE = """\
import json
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
queue = boto3.client("sqs")


def handler(event, context):
    order = json.loads(event["body"])
    table.put_item(Item={"id": order["id"]})
    queue.send_message(QueueUrl=os.environ["JOBS"], MessageBody=event["body"])
    os.system("echo " + order["name"])
    return {"statusCode": 200}
"""
WORK = """\
import json
import os
import urllib.request


def handler(event, context):
    for record in event["Records"]:
        job = json.loads(record["body"])
        os.system("convert " + job["name"])
        urllib.request.urlopen("https://hooks.partner.example/done")
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "src" / "create.py").write_text(CREATE)
    (folder / "src" / "work.py").write_text(WORK)
    (folder / "src" / "tick.rb").write_text("def handler(event:, context:) = nil\n")
    monkeypatch.chdir(folder)
    return folder


def drawn(folder: Path, *, code: bool = True) -> list[Picture]:
    found = survey(Plan((folder,), today="2026-11-22", code=code, dependencies=False))
    return [
        picture(
            part.facts,
            part.findings,
            name=part.summary.name,
            template=part.summary.template,
            place=part.place,
            texts=found.report.texts,
        )
        for part in found.parts
    ]


@pytest.fixture
def draw(shop: Path) -> Callable[..., list[Picture]]:
    return lambda code=True: drawn(shop, code=code)


@pytest.fixture
def whole(shop: Path) -> Picture:
    (found,) = drawn(shop)
    return found
