from collections.abc import Callable

import pytest

from remit.app.model import App
from remit.read import Reading

Events = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ("- http: GET /a/{id}", "rest-api: GET /a/{id} <- ANYONE @ApiGatewayRestApi"),
        ("- http: {path: a, method: post}", "rest-api: POST /a <- ANYONE @ApiGatewayRestApi"),
        ("- http: {path: a, method: any, authorizer: aws_iam}", "rest-api: ANY /a <- ACCOUNT [iam] @ApiGatewayRestApi"),
        (
            "- http: {path: a, method: get, authorizer: {type: AWS_IAM}}",
            "rest-api: GET /a <- ACCOUNT [iam] @ApiGatewayRestApi",
        ),
        (
            "- http: {path: a, method: get, authorizer: f}",
            "rest-api: GET /a <- AUTHENTICATED [lambda] @ApiGatewayRestApi",
        ),
        (
            "- http: {path: a, method: get, authorizer: {name: f, type: request}}",
            "rest-api: GET /a <- AUTHENTICATED [lambda] @ApiGatewayRestApi",
        ),
        (
            "- http: {path: a, method: get, authorizer: {arn: !GetAtt Pool.Arn}}",
            "rest-api: GET /a <- AUTHENTICATED [cognito] @ApiGatewayRestApi",
        ),
        (
            "- http: {path: a, method: get, authorizer: 'arn:aws:cognito-idp:eu-west-1:1:userpool/x'}",
            "rest-api: GET /a <- AUTHENTICATED [cognito] @ApiGatewayRestApi",
        ),
        (
            "- http: {path: a, method: get, authorizer: {type: CUSTOM, authorizerId: x}}",
            "rest-api: GET /a <- AUTHENTICATED [lambda] @ApiGatewayRestApi",
        ),
        (
            "- http: {path: a, method: get, private: true}",
            "rest-api: GET /a <- AUTHENTICATED [api-key] @ApiGatewayRestApi",
        ),
        ("- httpApi: POST /a", "http-api: POST /a <- ANYONE @HttpApi"),
        ("- httpApi: '*'", "http-api: every other route <- ANYONE @HttpApi"),
        ("- httpApi: {path: /a, method: '*'}", "http-api: ANY /a <- ANYONE @HttpApi"),
        (
            "- httpApi: {path: /a, method: get, authorizer: {type: aws_iam}}",
            "http-api: GET /a <- ACCOUNT [iam] @HttpApi",
        ),
        ("- websocket: $connect", "websocket: $connect <- ANYONE @WebsocketsApi"),
        ("- websocket: {route: say}", "websocket: say <- ANYONE @WebsocketsApi"),
        ("- s3: photos", "s3: s3:ObjectCreated on S3BucketPhotos <- APP @S3BucketPhotos"),
        (
            "- s3: {bucket: elsewhere, event: 's3:ObjectRemoved:*', existing: true}",
            "s3: s3:ObjectRemoved on elsewhere <- ACCOUNT",
        ),
        ("- s3: {bucket: own-uploads}", "s3: s3:ObjectCreated on Uploads <- ANYONE @Uploads"),
        ("- sns: news", "sns: messages of SNSTopicNews <- APP @SNSTopicNews"),
        ("- sns: {arn: !Ref Topic}", "sns: messages of Topic <- APP @Topic"),
        ("- sns: 'arn:aws:sns:eu-west-1:1:x'", "sns: messages of x <- ACCOUNT"),
        ("- sqs: !GetAtt Jobs.Arn", "sqs: messages of Jobs <- APP @Jobs"),
        ("- sqs: {arn: !GetAtt Jobs.Arn, batchSize: 1}", "sqs: messages of Jobs <- APP @Jobs"),
        (
            "- stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn}",
            "dynamodb: changes of Orders <- APP @Orders",
        ),
        ("- stream: 'arn:aws:kinesis:eu-west-1:1:stream/x'", "kinesis: records of stream/x <- ACCOUNT"),
        ("- schedule: rate(1 hour)", "schedule: schedule rate(1 hour) <- PLATFORM"),
        ("- schedule: {rate: [cron(0 1 * * ? *)]}", "schedule: schedule cron(0 1 * * ? *) <- PLATFORM"),
        (
            "- eventBridge: {pattern: {source: [aws.s3]}}",
            "eventbridge: events of rule FEventBridgeRule1 <- ACCOUNT",
        ),
        (
            "- eventBridge: {eventBus: shop, pattern: {source: [x]}}",
            "eventbridge: events of rule FEventBridgeRule1 <- APP @ShopEventBridgeEventBus",
        ),
        ("- eventBridge: {schedule: rate(1 day)}", "schedule: schedule rate(1 day) <- PLATFORM"),
        (
            "- cloudwatchEvent: {event: {source: [x]}}",
            "eventbridge: events of rule FEventsRuleCloudWatchEvent1 <- ACCOUNT",
        ),
        ("- cloudwatchLog: /a/b", "logs: log lines of /a/b <- ACCOUNT"),
        (
            "- cognitoUserPool: {pool: P, trigger: PreSignUp}",
            "cognito: PreSignUp of CognitoUserPoolP <- ANYONE @CognitoUserPoolP",
        ),
        ("- cognitoUserPool: {pool: P, trigger: PreSignUp, existing: true}", "cognito: PreSignUp of P <- ANYONE"),
        (
            "- alb: {listenerArn: x, priority: 1, conditions: {path: /}}",
            "alb: requests through FAlbTargetGroup <- ANYONE @FAlbTargetGroup",
        ),
        ("- alexaSkill", "alexa: Alexa skill <- ANYONE"),
        ("- alexaSmartHome: amzn1.x", "alexa: Alexa smart home <- ANYONE"),
        ("- iot: {sql: SELECT}", "iot: IoT messages through FIotTopicRule1 <- AUTHENTICATED"),
        (
            "- cloudFront: {eventType: viewer-request, origin: x}",
            "cloudfront: requests at the edge (CloudFront) <- ANYONE",
        ),
        ("- kafka: {topic: t}", "kafka: records of t <- ACCOUNT"),
        ("- msk: {arn: 'arn:aws:kafka:r:1:cluster/c/1', topic: t}", "kafka: records of cluster/c/1 <- ACCOUNT"),
        ("- activemq: {arn: 'arn:aws:mq:r:1:broker:b', queue: q}", "unknown: records of b <- ACCOUNT"),
        ("- rabbitmq: {arn: 'arn:aws:mq:r:1:broker:b', queue: q}", "unknown: records of b <- ACCOUNT"),
    ],
)
def test_each_kind_of_event(events: Events, event: str, line: str) -> None:
    rest = """
        resources:
          Resources:
            Pool: {Type: AWS::Cognito::UserPool}
            Jobs: {Type: AWS::SQS::Queue}
            Topic: {Type: AWS::SNS::Topic}
            Orders: {Type: AWS::DynamoDB::Table}
            Uploads: {Type: AWS::S3::Bucket, Properties: {BucketName: own-uploads, AccessControl: PublicReadWrite}}
    """
    lines = events(event, rest)
    assert [item for item in lines if not item.startswith("unknown: authorizer")] == [line]


