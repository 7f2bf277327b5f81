# ruff: noqa: E501  templates in tables read best in one line
"""Chains: the widest sender travels along wires, with every step told; and the edges that wires become."""

import pytest

from remit.app.graph import after, reaches_function, way
from remit.app.model import App, Sender

FUNCTION = """\
F: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, CodeUri: ., Events: {E: %s}}}
Q: {Type: AWS::SQS::Queue}
T: {Type: AWS::SNS::Topic}
B: {Type: AWS::S3::Bucket}
D: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
K: {Type: AWS::Kinesis::Stream}
"""
SQS = "{Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}"
STREAM = "{Type: DynamoDB, Properties: {Stream: !GetAtt D.StreamArn}}"
ON_BUS = "{Type: EventBridgeRule, Properties: {EventBusName: !Ref Bus, Pattern: {source: [shop]}}}"
ON_DEFAULT = "{Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}"
REST = """\
A: {{Type: AWS::ApiGateway::RestApi}}
R: {{Type: AWS::ApiGateway::Resource, Properties: {{RestApiId: !Ref A, ParentId: !GetAtt A.RootResourceId, PathPart: in}}}}
M:
  Type: AWS::ApiGateway::Method
  Properties: {{RestApiId: !Ref A, ResourceId: !Ref R, HttpMethod: POST, AuthorizationType: {auth}, Integration: {{Type: AWS, IntegrationHttpMethod: POST, {integration}}}}}
"""


def only(app: App, function: str = "F") -> tuple[Sender, list[str]]:
    """Sender and reasons of the one trigger of a function."""
    (trigger,) = app.triggers_of(function)
    return trigger.sender, [text for _, text in trigger.because]


@pytest.mark.parametrize(
    ("event", "integration", "through"),
    [
        (SQS, "Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Q.QueueName}'", "Q"),
        (SQS, "Uri: 'arn:aws:apigateway:r:sqs:action/SendMessage', RequestParameters: {integration.request.querystring.QueueUrl: !Ref Q}", "Q"),
        (STREAM, "Uri: 'arn:aws:apigateway:r:dynamodb:action/PutItem', RequestTemplates: {application/json: '{\"TableName\": \"orders\"}'}", "D"),
        (STREAM, "Uri: 'arn:aws:apigateway:r:dynamodb:action/UpdateItem', RequestTemplates: {application/json: !Sub '{\"TableName\": \"${D}\"}'}", "D"),
        ("{Type: SNS, Properties: {Topic: !Ref T}}", "Uri: 'arn:aws:apigateway:r:sns:action/Publish', RequestParameters: {x: !Sub \"'${T}'\"}", "T"),
        ("{Type: Kinesis, Properties: {Stream: !GetAtt K.Arn}}", "Uri: 'arn:aws:apigateway:r:kinesis:action/PutRecord', RequestTemplates: {application/json: !Sub '{\"StreamName\": \"${K}\"}'}", "K"),
        ("{Type: S3, Properties: {Bucket: !Ref B, Events: 's3:ObjectCreated:*'}}", "IntegrationHttpMethod: PUT, Uri: !Sub 'arn:aws:apigateway:r:s3:path/${B}/{key}'", "B"),
        (ON_BUS, "Uri: 'arn:aws:apigateway:r:events:action/PutEvents', RequestTemplates: {application/json: !Sub '{\"EventBusName\": \"${Bus}\"}'}", "Bus"),
        (ON_BUS, "Uri: 'arn:aws:apigateway:r:events:action/PutEvents', RequestTemplates: {application/json: '{\"EventBusName\": \"shop\"}'}", "Bus"),
    ],
)  # fmt: skip
def test_a_route_straight_to_a_service(resources, event, integration, through) -> None:  # type: ignore[no-untyped-def]
    if integration.startswith("IntegrationHttpMethod"):
        template = REST.replace("IntegrationHttpMethod: POST, ", "")
    else:
        template = REST
    app = resources(FUNCTION % event + template.format(auth="NONE", integration=integration))
    sender, why = only(app)
    assert sender is Sender.ANYONE
    assert why == ["no authorizer checks the caller", "attached to F"]
    assert [(edge.source, edge.target) for edge in way(app, "A", "F")] == [("A", through), (through, "F")]
    checked = resources(FUNCTION % event + template.format(auth="AWS_IAM", integration=integration))
    assert only(checked)[0] is Sender.ACCOUNT


