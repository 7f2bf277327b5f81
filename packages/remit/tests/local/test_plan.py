"""What of an app is put up locally, and under which names."""

from pathlib import Path

from remit.app.value import Choice, Ref, Text, Unknown
from remit.local.plan import plan, text_of
from remit.local.resources import notifications, queue_attributes, table_arguments
from remit.read import load

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
  Open: {Type: String}
Globals:
  Function: {Runtime: python3.12, CodeUri: src/, Timeout: 7}
Resources:
  Api: {Type: AWS::Serverless::HttpApi}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      MemorySize: 512
      Environment:
        Variables:
          TABLE: !Ref Things
          TABLE_ARN: !GetAtt Things.Arn
          QUEUE: !Ref Jobs
          TOPIC: !Ref News
          BUCKET: !Ref Files
          STAGE: !Ref Stage
          OPEN: !Ref Open
          NUMBER: 5
          URL: !Sub "https://${Files}.s3.${AWS::Region}.amazonaws.com"
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: get, Path: "/things/{id}"}}
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 3}}
        Tick: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
        File:
          Type: S3
          Properties:
            Bucket: !Ref Files
            Events: ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"]
            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
  Script:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: nodejs22.x}
  Things: {Type: AWS::Serverless::SimpleTable}
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs.fifo, FifoQueue: true, VisibilityTimeout: 30}}
  News: {Type: AWS::SNS::Topic}
  Files: {Type: AWS::S3::Bucket}
"""


def made(tmp_path: Path):  # type: ignore[no-untyped-def]
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text("def handler(event, context): pass\n")
    (app,) = load(tmp_path).apps
    return app, plan(app, tmp_path, "http://127.0.0.1:1")


def test_functions_get_their_local_names_and_nothing_is_left_out_in_silence(tmp_path: Path) -> None:
    app, planned = made(tmp_path)
    (work,) = planned.functions
    things = planned.thing("Things")
    files = planned.thing("Files")
    assert things is not None
    assert files is not None
    assert work.name == "Work"
    assert work.code == tmp_path / "src"
    assert (work.timeout, work.memory) == (7.0, 512)
    assert work.environment == {
        "TABLE": things.name,
        "TABLE_ARN": things.arn,
        "QUEUE": "http://127.0.0.1:1/000000000000/jobs.fifo",
        "TOPIC": f"arn:aws:sns:eu-central-1:000000000000:{app.name}-News",
        "BUCKET": files.name,
        "STAGE": "dev",
        "NUMBER": "5",
        "URL": f"https://{files.name}.s3.eu-central-1.amazonaws.com",
    }
    assert files.name == files.name.lower()
    left_out = {skip.what for skip in planned.skips}
    assert "Script" in left_out
    assert "Work.OPEN" in left_out
    assert any("schedule" in skip.why for skip in planned.skips)


def test_routes_and_wires(tmp_path: Path) -> None:
    _, planned = made(tmp_path)
    (route,) = planned.routes
    assert (route.method, route.path, route.function, route.source) == ("GET", "/things/{id}", "Work", "http-api")
    assert {(wire.thing.id, wire.source) for wire in planned.wires} == {("Jobs", "sqs"), ("Files", "s3")}


def test_arguments_for_the_cloud(tmp_path: Path) -> None:
    _, planned = made(tmp_path)
    things, jobs = planned.thing("Things"), planned.thing("Jobs")
    assert things is not None
    assert jobs is not None
    assert table_arguments(things)["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert queue_attributes(jobs) == {"FifoQueue": "true", "VisibilityTimeout": "30"}
    wires = [wire for wire in planned.wires if wire.source == "s3"]
    (configuration,) = notifications(wires)["LambdaFunctionConfigurations"]
    assert configuration["Events"] == ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"]
    assert configuration["Filter"] == {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}


def test_values_that_cannot_be_known_stay_unknown() -> None:
    assert text_of(Unknown("?"), (), "") is None
    assert text_of(Ref("Nobody"), (), "") is None
    assert text_of(Text(("a-", Ref("Nobody"))), (), "") is None
    assert text_of(Choice((Unknown("?"), "b")), (), "") == "b"
    flag: bool = True
    assert text_of(flag, (), "") == "true"
    assert text_of(Text(("arn:", Ref("AWS::Partition"))), (), "") == "arn:aws"
