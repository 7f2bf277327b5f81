"""Sources: which leaves of which event are the sender's, under which path they are reported."""

import pytest

PATHS = [
    ("http-api", "event['body']", "body"),
    ("http-api", "event.get('body', '')", "body"),
    ("http-api", "json.loads(event['body'])['a']['b']", "body→a.b"),
    ("http-api", "json.loads(base64.b64decode(event['body']))['a']", "body→a"),
    ("http-api", "(event.get('queryStringParameters') or {}).get('q')", "queryStringParameters.q"),
    ("http-api", "event['headers']['user-agent']", "headers.user-agent"),
    ("http-api", "event['pathParameters'][NAME]", "pathParameters.id"),
    ("http-api", "event['cookies'][0]", "cookies[]"),
    ("http-api", "[value for value in event['headers'].values()][0]", "headers{}"),
    ("http-api", "[v for k, v in event['queryStringParameters'].items()][0]", "queryStringParameters{}"),
    ("http-api", "event['body'].strip().lower()", "body"),
    ("rest-api", "event['path']", "path"),
    ("function-url", "event['rawPath']", "rawPath"),
    ("s3", "unquote_plus(event['Records'][0]['s3']['object']['key'])", "Records[].s3.object.key"),
    ("sqs", "json.loads(event['Records'][0]['body'])['id']", "Records[].body→id"),
    (
        "sqs",
        "event['Records'][0]['messageAttributes']['a']['stringValue']",
        "Records[].messageAttributes.a.stringValue",
    ),
    ("sns", "event['Records'][0]['Sns']['Message']", "Records[].Sns.Message"),
    ("dynamodb", "event['Records'][0]['dynamodb']['NewImage']['a']['S']", "Records[].dynamodb.NewImage.a.S"),
    ("eventbridge", "event['detail']['order']['id']", "detail.order.id"),
    ("direct", "event['anything']['below']", "anything.below"),
    ("", "event['anything']", "anything"),
]

PLATFORM = [
    ("http-api", "event['requestContext']['requestId']"),
    ("http-api", "event['requestContext']['http']['sourceIp']"),
    ("s3", "event['Records'][0]['s3']['bucket']['name']"),
    ("s3", "event['Records'][0]['eventName']"),
    ("sqs", "event['Records'][0]['messageId']"),
    ("sqs", "event['Records'][0]['eventSourceARN']"),
    ("dynamodb", "event['Records'][0]['eventName']"),
    ("eventbridge", "event['id']"),
    ("schedule", "event['time']"),
    ("direct", "event['ResponseURL']"),
    ("http-api", "context.aws_request_id"),
]

CODE = """
import base64, json, os
from urllib.parse import unquote_plus
NAME = 'id'
def handler(event, context):
    os.system('echo ' + {})
"""


@pytest.mark.parametrize(("source", "expression", "path"), PATHS)
def test_a_field_is_reported_under_its_path(flows, source, expression, path):
    assert flows(CODE.format(expression), source) == [f"process<-{path}"]


@pytest.mark.parametrize(("source", "expression"), PLATFORM)
def test_what_the_platform_writes_is_nobodys(flows, source, expression):
    assert flows(CODE.format(expression), source) == []


def test_records_are_seen_one_by_one(flows):
    code = """
    import os
    def handler(event, context):
        for record in event['Records']:
            bucket, key = record['s3']['bucket']['name'], record['s3']['object']['key']
            os.system(f'process {bucket}/{key}')
    """
    assert flows(code, "s3") == ["process<-Records[].s3.object.key"]


def test_two_triggers_two_kinds_of_events(flows):
    code = (
        "import os\ndef handler(event, context):\n    os.system(event['body'])\n    os.system(event['detail']['a'])\n"
    )
    assert flows(code, "http-api eventbridge") == ["process<-body", "process<-detail.a"]


def test_claims_are_vouched_for_only_behind_an_authorizer(study):
    code = "import os\ndef handler(event, c):\n    os.system(event['requestContext']['authorizer']['jwt']['claims']['sub'])\n"
    assert [flow.origin.claim for flow in study(code, authorizer="jwt").flows] == [True]
    assert [flow.origin.claim for flow in study(code).flows] == [False]


@pytest.mark.parametrize(
    "code", ["print(event)", "print(json.dumps(event))", "log.info('in', extra=event)", "log.info('%s', event)"]
)
def test_the_whole_event_in_the_log_is_an_event_not_a_field(flows, code):
    before = "import json, logging\nlog = logging.getLogger()\n"
    assert flows(f"{before}def handler(event, context):\n    {code}\n") == ["log<-!event"]


def test_the_whole_event_elsewhere_is_its_first_field(flows):
    assert flows("import os\ndef handler(event, context):\n    os.system(f'log {event}')\n", "s3") == [
        "process<-Records[].s3.object.key"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "return {'statusCode': 500, 'body': str(error)}",
        "return {'statusCode': 500, 'body': f'failed: {error}'}",
        "return {'statusCode': 500, 'body': json.dumps({'message': repr(error)})}",
        "return {'statusCode': 500, 'body': traceback.format_exc()}",
        "return answer(500, {'detail': error.args[0]})",
    ],
)
def test_the_text_of_an_exception_in_the_answer(flows, code):
    text = f"""
import json, traceback
def answer(status, data):
    return {{'statusCode': status, 'body': json.dumps(data)}}
def handler(event, context):
    try:
        work()
    except Exception as error:
        {code}
"""
    assert flows(text) == ["response<-!exception"]
    assert flows(text, "sqs") == []


def test_texts_the_code_itself_chose_are_no_leak(flows):
    code = """
    class Refused(Exception):
        pass
    def handler(event, context):
        try:
            raise Refused('no such order')
        except Refused as refusal:
            return {'statusCode': 400, 'body': str(refusal)}
    """
    assert flows(code) == []


@pytest.mark.parametrize(
    "read",
    [
        "boto3.client('secretsmanager').get_secret_value(SecretId='db')['SecretString']",
        "boto3.client('ssm').get_parameter(Name='/db', WithDecryption=True)['Parameter']['Value']",
        "os.environ['DB_PASSWORD']",
        "parameters.get_secret('db')",
    ],
)
def test_secrets_in_the_log_and_in_the_answer(study, read):
    code = f"""
import boto3, os
from aws_lambda_powertools.utilities import parameters
def handler(event, context):
    secret = {read}
    print('using ' + secret)
    return {{'statusCode': 200, 'body': secret}}
"""
    found = study(code, environment={"DB_PASSWORD": "hunter2"})
    assert [(flow.sink, flow.origin.kind) for flow in found.flows] == [("log", "secret"), ("response", "secret")]
    assert len(found.effects.secrets) == 1


def test_the_name_of_a_secret_is_no_secret(study):
    code = "import os\ndef handler(event, context):\n    print(os.environ['DB_SECRET_ARN'], os.environ['TABLE'])\n"
    assert study(code, environment={"DB_SECRET_ARN": "arn:aws:x", "TABLE": "t"}).flows == ()


def test_a_parameter_that_is_not_encrypted_is_no_secret(flows):
    code = "import boto3\ndef handler(e, c):\n    print(boto3.client('ssm').get_parameter(Name='/a')['Parameter']['Value'])\n"
    assert flows(code) == []


def test_an_unknown_source_is_an_assumption(study):
    found = study("import os\ndef handler(event, context):\n    os.system(event['a'])\n", "unknown")
    assert [(flow.origin.source, flow.confidence) for flow in found.flows] == [("unknown", "medium")]
