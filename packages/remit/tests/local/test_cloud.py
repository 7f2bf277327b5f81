"""An app in the local cloud: every kind of event reaches the real runtime and has its effect."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.local.cloud import Bed
from remit.local.ministack import CloudError, Ministack, locate
from remit.read import load

pytestmark = pytest.mark.e2e

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.12, CodeUri: src/, Timeout: 20}
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          Login:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example/", audience: [a]}
  Web:
    Type: AWS::Serverless::Function
    Properties:
      Handler: web.handler
      Environment: {Variables: {TABLE: !Ref Things, QUEUE: !Ref Jobs}}
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/things/{id}"}}
        Put: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: PUT, Path: "/things/{id}", Auth: {Authorizer: Login}}}
        Bad: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /bad}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: worker.handler
      Environment: {Variables: {BUCKET: !Ref Results}}
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 1}}
        News: {Type: SNS, Properties: {Topic: !Ref News}}
        File: {Type: S3, Properties: {Bucket: !Ref Inbox, Events: "s3:ObjectCreated:*"}}
  Things: {Type: AWS::Serverless::SimpleTable}
  Jobs: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  Inbox: {Type: AWS::S3::Bucket}
  Results: {Type: AWS::S3::Bucket}
"""
WEB = """
import json, os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
sqs = boto3.client("sqs")
def handler(event, context):
    if event["rawPath"] == "/bad":
        raise ValueError("secret detail")
    key = event["pathParameters"]["id"]
    if event["routeKey"].startswith("PUT"):
        who = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
        table.put_item(Item={"id": key, "value": event["body"], "who": who})
        sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=key)
        return {"statusCode": 201, "cookies": ["seen=1"]}
    return table.get_item(Key={"id": key})["Item"]
"""
WORKER = """
import os, boto3
s3 = boto3.client("s3")
def handler(event, context):
    record = event["Records"][0]
    text = record["body"] if "body" in record else record["Sns"]["Message"] if "Sns" in record else record["s3"]["object"]["key"]
    s3.put_object(Bucket=os.environ["BUCKET"], Key="latest", Body=text.encode())
    return text
"""


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    try:
        locate()
    except CloudError:
        pytest.skip("the local cloud is not installed: make setup")
    root = tmp_path_factory.mktemp("app")
    (root / "src").mkdir()
    (root / "template.yaml").write_text(TEMPLATE)
    (root / "src" / "web.py").write_text(WEB)
    (root / "src" / "worker.py").write_text(WORKER)
    (app,) = load(root).apps
    with Bed(app, root) as running:
        yield running


def latest(bed: Bed) -> str:
    results = bed.plan.thing("Results")
    assert results is not None
    return bed.client("s3").get_object(Bucket=results.name, Key="latest")["Body"].read().decode()


def test_http_with_an_authorizer_a_table_and_a_queue(bed: Bed) -> None:
    body, kind = json.dumps({"n": "ü"}), {"content-type": "application/json"}
    assert bed.request("PUT", "/things/7", body, kind).status == 401
    assert bed.request("PUT", "/things/7", body, {"authorization": "Bearer made-up"}).status == 401
    token = {"authorization": "Bearer " + bed.token({"sub": "ada"})}
    before = len(bed.served)
    answer = bed.request("PUT", "/things/7", body, {**kind, **token})
    assert answer.status == 201
    assert ("set-cookie", "seen=1") in answer.headers
    shown = bed.request("GET", "/things/7")
    assert json.loads(shown.body) == {"id": "7", "value": body, "who": "ada"}
    assert bed.wait(lambda served: served.function == "Worker", 20, before) is not None
    assert latest(bed) == "7"


def test_what_is_not_routed_and_what_fails(bed: Bed) -> None:
    assert bed.request("GET", "/nothing").status == 404
    failed = bed.request("GET", "/bad")
    assert failed.status == 500
    assert b"secret" not in failed.body


def test_topic_and_bucket(bed: Bed) -> None:
    topic, inbox = bed.plan.thing("News"), bed.plan.thing("Inbox")
    assert topic is not None
    assert inbox is not None
    before = len(bed.served)
    bed.client("sns").publish(TopicArn=topic.arn, Message="from the topic")
    assert bed.wait(lambda served: served.invocation.payload == "from the topic", 20, before) is not None
    bed.client("s3").put_object(Bucket=inbox.name, Key="a b.txt", Body=b"x")
    found = bed.wait(lambda served: served.invocation.payload == "a+b.txt", 20, before)
    assert found is not None
    assert latest(bed) == "a+b.txt"


def test_nothing_comes_when_nothing_is_sent(bed: Bed) -> None:
    assert bed.wait(lambda _: True, 0.2, len(bed.served)) is None


def test_it_listens_on_loopback_only_and_ends() -> None:
    try:
        program = locate()
    except CloudError:
        pytest.skip("the local cloud is not installed: make setup")
    with Ministack(program) as cloud:
        port = cloud.port
        # Another loopback address is not listened on, so neither is every address.
        with socket.socket() as other, pytest.raises(ConnectionRefusedError):
            other.connect(("127.0.0.2", port))
    assert _is_free(port)


def test_a_program_that_is_no_cloud_is_told(tmp_path: Path) -> None:
    program = tmp_path / "not-a-cloud"
    program.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(CloudError, match="broken"):
        Ministack(program).start()


def test_the_cloud_ends_with_its_owner_however_that_ends(tmp_path: Path) -> None:
    try:
        locate()
    except CloudError:
        pytest.skip("the local cloud is not installed: make setup")
    code = (
        "from remit.local.ministack import Ministack\nimport time\n"
        "cloud = Ministack()\ncloud.start()\nprint(cloud.port, flush=True)\ntime.sleep(600)\n"
    )
    # What a killed owner cannot tidy up goes where pytest does.
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=variables) as owner:
        assert owner.stdout is not None
        port = int(owner.stdout.readline())
        owner.kill()
    assert _is_free(port)


def _is_free(port: int, seconds: float = 15.0) -> bool:
    """Whether nobody listens on a port any more, at last."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return True
        time.sleep(0.05)
    return False
