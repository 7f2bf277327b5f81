"""Whatever the request holds is stored: also attributes that only the app itself should write.

## What it finds

A whole document of the event as the item of `put_item`, or with its attributes spread into one. Reported to everyone when the
code of the app speaks of an attribute that gives rights or costs money (`role`, `isAdmin`, `permissions`, `price`,
`balance`), else to the pedantic persona.

## Why it matters

The caller adds `"role": "admin"` or `"price": 0` to a request that has neither, and the next function believes it.

## How to mend it

Write the attributes one by one, or validate the body against a schema that allows no others (`additionalProperties: false`,
`extra="forbid"`, zod's `strict`).

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

users = boto3.resource("dynamodb").Table("users")

def handler(event, context):
    users.put_item(Item={"plan": "free", "role": "reader", **json.loads(event["body"])})
    return {"statusCode": 204}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const user = JSON.parse(event.body);
  await table.send(new PutCommand({ TableName: "users", Item: { isAdmin: false, ...user } }));
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

users = boto3.resource("dynamodb").Table("users")

def handler(event, context):
    body = json.loads(event["body"])
    users.put_item(Item={"plan": "free", "role": "reader", "name": body["name"], "mail": body["mail"]})
    return {"statusCode": 204}
```

```javascript two/app.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, GetCommand, UpdateCommand, DeleteCommand } = require("@aws-sdk/lib-dynamodb");
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { name, mail } = JSON.parse(event.body);
  await table.send(new PutCommand({ TableName: "users", Item: { isAdmin: false, name, mail } }));
  return { statusCode: 204 };
};
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._items import items
from remit.rules._uses import Words, finding, routes

_ID = "privilege-from-payload"
#: Attributes that give rights or cost money, as the code names them: a key, a member, a text.
_PRIVILEGE = re.compile(
    r"""(?ix)["'.]\s*(role|roles|is_?admin|is_?superuser|permissions|privileges|balance|credits|price|discount|is_?premium)\b"""
    r"""|\b(is_?admin|is_?superuser)\s*:"""
)


def _check(facts: Facts) -> Iterator[Finding]:
    files = {file for analysis in facts.analyses.values() for file in analysis.files}
    spoken = next((match[0].strip("\"'.: ") for file in sorted(files)
                   if (match := _PRIVILEGE.search(facts.texts.get(file, "")))), "")  # fmt: skip
    for item in items(facts):
        origins = item.parts.get("Item", ())
        function = item.place.function
        if item.place.use.detail["whole"] != "yes" or not origins or not routes(facts, function):
            continue
        where = item.table.id if item.table is not None else "a table"
        words = Words(
            f"whoever calls {function.id} writes any attribute of items in {where}{f', {spoken} too' if spoken else ''}",
            "everything in the request is stored",
            "write the attributes one by one, or validate against a schema that allows no others",
        )
        yield finding(
            facts, item.place, _ID, Severity.MEDIUM if spoken else Severity.LOW, words, confidence="medium",
            persona=Persona.REGULAR if spoken else Persona.PEDANTIC, origin=origins[0],
        )  # fmt: skip


RULE = Rule(_ID, "whole request stored", Severity.MEDIUM, ("CWE-915", "OWASP-S5", "SAS-01"), _check)
