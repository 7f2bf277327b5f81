"""An item is read, looked at and written back without a condition: two requests at the same time both pass the look.

## What it finds

In one function, an item of a table is read by a key of the event and the same table is then written without a
`ConditionExpression`, by `put_item`, or by `update_item` with an expression that does not count in the database itself.

## Why it matters

Lambda runs as many copies as there are requests. Two that read a balance of 10 both spend 10; a coupon is used as often as
someone can send requests at once.

## How to mend it

Put the check into the write: `ConditionExpression="balance >= :amount"` with `balance = balance - :amount`, or
`attribute_not_exists(id)` for a first write; a transaction where several items are meant.

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
import json
import boto3

coupons = boto3.resource("dynamodb").Table("coupons")

def handler(event, context):
    code = json.loads(event["body"])["code"]
    coupon = coupons.get_item(Key={"code": code})["Item"]
    if coupon["left"] < 1:
        return {"statusCode": 409}
    coupons.put_item(Item={"code": code, "left": coupon["left"] - 1})
    return {"statusCode": 200}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { id } = event.pathParameters;
  const found = await table.send(new GetCommand({ TableName: "seats", Key: { id } }));
  if (found.Item.taken) return { statusCode: 409 };
  await table.send(new PutCommand({ TableName: "seats", Item: { id, taken: true } }));
  return { statusCode: 200 };
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
import json
import boto3

coupons = boto3.resource("dynamodb").Table("coupons")

def handler(event, context):
    coupons.update_item(
        Key={"code": json.loads(event["body"])["code"]},
        UpdateExpression="SET left = left - :one",
        ConditionExpression="left >= :one",
        ExpressionAttributeValues={":one": 1},
    )
    return {"statusCode": 200}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { id } = event.pathParameters;
  const found = await table.send(new GetCommand({ TableName: "seats", Key: { id } }));
  if (!found.Item) return { statusCode: 404 };
  await table.send(new PutCommand({ TableName: "seats", Item: { id, taken: true }, ConditionExpression: "taken = :no",
    ExpressionAttributeValues: { ":no": false } }));
  return { statusCode: 200 };
};
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.noun import replace
from remit.app.report import Finding, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._items import Item, items
from remit.rules._uses import Words, finding

_ID = "check-then-act"
#: The database counts or keeps the first by itself.
_ATOMIC = re.compile(r"(?i)\badd\b|if_not_exists|[-+]\s*:|list_append")


def _same(one: Item, other: Item) -> bool:
    """Whether two calls are about the same table: by what the template names, else by what the code calls."""
    if one.table is not None or other.table is not None:
        return one.table is not None and other.table is not None and one.table.id == other.table.id
    return True


def _written(item: Item) -> bool:
    detail = item.place.use.detail
    if detail["condition"] == "yes" or not item.parts.get("Key", item.parts.get("Item")):
        return False
    return item.operation == "PutItem" or (item.operation == "UpdateItem" and not _ATOMIC.search(detail["update"]))


def _check(facts: Facts) -> Iterator[Finding]:
    found = list(items(facts))
    for item in found:
        if not _written(item):
            continue
        function = item.place.function
        before = next((
            other for other in found
            if other.operation == "GetItem" and other.parts.get("Key") and other.place.function.id == function.id
            and other.place.use.location < item.place.use.location and _same(other, item)
        ), None)  # fmt: skip
        if before is None:
            continue
        where = item.table.id if item.table is not None else "a table"
        words = Words(
            f"{function.id} reads an item of {where} and writes it without a condition: requests at the same time interfere",
            "written as if nothing had happened since it was read",
            "put the check into a ConditionExpression of the write",
        )
        made = finding(facts, item.place, _ID, Severity.LOW, words, persona=Persona.PEDANTIC, confidence="medium")
        yield replace(made, related=(Hop(before.place.use.location, "read here"),))


RULE = Rule(
    _ID, "check and write apart", Severity.LOW, ("CWE-367", "OWASP-X-BusinessLogic", "SAS-09"), _check, Persona.PEDANTIC
)
