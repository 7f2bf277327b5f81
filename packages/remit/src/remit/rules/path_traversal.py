"""A value from the event chooses which file is opened, written or deleted, and nothing keeps it inside one folder.

## What it finds

A field of an event that becomes part of a path given to `open`, `os.remove`, `shutil`, archive extraction and their
like. A name that was reduced with `os.path.basename`, checked against a folder after `resolve()`, or looked up in a
fixed mapping is not reported.

## Why it matters

`../../proc/self/environ` reads the environment of the function: its role's credentials and every secret in its
variables. A written path plants files that the next invocation trusts, because `/tmp` survives between invocations.

## How to mend it

Use only the last part of the name (`os.path.basename`) behind a folder of your own, or resolve the path and check
`Path(folder).resolve() in path.parents`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Layout:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /layout}}
```

```python app.py
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    with open("/var/task/layouts/" + name) as layout:
        return {"statusCode": 200, "body": layout.read()}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Layout:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /layout}}
```

```python app.py
import os

def handler(event, context):
    name = os.path.basename(event["queryStringParameters"]["name"])
    with open(os.path.join("/var/task/layouts", name)) as layout:
        return {"statusCode": 200, "body": layout.read()}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import Flow
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find, in_words_of


def _does(flow: Flow) -> str:
    verb = "writes" if flow.detail.get("write") == "true" else "opens"
    return f"chooses which file {{function}} {verb}"


_KIND = Injection(
    rule="path-traversal",
    sink="path",
    weight=Severity.MEDIUM,
    does=_does,
    label=lambda flow: f"{field_name(flow)} can lead out of the folder",
    fixes=lambda _facts, flow: (
        in_words_of(
            flow,
            "keep only os.path.basename(...) of the value, or resolve the path and check that it stays in its folder",
            "keep only path.basename(...) of the value, or resolve the path and check that it stays in its folder",
        ),
    ),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule("path-traversal", "file path made of event data", Severity.HIGH, ("CWE-22", "OWASP-S1", "SAS-01"), _check)
