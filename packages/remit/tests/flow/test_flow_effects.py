"""Effects: SDK calls with their parameters, hosts, programs, files, secrets, environment variables."""
# ruff: noqa: E501  (programs under test stand on one line)

import pytest

from remit.app.effect import Reach, Run
from remit.app.location import Location
from remit.app.node import Node
from remit.app.value import Choice, Ref, Text, Unknown

HERE = Location("template.yaml", 1)
ENVIRONMENT = {"TABLE": Ref("Orders"), "BUCKET": Text((Ref("AWS::StackName"), "-files")), "URL": Ref("Queue")}

CALLS = [
    ("boto3.client('dynamodb').put_item(TableName=os.environ['TABLE'], Item={})", "dynamodb PutItem TableName={Orders}"),
    ("boto3.client(service_name='sqs').send_message(QueueUrl=os.getenv('URL'))", "sqs SendMessage QueueUrl={Queue}"),
    ("boto3.Session(region_name='x').client('s3').head_object(Bucket='b', Key='k')", "s3 HeadObject Bucket=b Key=k"),
    ("boto3.resource('dynamodb').Table(os.environ['TABLE']).query()", "dynamodb Query TableName={Orders}"),
    ("boto3.resource('s3').Bucket(os.environ['BUCKET']).put_object(Key='k')", "s3 PutObject Bucket={AWS::StackName}-files Key=k"),
    ("boto3.resource('s3').Object('b', 'k').get()", "s3 GetObject Bucket=b Key=k"),
    ("boto3.resource('s3').Bucket('b').Object('k').delete()", "s3 DeleteObject Bucket=b Key=k"),
    ("boto3.resource('sqs').get_queue_by_name(QueueName='q').send_message(MessageBody='m')",
     "sqs GetQueueUrl QueueName=q|sqs SendMessage QueueUrl=q"),
    ("boto3.resource('sqs').Queue('u').send_message()", "sqs SendMessage QueueUrl=u"),
    ("boto3.resource('sns').Topic(os.environ['URL']).publish()", "sns Publish TopicArn={Queue}"),
    ("list(boto3.resource('s3').Bucket('b').objects.filter(Prefix='p'))", "s3 ListObjects Bucket=b"),
    ("boto3.client('s3').get_paginator('list_objects_v2').paginate(Bucket='b')", "s3 ListObjectsV2 Bucket=b"),
    ("boto3.client('s3').get_waiter('object_exists').wait(Bucket='b', Key='k')", "s3 HeadObject Bucket=b Key=k"),
    ("boto3.client('s3').generate_presigned_url('put_object', Params={'Bucket': 'b'})", "s3 PutObject Bucket=b"),
    ("boto3.client('s3').generate_presigned_post('b', 'k')", "s3 PutObject Bucket=b Key=k"),
    ("boto3.client('s3').upload_file('/tmp/a', 'b', 'k')", "s3 PutObject Bucket=b Key=k"),
    ("boto3.client('s3').download_file(Bucket='b', Key='k', Filename='/tmp/a')", "s3 GetObject Bucket=b Key=k|s3 HeadObject Bucket=b Key=k"),
    ("with boto3.resource('dynamodb').Table('t').batch_writer() as w:\n        w.put_item(Item={})", "dynamodb BatchWriteItem TableName=t"),
    ("boto3.client('rds').describe_db_instances()", "rds DescribeDBInstances "),
    ("boto3.client('iam').list_mfa_devices()", "iam ListMFADevices "),
    ("boto3.client('apigateway').create_api_key()", "apigateway CreateApiKey "),
    ("getattr(boto3.client('s3'), 'list_buckets')()", "s3 ListBuckets "),
    ("boto3.resource('dynamodb').meta.client.scan(TableName='t')", "dynamodb Scan TableName=t"),
    ("parameters.get_parameter('/a')", "ssm GetParameter Name=/a"),
    ("boto3.client('s3').get_object(**{'Bucket': 'b', 'Key': 'k'})", "s3 GetObject Bucket=b Key=k"),
    ("S3().save('k')", "s3 PutObject Bucket={AWS::StackName}-files Key=k"),
    ("client('sns').publish(TopicArn='t')", "sns Publish TopicArn=t"),
    ("lazy().publish(TopicArn='t')", "sns Publish TopicArn=t"),
    ("boto3.client('s3').exceptions.NoSuchKey", ""),
]  # fmt: skip
BEFORE = """
import os, boto3
from aws_lambda_powertools.utilities import parameters
class S3:
    def __init__(self, bucket=os.environ['BUCKET'], client=None):
        self.bucket, self.client = bucket, client or boto3.client('s3')
    def save(self, key):
        self.client.put_object(Bucket=self.bucket, Key=key)
def client(name):
    return boto3.client(name)
_sns = None
def lazy():
    global _sns
    if _sns is None:
        _sns = boto3.client('sns')
    return _sns
"""


