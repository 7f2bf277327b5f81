"""A value from the event becomes part of the text of a GraphQL document, so its sender can ask for more.

## What it finds

A field of an event that is put into the text of a GraphQL document by formatting or concatenation, on its way to `gql`,
`graphql-core`, or as `query` in the JSON that an HTTP client sends. Variables, and documents that are handed on as a whole, are
not reported.

## Why it matters

The function asks with its own rights: a quote in a name ends the argument, and what follows selects other fields, other
objects, or runs a mutation.

## How to mend it

Keep the document constant and give the value as a variable.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Profile:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /profile}}
```

```python app.py
import json

import requests


def handler(event, context):
    name = json.loads(event["body"])["name"]
    query = '{ user(name: "' + name + '") { id } }'
    answer = requests.post("https://api.example.org/graphql", json={"query": query}, timeout=5)
    return {"statusCode": 200, "body": str(answer.status_code)}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Profile:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /profile}}
```

```python app.py
import json

import requests

QUERY = "query($name: String!) { user(name: $name) { id } }"


def handler(event, context):
    name = json.loads(event["body"])["name"]
    asked = {"query": QUERY, "variables": {"name": name}}
    answer = requests.post("https://api.example.org/graphql", json=asked, timeout=5)
    return {"statusCode": 200, "body": str(answer.status_code)}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="graphql-injection",
    sink="graphql",
    weight=Severity.MEDIUM,
    does=lambda _flow: "rewrites a GraphQL query of {function}",
    label=lambda flow: f"{field_name(flow)} is part of the document's text",
    fixes=lambda _facts, _flow: (Fix("give the value as a variable of the document"),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "graphql-injection",
    "GraphQL document made of event data",
    Severity.MEDIUM,
    ("CWE-943", "OWASP-S1", "SAS-01"),
    _check,
)
