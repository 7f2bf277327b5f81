"""The answer allows whichever website asks to read it.

## What it finds

The header `Access-Control-Allow-Origin` with the origin of the request, unchecked; with `Access-Control-Allow-Credentials`
for everyone, without it (then no cookies are sent) for the pedantic persona. Origins that were looked up in a list are not
reported.

## Why it matters

The browser sends the user's cookies along, and gives the answer to the page that asked. When every origin is sent back as
allowed, any website that a user visits reads and does in their name what the user may.

## How to mend it

Keep a list of your own origins, and send one of those back. Never take the request's word for it.

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
def handler(event, context):
    headers = {
        "Access-Control-Allow-Origin": event["headers"]["origin"],
        "Access-Control-Allow-Credentials": "true",
    }
    return {"statusCode": 200, "headers": headers, "body": "{}"}
```

```javascript two/app.js
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { "Access-Control-Allow-Origin": event.headers.origin, "Access-Control-Allow-Credentials": true },
});
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
ALLOWED = ("https://shop.example", "https://admin.shop.example")

def handler(event, context):
    origin = event["headers"]["origin"]
    headers = {
        "Access-Control-Allow-Origin": origin if origin in ALLOWED else ALLOWED[0],
        "Access-Control-Allow-Credentials": "true",
    }
    return {"statusCode": 200, "headers": headers, "body": "{}"}
```

```javascript two/app.js
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { "Access-Control-Allow-Origin": "https://shop.example", "Access-Control-Allow-Credentials": true },
});
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, places, routes

_ID = "cors-reflects-origin"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "cors"):
        function = place.function
        origins = place.use.origins.get("origin", ())
        if not origins or not routes(facts, function):
            continue
        cookies = any(use.kind == "cors-credentials" for use in facts.analyses[function.id].uses)
        words = Words(
            f"any website reads what {function.id} answers{', with the cookies of its visitors' if cookies else ''}",
            "the request says itself who may read the answer",
            "compare the origin with a list of your own",
        )
        yield finding(
            facts, place, _ID, Severity.MEDIUM if cookies else Severity.LOW, words,
            persona=Persona.REGULAR if cookies else Persona.PEDANTIC, origin=origins[0],
        )  # fmt: skip


RULE = Rule(_ID, "origin of the request allowed", Severity.MEDIUM, ("CWE-942", "OWASP-S6", "SAS-03"), _check)
