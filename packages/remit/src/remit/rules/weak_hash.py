"""A password is hashed by a hash that is fast to guess.

## What it finds

MD5, SHA-1 and SHA-2 of something that is called a password, in Python's `hashlib`, Node's `crypto`, crypto-js and their like.
Checksums of files, ETags and signatures are not reported.

## Why it matters

A fast hash lets one graphics card try some billion passwords a second. When the table leaks, most passwords are known the
same day, and they fit elsewhere too.

## How to mend it

Let Cognito keep passwords. Otherwise `hashlib.scrypt`, argon2 or bcrypt with a salt of each user's own; `crypto.scrypt` in
JavaScript.

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
import hashlib
import json

def handler(event, context):
    user = json.loads(event["body"])
    stored = hashlib.sha256(user["password"].encode()).hexdigest()
    return {"statusCode": 200, "body": stored}
```

```javascript two/app.js
const crypto = require("crypto");

exports.handler = async (event) => {
  const { password } = JSON.parse(event.body);
  return { statusCode: 200, body: crypto.createHash("md5").update(password).digest("hex") };
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
import hashlib
import json
import os

def handler(event, context):
    user = json.loads(event["body"])
    etag = hashlib.md5(event["body"].encode()).hexdigest()
    stored = hashlib.scrypt(user["password"].encode(), salt=os.urandom(16), n=2**14, r=8, p=1).hex()
    return {"statusCode": 200, "headers": {"etag": etag}, "body": stored}
```

```javascript two/app.js
const crypto = require("crypto");

exports.handler = async (event) => {
  const { password } = JSON.parse(event.body);
  return { statusCode: 200, body: crypto.scryptSync(password, crypto.randomBytes(16), 64).toString("hex") };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, is_script, places

_ID = "weak-hash"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "hash"):
        better = "crypto.scrypt, argon2 or bcrypt" if is_script(place.use) else "hashlib.scrypt, argon2 or bcrypt"
        words = Words(
            f"{place.function.id} hashes passwords with {place.use.detail['how']}",
            "fast to compute is fast to guess",
            f"take {better}, with a salt of each user's own",
        )
        yield finding(facts, place, _ID, Severity.MEDIUM, words)


RULE = Rule(_ID, "password hashed by a fast hash", Severity.MEDIUM, ("CWE-916", "OWASP-S3", "SAS-07"), _check)
