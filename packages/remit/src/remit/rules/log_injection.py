"""A value from the event is written to the log as it is, so its sender can forge log lines.

## What it finds

A field of an event that is written to the log as text, line breaks included. Values written as JSON or with `%r` are
not reported. Only the pedantic persona sees this: the log's reader must be misled for it to matter.

## Why it matters

A line break and a second, made-up line hide what happened or point at somebody else; tools that parse the log believe
it.

## How to mend it

Write structured logs (one JSON document a line), or use `%r` for values from outside.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /login}}
```

```python app.py
import json

def handler(event, context):
    user = json.loads(event["body"])["user"]
    print("login of " + user)
    return {"statusCode": 204}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /login}}
```

```python app.py
import json

def handler(event, context):
    user = json.loads(event["body"])["user"]
    print(json.dumps({"message": "login", "user": user}))
    return {"statusCode": 204}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import FIELD
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find, in_words_of

_KIND = Injection(
    rule="log-injection",
    sink="log",
    weight=Severity.INFO,
    does=lambda _flow: "writes lines of their own into the log of {function}",
    label=lambda flow: f"{field_name(flow)} goes to the log with its line breaks",
    fixes=lambda _facts, flow: (
        in_words_of(
            flow,
            "log one JSON document a line, or use %r for values from outside",
            "log one JSON document a line, or JSON.stringify values from outside",
        ),
    ),
    wanted=lambda flow: flow.origin.kind == FIELD and flow.detail.get("structured") != "true",
    persona=Persona.PEDANTIC,
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "log-injection",
    "event data in the log as it came",
    Severity.LOW,
    ("CWE-117", "OWASP-S10", "SAS-05"),
    _check,
    Persona.PEDANTIC,
)