def told(analysis):
    return [
        f"{call.service} {call.operation} "
        + " ".join(f"{key}={value}" for key, value in call.parameters.items() if key in SHOWN)
        for call in analysis.effects.calls
    ]


SHOWN = ("TableName", "Bucket", "Key", "QueueUrl", "QueueName", "TopicArn", "Name")


@pytest.mark.parametrize(("code", "expected"), CALLS)
def test_sdk_calls(study, code, expected):
    found = study(f"{BEFORE}\ndef handler(event, context):\n    {code}\n", environment=ENVIRONMENT)
    assert told(found) == [line for line in expected.split("|") if line]
    assert not any(call.unresolved for call in found.effects.calls)
    assert not found.skips


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("boto3.client(event['s']).list_things()", "the service"),
        ("getattr(boto3.client('s3'), event['o'])()", "the operation name"),
        ("boto3.client('s3').get_paginator(event['o']).paginate()", "the operation of a paginator"),
        ("boto3.client('s3').get_waiter('no_such_waiter').wait()", "the operation of a waiter"),
        ("boto3.resource('ec2').Instance('i').start()", "the operation behind ec2 start"),
    ],
)
def test_what_cannot_be_known_is_said(study, code, why):
    found = study(f"import boto3\ndef handler(event, context):\n    {code}\n")
    assert [call.unresolved for call in found.effects.calls] == [why]


def test_the_way_to_a_call_from_the_handler(study):
    code = "import boto3\ndef handler(event, context):\n    one()\ndef one():\n    two()\ndef two():\n    boto3.client('s3').list_buckets()\n"
    [call] = study(code).effects.calls
    assert [place.line for place in call.because] == [3, 5]
    assert call.location == Location("src/app.py", 7, 5, 7, 38)


def test_calls_at_import_and_calls_never_reached(study):
    code = "import boto3\nboto3.client('sts').get_caller_identity()\ndef handler(event, context):\n    pass\ndef unused():\n    boto3.client('s3').list_buckets()\n"
    assert told(study(code)) == ["sts GetCallerIdentity "]


def test_a_variable_that_is_not_set_and_a_default(study):
    code = "import os, boto3\ndef handler(e, c):\n    boto3.client('s3').head_bucket(Bucket=os.environ['NO'])\n    boto3.client('s3').list_objects_v2(Bucket=os.environ.get('NO', 'b'))\n"
    first, second = study(code).effects.calls
    assert first.parameters == {"Bucket": Unknown("the environment variable NO")}
    assert second.parameters == {"Bucket": "b"}
    assert list(study(code).effects.environment) == ["NO"]


def test_either_of_two_tables(study):
    code = "import boto3\ndef handler(event, c):\n    t = 'a' if event['x'] else 'b'\n    boto3.client('dynamodb').scan(TableName=t)\n"
    [call] = study(code).effects.calls
    assert call.parameters == {"TableName": Choice(("a", "b"))}


def test_the_bucket_that_delivers_the_event_is_known(study):
    code = "import boto3\ndef handler(event, c):\n    for r in event['Records']:\n        boto3.client('s3').get_object(Bucket=r['s3']['bucket']['name'], Key='k')\n"
    [call] = study(code, "s3", resource="Uploads").effects.calls
    assert call.parameters["Bucket"] == Ref("Uploads")


