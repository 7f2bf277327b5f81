"""What looks like a flaw and is none: patterns of good apps that must stay silent for the default persona."""

from pathlib import Path

import pytest

from remit.app.report import Persona
from remit.scan.gather import gather
from remit.scan.report import Plan
from remit.scan.run import check

HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
"""
IDLE = "def handler(event, context):\n    return 1\n"

QUIET = {
    "dead letters are sent with the function's rights": (
        FUNCTION
        + "      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}\n"
        + "      Policies: [{Statement: [{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Dead.Arn}]}]\n"
        + "  Dead: {Type: AWS::SQS::Queue}\n",
        IDLE,
    ),
    "a function in a network manages its interfaces": (
        FUNCTION
        + "      Policies: [{Statement: [{Effect: Allow, Action: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface',"
        + " 'ec2:DescribeNetworkInterfaces'], Resource: '*'}]}]\n",
        IDLE,
    ),
    "logs and traces are written everywhere": (
        FUNCTION + "      Policies: [{Statement: [{Effect: Allow, Action: ['logs:*', 'xray:*'], Resource: '*'}]}]\n",
        IDLE,
    ),
    "database logins need no SDK call": (
        FUNCTION
        + "      Policies: [{Statement: [{Effect: Allow, Action: 'rds-db:connect', Resource: 'arn:aws:rds-db:*:*:x/y'}]}]\n",
        IDLE,
    ),
    "passing one named role is how services are used": (
        FUNCTION
        + "      Policies: [{Statement: [{Effect: Allow, Action: 'iam:PassRole', Resource: !GetAtt R.Arn},"
        + " {Effect: Allow, Action: 'scheduler:CreateSchedule', Resource: '*'}]}]\n"
        + "  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}\n",
        (
            "import boto3\ndef handler(event, context):\n    boto3.client('scheduler').create_schedule(Name='n',"
            " ScheduleExpression='rate(1 day)', FlexibleTimeWindow={'Mode': 'OFF'}, Target={'Arn': 'a', 'RoleArn': 'r'})\n"
        ),
    ),
    "an open route that only reads": (
        FUNCTION + "      Events: {G: {Type: HttpApi, Properties: {Method: GET, Path: /products}}}\n",
        IDLE,
    ),
    "a login cannot ask for a login": (
        FUNCTION
        + "      Events: {G: {Type: HttpApi, Properties: {Method: POST, Path: /login}}}\n"
        + "      Policies: [{Statement: [{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt T.Arn}]}]\n"
        + "      Environment: {Variables: {T: !Ref T}}\n"
        + "  T: {Type: AWS::Serverless::SimpleTable}\n",
        (
            "import os, boto3\ndef handler(event, context):\n"
            "    boto3.client('dynamodb').put_item(TableName=os.environ['T'], Item={'id': {'S': '1'}})\n"
        ),
    ),
    "the whole event at debug level": (
        FUNCTION + "      Events: {G: {Type: HttpApi, Properties: {Method: GET, Path: /products}}}\n",
        "import logging\nlogger = logging.getLogger()\ndef handler(event, context):\n    logger.debug('event %s', event)\n",
    ),
    "a website is public": (
        (
            "  Site: {Type: AWS::S3::Bucket, Properties: {WebsiteConfiguration: {IndexDocument: index.html}}}\n"
            "  SitePolicy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Site\n"
            "      PolicyDocument:\n        Statement:\n"
            "          - {Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: !Sub '${Site.Arn}/*'}\n"
        ),
        IDLE,
    ),
    "an API before a queue that a harmless function reads": (
        FUNCTION
        + "      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}}\n"
        + "  Q: {Type: AWS::SQS::Queue}\n"
        + "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
        + "  R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: POST /in,"
        + " Target: !Sub 'integrations/${I}'}}\n"
        + "  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY,"
        + " IntegrationSubtype: SQS-SendMessage, RequestParameters: {QueueUrl: !Ref Q, MessageBody: $request.body}}}\n",
        IDLE,
    ),
    "a listener that only redirects, addresses at home, a policy for an organisation": (
        FUNCTION
        + "      Environment: {Variables: {A: 'http://localhost:2773', B: 'http://www.w3.org/2001/x', C: 'https://a.example.com'}}\n"
        + "  L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {Protocol: HTTP, LoadBalancerArn: !Ref B,"
        + " DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, StatusCode: HTTP_301}}]}}\n"
        + "  B: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}\n"
        + "  T: {Type: AWS::SNS::Topic}\n"
        + "  P: {Type: AWS::SNS::TopicPolicy, Properties: {Topics: [!Ref T], PolicyDocument: {Statement: [{Effect: Allow,"
        + " Principal: '*', Action: sns:Publish, Resource: !Ref T, Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}]}}}\n",
        IDLE,
    ),
    "a database in an encrypted cluster": (
        (
            "  C: {Type: AWS::RDS::DBCluster, Properties: {StorageEncrypted: true}}\n"
            "  D: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref C}}\n"
        ),
        IDLE,
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_good_patterns_are_silent(name: str, tmp_path: Path) -> None:
    resources, code = QUIET[name]
    (tmp_path / "template.yaml").write_text(HEAD + resources)
    (tmp_path / "app.py").write_text(code)
    gathered = gather(tmp_path, Plan((tmp_path,), today="2026-10-01"))
    assert not gathered.failures
    assert gathered.facts
    loud = [finding for facts in gathered.facts for finding in check(facts) if finding.persona == Persona.REGULAR]
    assert not [f"{finding.rule}: {finding.message}" for finding in loud]
