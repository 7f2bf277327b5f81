"""SAM events, APIs and their authorizers: which source, who can send, and why."""

import pytest

from remit.app.model import Authorizer, Sender
from remit.read.build import build
from remit.read.document import parse

FUNCTION = """\
F:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.12
    CodeUri: src
    Events:
      E: {event}
"""
OTHERS = """\
Q: {Type: AWS::SQS::Queue}
T: {Type: AWS::SNS::Topic}
B: {Type: AWS::S3::Bucket}
D: {Type: AWS::Serverless::SimpleTable}
Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
"""


@pytest.mark.parametrize(
    ("event", "name", "source", "sender"),
    [
        ("{Type: Api, Properties: {Path: /x, Method: post}}", "POST /x", "rest-api", Sender.ANYONE),
        ("{Type: HttpApi, Properties: {Path: /x, Method: any}}", "ANY /x", "http-api", Sender.ANYONE),
        ("{Type: HttpApi}", "every other route", "http-api", Sender.ANYONE),
        (
            "{Type: HttpApi, Properties: {Path: /x, Method: get, PayloadFormatVersion: '1.0'}}",
            "GET /x",
            "rest-api",
            Sender.ANYONE,
        ),
        ("{Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}", "messages of Q", "sqs", Sender.APP),
        (
            "{Type: SQS, Properties: {Queue: 'arn:aws:sqs:eu-west-1:1:other'}}",
            "messages of other",
            "sqs",
            Sender.ACCOUNT,
        ),
        ("{Type: SNS, Properties: {Topic: !Ref T}}", "messages of T", "sns", Sender.APP),
        (
            "{Type: SNS, Properties: {Topic: !Ref T, SqsSubscription: true}}",
            "messages, through a queue, of T",
            "sqs",
            Sender.APP,
        ),
        (
            "{Type: S3, Properties: {Bucket: !Ref B, Events: 's3:ObjectCreated:*'}}",
            "s3:ObjectCreated on B",
            "s3",
            Sender.APP,
        ),
        ("{Type: DynamoDB, Properties: {Stream: !GetAtt D.StreamArn}}", "changes of D", "dynamodb", Sender.APP),
        (
            "{Type: Schedule, Properties: {Schedule: rate(1 hour)}}",
            "schedule rate(1 hour)",
            "schedule",
            Sender.PLATFORM,
        ),
        (
            "{Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}",
            "events of rule E",
            "eventbridge",
            Sender.ACCOUNT,
        ),
        (
            "{Type: EventBridgeRule, Properties: {Pattern: {source: [aws.ec2]}}}",
            "events of rule E",
            "eventbridge",
            Sender.PLATFORM,
        ),
        (
            "{Type: EventBridgeRule, Properties: {EventBusName: orders, Pattern: {source: [shop]}}}",
            "events of rule E",
            "eventbridge",
            Sender.APP,
        ),
        (
            "{Type: Kinesis, Properties: {Stream: !ImportValue S}}",
            "records of something outside this template",
            "kinesis",
            Sender.ACCOUNT,
        ),
        ("{Type: AlexaSkill}", "Alexa skill (E)", "alexa", Sender.ANYONE),
        (
            "{Type: Cognito, Properties: {UserPool: !Ref P, Trigger: PreSignUp}}",
            "PreSignUp of P",
            "cognito",
            Sender.ANYONE,
        ),
        ("{Type: SomethingNew}", "SomethingNew (E)", "unknown", Sender.ANYONE),
    ],
)
def test_event_types(senders, event: str, name: str, source: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    assert senders(FUNCTION.replace("{event}", event) + OTHERS) == {name: (source, sender)}


API = """\
A:
  Type: AWS::Serverless::{kind}
  Properties: {{Auth: {auth}}}
F:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.12
    Events:
      E: {{Type: {event}, Properties: {{{ref}: !Ref A, Path: /x, Method: get, Auth: {own}}}}}
"""
COGNITO = "Authorizers: {C: {UserPoolArn: x}}"
JWT = "Authorizers: {J: {JwtConfiguration: {issuer: x}, IdentitySource: h}}"
LAMBDA = "Authorizers: {L: {FunctionArn: x}}"


@pytest.mark.parametrize(
    ("kind", "auth", "own", "sender", "authorizer"),
    [
        ("Api", "{}", "{}", Sender.ANYONE, None),
        ("Api", "{" + COGNITO + "}", "{}", Sender.ANYONE, None),
        ("Api", "{DefaultAuthorizer: C, " + COGNITO + "}", "{}", Sender.AUTHENTICATED, Authorizer("cognito", "C")),
        ("Api", "{DefaultAuthorizer: C, " + COGNITO + "}", "{Authorizer: NONE}", Sender.ANYONE, None),
        ("Api", "{" + COGNITO + "}", "{Authorizer: C}", Sender.AUTHENTICATED, Authorizer("cognito", "C")),
        ("Api", "{" + LAMBDA + "}", "{Authorizer: L}", Sender.AUTHENTICATED, Authorizer("lambda", "L")),
        ("Api", "{DefaultAuthorizer: AWS_IAM}", "{}", Sender.ACCOUNT, Authorizer("iam", "AWS_IAM")),
        ("Api", "{}", "{Authorizer: AWS_IAM}", Sender.ACCOUNT, Authorizer("iam", "AWS_IAM")),
        ("Api", "{ApiKeyRequired: true}", "{}", Sender.AUTHENTICATED, Authorizer("api-key")),
        ("Api", "{ApiKeyRequired: true}", "{ApiKeyRequired: false}", Sender.ANYONE, None),
        ("Api", "{}", "{ApiKeyRequired: true}", Sender.AUTHENTICATED, Authorizer("api-key")),
        ("Api", "{ResourcePolicy: {IpRangeWhitelist: [1.2.3.4]}}", "{}", Sender.ACCOUNT, None),
        ("HttpApi", "{DefaultAuthorizer: J, " + JWT + "}", "{}", Sender.AUTHENTICATED, Authorizer("jwt", "J")),
        ("HttpApi", "{" + JWT + "}", "{}", Sender.ANYONE, None),
        (
            "HttpApi",
            "{EnableIamAuthorizer: true}",
            "{Authorizer: AWS_IAM}",
            Sender.ACCOUNT,
            Authorizer("iam", "AWS_IAM"),
        ),
    ],
)
def test_only_an_attached_authorizer_protects(resources, kind, auth, own, sender, authorizer) -> None:  # type: ignore[no-untyped-def]
    ref = "RestApiId" if kind == "Api" else "ApiId"
    app = resources(API.format(kind=kind, auth=auth, own=own, event=kind, ref=ref))
    (trigger,) = (item for item in app.triggers if not item.name.startswith("authorizer"))
    assert (trigger.sender, trigger.authorizer) == (sender, authorizer)
    assert trigger.because
    assert trigger.resource == "A"


def test_globals_reach_the_implicit_api(read_app) -> None:  # type: ignore[no-untyped-def]
    app = read_app("""\
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Api: {Auth: {DefaultAuthorizer: AWS_IAM}}
          Function:
            Runtime: python3.12
            Environment: {Variables: {A: global, B: global}}
            Layers: [one]
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Handler: app.handler
              Environment: {Variables: {B: own}}
              Layers: [two]
              Events:
                E: {Type: Api, Properties: {Path: /, Method: get}}
        """)
    (trigger,) = app.triggers
    assert trigger.sender is Sender.ACCOUNT
    assert app.resources[trigger.resource].implied
    (function,) = app.functions
    assert function.runtime == "python3.12"
    assert {name: node.value for name, node in function.environment.items()} == {"A": "global", "B": "own"}
    assert function.properties
    assert function.properties.get("Layers") == ("one", "two")


def test_a_private_api_is_not_the_internet(senders) -> None:  # type: ignore[no-untyped-def]
    text = API.format(kind="Api", auth="{}", own="{}", event="Api", ref="RestApiId")
    private = text.replace("{Auth: {}}", "{EndpointConfiguration: {Type: PRIVATE}}", 1)
    assert senders(private)["GET /x"] == ("rest-api", Sender.ACCOUNT)


@pytest.mark.parametrize(("kind", "sender"), [("NONE", Sender.ANYONE), ("AWS_IAM", Sender.ACCOUNT)])
def test_function_url(senders, kind: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    text = (
        f"F: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b, FunctionUrlConfig: {{AuthType: {kind}}}}}}}"
    )
    assert senders(text) == {"function URL": ("function-url", sender)}


def test_a_function_nothing_triggers_can_be_invoked(resources) -> None:  # type: ignore[no-untyped-def]
    (trigger,) = resources("F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}").triggers
    assert (trigger.source, trigger.sender, trigger.implied) == ("direct", Sender.ACCOUNT, True)


def test_an_authorizer_function_hears_strangers(resources) -> None:  # type: ignore[no-untyped-def]
    text = API.format(
        kind="Api", auth="{Authorizers: {L: {FunctionArn: !GetAtt F.Arn}}}", own="{}", event="Api", ref="RestApiId"
    )
    assert {trigger.name: trigger.sender for trigger in resources(text).triggers}["authorizer L"] is Sender.ANYONE


def test_a_kind_of_sam_resource_that_is_not_read_is_said() -> None:
    text = b"Transform: AWS::Serverless-2016-10-31\nResources: {W: {Type: AWS::Serverless::WebFunction}}\n"
    _, skips, _ = build(parse(text, json=False), "template.yaml")
    assert [skip.what for skip in skips if "is not read" in skip.why and skip.blind] == ["W"]
