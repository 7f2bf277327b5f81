"""The only thing that checks the caller of a route that changes something is an API key.

## What it finds

Routes behind which the function changes data, calls other functions or reads a secret, and whose only check is an API key
of a usage plan. For the pedantic persona. GraphQL APIs with a key are told by `route-without-authorizer`.

## Why it matters

An API key says which client is calling, for quotas. It does not expire, is the same for all users of a client, and is read
out of the page or app that uses it. The platform's own manual advises against it as a login.

## How to mend it

Attach an authorizer (IAM, a user pool, a token), and keep the key for quotas.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Auth: {ApiKeyRequired: true}}}
  Remove:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
      Events: {Delete: {Type: Api, Properties: {RestApiId: !Ref Api, Method: DELETE, Path: "/orders/{id}"}}}
```

```python app.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    table.delete_item(Key={"id": event["pathParameters"]["id"]})
    return {"statusCode": 204}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::Serverless::SimpleTable}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Auth: {DefaultAuthorizer: AWS_IAM, ApiKeyRequired: true}}}
  Remove:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
      Events: {Delete: {Type: Api, Properties: {RestApiId: !Ref Api, Method: DELETE, Path: "/orders/{id}"}}}
```

```python app.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    table.delete_item(Key={"id": event["pathParameters"]["id"]})
    return {"statusCode": 204}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._sensitive import sensitive_call, verifies


def _check(facts: Facts) -> Iterator[Finding]:
    for function in facts.app.functions:
        routes = [
            trigger
            for trigger in facts.app.triggers_of(function.id)
            if trigger.source == "rest-api" and trigger.authorizer is not None and trigger.authorizer.kind == "api-key"
        ]
        call = sensitive_call(facts, function) if routes else None
        if call is None or verifies(facts, function):
            continue
        first, *rest = routes
        yield Finding(
            rule="api-key-as-login",
            severity=Severity.LOW,
            confidence="high",
            message=f"whoever has the API key may call {first.name} of {function.id}: it calls {call.what}",
            location=first.location,
            label="an API key is all that is asked for",
            related=(
                Hop(call.because[0], f"{call.what} with the function's role"),
                *(Hop(route.location, f"{route.name} too") for route in rest),
            ),
            function=function.id,
            fixes=(Fix("attach an authorizer, and keep the key for quotas"),),
            persona=Persona.PEDANTIC,
            content=first.name,
        )


RULE = Rule(
    "api-key-as-login",
    "API key in place of a login",
    Severity.LOW,
    ("CWE-306", "OWASP-S2", "SAS-02"),
    _check,
    Persona.PEDANTIC,
)
