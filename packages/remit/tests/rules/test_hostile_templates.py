"""Rules look at whatever a template has where they expect something: odd shapes give findings or none, never a crash."""

import contextlib
import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.app.facts import Advisory, Dependency, Facts, SecretFound
from remit.app.location import Location
from remit.read.build import build
from remit.read.document import Malformed, parse
from remit.scan.run import check

BASE: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {
        "Function": {"Runtime": "python3.8", "Environment": {"Variables": {"DB_PASSWORD": "Brise-8812-Hafen"}}}
    },
    "Resources": {
        "F": {
            "Type": "AWS::Serverless::Function",
            "Metadata": {"remit": {"ignore": [{"rule": "no-tracing", "reason": "x"}]}},
            "Properties": {
                "Handler": "app.handler",
                "CodeUri": "src",
                "Policies": [
                    "AdministratorAccess",
                    {"DynamoDBCrudPolicy": {"TableName": {"Ref": "T"}}},
                    {"Statement": [{"Effect": "Allow", "Action": ["s3:*", "iam:PassRole"], "Resource": "*"}]},
                ],
                "FunctionUrlConfig": {"AuthType": "NONE", "Cors": {"AllowOrigins": ["*"], "AllowCredentials": True}},
                "EventInvokeConfig": {"DestinationConfig": {"OnFailure": {"Type": "SQS"}}},
                "Events": {
                    "A": {
                        "Type": "HttpApi",
                        "Properties": {"Method": "POST", "Path": "/a", "Auth": {"Authorizer": "NONE"}},
                    },
                    "Q": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Q", "Arn"]}}},
                    "S": {"Type": "S3", "Properties": {"Bucket": {"Ref": "B"}, "Events": ["s3:ObjectCreated:*"]}},
                },
            },
        },
        "G": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "nodejs16.x",
                "Handler": "i.h",
                "Role": {"Fn::GetAtt": ["R", "Arn"]},
                "Code": {"ZipFile": "x"},
            },
        },
        "R": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Statement": []},
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
                "Policies": [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": ["*"]}},
                    }
                ],
            },
        },
        "P": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "F"}, "Principal": "*"}},
        "B": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "AccessControl": "PublicReadWrite",
                "PublicAccessBlockConfiguration": {"IgnorePublicAcls": False},
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {}}]},
            },
        },
        "BP": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "B"},
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": {"Fn::Sub": "${B.Arn}/*"},
                            "Condition": {"StringEquals": {"aws:SourceIp": "x"}},
                        }
                    ]
                },
            },
        },
        "Q": {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": False, "RedrivePolicy": {}}},
        "T": {"Type": "AWS::DynamoDB::Table", "Properties": {"SSESpecification": {"SSEEnabled": True}}},
        "D": {"Type": "AWS::RDS::DBInstance", "Properties": {"StorageEncrypted": "false"}},
        "L": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": {"Fn::Sub": "/aws/lambda/${F}"}, "RetentionInDays": 3},
        },
        "H": {
            "Type": "AWS::Serverless::HttpApi",
            "Properties": {"CorsConfiguration": {"AllowOrigins": "*", "AllowCredentials": "true"}},
        },
    },
}

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "*", "Allow", "F", "arn:aws:s3:::*", "é\u202e"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Ref", "Fn::Sub", "Fn::GetAtt", "Fn::If", "Statement", "Type", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += paths(item, (*path, key))
    return found


PATHS = paths(BASE)


def replaced(template: Any, path: tuple[Any, ...], value: Any) -> Any:
    node = template
    for step in path[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return template
    with contextlib.suppress(IndexError, TypeError):
        node[path[-1]] = value
    return template


def asked(template: Any) -> None:
    try:
        document = parse(json.dumps(template).encode(), json=True)
    except Malformed:
        return
    app, _, _ = build(document, "template.json")
    place = Location("template.json", 1, 2, 1, 4)
    facts = Facts(
        app,
        today="2026-10-01",
        secrets=(SecretFound("key", place, "a•••b"),),
        advisories=(Advisory("A-1", "", Dependency("PyPI", "x", "1", place), fixed_in="weird", severity="?"),),
        texts={"template.json": document.text},
    )
    for finding in check(facts):
        assert finding.message
        assert finding.fixes


def test_the_base_gives_many_findings() -> None:
    document = parse(json.dumps(BASE).encode(), json=True)
    app, _, failures = build(document, "template.json")
    assert not failures
    rules = {finding.rule for finding in check(Facts(app, today="2026-10-01"))}
    assert {"admin-role", "public-bucket", "store-not-encrypted", "permission-to-everyone"} <= rules
    assert {"cors-any-origin-with-credentials", "end-of-life-runtime", "public-event-source"} <= rules


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), VALUES), min_size=1, max_size=4))
def test_any_value_anywhere(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    template = copy.deepcopy(BASE)
    for path, value in changes:
        replaced(template, path, value)
    asked(template)
