"""Calls that happen out of sight are told as unresolved: never silently nothing."""

import pytest

CASES = [
    ("import vendored", "vendored.run(boto3.client('s3'))", [("s3", "vendored.run")]),
    ("import vendored", "vendored.run(ctx={'a': [boto3.resource('dynamodb').Table('t')]})", [("dynamodb", "vendored.run")]),
    ("import vendored", "vendored.run(boto3.client('s3').delete_object)", [("s3", "delete_object of the client")]),
    ("import vendored", "vendored.app.state.s3 = boto3.client('s3')", [("s3", "is kept as s3")]),
    ("import vendored", "vendored.Holder(Own())", [("sqs", "vendored.Holder")]),
    ("import pynamodb.models", "pass", [("dynamodb", "pynamodb")]),
    ("from awswrangler import s3", "pass", [("", "awswrangler")]),
    ("import vendored", "setattr(vendored.app, 's3', boto3.client('s3'))", [("s3", "is kept as s3")]),
    ("import json", "getattr(boto3.resource('sqs').Queue('q'), event['do'])()", [("sqs", "the operation name")]),
    ("import vendored", "vendored.sign(boto3.Session().region_name, boto3.Session().get_credentials())", []),
    ("import json", "print(boto3.client('s3'))", []),
    ("import json", "exec(open('/opt/x.py').read())", [("", "exec() runs code")]),
    ("import json", "exec('import os')", [("", "exec() runs code")]),
    ("import json", "eval('1 + 1')", []),
    ("import runpy", "runpy.run_path('/opt/x.py')", [("", "runs code")]),
    ("import importlib", "importlib.import_module(event['m'])", [("", "the module that is loaded")]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "code", "told"), CASES)
def test_what_others_do_with_the_sdk_is_unresolved(study, before, code, told):
    own = "class Own:\n    def __init__(self):\n        self.client = boto3.client('sqs')\n"
    analysis = study(f"import boto3\n{before}\n{own}def handler(event, context):\n    {code}\n")
    found = [call for call in analysis.effects.calls if call.unresolved]
    assert [call.service for call in found] == [service for service, _ in told]
    assert all(part in call.unresolved for call, (_, part) in zip(found, told, strict=True))


SEEN = [
    (("@dataclass\nclass D:\n    s3: object = field(default_factory=lambda: boto3.client('s3'))\n    def go(self):\n"
     "        self.s3.delete_object(Bucket='b', Key='k')"), "D().go()", "s3 DeleteObject"),
    (("class W:\n    def __init__(self):\n        self._c = boto3.client('s3')\n    def __getattr__(self, name):\n"
     "        return getattr(self._c, name)"), "W().delete_object(Bucket='b')", "s3 DeleteObject"),
    ("class T(threading.Thread):\n    def run(self):\n        boto3.client('s3').delete_object(Bucket='b')", "T().start()",
     "s3 DeleteObject"),
    ("class T:\n    def __del__(self):\n        boto3.client('s3').delete_object(Bucket='b')", "T()", "s3 DeleteObject"),
    ("", "boto3.resource('s3').ObjectSummary('b', 'k').get()", "s3 GetObject"),
    ("", "boto3.resource('s3').ObjectSummary('b', 'k').load()", "s3 HeadObject"),
    ("", "boto3.resource('s3').Object('b', 'k').content_encoding", "s3 HeadObject"),
    ("", "boto3.resource('s3').Object('b', 'k').copy_from(CopySource='o/x')", "s3 CopyObject"),
    ("", "boto3.resource('s3').Bucket('b').invented()", "s3 ?"),
    ("", "boto3.resource('s3').BucketPolicy('b').put(Policy='{}')", "s3 PutBucketPolicy"),
    ("", "boto3.resource('sqs').Message('u', 'r').delete()", "sqs DeleteMessage"),
    ("", "boto3.resource('sns').Subscription('a').delete()", "sns Unsubscribe"),
    ("", "boto3.resource('ec2').Instance(event['i']).terminate()", "ec2 ?"),
    ("", "for item in boto3.resource('ec2').instances.filter(): item.stop()", "ec2 ?|ec2 ?|ec2 ?"),
    ("", "boto3.client('s3').copy({'Bucket': 's', 'Key': 'k'}, 'b', 'k')", "s3 CopyObject"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "code", "told"), SEEN)
def test_calls_by_a_way_round_are_seen(study, before, code, told):
    start = "import boto3, threading\nfrom dataclasses import dataclass, field\n"
    analysis = study(f"{start}{before}\ndef handler(event, context):\n    {code}\n")
    assert not analysis.skips
    found = [f"{call.service} {call.operation or '?'}" for call in analysis.effects.calls]
    assert sorted(found) == sorted(told.split("|"))


@pytest.mark.parametrize("made", ["A()", "Mangum(app)", "functools.partial(A().go, 1)"])
def test_a_handler_that_is_an_object_is_found(study, made):
    code = f"""
    import boto3, functools
    from mangum import Mangum
    from fastapi import FastAPI
    app = FastAPI()
    class A:
        def __call__(self, event, context):
            boto3.client("sqs").send_message(QueueUrl="q")
        def go(self, *rest):
            boto3.client("sqs").send_message(QueueUrl="q")
    @app.get("/")
    def root():
        boto3.client("sqs").send_message(QueueUrl="q")
    handler = {made}
    """
    analysis = study(code)
    assert analysis.handler is not None
    assert {call.operation for call in analysis.effects.calls} == {"SendMessage"}
