"""A value from the event becomes part of the text of a database expression, so its sender can change the condition.

## What it finds

A field of an event that is put into the text of a `FilterExpression`, `ConditionExpression`, `UpdateExpression` or another
expression of a cloud database by formatting or concatenation. Values in `ExpressionAttributeValues`, and conditions built
with `Key(...)` and `Attr(...)`, are not reported.

## Why it matters

`x = :v OR attribute_exists(id)` turns a filter into none. An update expression that a sender can extend writes attributes
they were never meant to reach, such as a price or a role.

## How to mend it

Keep the expression constant; give values as `ExpressionAttributeValues` and names as `ExpressionAttributeNames` out of a
fixed mapping.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Find:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Orders}}]
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
```

```python app.py
import os
import boto3

def handler(event, context):
    wanted = event["queryStringParameters"]["filter"]
    found = boto3.client("dynamodb").scan(TableName=os.environ["ORDERS"], FilterExpression="visible = true AND " + wanted)
    return {"statusCode": 200, "body": str(found["Count"])}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Find:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Orders}}]
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
```

```python app.py
import os
import boto3

def handler(event, context):
    state = event["queryStringParameters"]["state"]
    found = boto3.client("dynamodb").scan(
        TableName=os.environ["ORDERS"],
        FilterExpression="visible = true AND state = :state",
        ExpressionAttributeValues={":state": {"S": state}},
    )
    return {"statusCode": 200, "body": str(found["Count"])}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_EXPRESSIONS = (
    "FilterExpression", "KeyConditionExpression", "ConditionExpression", "UpdateExpression", "ProjectionExpression",
    "SelectExpression", "queryString", "filterPattern",
)  # fmt: skip

_KIND = Injection(
    rule="expression-injection",
    sink="call",
    weight=Severity.MEDIUM,
    does=lambda _flow: "rewrites a database expression of {function}",
    label=lambda flow: f"{field_name(flow)} is part of the {flow.detail.get('parameter')}",
    fixes=lambda _facts, _flow: (
        Fix("keep the expression constant, and give the value as an expression attribute value"),
    ),
    wanted=lambda flow: flow.detail.get("parameter") in _EXPRESSIONS,
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "expression-injection",
    "database expression made of event data",
    Severity.HIGH,
    ("CWE-943", "OWASP-S1", "SAS-01"),
    _check,
)
