"""Bytes from the event are deserialised in a format that can run code.

## What it finds

A field of an event that reaches `pickle`, `marshal`, `shelve`, `jsonpickle`, `dill` or `yaml.load` with a loader that
builds objects. `json.loads` and `yaml.safe_load` are not reported.

## Why it matters

A pickle is a program: loading one runs whatever its writer put into it, before any check of yours sees a value. Base64
or a cookie around it is no protection; a signature is, if it is checked first.

## How to mend it

Use a format that only carries data: JSON, or YAML with `safe_load`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Cart:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /cart}}
```

```python app.py
import base64
import pickle

def handler(event, context):
    cart = pickle.loads(base64.b64decode(event["body"]))
    return {"statusCode": 200, "body": str(len(cart))}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Cart:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /cart}}
```

```python app.py
import json

def handler(event, context):
    cart = json.loads(event["body"])
    return {"statusCode": 200, "body": str(len(cart))}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._mend import yaml_safe_loader
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="unsafe-deserialization",
    sink="deserialize",
    weight=Severity.CRITICAL,
    does=lambda _flow: "runs code in {function} by what it deserialises",
    label=lambda flow: f"{field_name(flow)} decides what is built here",
    fixes=lambda facts, flow: (
        *yaml_safe_loader(facts, flow),
        Fix("carry the data as JSON, or check a signature over the bytes before they are loaded"),
    ),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "unsafe-deserialization",
    "event data deserialised in a format that runs code",
    Severity.CRITICAL,
    ("CWE-502", "OWASP-S8", "SAS-01"),
    _check,
)
