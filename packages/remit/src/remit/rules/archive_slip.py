"""An archive from the event is unpacked without a filter, so whoever made it chooses where its members land.

## What it finds

An archive out of an event, or out of a download that the event names, that `tarfile` unpacks without `filter="data"` or
`filter="tar"`. `zipfile` takes ways up out of names itself and is not reported.

## Why it matters

A member called `../../var/task/x.py`, or one that is written through a link which leads out, replaces a file that the
function uses next.

## How to mend it

Unpack with `filter="data"`: `archive.extractall(folder, filter="data")`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Unpack:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /upload}}
```

```python app.py
import base64
import io
import tarfile


def handler(event, context):
    data = io.BytesIO(base64.b64decode(event["body"]))
    with tarfile.open(fileobj=data) as archive:
        archive.extractall("/tmp/upload")
    return {"statusCode": 204, "body": ""}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Unpack:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /upload}}
```

```python app.py
import base64
import io
import tarfile


def handler(event, context):
    data = io.BytesIO(base64.b64decode(event["body"]))
    with tarfile.open(fileobj=data) as archive:
        archive.extractall("/tmp/upload", filter="data")
    return {"statusCode": 204, "body": ""}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="archive-slip",
    sink="archive",
    weight=Severity.HIGH,
    does=lambda _flow: "writes files of {function} where an archive says",
    label=lambda flow: f"{field_name(flow)} names the files",
    fixes=lambda _facts, _flow: (Fix('unpack with filter="data"'),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "archive-slip",
    "archive of the event unpacked without a filter",
    Severity.HIGH,
    ("CWE-22", "OWASP-S1", "SAS-01"),
    _check,
)
