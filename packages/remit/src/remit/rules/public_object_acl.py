"""The code makes the objects that it stores readable, or even writable, by everyone.

## What it finds

An ACL of `public-read`, `public-read-write` or `authenticated-read` (every account of AWS, not of yours) in calls that store
or change objects and buckets.

## Why it matters

Whoever learns or guesses the key of such an object has it, without a trace of who they are; and the object stays public
whatever the bucket's policy says later.

## How to mend it

Leave the ACL out, and turn on the bucket's public access block. Hand objects out by presigned URLs, or by CloudFront with
origin access control.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: one
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /one}}
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: two
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /two}}
```

```python one/app.py
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket="reports", Key="latest.html", Body=b"hello", ACL="public-read")
    return {"statusCode": 204}
```

```javascript two/app.js
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const s3 = new S3Client({});

exports.handler = async () => {
  await s3.send(new PutObjectCommand({ Bucket: "reports", Key: "latest.html", Body: "hello", ACL: "public-read" }));
  return { statusCode: 204 };
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: one
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /one}}
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: two
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /two}}
```

```python one/app.py
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket="reports", Key="latest.html", Body=b"hello", ACL="private")
    return {"statusCode": 204}
```

```javascript two/app.js
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const s3 = new S3Client({});

exports.handler = async () => {
  await s3.send(new PutObjectCommand({ Bucket: "reports", Key: "latest.html", Body: "hello" }));
  return { statusCode: 204 };
};
```
"""

from collections.abc import Iterator

from remit.app.effect import SdkCall
from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.report import Finding, Fix, Severity
from remit.app.value import options
from remit.rules import Rule

_ID = "public-object-acl"
_OPEN = {"public-read": "read", "public-read-write": "read and write", "authenticated-read": "read"}


def _acl(call: SdkCall) -> str:
    """The widest ACL that a call may give; ``""`` when it opens nothing."""
    nested = call.parameters.get("ExtraArgs")
    values = (call.parameters.get("ACL"), nested.get("ACL") if isinstance(nested, dict) else None)
    found = [str(item) for value in values for item in options(value) if isinstance(item, str) and item in _OPEN]
    return max(found, key=lambda item: len(_OPEN[item]), default="")


def _check(facts: Facts) -> Iterator[Finding]:
    told: set[Location] = set()
    for function in facts.app.functions:
        analysis = facts.analyses.get(function.id)
        for call in analysis.effects.calls if analysis else ():
            acl = _acl(call) if call.service == "s3" else ""
            if not acl or call.location in told:
                continue
            told.add(call.location)
            bucket = facts.app.resource_of(call.parameters.get("Bucket"))
            who = "every account of AWS" if acl == "authenticated-read" else "anyone on the internet"
            place = bucket.id if bucket is not None else "a bucket"
            yield Finding(
                rule=_ID,
                severity=Severity.HIGH if "write" in acl else Severity.MEDIUM,
                confidence="high",
                message=f"{who} may {_OPEN[acl]} what {function.id} stores in {place}",
                location=call.location,
                label=f"{call.operation} with the ACL {acl}",
                function=function.id,
                resource=bucket.id if bucket is not None else "",
                fixes=(Fix("leave the ACL out, and hand objects out by presigned URLs or CloudFront"),),
                content=f"{call.operation} {acl}",
            )


RULE = Rule(_ID, "object public by its ACL", Severity.MEDIUM, ("CWE-732", "OWASP-S5", "SAS-03"), _check)
