"""A signed-in user names any object by its id, and the function does not ask whose it is.

## What it finds

Behind an authorizer of JWT or Cognito: an item of DynamoDB is read, changed or deleted by an id from path, query or body, by
code that never speaks of its caller. Reported to everyone when it is changed or deleted and another function of the app
writes the caller into items of the same table; else to the pedantic persona: many tables belong to all.

## Why it matters

An id is no permission. Ids stand in links, mails and logs, and many are counted up: with another one, the caller reads, changes
or deletes what belongs to somebody else.

## How to mend it

Make the owner part of the key, or of the condition: `ConditionExpression="owner = :caller"` with the claim of the caller.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Login
        Authorizers:
          Login:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example", audience: [shop]}
  One:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: one
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/one/{id}"}}
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: two
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/two/{id}"}}
  Table:
    Type: AWS::Serverless::SimpleTable
```

```python one/app.py
import boto3

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    orders.delete_item(Key={"id": event["pathParameters"]["id"]})
    return {"statusCode": 204}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const found = await table.send(new GetCommand({ TableName: "notes", Key: { id: event.pathParameters.id } }));
  return { statusCode: 200, body: JSON.stringify(found.Item) };
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Login
        Authorizers:
          Login:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example", audience: [shop]}
  One:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: one
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/one/{id}"}}
  Two:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: two
      Events:
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/two/{id}"}}
  Table:
    Type: AWS::Serverless::SimpleTable
```

```python one/app.py
import boto3

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    caller = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    orders.delete_item(
        Key={"id": event["pathParameters"]["id"]},
        ConditionExpression="#owner = :caller",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":caller": caller},
    )
    return {"statusCode": 204}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const owner = event.requestContext.authorizer.jwt.claims.sub;
  const found = await table.send(new GetCommand({ TableName: "notes", Key: { owner, id: event.pathParameters.id } }));
  return { statusCode: 200, body: JSON.stringify(found.Item) };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._items import PERSON, Item, asks_who, chosen, guarded, items
from remit.rules._uses import Words, finding

_ID = "missing-owner-check"
_VERBS = {"GetItem": "reads", "UpdateItem": "changes", "DeleteItem": "deletes"}


def _owned(all_items: "list[Item]") -> "set[str]":
    """Tables whose items say who made them: an authorizer's claim is written into them."""
    return {
        item.table.id
        for item in all_items
        if item.table is not None
        for origins in (*item.attributes.values(), *item.key.values())
        if any(origin.claim for origin in origins)
    }


def _check(facts: Facts) -> Iterator[Finding]:
    found = list(items(facts))
    owned = _owned(found)
    for item in found:
        function = item.place.function
        if item.operation not in _VERBS or guarded(facts, function) is None or asks_who(facts, function):
            continue
        origin = next((origin for name, origins in item.key.items()
                       if not PERSON.search(name) and (origin := chosen(origins)) is not None), None)  # fmt: skip
        if origin is None:
            continue
        strong = item.table is not None and item.table.id in owned and item.operation != "GetItem"
        where = item.table.id if item.table is not None else "a table"
        words = Words(
            f"any signed-in user {_VERBS[item.operation]} any item of {where} through {function.id}",
            f"{origin.path} is the key, and nobody asks whose item it is",
            "make the owner part of the key or of a condition, from the claims of the caller",
        )
        yield finding(
            facts, item.place, _ID, Severity.MEDIUM, words, confidence="medium",
            persona=Persona.REGULAR if strong else Persona.PEDANTIC, origin=origin,
        )  # fmt: skip


RULE = Rule(
    _ID, "owner of an item not checked", Severity.MEDIUM, ("CWE-639", "OWASP-S5", "SAS-02"), _check, Persona.PEDANTIC
)
