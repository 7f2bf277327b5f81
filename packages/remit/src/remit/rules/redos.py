r"""A regular expression of the code needs exponentially long for a text that a sender makes up.

## What it finds

An expression with a repetition inside a repetition (or an alternative) that can cut the same text in several ways, followed by
something that may fail, and a field of an event as the text. Expressions that are slow only in the square of the length are
not reported.

## Why it matters

One request of thirty letters keeps the function busy until its time limit. A few of them a second take all copies that the
account may run, and each is paid for to the end.

## How to mend it

Write the expression so that each text can be cut in one way only (`\w+(\s\w+)*` for `(\w+\s?)*`), limit the length of the
text before, or use an engine without backtracking (re2).

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
import re

def handler(event, context):
    good = re.match(r"^([a-z]+-?)+$", event["queryStringParameters"]["name"])
    return {"statusCode": 200 if good else 400}
```

```javascript two/app.js
exports.handler = async (event) => {
  const good = /^([a-zA-Z0-9]+\s?)+$/.test(event.queryStringParameters.name);
  return { statusCode: good ? 200 : 400 };
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
import re

def handler(event, context):
    good = re.match(r"^[a-z]+(-[a-z]+)*$", event["queryStringParameters"]["name"])
    return {"statusCode": 200 if good else 400}
```

```javascript two/app.js
exports.handler = async (event) => {
  const good = /^[a-zA-Z0-9]+(\s[a-zA-Z0-9]+)*$/.test(event.queryStringParameters.name);
  return { statusCode: good ? 200 : 400 };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, places

_ID = "redos"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "regex"):
        origins = place.use.origins.get("text", ())
        if place.use.detail["how"] != "slow" or not origins:
            continue
        words = Words(
            f"a short text keeps {place.function.id} busy until its time limit",
            f"{origins[0].path} meets an expression that tries exponentially many ways",
            "write it so that a text can be cut in one way only, or limit the length before",
        )
        yield finding(facts, place, _ID, Severity.MEDIUM, words, origin=origins[0])


RULE = Rule(
    _ID, "regular expression of exponential time", Severity.MEDIUM, ("CWE-1333", "OWASP-X-DoW", "SAS-08"), _check
)
