# ruff: noqa: E501  templates in tables read best in one line
"""Who can send through a resource: policies, ACLs, and what feeds what."""

import pytest

from remit.app.model import Sender

BASE = """\
F:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Events:
      E: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}
Q: {Type: AWS::SQS::Queue}
T: {Type: AWS::SNS::Topic}
"""
POLICY = """\
P:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Q]
    PolicyDocument:
      Statement: [{effect}]
"""


@pytest.mark.parametrize(
    ("statement", "sender"),
    [
        ("{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}", Sender.ANYONE),
        ("{Effect: Allow, Principal: {AWS: '*'}, Action: 'sqs:*', Resource: '*'}", Sender.ANYONE),
        ("{Effect: Allow, Principal: {AWS: ['*']}, Action: ['SQS:Send*'], Resource: '*'}", Sender.ANYONE),
        ("{Effect: Allow, NotPrincipal: {AWS: '1'}, Action: '*', Resource: '*'}", Sender.ANYONE),
        ("{Effect: Allow, Principal: '*', NotAction: 'sqs:Delete*', Resource: '*'}", Sender.ANYONE),
        ("{Effect: Allow, Principal: '*', Action: 'sqs:ReceiveMessage', Resource: '*'}", Sender.APP),
        ("{Effect: Deny, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}", Sender.APP),
        ("{Effect: Allow, Principal: {AWS: '123456789012'}, Action: 'sqs:*', Resource: '*'}", Sender.OTHER_ACCOUNT),
        ("{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'sqs:*'}", Sender.APP),
        ("{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: 'sqs:SendMessage'}", Sender.OTHER_ACCOUNT),
        (
            "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Condition: {ArnEquals: {'aws:SourceArn': !Ref T}}}",
            Sender.APP,
        ),
        (
            "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Condition: {ArnLike: {'aws:SourceArn': 'arn:aws:s3:*:*:*'}}}",
            Sender.ANYONE,
        ),
        (
            "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Condition: {Bool: {'aws:SecureTransport': true}}}",
            Sender.ANYONE,
        ),
        (
            "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}",
            Sender.APP,
        ),
    ],
)
def test_queue_policy(resources, statement: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    app = resources(BASE + POLICY.replace("{effect}", statement))
    (trigger,) = app.triggers
    assert trigger.sender is sender
    assert app.policies["Q"]


def test_a_public_upload_travels_through_topic_and_queue(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        BASE
        + """\
B:
  Type: AWS::S3::Bucket
  Properties:
    AccessControl: PublicReadWrite
    NotificationConfiguration:
      TopicConfigurations: [{Event: 's3:ObjectCreated:*', Topic: !Ref T}]
S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref T, Endpoint: !GetAtt Q.Arn}}
"""
    )
    (trigger,) = app.triggers
    assert trigger.sender is Sender.ANYONE
    assert [text for _, text in trigger.because] == [
        "T delivers to Q",
        "B notifies T",
        "B is writable by everyone",
        "attached to F",
    ]
    assert [place.line for place, _ in trigger.because] == [17, 16, 14, 8]


def test_wires_that_go_round_end(resources) -> None:  # type: ignore[no-untyped-def]
    loop = "S{0}: {{Type: AWS::SNS::Subscription, Properties: {{Protocol: sqs, TopicArn: !Ref {1}, Endpoint: !GetAtt {2}.Arn}}}}\n"
    app = resources(BASE + loop.format(1, "T", "Q") + loop.format(2, "Q", "T"))
    assert app.triggers[0].sender is Sender.APP


BUCKET = """\
F:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Events:
      E: {{Type: S3, Properties: {{Bucket: !Ref B, Events: 's3:ObjectCreated:*'}}}}
B: {{Type: AWS::S3::Bucket, Properties: {{{properties}}}}}
P:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref B
    PolicyDocument: {{Statement: {{Effect: Allow, Principal: '*', Action: '{action}', Resource: '*'}}}}
"""
OFF = "PublicAccessBlockConfiguration: {BlockPublicAcls: false, BlockPublicPolicy: false}"
ON = "PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}"


@pytest.mark.parametrize(
    ("properties", "action", "sender"),
    [
        (OFF, "s3:PutObject", Sender.ANYONE),
        (OFF, "s3:*", Sender.ANYONE),
        (OFF, "s3:GetObject", Sender.APP),
        (ON, "s3:PutObject", Sender.APP),
        (ON + ", AccessControl: PublicReadWrite", "s3:GetObject", Sender.APP),
        (OFF + ", AccessControl: PublicReadWrite", "s3:GetObject", Sender.ANYONE),
        (OFF + ", AccessControl: PublicRead", "s3:GetObject", Sender.APP),
    ],
)
def test_bucket(resources, properties: str, action: str, sender: Sender) -> None:  # type: ignore[no-untyped-def]
    assert resources(BUCKET.format(properties=properties, action=action)).triggers[0].sender is sender


def test_what_fails_moves_on_to_the_dead_letter_queue(resources) -> None:  # type: ignore[no-untyped-def]
    app = resources(
        BASE.replace("!GetAtt Q.Arn", "!GetAtt Dead.Arn").replace(
            "Q: {Type: AWS::SQS::Queue}",
            "Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}}",
        )
        + "Dead: {Type: AWS::SQS::Queue}\n"
        + POLICY.replace("{effect}", "{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'}")
    )
    assert app.triggers[0].sender is Sender.ANYONE
