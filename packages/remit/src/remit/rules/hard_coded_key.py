"""Data is encrypted or signed with a key that stands in the code, or by a cipher that hides little.

## What it finds

A literal as the key of `hmac.new`, `AES.new`, `Fernet`, `createHmac`, `createCipheriv`, crypto-js; a literal as a cipher's
start value; ECB, DES, RC4 and `createCipher`. Keys of tokens are told of by `weak-token-key`.

## Why it matters

A key in the code is with everyone who ever had the code, in every stage the same, and never changed. A fixed start value or
ECB shows which texts are equal; DES and RC4 are broken.

## How to mend it

Encrypt with KMS or the AWS Encryption SDK, take keys from Secrets Manager, make a new random start value for every text,
and use AES-GCM.

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
import hmac

def handler(event, context):
    signature = hmac.new(b"our-secret", event["body"].encode(), "sha256").hexdigest()
    return {"statusCode": 200, "body": signature}
```

```javascript two/app.js
const crypto = require("crypto");

exports.handler = async (event) => {
  const cipher = crypto.createCipheriv("aes-128-ecb", process.env.CIPHER_KEY, null);
  return { statusCode: 200, body: cipher.update(event.body, "utf8", "hex") + cipher.final("hex") };
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
import hmac
import os

def handler(event, context):
    signature = hmac.new(os.environ["HOOK_KEY"].encode(), event["body"].encode(), "sha256").hexdigest()
    return {"statusCode": 200, "body": signature}
```

```javascript two/app.js
const crypto = require("crypto");

exports.handler = async (event) => {
  const start = crypto.randomBytes(12);
  const cipher = crypto.createCipheriv("aes-256-gcm", process.env.CIPHER_KEY, start);
  return { statusCode: 200, body: start.toString("hex") + cipher.update(event.body, "utf8", "hex") + cipher.final("hex") };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Place, Words, finding, places

_ID = "hard-coded-key"


def _words(place: Place) -> Words:
    what, who = place.use.detail["what"], place.function.id
    if what == "key":
        return Words(
            f"{who} uses a key that stands in its code",
            "the key is a literal",
            "read the key from a secret store, or use KMS",
        )
    if what == "iv":
        return Words(
            f"{who} begins every text with the same start value",
            "the start value is a literal",
            "make a new random start value for every text, and send it along",
        )
    how = place.use.detail["how"]
    return Words(
        f"{who} encrypts by {how}, which hides little", "a weak cipher", "use AES-GCM with a random start value"
    )


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "cipher"):
        severity = Severity.MEDIUM if place.use.detail["what"] == "key" else Severity.LOW
        yield finding(facts, place, _ID, severity, _words(place))


RULE = Rule(
    _ID, "key in the code, or weak cipher", Severity.MEDIUM, ("CWE-321", "CWE-327", "OWASP-S3", "SAS-07"), _check
)
