"""A form for uploads is signed that does not say how large an upload may be.

## What it finds

`generate_presigned_post` and `createPresignedPost` without a condition on the length, in functions on the web; worse when the
key is a field of the event. Addresses signed for a single PUT cannot carry such a condition, and are not reported.

## Why it matters

Whoever has the form stores objects of up to five gigabytes with it, again and again until it expires: the bill is yours, and so
is the function that each upload starts. Where the sender chooses the key, too, they overwrite the uploads of others.

## How to mend it

Sign a condition: `["content-length-range", 0, 1048576]`, and one for the type of content. Make the key yourself.

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
import json
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    form = s3.generate_presigned_post("uploads", json.loads(event["body"])["name"])
    return {"statusCode": 200, "body": json.dumps(form)}
```

```javascript two/app.js
const { S3Client } = require("@aws-sdk/client-s3");
const { createPresignedPost } = require("@aws-sdk/s3-presigned-post");

exports.handler = async (event) => {
  const form = await createPresignedPost(new S3Client({}), { Bucket: "uploads", Key: event.requestContext.requestId });
  return { statusCode: 200, body: JSON.stringify(form) };
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
import json
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    form = s3.generate_presigned_post(
        "uploads", context.aws_request_id, Conditions=[["content-length-range", 0, 1048576]]
    )
    return {"statusCode": 200, "body": json.dumps(form)}
```

```javascript two/app.js
const { S3Client } = require("@aws-sdk/client-s3");
const { createPresignedPost } = require("@aws-sdk/s3-presigned-post");

exports.handler = async (event) => {
  const form = await createPresignedPost(new S3Client({}), {
    Bucket: "uploads",
    Key: event.requestContext.requestId,
    Conditions: [["content-length-range", 0, 1048576]],
  });
  return { statusCode: 200, body: JSON.stringify(form) };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, places, routes

_ID = "unrestricted-upload"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "upload"):
        if place.use.detail["limited"] == "yes" or not routes(facts, place.function):
            continue
        key = next(iter(place.use.origins.get("Key", ())), None)
        words = Words(
            f"{place.function.id} lets its callers upload as much as they like{', over any object' if key else ''}",
            f"no content-length-range{f', and {key.path} is the key' if key else ''}",
            "sign a content-length-range, and make the key yourself",
        )
        yield finding(facts, place, _ID, Severity.MEDIUM if key else Severity.LOW, words, origin=key)


RULE = Rule(_ID, "upload without a limit", Severity.MEDIUM, ("CWE-434", "CWE-770", "OWASP-X-DoW", "SAS-08"), _check)
