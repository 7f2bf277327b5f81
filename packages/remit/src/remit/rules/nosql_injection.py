"""A value of the event goes into a query of a document database unchecked, so its sender can put operators or code in it.

## What it finds

A field out of a parsed document (a JSON body, a message) that becomes a value of a MongoDB filter, an update or a pipeline
without being made a text or a number first, and any field that is put into the code of `$where`, `$function` or a map-reduce
job. Values that can only be texts (query parameters, headers, path parameters), and values made with `str()`, `int()` or put
behind `$eq`, are not reported as values of a filter.

## Why it matters

`{"password": {"$ne": null}}` in place of a password matches every password. With `$where` a sender runs JavaScript for each
document, and learns by its duration what the documents hold.

## How to mend it

Make the value what it must be before the query sees it: `str(body["password"])`, a schema, or `{"$eq": value}`. Do not
put values into code; filters can say the same.

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
import os

from pymongo import MongoClient

users = MongoClient(os.environ["MONGO_URL"])["shop"]["users"]


def handler(event, context):
    body = json.loads(event["body"])
    user = users.find_one({"name": body["name"], "password": body["password"]})
    return {"statusCode": 200 if user else 401, "body": ""}
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
import os

from pymongo import MongoClient

users = MongoClient(os.environ["MONGO_URL"])["shop"]["users"]


def handler(event, context):
    body = json.loads(event["body"])
    user = users.find_one({"name": str(body["name"]), "password": str(body["password"])})
    return {"statusCode": 200 if user else 401, "body": ""}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="nosql-injection",
    sink="nosql",
    weight=Severity.HIGH,
    does=lambda _flow: "rewrites a database query of {function}",
    label=lambda flow: f"{field_name(flow)} may bring operators into the query",
    fixes=lambda _facts, _flow: (
        Fix('make the value a text or a number before it goes into the query: str(value), or {"$eq": value}'),
    ),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "nosql-injection",
    "document database query made of event data",
    Severity.HIGH,
    ("CWE-943", "OWASP-S1", "SAS-01"),
    _check,
)
