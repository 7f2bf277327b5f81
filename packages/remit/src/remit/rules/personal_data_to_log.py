"""Passwords, tokens, card numbers or personal data of the event are written to the log.

## What it finds

A field of the event that is called like a password, a token (`headers.authorization`, cookies), card data, an identity number
or personal data (mail address, phone number, birth date, street) in a log line, whole. Whole events are told of by
`event-to-log`.

## Why it matters

Logs are kept for long and read by many: people, tools, other accounts. A token in a log line is a way in, and personal data
in logs cannot be deleted on request.

## How to mend it

Log an id of your own instead, or mask it: Powertools' data masking, or the last four digits.

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

def handler(event, context):
    order = json.loads(event["body"])
    print("order of", order["email"], order["cardNumber"])
    return {"statusCode": 204}
```

```javascript two/app.js
exports.handler = async (event) => {
  const { user, password } = JSON.parse(event.body);
  console.log(`login of ${user} with ${password}`);
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
import json

def handler(event, context):
    order = json.loads(event["body"])
    print("order", context.aws_request_id, "with", len(order["lines"]), "lines")
    return {"statusCode": 204}
```

```javascript two/app.js
exports.handler = async (event) => {
  const { user, password } = JSON.parse(event.body);
  console.log(`login of ${user}, ${password ? "with" : "without"} a password`);
  return { statusCode: 204 };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.noun import replace
from remit.app.report import Finding, Hop, Severity
from remit.rules import Rule
from remit.rules._uses import Place, Words, finding, places

_ID = "personal-data-to-log"
_LIGHT = "personal data"


def _check(facts: Facts) -> Iterator[Finding]:
    grouped: dict[tuple[str, bool], list[Place]] = {}
    for place in places(facts, "personal"):
        if place.use.origins.get("value"):
            grave = place.use.detail["what"] != _LIGHT
            grouped.setdefault((place.use.location.file, grave), []).append(place)
    for (_, grave), found in grouped.items():
        yield _finding(facts, found, grave=grave)


def _finding(facts: Facts, found: list[Place], *, grave: bool) -> Finding:
    """One finding for each file: who mends one line looks at the others."""
    first = found[0]
    what = first.use.detail["what"]
    origin = first.use.origins["value"][0]
    shown = what if what in (_LIGHT, "card data") else f"{what}s"
    words = Words(
        f"{first.function.id} writes {shown} to its log",
        f"{origin.path} goes to the log",
        "log an id instead, or mask the value",
    )
    made = finding(facts, first, _ID, Severity.MEDIUM if grave else Severity.LOW, words, origin=origin)
    others = tuple(Hop(place.use.location, f"and {place.use.origins['value'][0].path} here") for place in found[1:])
    return replace(made, related=others)


RULE = Rule(_ID, "personal data in the log", Severity.MEDIUM, ("CWE-532", "OWASP-S3", "SAS-05"), _check)
