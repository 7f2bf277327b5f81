# ruff: noqa: E501  templates in tables read best in one line
"""Plain CloudFormation: every resource type that attaches something to a function."""

import pytest

from remit.app.model import Authorizer, Sender

FUNCTION = """\
F:
  Type: AWS::Lambda::Function
  Properties: {Handler: app.handler, Runtime: python3.12, Code: src, Role: 'arn:aws:iam::1:role/x'}
Q: {Type: AWS::SQS::Queue}
T: {Type: AWS::SNS::Topic}
D: {Type: AWS::DynamoDB::Table}
"""


@pytest.mark.parametrize(
    ("text", "name", "source", "sender"),
    [
        (
            "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Q.Arn}}",
            "messages of Q",
            "sqs",
            Sender.APP,
        ),
        (
            "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt D.StreamArn}}",
            "changes of D",
            "dynamodb",
            Sender.APP,
        ),
        (
            "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !Sub 'arn:${AWS::Partition}:sqs:x:1:jobs'}}",
            "messages of AWS::Partition",
            "sqs",
            Sender.ACCOUNT,
        ),
        (
            "U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}}",
            "function URL",
            "function-url",
            Sender.ANYONE,
        ),
        (
            "R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}",
            "schedule rate(1 day)",
            "schedule",
            Sender.PLATFORM,
        ),
        (
            "R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}",
            "events of rule R",
            "eventbridge",
            Sender.ACCOUNT,
        ),
        (
            "S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), Target: {Arn: !GetAtt F.Arn}}}",
            "schedule rate(1 day)",
            "schedule",
            Sender.PLATFORM,
        ),
        (
            "S: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, TopicArn: !Ref T, Endpoint: !GetAtt F.Arn}}",
            "messages of T",
            "sns",
            Sender.APP,
        ),
        (
            "T2: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}}",
            "messages of T2",
            "sns",
            Sender.APP,
        ),
        (
            "B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]}}}",
            "s3:ObjectCreated on B",
            "s3",
            Sender.APP,
        ),
        (
            "L: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: /x, DestinationArn: !GetAtt F.Arn}}",
            "log lines of /x",
            "logs",
            Sender.ACCOUNT,
        ),
        (
            "P: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}}",
            "PreSignUp of P",
            "cognito",
            Sender.ANYONE,
        ),
        (
            "C: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt F.Arn}}",
            "custom resource C",
            "custom-resource",
            Sender.PLATFORM,
        ),
        (
            "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: '*'}}",
            "invocation allowed by P",
            "direct",
            Sender.ANYONE,
        ),
        (
            "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: '123456789012'}}",
            "invocation allowed by P",
            "direct",
            Sender.OTHER_ACCOUNT,
        ),
        (
            "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: x, Principal: s3.amazonaws.com}}",
            "calls of s3",
            "s3",
            Sender.OTHER_ACCOUNT,
        ),
        (
            "X: {Type: AWS::Bedrock::Agent, Properties: {Executor: !GetAtt F.Arn}}",
            "AWS::Bedrock::Agent X",
            "unknown",
            Sender.ACCOUNT,
        ),
        (
            "A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F, Name: live}}\nU: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref A, AuthType: AWS_IAM}}",
            "function URL",
            "function-url",
            Sender.ACCOUNT,
        ),
    ],
)
def test_wire(senders, text: str, name: str, source: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    assert senders(FUNCTION + text) == {name: (source, sender)}


def test_a_state_machine_passes_on_who_starts_it(senders) -> None:  # type: ignore[no-untyped-def]
    machine = """\
M:
  Type: AWS::Serverless::StateMachine
  Properties:
    DefinitionSubstitutions: {Task: !GetAtt F.Arn}
    Events:
      Start: {Type: Api, Properties: {Path: /start, Method: post}}
"""
    assert senders(FUNCTION + machine) == {"task of M": ("step-functions", Sender.ANYONE)}


REST = """\
A: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: a}}}}
R1: {{Type: AWS::ApiGateway::Resource, Properties: {{RestApiId: !Ref A, ParentId: !GetAtt A.RootResourceId, PathPart: orders}}}}
R2: {{Type: AWS::ApiGateway::Resource, Properties: {{RestApiId: !Ref A, ParentId: !Ref R1, PathPart: '{{id}}'}}}}
Z: {{Type: AWS::ApiGateway::Authorizer, Properties: {{RestApiId: !Ref A, Type: COGNITO_USER_POOLS}}}}
M:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref A
    ResourceId: !Ref R2
    HttpMethod: GET
    {auth}
    Integration:
      Uri: !Sub arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{F.Arn}}/invocations
"""


@pytest.mark.parametrize(
    ("auth", "sender", "authorizer"),
    [
        ("AuthorizationType: NONE", Sender.ANYONE, None),
        ("AuthorizationType: AWS_IAM", Sender.ACCOUNT, Authorizer("iam")),
        (
            "AuthorizationType: COGNITO_USER_POOLS\n    AuthorizerId: !Ref Z",
            Sender.AUTHENTICATED,
            Authorizer("cognito", "Z"),
        ),
        ("AuthorizationType: CUSTOM\n    AuthorizerId: !Ref Z", Sender.AUTHENTICATED, Authorizer("lambda", "Z")),
        ("ApiKeyRequired: true", Sender.AUTHENTICATED, Authorizer("api-key")),
    ],
)
def test_rest_method(resources, auth: str, sender: Sender, authorizer: Authorizer | None) -> None:  # type: ignore[no-untyped-def]
    (trigger,) = resources(FUNCTION + REST.format(auth=auth)).triggers
    assert (trigger.name, trigger.source, trigger.resource) == ("GET /orders/{id}", "rest-api", "A")
    assert (trigger.sender, trigger.authorizer) == (sender, authorizer)


HTTP = """\
A: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: a, ProtocolType: {protocol}}}}}
I: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref A, IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: '{version}'}}}}
R: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref A, RouteKey: {route}, {auth}Target: !Sub 'integrations/${{I}}'}}}}
"""


@pytest.mark.parametrize(
    ("protocol", "version", "route", "auth", "expected"),
    [
        ("HTTP", "2.0", "GET /x", "", ("GET /x", "http-api", Sender.ANYONE)),
        ("HTTP", "1.0", "GET /x", "", ("GET /x", "rest-api", Sender.ANYONE)),
        ("HTTP", "2.0", "$default", "", ("every other route", "http-api", Sender.ANYONE)),
        ("HTTP", "2.0", "GET /x", "AuthorizationType: JWT, ", ("GET /x", "http-api", Sender.AUTHENTICATED)),
        ("HTTP", "2.0", "GET /x", "AuthorizationType: AWS_IAM, ", ("GET /x", "http-api", Sender.ACCOUNT)),
        (
            "WEBSOCKET",
            "1.0",
            "$connect",
            "AuthorizationType: CUSTOM, ",
            ("$connect", "websocket", Sender.AUTHENTICATED),
        ),
    ],
)
def test_http_route(resources, protocol, version, route, auth, expected) -> None:  # type: ignore[no-untyped-def]
    (trigger,) = resources(FUNCTION + HTTP.format(protocol=protocol, version=version, route=route, auth=auth)).triggers
    assert (trigger.name, trigger.source, trigger.sender) == expected


OPENAPI = """\
A:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      openapi: 3.0.1
      components: {{securitySchemes: {{C: {{type: apiKey, x-amazon-apigateway-authtype: cognito_user_pools}}}}}}
      {whole}
      paths:
        /x:
          post:
            {own}
            x-amazon-apigateway-integration: {{uri: !Sub 'arn:aws:apigateway:r:lambda:path/x/${{F.Arn}}/invocations'}}
          get: {{x-amazon-apigateway-integration: {{type: mock}}}}
"""


@pytest.mark.parametrize(
    ("whole", "own", "sender"),
    [
        ("info: {}", "summary: x", Sender.ANYONE),
        ("security: [{C: []}]", "summary: x", Sender.AUTHENTICATED),
        ("security: [{C: []}]", "security: []", Sender.ANYONE),
        ("security: [{C: []}]", "security: [{}]", Sender.ANYONE),
        ("info: {}", "security: [{C: []}]", Sender.AUTHENTICATED),
        ("info: {}", "security: [{Undeclared: []}]", Sender.ANYONE),
    ],
)
def test_openapi_body(senders, whole: str, own: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    assert senders(FUNCTION + OPENAPI.format(whole=whole, own=own)) == {"POST /x": ("rest-api", sender)}