@pytest.mark.parametrize(
    "integration",
    [
        "Uri: 'arn:aws:apigateway:r:dynamodb:action/GetItem', RequestTemplates: {application/json: '{\"TableName\": \"orders\"}'}",
        "Uri: 'arn:aws:apigateway:r:dynamodb:action/PutItem', RequestTemplates: {application/json: '{\"TableName\": \"orders-old\"}'}",
        "Uri: 'arn:aws:apigateway:r:sqs:path/1/orders'",
    ],
)
def test_a_route_that_only_reads_or_leads_elsewhere_sends_nothing(resources, integration) -> None:  # type: ignore[no-untyped-def]
    app = resources(FUNCTION % STREAM + REST.format(auth="NONE", integration=integration))
    assert only(app)[0] is Sender.APP


def test_what_strangers_put_on_the_default_bus(resources) -> None:  # type: ignore[no-untyped-def]
    method = REST.format(
        auth="NONE", integration="Uri: 'arn:aws:apigateway:r:events:action/PutEvents', RequestTemplates: {x: '{}'}"
    )
    assert only(resources(FUNCTION % ON_DEFAULT + method))[0] is Sender.ANYONE
    assert only(resources(FUNCTION % ON_DEFAULT.replace("shop", "aws.ec2") + method))[0] is Sender.PLATFORM
    opened = "P: {Type: AWS::Events::EventBusPolicy, Properties: {StatementId: x, Statement: {Effect: Allow, Principal: '*', Action: 'events:PutEvents', Resource: '*'}}}"
    sender, why = only(resources(FUNCTION % ON_DEFAULT + opened))
    assert (sender, why[0]) == (Sender.ANYONE, "the policy of the default bus lets everyone write to it")


def test_a_route_of_an_http_api_to_a_queue(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        FUNCTION % SQS
        + """\
A: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, RequestParameters: {QueueUrl: !Ref Q, MessageBody: $request.body}}}
R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, RouteKey: POST /in, Target: !Sub 'integrations/${I}'}}
"""
    )
    assert only(app) == (Sender.ANYONE, ["no authorizer checks the caller", "attached to F"])


def test_an_operation_of_a_definition_to_a_machine_to_a_function(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        """\
F: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Code: x}}
S:
  Type: AWS::StepFunctions::StateMachine
  Properties: {Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt F.Arn, End: true}}}}
A:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      paths:
        /go: {post: {x-amazon-apigateway-integration: {type: aws, uri: 'arn:aws:apigateway:r:states:action/StartExecution', requestTemplates: {application/json: !Sub '{"stateMachineArn": "${S}"}'}}}}
"""
    )
    assert only(app) == (Sender.ANYONE, ["the operation has no security", "attached to F"])
    assert [edge.kind for edge in way(app, "A", "F")] == ["api", "task"]


