# ruff: noqa: E501  templates in tables read best in one line
"""Every event source that a resource of CloudFormation attaches: one small template each."""

import importlib
import pkgutil

import pytest

from remit.app.model import App, Sender
from remit.read import wiring

FUNCTION = """\
F:
  Type: AWS::Lambda::Function
  Properties: {Handler: app.handler, Runtime: python3.12, Code: src, FunctionName: fun, Role: 'arn:aws:iam::1:role/x'}
"""
CASES = [
    # event source mappings
    ("M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: fun, EventSourceArn: 'arn:aws:kinesis:r:1:stream/s'}}", "kinesis", "records of stream/s", Sender.ACCOUNT),
    ("K: {Type: AWS::Kinesis::Stream}\nC: {Type: AWS::Kinesis::StreamConsumer, Properties: {StreamARN: !GetAtt K.Arn}}\nM: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !Ref C}}", "kinesis", "records of K", Sender.APP),
    ("K: {Type: AWS::MSK::Cluster}\nM: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, Topics: [t], EventSourceArn: !Ref K}}", "kafka", "records of K", Sender.APP),
    ("M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, Topics: [orders], SelfManagedEventSource: {Endpoints: {}}}}", "kafka", "records of orders", Sender.ACCOUNT),
    ("B: {Type: AWS::AmazonMQ::Broker, Properties: {EngineType: ACTIVEMQ}}\nM: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, Queues: [q], EventSourceArn: !GetAtt B.Arn}}", "activemq", "records of B", Sender.APP),
    ("B: {Type: AWS::AmazonMQ::Broker, Properties: {EngineType: RabbitMQ}}\nM: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, Queues: [q], EventSourceArn: !GetAtt B.Arn}}", "rabbitmq", "records of B", Sender.APP),
    ("M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, Queues: [q], EventSourceArn: 'arn:aws:mq:r:1:broker:b', SourceAccessConfigurations: [{Type: VIRTUAL_HOST, URI: /}]}}", "rabbitmq", "records of b", Sender.ACCOUNT),
    ("M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, Queues: [q], EventSourceArn: 'arn:aws:mq:r:1:broker:b'}}", "unknown", "records of b", Sender.ACCOUNT),
    ("D: {Type: AWS::DocDB::DBCluster}\nM: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: !Sub 'arn:aws:rds:r:1:cluster:${D}', DocumentDBEventSourceConfig: {DatabaseName: d}}}", "documentdb", "changes of D", Sender.APP),
    # buses and schedules
    ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.ec2]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}", "eventbridge", "events of rule R", Sender.PLATFORM),
    ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [{prefix: aws.}]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}", "eventbridge", "events of rule R", Sender.PLATFORM),
    ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [{prefix: shop}]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}", "eventbridge", "events of rule R", Sender.ACCOUNT),
    ("R: {Type: AWS::Events::Rule, Properties: {EventBusName: aws.partner/auth0.com/x, EventPattern: {source: [aws.partner/auth0.com/x]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}", "eventbridge", "events of rule R", Sender.OTHER_ACCOUNT),
    ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Arn: !GetAtt F.Arn, Id: x, InputPath: $.detail}]}}", "unknown", "events of rule R", Sender.ACCOUNT),
    ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Arn: !GetAtt F.Arn, Id: x, Input: '{}'}]}}", "unknown", "events of rule R", Sender.PLATFORM),
    ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.s3]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}", "eventbridge", "events of rule R", Sender.ACCOUNT),
    ("B: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicReadWrite, PublicAccessBlockConfiguration: {BlockPublicAcls: false}}}\nR: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.s3], detail: {bucket: {name: [!Ref B]}}}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}", "eventbridge", "events of rule R", Sender.ANYONE),
    ("S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), Target: {Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke', Input: '{\"FunctionName\": \"fun\"}'}}}", "schedule", "schedule rate(1 day)", Sender.PLATFORM),
    ("Q: {Type: AWS::SQS::Queue}\nP: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Q.Arn, Target: !GetAtt F.Arn}}", "pipe", "pipe P from Q", Sender.APP),
    ("P: {Type: AWS::Pipes::Pipe, Properties: {Source: 'arn:aws:kinesis:r:1:stream/s', Enrichment: !GetAtt F.Arn, Target: 'arn:aws:sqs:r:1:q'}}", "pipe", "pipe P from stream/s", Sender.ACCOUNT),
    # buckets
    ("B: {Type: AWS::S3::Bucket}\nN: {Type: Custom::S3BucketNotifications, Properties: {ServiceToken: 'arn:aws:lambda:r:1:function:n', BucketName: !Ref B, NotificationConfiguration: {LambdaFunctionConfigurations: [{Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: !GetAtt F.Arn}]}}}", "s3", "s3:ObjectCreated on B", Sender.APP),
    ("O: {Type: AWS::S3ObjectLambda::AccessPoint, Properties: {ObjectLambdaConfiguration: {TransformationConfigurations: [{ContentTransformation: {AwsLambda: {FunctionArn: !GetAtt F.Arn}}}]}}}", "s3-object-lambda", "reads through O", Sender.ACCOUNT),
    ("P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: batchoperations.s3.amazonaws.com, SourceAccount: '1'}}", "s3-batch", "calls of batchoperations.s3", Sender.ACCOUNT),
    # logs, metrics
    ("L: {Type: AWS::Logs::LogGroup}\nS: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref L, DestinationArn: !GetAtt F.Arn}}", "logs", "log lines of L", Sender.APP),
    ("A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!GetAtt F.Arn], OKActions: [!GetAtt F.Arn]}}", "unknown", "alarm A", Sender.PLATFORM),
    # people
    ("P: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreTokenGenerationConfig: {LambdaArn: !GetAtt F.Arn, LambdaVersion: V2_0}}}}", "cognito", "PreTokenGenerationConfig of P", Sender.ANYONE),
    ("P: {Type: AWS::Cognito::UserPool, Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}, LambdaConfig: {PostConfirmation: !GetAtt F.Arn}}}", "cognito", "PostConfirmation of P", Sender.AUTHENTICATED),
    ("P: {Type: AWS::Cognito::UserPool, Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}, LambdaConfig: {UserMigration: !GetAtt F.Arn}}}", "cognito", "UserMigration of P", Sender.ANYONE),
    ("R: {Type: AWS::SES::ReceiptRule, Properties: {Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}}}", "ses", "mail through R", Sender.ANYONE),
    ("B: {Type: AWS::Lex::BotAlias, Properties: {BotAliasLocaleSettings: [{BotAliasLocaleSetting: {CodeHookSpecification: {LambdaCodeHook: {LambdaArn: !GetAtt F.Arn}}}}]}}", "lex", "conversations with B", Sender.ANYONE),
    ("I: {Type: AWS::Connect::IntegrationAssociation, Properties: {IntegrationType: LAMBDA_FUNCTION, IntegrationArn: !GetAtt F.Arn}}", "connect", "calls through I", Sender.ANYONE),
    ("T: {Type: AWS::Transfer::Server, Properties: {IdentityProviderDetails: {Function: !GetAtt F.Arn}}}", "unknown", "sign-in to T", Sender.ANYONE),
    ("W: {Type: AWS::Transfer::Workflow, Properties: {Steps: [{CustomStepDetails: {Target: !GetAtt F.Arn}}]}}", "unknown", "uploads through W", Sender.AUTHENTICATED),
    # things
    ("R: {Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Sql: x, Actions: [{Lambda: {FunctionArn: !GetAtt F.Arn}}]}}}", "iot", "IoT messages through R", Sender.AUTHENTICATED),
    ("A: {Type: AWS::IoT::Authorizer, Properties: {AuthorizerFunctionArn: !GetAtt F.Arn}}", "unknown", "authorizer A", Sender.ANYONE),
    ("P: {Type: AWS::IoT::ProvisioningTemplate, Properties: {PreProvisioningHook: {TargetArn: !GetAtt F.Arn}}}", "unknown", "provisioning of devices by P", Sender.AUTHENTICATED),
    # networks
    ("T: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F.Arn}]}}", "alb", "requests through T", Sender.ANYONE),
    ("T: {Type: AWS::VpcLattice::TargetGroup, Properties: {Type: LAMBDA, Targets: [{Id: !GetAtt F.Arn}]}}", "lattice", "requests through T", Sender.ACCOUNT),
    ("V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}\nD: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {DefaultCacheBehavior: {LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref V}]}}}}", "cloudfront", "viewer-request of D", Sender.ANYONE),
    ("U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref F, AuthType: AWS_IAM}}\nP: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunctionUrl', Principal: cloudfront.amazonaws.com}}", "function-url", "function URL", Sender.ANYONE),
    # machines that ask
    ("A: {Type: AWS::Bedrock::Agent, Properties: {ActionGroups: [{ActionGroupName: g, ActionGroupExecutor: {Lambda: !GetAtt F.Arn}}]}}", "bedrock-agent", "action group g of A", Sender.AUTHENTICATED),
    ("G: {Type: AWS::BedrockAgentCore::Gateway, Properties: {AuthorizerType: AWS_IAM}}\nT: {Type: AWS::BedrockAgentCore::GatewayTarget, Properties: {GatewayIdentifier: !Ref G, TargetConfiguration: {Mcp: {Lambda: {LambdaArn: !GetAtt F.Arn}}}}}", "unknown", "calls through T", Sender.ACCOUNT),
    ("D: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {ExtendedS3DestinationConfiguration: {ProcessingConfiguration: {Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !GetAtt F.Arn}]}]}}}}", "firehose", "records of D", Sender.APP),
    # deployments
    ("C: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: !GetAtt F.Arn}}", "custom-resource", "custom resource C", Sender.PLATFORM),
    ("C: {Type: AWS::CloudFormation::Macro, Properties: {FunctionName: !GetAtt F.Arn}}", "unknown", "macro C", Sender.PLATFORM),
    ("R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {RotationLambdaARN: !GetAtt F.Arn}}", "secret-rotation", "rotation R", Sender.PLATFORM),
    ("C: {Type: AWS::Config::ConfigRule, Properties: {Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt F.Arn}}}", "config", "rule C", Sender.ACCOUNT),
    ("P: {Type: AWS::CodePipeline::Pipeline, Properties: {Stages: [{Actions: [{Name: go, ActionTypeId: {Category: Invoke, Provider: Lambda}, Configuration: {FunctionName: fun}}]}]}}", "codepipeline", "action go of P", Sender.ACCOUNT),
    ("C: {Type: AWS::CodeCommit::Repository, Properties: {Triggers: [{DestinationArn: !GetAtt F.Arn}]}}", "codecommit", "pushes to C", Sender.ACCOUNT),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "name", "sender"), CASES)