def test_a_listed_event_stands_where_it_is_written(service: Callable[..., App]) -> None:
    app = service(
        "service: x\nprovider: aws\nfunctions:\n  f:\n    handler: a.b\n    events:\n"
        "      - http:\n          path: a\n          method: get\n          authorizer: aws_iam\n"
    )
    (trigger,) = app.triggers
    assert str(trigger.location) == "serverless.yml:7"
    assert [str(place) for place, _ in trigger.because] == ["serverless.yml:10"]


def test_a_function_url(service: Callable[..., App]) -> None:
    text = "service: x\nprovider: aws\nfunctions:\n  f:\n    handler: a.b\n    url: {}\n"
    app = service(text.format("true"))
    assert [(trigger.source, trigger.sender.name) for trigger in app.triggers] == [("function-url", "ANYONE")]
    app = service(text.replace("{}", "{authorizer: aws_iam}"))
    assert [(trigger.source, trigger.sender.name) for trigger in app.triggers] == [("function-url", "ACCOUNT")]


def test_an_unknown_event_is_not_clean(read: Callable[..., Reading]) -> None:
    reading = read("service: x\nprovider: aws\nfunctions:\n  f:\n    handler: a.b\n    events:\n      - odd: 1\n")
    assert [trigger.sender.name for trigger in reading.apps[0].triggers] == ["ANYONE"]
    assert [skip.why for skip in reading.skips if skip.blind] == ["the event kind odd is not known here"]


def test_authorizers_of_the_http_api(service: Callable[..., App]) -> None:
    app = service("""
        service: x
        provider:
          name: aws
          httpApi:
            authorizers:
              users: {type: jwt, issuerUrl: "https://issuer.example.com", audience: x}
              checks: {type: request, functionName: g}
        functions:
          f:
            handler: a.b
            events:
              - httpApi: {path: /a, method: get, authorizer: {name: users}}
              - httpApi: {path: /b, method: get, authorizer: checks}
              - httpApi: GET /c
          g: {handler: a.g}
    """)
    shown = {trigger.name: trigger.authorizer and trigger.authorizer.kind for trigger in app.triggers}
    assert shown == {"GET /a": "jwt", "GET /b": "lambda", "GET /c": None, "authorizer HttpApiAuthorizerChecks": None}


def test_a_private_api_and_a_policy_narrow_who_may_call(service: Callable[..., App]) -> None:
    text = """
        service: x
        provider:
          name: aws
          {}
        functions: {{f: {{handler: a.b, events: [http: GET /a]}}}}
    """
    policy = (
        "apiGateway: {resourcePolicy: [{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', "
        "Resource: '*', Condition: {NotIpAddress: {aws:SourceIp: 10.0.0.0/8}}}]}"
    )
    for setting in ("endpointType: PRIVATE", "apiGateway: {endpointType: private}", policy):
        (trigger,) = service(text.format(setting)).triggers
        assert trigger.sender.name == "ACCOUNT", setting