@pytest.mark.parametrize(
    ("extra", "sender"),
    [
        ("N: {Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Actions: [{Sqs: {QueueUrl: !Ref Q}}]}}}", Sender.AUTHENTICATED),
        ("N: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [x]}, Targets: [{Arn: !GetAtt Q.Arn, Id: x}]}}", Sender.ACCOUNT),
        ("N: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.ec2]}, Targets: [{Arn: !GetAtt Q.Arn, Id: x}]}}", Sender.APP),
        ("N: {Type: AWS::Pipes::Pipe, Properties: {Source: !Ref Open, Target: !GetAtt Q.Arn}}\nOpen: {Type: AWS::SQS::Queue}\nP: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Open], PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: 'sqs:*'}}}}", Sender.ANYONE),
        ("N: {Type: AWS::SES::ReceiptRule, Properties: {Rule: {Actions: [{SNSAction: {TopicArn: !Ref T}}]}}}\nS: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref T, Endpoint: !GetAtt Q.Arn}}", Sender.ANYONE),
        ("P: {Type: AWS::SQS::QueueInlinePolicy, Properties: {Queue: !Ref Q, PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: 'sqs:*'}}}}", Sender.ANYONE),
    ],
)  # fmt: skip
def test_what_feeds_a_queue(resources, extra: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    assert only(resources(FUNCTION % SQS + extra))[0] is sender


OPEN = "P: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref Q], PolicyDocument: {{Statement: [{{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}}, {deny}]}}}}}}"


@pytest.mark.parametrize(
    ("deny", "sender"),
    [
        ("{Effect: Deny, Principal: '*', Action: 'sqs:*', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}}}", Sender.APP),
        ("{Effect: Deny, Principal: '*', Action: 'sqs:*', Condition: {ArnNotLike: {'aws:SourceArn': 'arn:aws:s3:::uploads'}}}", Sender.APP),
        ("{Effect: Deny, Principal: '*', Action: 'sqs:*', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}", Sender.ANYONE),
        ("{Effect: Deny, Principal: '*', Action: 'sqs:*', Condition: {Bool: {'aws:SecureTransport': false}}}", Sender.ANYONE),
        ("{Effect: Deny, Principal: '*', Action: 'sqs:DeleteMessage', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}}}", Sender.ANYONE),
        ("{Effect: Deny, Principal: {AWS: '123456789012'}, Action: 'sqs:*'}", Sender.ANYONE),
        ("{Effect: Deny, Principal: '*', Action: 'sqs:*', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}, Bool: {'aws:SecureTransport': true}}}", Sender.ANYONE),
    ],
)  # fmt: skip
def test_a_deny_takes_back_what_everyone_was_given(resources, deny: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    assert only(resources(FUNCTION % SQS + OPEN.format(deny=deny)))[0] is sender


DESTINATION = """\
G:
  Type: AWS::Serverless::Function
  Properties: {Handler: a.b, CodeUri: ., Events: {E: %s}, EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: Lambda, Destination: !GetAtt H.Arn}}}}
H: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: .}}
"""


def test_only_what_comes_asynchronously_goes_on_to_a_destination(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(DESTINATION % "{Type: HttpApi, Properties: {Method: POST, Path: /x}}")
    assert only(app, "H") == (Sender.APP, ["G hands on to H"])
    app = resources(DESTINATION % "{Type: IoTRule, Properties: {Sql: x}}")
    assert only(app, "H") == (Sender.AUTHENTICATED, ["devices send these messages", "G hands on to H"])
    assert [edge.kind for edge in reaches_function(app, "G", "H")] == ["destination"]


GUESTS = """\
I: {{Type: AWS::Cognito::IdentityPool, Properties: {{AllowUnauthenticatedIdentities: {allowed}}}}}
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Principal: {{Federated: cognito-identity.amazonaws.com}}, Action: 'sts:AssumeRoleWithWebIdentity'}}}}
    Policies: [{{PolicyName: p, PolicyDocument: {{Statement: {{Effect: Allow, Action: '{action}', Resource: {resource}}}}}}}]
RA: {{Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {{IdentityPoolId: !Ref I, Roles: {{{kind}: !GetAtt Role.Arn}}}}}}
"""


@pytest.mark.parametrize(
    ("allowed", "action", "resource", "kind", "sender"),
    [
        ("true", "sqs:SendMessage", "!GetAtt Q.Arn", "unauthenticated", Sender.ANYONE),
        ("false", "sqs:SendMessage", "!GetAtt Q.Arn", "unauthenticated", Sender.APP),
        ("true", "sqs:SendMessage", "!GetAtt Q.Arn", "authenticated", Sender.AUTHENTICATED),
        ("true", "sqs:ReceiveMessage", "!GetAtt Q.Arn", "unauthenticated", Sender.APP),
        ("true", "sqs:*", "'*'", "unauthenticated", Sender.ANYONE),
        ("true", "sqs:SendMessage", "!Ref T", "unauthenticated", Sender.APP),
    ],
)
def test_guests_of_an_identity_pool(resources, allowed, action, resource, kind, sender) -> None:  # type: ignore[no-untyped-def]
    text = GUESTS.format(allowed=allowed, action=action, resource=resource, kind=kind)
    assert only(resources(FUNCTION % SQS + text))[0] is sender


def test_guests_pass_where_iam_checks(resources) -> None:  # type: ignore[no-untyped-def]
    route = "{Type: HttpApi, Properties: {Method: POST, Path: /x, Auth: {Authorizer: AWS_IAM}}}"
    assert only(resources(FUNCTION % route))[0] is Sender.ACCOUNT
    text = GUESTS.format(
        allowed="true",
        action="execute-api:Invoke",
        resource="!Sub 'arn:aws:execute-api:r:1:${ServerlessHttpApi}/*'",
        kind="unauthenticated",
    )
    sender, why = only(resources(FUNCTION % route + text))
    assert (sender, why[0]) == (Sender.ANYONE, "I gives everyone who asks a role that may call it")
    invoke = GUESTS.format(
        allowed="true", action="lambda:InvokeFunction", resource="!GetAtt F.Arn", kind="unauthenticated"
    )
    assert max(item.sender for item in resources(FUNCTION % SQS + invoke).triggers_of("F")) is Sender.ANYONE


EDGES = """\
F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: ., DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Dead.Arn}, Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, FilterCriteria: {Filters: [{Pattern: '{}'}]}}}}}}
Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: '{"deadLetterTargetArn": "arn:aws:sqs:r:1:dead", "maxReceiveCount": 3}'}}
Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}
T: {Type: AWS::SNS::Topic}
S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref T, Endpoint: !GetAtt Q.Arn, FilterPolicy: {kind: [order]}, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}}
B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {TopicConfigurations: [{Event: 's3:ObjectCreated:*', Topic: !Ref T}]}}}
R: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Bus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !Ref T, DeadLetterConfig: {Arn: !GetAtt Dead.Arn}}]}}
Bus: {Type: AWS::Events::EventBus, Properties: {Name: b}}
"""


def test_edges(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(EDGES)
    assert {(edge.source, edge.target, edge.kind, edge.filter is not None) for edge in app.edges} == {
        ("Q", "F", "queue", True),
        ("Q", "Dead", "dead-letter", False),
        ("F", "Dead", "dead-letter", False),
        ("T", "Q", "topic", True),
        ("T", "Dead", "dead-letter", False),
        ("B", "T", "notification", False),
        ("Bus", "T", "rule", True),
        ("R", "Dead", "dead-letter", False),
    }
    assert after(app, "B") == ("T", "Dead", "Q", "F")


def test_a_long_ring_ends(resources) -> None:  # type: ignore[no-untyped-def]
    topics = "\n".join(
        f"T{n}: {{Type: AWS::SNS::Topic, Properties: {{Subscription: [{{Protocol: sqs, Endpoint: !Ref T{(n + 1) % 50}}}]}}}}"
        for n in range(50)
    )
    app = resources(
        FUNCTION % "{Type: SNS, Properties: {Topic: !Ref T0}}"
        + topics
        + "\nN: {Type: AWS::SES::ReceiptRule, Properties: {Rule: {Actions: [{SNSAction: {TopicArn: !Ref T7}}]}}}"
    )
    sender, why = only(app)
    assert sender is Sender.ANYONE
    assert len(why) <= 24


def test_a_function_that_may_invoke_another_passes_on_what_its_code_tells(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        """\
F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: ., Environment: {Variables: {NEXT: !Ref G}}, Events: {E: {Type: HttpApi, Properties: {Method: POST, Path: /x}}}}}
G: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, CodeUri: .}}
"""
    )
    assert only(app, "G") == (Sender.APP, ["F knows its name and may invoke it"])
    assert reaches_function(app, "F", "G")


def test_calls_about_buckets_are_no_objects(resources) -> None:  # type: ignore[no-untyped-def]
    event = "{Type: EventBridgeRule, Properties: {Pattern: {source: [aws.s3], detail-type: [%s]}}}"
    assert only(resources(FUNCTION % (event % "AWS API Call via CloudTrail")))[0] is Sender.PLATFORM
    assert only(resources(FUNCTION % (event % "Object Created")))[0] is Sender.ACCOUNT
