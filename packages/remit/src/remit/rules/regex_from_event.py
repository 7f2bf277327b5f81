"""The sender of an event writes the regular expression, and so decides how long it runs.

## What it finds

A field of an event that becomes a regular expression: `re.compile`, `re.search` and their like, `new RegExp`. Escaped texts
are not reported.

## Why it matters

An expression like `(a+)+$` keeps one text of thirty letters busy for hours. The function runs into its time limit, again and
again, and every second is paid for.

## How to mend it

Search for the text itself (`in`, `includes`), escape it (`re.escape`, `lodash.escapeRegExp`), or use an engine without
backtracking (re2).

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
    wanted = event["queryStringParameters"]["q"]
    return {"statusCode": 200, "body": str(bool(re.search(wanted, "a catalogue of things")))}
```

```javascript two/app.js
exports.handler = async (event) => {
  const wanted = new RegExp(event.queryStringParameters.q, "i");
  return { statusCode: 200, body: String(wanted.test("a catalogue of things")) };
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
    wanted = re.escape(event["queryStringParameters"]["q"])
    return {"statusCode": 200, "body": str(bool(re.search(wanted, "a catalogue of things")))}
```

```javascript two/app.js
exports.handler = async (event) => {
  const wanted = event.queryStringParameters.q;
  return { statusCode: 200, body: String("a catalogue of things".includes(wanted)) };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._uses import Words, finding, is_script, places

_ID = "regex-from-event"


def _check(facts: Facts) -> Iterator[Finding]:
    for place in places(facts, "regex"):
        origins = place.use.origins.get("pattern", ())
        if place.use.detail["how"] != "event" or not origins:
            continue
        escape = "lodash.escapeRegExp" if is_script(place.use) else "re.escape"
        words = Words(
            f"whoever calls {place.function.id} decides how long it runs: the regular expression is theirs",
            f"{origins[0].path} is the expression",
            f"escape it ({escape}), or search for the text itself",
        )
        yield finding(facts, place, _ID, Severity.LOW, words, origin=origins[0])


RULE = Rule(
    _ID, "regular expression of the sender", Severity.LOW, ("CWE-1333", "CWE-400", "OWASP-X-DoW", "SAS-08"), _check
)
