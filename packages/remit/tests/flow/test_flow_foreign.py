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
