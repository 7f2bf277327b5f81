"""Tokens are signed with a key that stands in the code, or with none at all.

## What it finds

A literal as the key of `jwt.encode`, `jwt.decode`, `jsonwebtoken.sign` or `verify`, also as what is taken when an
environment variable is not set; and the algorithm `none`, by which a token without a signature is a valid one.

## Why it matters

Who has the key writes tokens for whomever they like. A key in the code is with everyone who ever had the code, and
is the same on every stage.

## How to mend it

Take the key from Secrets Manager or the parameter store, at least 32 random bytes, and fail when it is missing. Sign with
a key pair (RS256, ES256) where others verify. Never accept `none`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: login}
  Session:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: session}
```

```text login/requirements.txt
pyjwt==2.10.1
```

```python login/app.py
import os
import jwt

KEY = os.environ.get("SIGNING_KEY", "change-me")

def handler(event, context):
    return jwt.encode({"sub": event["user"]}, KEY, algorithm="HS256")
```

```json session/package.json
{"dependencies": {"jsonwebtoken": "9.0.2"}}
```

```javascript session/app.js
const jwt = require("jsonwebtoken");

exports.handler = async (event) => jwt.sign({ sub: event.user }, "", { algorithm: "none" });
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: login}
  Session:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: session}
```

```text login/requirements.txt
pyjwt==2.10.1
```

```python login/app.py
import boto3
import jwt

KEY = boto3.client("secretsmanager").get_secret_value(SecretId="signing-key")["SecretString"]

def handler(event, context):
    return jwt.encode({"sub": event["user"]}, KEY, algorithm="HS256")
```

```json session/package.json
{"dependencies": {"jsonwebtoken": "9.0.2"}}
```

```javascript session/app.js
const jwt = require("jsonwebtoken");

exports.handler = async (event) => jwt.sign({ sub: event.user }, process.env.PRIVATE_KEY, { algorithm: "RS256" });
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, places

_ID = "weak-token-key"
#: RFC 7518, section 3.2: a key of HS256 has at least the size of the hash.
_SHORTEST = 32


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "token-key"):
        detail = place.use.detail
        if detail.get("algorithm") == "none":
            words = Words(
                f"{place.function.id} takes tokens without a signature for valid ones",
                'the algorithm "none" signs nothing',
                "take out the algorithm none, and name those you accept",
            )
        else:
            short = int(detail["length"]) < _SHORTEST
            words = Words(
                f"{place.function.id} signs or verifies tokens with a key that stands in the code",
                f"the key is a literal{' and short enough to be guessed' if short else ''}",
                "read the key from a secret store, and fail when it is missing",
            )
        yield finding(facts, place, _ID, Severity.HIGH, words)


RULE = Rule(_ID, "token key in the code, or none", Severity.HIGH, ("CWE-321", "CWE-327", "OWASP-S2", "SAS-02"), _check)