def test_source(resources, text: str, source: str, name: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    app: App = resources(FUNCTION + text)
    assert [(item.source, item.name, item.sender) for item in app.triggers] == [(source, name, sender)]
    assert all(trigger.because for trigger in app.triggers)


PERMISSION = "P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref F, Action: x, Principal: {}}}}}"


@pytest.mark.parametrize(
    ("rest", "name", "source", "sender"),
    [
        ("s3.amazonaws.com", "calls of s3", "s3", Sender.OTHER_ACCOUNT),
        ("s3.amazonaws.com, SourceAccount: '1'", "calls of s3", "s3", Sender.ACCOUNT),
        ("sns.amazonaws.com, SourceArn: 'arn:aws:sns:r:1:t'", "calls of sns for t", "sns", Sender.ACCOUNT),
        ("events.amazonaws.com, SourceArn: 'arn:aws:events:r:1:rule/x'", "calls of events for rule/x", "eventbridge", Sender.ACCOUNT),
        ("cognito-idp.amazonaws.com, SourceArn: 'arn:aws:x:r:1:p'", "calls of cognito-idp for p", "cognito", Sender.ANYONE),
        ("apigateway.amazonaws.com, SourceArn: 'arn:aws:x:r:1:p'", "calls of apigateway for p", "unknown", Sender.ANYONE),
        ("alexa-appkit.amazon.com", "calls of alexa-appkit", "alexa", Sender.ANYONE),
        ("logs.eu-west-1.amazonaws.com, SourceAccount: '1'", "calls of logs", "logs", Sender.ACCOUNT),
        ("new-service.amazonaws.com, SourceAccount: '1'", "calls of new-service", "unknown", Sender.ACCOUNT),
        ("!Sub 'arn:aws:iam::${Other}:role/x'", "invocation allowed by P", "direct", Sender.OTHER_ACCOUNT),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/x'", "direct invocation", "direct", Sender.ACCOUNT),
    ],
)  # fmt: skip
def test_a_permission_tells_of_what_is_set_up_elsewhere(senders, rest, name, source, sender) -> None:  # type: ignore[no-untyped-def]
    assert senders(FUNCTION + PERMISSION.format(rest)) == {name: (source, sender)}


def test_a_permission_says_nothing_new_of_what_is_seen(senders) -> None:  # type: ignore[no-untyped-def]
    rule = "\nR: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.ec2]}, Targets: [{Arn: !GetAtt F.Arn, Id: x}]}}"
    assert senders(FUNCTION + PERMISSION.format("events.amazonaws.com") + rule) == {
        "events of rule R": ("eventbridge", Sender.PLATFORM)
    }


def test_the_table_of_readers_and_the_readers_agree() -> None:
    told: dict[str, set[str]] = {}
    for type_, module in wiring.READERS.items():
        told.setdefault(module, set()).add(type_)
    known = {info.name for info in pkgutil.iter_modules(wiring.__path__)}
    assert known - set(told) == {"attach", "leftovers", "aftermath"}
    for name, types in told.items():
        assert set(importlib.import_module(f"remit.read.wiring.{name}").TYPES) == types, name


BALANCER = """\
B: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {{{balancer}}}}}
L: {{Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {{LoadBalancerArn: !Ref B, DefaultActions: [{{Type: fixed-response}}]}}}}
T: {{Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{TargetType: lambda, Targets: [{{Id: !GetAtt F.Arn}}]}}}}
R:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    ListenerArn: !Ref L
    Conditions: [{{Field: path-pattern, PathPatternConfig: {{Values: [/orders]}}}}, {{Field: http-request-method, HttpRequestMethodConfig: {{Values: [POST]}}}}]
    Actions: [{actions}{{Type: forward, ForwardConfig: {{TargetGroups: [{{TargetGroupArn: !Ref T}}]}}}}]
G: {{Type: AWS::EC2::SecurityGroup, Properties: {{SecurityGroupIngress: [{{CidrIp: {cidr}}}]}}}}
"""


@pytest.mark.parametrize(
    ("balancer", "actions", "cidr", "sender"),
    [
        ("Scheme: internet-facing", "", "0.0.0.0/0", Sender.ANYONE),
        ("Name: b", "", "0.0.0.0/0", Sender.ANYONE),
        ("Scheme: internal", "", "0.0.0.0/0", Sender.ACCOUNT),
        ("SecurityGroups: [!Ref G]", "", "0.0.0.0/0", Sender.ANYONE),
        ("SecurityGroups: [!Ref G]", "", "10.0.0.0/8", Sender.ACCOUNT),
        ("SecurityGroups: [!Ref G, sg-elsewhere]", "", "10.0.0.0/8", Sender.ANYONE),
        ("Scheme: internet-facing", "{Type: authenticate-oidc}, ", "0.0.0.0/0", Sender.AUTHENTICATED),
    ],
)
def test_who_reaches_a_load_balancer(resources, balancer, actions, cidr, sender) -> None:  # type: ignore[no-untyped-def]
    (trigger,) = resources(FUNCTION + BALANCER.format(balancer=balancer, actions=actions, cidr=cidr)).triggers
    assert (trigger.name, trigger.resource, trigger.sender) == ("POST /orders", "B", sender)


GRAPH = """\
A: {{Type: AWS::AppSync::GraphQLApi, Properties: {{{auth}}}}}
S: {{Type: AWS::AppSync::DataSource, Properties: {{ApiId: !GetAtt A.ApiId, Name: fun, Type: AWS_LAMBDA, LambdaConfig: {{LambdaFunctionArn: !GetAtt F.Arn}}}}}}
C: {{Type: AWS::AppSync::FunctionConfiguration, Properties: {{ApiId: !GetAtt A.ApiId, DataSourceName: !GetAtt S.Name}}}}
R1: {{Type: AWS::AppSync::Resolver, Properties: {{ApiId: !GetAtt A.ApiId, TypeName: Query, FieldName: order, DataSourceName: fun}}}}
R2: {{Type: AWS::AppSync::Resolver, Properties: {{ApiId: !GetAtt A.ApiId, TypeName: Mutation, FieldName: pay, Kind: PIPELINE, PipelineConfig: {{Functions: [!GetAtt C.FunctionId]}}}}}}
P: {{Type: AWS::Cognito::UserPool, Properties: {{AdminCreateUserConfig: {{AllowAdminCreateUserOnly: {closed}}}}}}}
"""


@pytest.mark.parametrize(
    ("auth", "closed", "sender", "more"),
    [
        ("AuthenticationType: API_KEY", "true", Sender.ANYONE, 0),
        ("AuthenticationType: AWS_IAM", "true", Sender.ACCOUNT, 0),
        ("AuthenticationType: AWS_IAM, AdditionalAuthenticationProviders: [{AuthenticationType: API_KEY}]", "true", Sender.ANYONE, 0),
        ("AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: !Ref P}", "true", Sender.AUTHENTICATED, 0),
        ("AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: !Ref P}", "false", Sender.AUTHENTICATED, 1),
        ("AuthenticationType: API_KEY, Visibility: PRIVATE", "true", Sender.ACCOUNT, 0),
    ],
)  # fmt: skip
def test_graphql(resources, auth, closed, sender, more) -> None:  # type: ignore[no-untyped-def]
    app = resources(FUNCTION + GRAPH.format(auth=auth, closed=closed))
    assert {item.name for item in app.triggers} == {"Query.order", "Mutation.pay"}
    assert {(item.source, item.sender, item.resource) for item in app.triggers} == {("appsync", sender, "A")}
    assert all(len(item.because) == 1 + more for item in app.triggers)
