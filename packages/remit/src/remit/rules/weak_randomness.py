"""Something nobody may guess is made of random numbers that can be foretold.

## What it finds

Numbers of Python's `random`, of `uuid1` and of `Math.random()` that become a token, password, code, session id, key or
salt: a variable, attribute, key or function that is called like one. Pauses, samples and names of files are not reported.

## Why it matters

These generators are made for games and samples. Who sees a few of their numbers computes the next ones, and with them the
tokens, codes and passwords of others.

## How to mend it

`secrets.token_urlsafe()`, `secrets.choice`, `secrets.randbelow` in Python; `crypto.randomBytes`, `crypto.randomInt`,
`crypto.randomUUID` in JavaScript.

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
import random
import string

def handler(event, context):
    reset_token = "".join(random.choice(string.ascii_letters) for _ in range(20))
    return {"statusCode": 200, "body": reset_token}
```

```javascript two/app.js
exports.handler = async () => {
  const otp = Math.floor(100000 + Math.random() * 900000);
  return { statusCode: 200, body: String(otp) };
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
import random
import secrets
import time

def handler(event, context):
    time.sleep(random.random())
    reset_token = secrets.token_urlsafe(20)
    return {"statusCode": 200, "body": reset_token}
```

```javascript two/app.js
const crypto = require("crypto");

exports.handler = async () => {
  const otp = crypto.randomInt(100000, 1000000);
  const sample = Math.random() < 0.1;
  return { statusCode: 200, body: String(otp), sample };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, is_script, places

_ID = "weak-randomness"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "random"):
        better = "crypto.randomBytes or crypto.randomInt" if is_script(place.use) else "the module secrets"
        words = Words(
            f"{place.function.id} makes {place.use.detail['name']} of numbers that can be foretold",
            f"{place.use.call}() is made for games and samples",
            f"take {better}",
        )
        yield finding(facts, place, _ID, Severity.MEDIUM, words)


RULE = Rule(_ID, "secret made of weak randomness", Severity.MEDIUM, ("CWE-338", "OWASP-S2", "SAS-02"), _check)