def test_the_bucket_of_an_event_bridge_rule_is_known_and_nobodys(study):
    pattern = {
        "source": (Node("aws.s3", HERE),),
        "detail": Node({"bucket": Node({"name": Node((Node(Ref("In"), HERE),), HERE)}, HERE)}, HERE),
    }
    pattern["source"] = Node(pattern["source"], HERE)
    properties = Node({"Pattern": Node(pattern, HERE)}, HERE)
    code = "import boto3, os\ndef handler(event, c):\n    boto3.client('s3').get_object(Bucket=event['detail']['bucket']['name'], Key='k')\n    os.system(event['detail']['object']['key'])\n"
    found = study(code, "eventbridge", properties=properties)
    assert found.effects.calls[0].parameters["Bucket"] == Ref("In")
    assert [flow.origin.path for flow in found.flows] == ["detail.object.key"]


@pytest.mark.parametrize(
    ("code", "host", "port"),
    [
        ("requests.get('https://api.shop.example/a')", "api.shop.example", 443),
        ("requests.post('http://api.shop.example:8080/a')", "api.shop.example", 8080),
        ("urllib.request.urlopen(urllib.request.Request('https://a.example'))", "a.example", 443),
        ("http.client.HTTPSConnection('a.example')", "a.example", 443),
        ("requests.get(f'https://{os.environ[\"URL\"]}/a')", Ref("Queue"), 443),
        ("requests.get(f'https://{event[\"a\"]}.a.example/')", Text((Unknown("a text"), ".a.example")), 443),
        ("httpx.Client(base_url='https://b.example/v1').get('/a')", "b.example", 443),
        ("socket.create_connection(('c.example', 25))", "c.example", 25),
    ],
)
def test_hosts(study, code, host, port):
    text = (
        f"import os, requests, urllib.request, http.client, httpx, socket\ndef handler(event, context):\n    {code}\n"
    )
    [reach] = study(text, environment=ENVIRONMENT).effects.reaches
    assert isinstance(reach, Reach)
    assert (str(reach.host), reach.port) == (str(host), port)


@pytest.mark.parametrize(
    ("code", "program", "shell"),
    [
        ("os.system('convert a b')", "convert", True),
        ("subprocess.run(['/opt/bin/ffmpeg', '-i', 'a'])", "/opt/bin/ffmpeg", False),
        ("subprocess.run('ls', shell=True)", "ls", True),
        ("subprocess.run(['bash', '-c', 'ls'])", "ls", True),
        ("os.execv('/bin/ls', ['ls'])", "/bin/ls", False),
    ],
)
def test_programs(study, code, program, shell):
    runs = study(f"import os, subprocess\ndef handler(event, context):\n    {code}\n").effects.runs
    assert isinstance(runs[0], Run)
    assert (program, shell) in [(run.program, run.shell) for run in runs]


@pytest.mark.parametrize(
    ("code", "path", "write"),
    [
        ("open('/tmp/a', 'w')", "/tmp/a", True),
        ("open('/tmp/a')", "/tmp/a", False),
        ("Path('/tmp', 'a').write_text('x')", "/tmp/a", True),
        ("(Path('/tmp') / 'a').read_bytes()", "/tmp/a", False),
        ("open(os.path.join(os.path.dirname(__file__), 'data.json'))", "/var/task/data.json", False),
        ("boto3.client('s3').upload_file('/tmp/a', 'b', 'k')", "/tmp/a", False),
    ],
)
def test_files(study, code, path, write):
    text = f"import os, boto3\nfrom pathlib import Path\ndef handler(event, context):\n    {code}\n"
    [access] = study(text).effects.files
    assert (access.path, access.write) == (path, write)


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("{os.environ['TABLE']: {}}", (Ref("Orders"),)),
        ("{'a': {}, os.environ['TABLE']: {}}", (Ref("Orders"),)),
        ("{name: {} for name in [os.environ['TABLE']]}", (Ref("Orders"),)),
        ("{**{os.environ['TABLE']: {}}, os.environ['URL']: {}}", (Ref("Orders"), Ref("Queue"))),
        ("{event['t']: {}}", (Unknown("a part of the event"),)),
        ("{os.environ['TABLE']: {}, **event['more']}", None),
        ("dict(event['all'], a=1)", None),
    ],
)
def test_keys_that_are_no_plain_texts_are_told_or_said_to_be_open(study, code, keys):
    text = f"import os, boto3\ndef handler(event, context):\n    boto3.client('dynamodb').batch_get_item(RequestItems={code})\n"
    items = study(text, environment=ENVIRONMENT).effects.calls[0].parameters["RequestItems"]
    assert "*" in items
    assert items.get("*keys") == keys
