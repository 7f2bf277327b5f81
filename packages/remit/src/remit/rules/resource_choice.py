"""A value from the event chooses which resource a cloud call works on: the table, bucket, queue, function or secret.

## What it finds

A field of an event that becomes `TableName`, `Bucket`, `QueueUrl`, `TopicArn`, `FunctionName`, `SecretId`, `RoleArn` and
their like. Keys and items inside a fixed resource are not reported.

## Why it matters

The role decides what can be chosen, and roles are granted wider than needed. Where the code means one table, the
sender names another one that the role reaches too.

## How to mend it

Take the resource from the configuration of the function. Where it must vary, look it up in a fixed mapping.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Export:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies: [AmazonDynamoDBReadOnlyAccess]
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /export}}
```

```python app.py
import boto3

def handler(event, context):
    table = event["queryStringParameters"]["table"]
    rows = boto3.client("dynamodb").scan(TableName=table)
    return {"statusCode": 200, "body": str(rows["Count"])}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Export:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies: [AmazonDynamoDBReadOnlyAccess]
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /export}}
```

```python app.py
import boto3

TABLES = {"orders": "shop-orders", "products": "shop-products"}

def handler(event, context):
    table = TABLES[event["queryStringParameters"]["table"]]
    rows = boto3.client("dynamodb").scan(TableName=table)
    return {"statusCode": 200, "body": str(rows["Count"])}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import Flow
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

#: Parameters that name a whole resource, with the word people use for it.
RESOURCE_PARAMETERS = {
    "TableName": "table",
    "Bucket": "bucket",
    "QueueUrl": "queue",
    "TopicArn": "topic",
    "TargetArn": "topic",
    "FunctionName": "function",
    "SecretId": "secret",
    "SecretIdList": "secret",
    "Name": "parameter",
    "Names": "parameter",
    "Path": "parameter",
    "RoleArn": "role",
    "StateMachineArn": "state machine",
    "stateMachineArn": "state machine",
    "StreamName": "stream",
    "DeliveryStreamName": "stream",
    "EventBusName": "event bus",
    "KeyId": "key",
    "UserPoolId": "user pool",
    "InstanceIds": "machine",
}


def _parameter(flow: Flow) -> str:
    return flow.detail.get("parameter", "")


def _does(flow: Flow) -> str:
    word = RESOURCE_PARAMETERS.get(_parameter(flow), "resource")
    return f"chooses which {word} {{function}} works on"


_KIND = Injection(
    rule="resource-choice",
    sink="call",
    weight=Severity.LOW,
    does=_does,
    label=lambda flow: f"{field_name(flow)} is the {_parameter(flow) or 'resource'}",
    fixes=lambda _facts, _flow: (Fix("take the resource from configuration, or look it up in a fixed mapping"),),
    wanted=lambda flow: _parameter(flow) in RESOURCE_PARAMETERS,
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "resource-choice",
    "cloud resource chosen by event data",
    Severity.MEDIUM,
    ("CWE-863", "OWASP-S5", "SAS-01"),
    _check,
)
