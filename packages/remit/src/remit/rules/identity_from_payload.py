"""Who the caller is, the caller may say: a user, tenant or role is taken from the request instead of the verified token.

## What it finds

Behind an authorizer of JWT or Cognito: the key of an item in DynamoDB, or its owner, called like a person (`userId`,
`tenantId`, `owner`, `username`) and taken from body, path, query or a header, by code that never speaks of its caller.
With other authorizers, which may compare the path by themselves, and without any, the pedantic persona is told.

## Why it matters

The authorizer verified a token, and nobody reads it. With the id of somebody else in the request, any signed-in user reads
and writes the data of everyone.

## How to mend it

Take the identity from `requestContext.authorizer`: the claim `sub`, or a tenant that the issuer wrote into the token. Where
administrators work on others, look at their group first.

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

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    wanted = json.loads(event["body"])
    found = orders.get_item(Key={"userId": wanted["userId"]})
    return {"statusCode": 200, "body": json.dumps(found["Item"], default=str)}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { owner, text } = JSON.parse(event.body);
  await table.send(new PutCommand({ TableName: "notes", Item: { id: event.requestContext.requestId, owner, text } }));
  return { statusCode: 204 };
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

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    caller = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    found = orders.get_item(Key={"userId": caller})
    return {"statusCode": 200, "body": json.dumps(found["Item"], default=str)}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const owner = event.requestContext.authorizer.jwt.claims.sub;
  const { text } = JSON.parse(event.body);
  await table.send(new PutCommand({ TableName: "notes", Item: { id: event.requestContext.requestId, owner, text } }));
  return { statusCode: 204 };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import Origin
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._items import PERSON, Item, asks_who, chosen, guarded, items
from remit.rules._uses import Words, finding, routes

_ID = "identity-from-payload"


def _person(item: Item) -> "tuple[str, Origin] | None":
    """The attribute that says who someone is, and where it comes from."""
    for name, origins in (*item.key.items(), *item.attributes.items()):
        origin = chosen(origins)
        if origin is not None and origin.kind == "field" and PERSON.search(name):
            return name, origin
    return None


def _check(facts: Facts) -> Iterator[Finding]:
    for item in items(facts):
        found = _person(item)
        function = item.place.function
        if found is None or not routes(facts, function) or asks_who(facts, function):
            continue
        name, origin = found
        strong = guarded(facts, function) is not None
        where = item.table.id if item.table is not None else "a table"
        verb = "reads" if item.operation in ("GetItem", "Query") else "changes"
        words = Words(
            f"whoever calls {function.id} says whose data it {verb} in {where}: {name} comes from the request",
            f"{origin.path} is the {name}",
            "take the identity from the claims of requestContext.authorizer",
        )
        yield finding(
            facts, item.place, _ID, Severity.MEDIUM if verb == "reads" or not strong else Severity.HIGH, words,
            persona=Persona.REGULAR if strong else Persona.PEDANTIC, confidence="medium", origin=origin,
        )  # fmt: skip


RULE = Rule(_ID, "identity taken from the request", Severity.HIGH, ("CWE-639", "OWASP-S5", "SAS-02"), _check)
