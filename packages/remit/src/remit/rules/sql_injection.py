"""A value from the event becomes part of the text of an SQL statement, so its sender can rewrite the statement.

## What it finds

A field of an event (a query parameter, a message body, an object key, ...) that is put into the text of a statement by
formatting, joining or concatenation, in any file on the way from the handler to `execute`. Numbers made with `int()`,
values compared with a fixed list, and bound parameters are not reported.

## Why it matters

With `' OR 1=1 --` in place of a name a sender reads every row; with a second statement or a sub-query they change or
delete them. Functions share one database more often than they share code, so one open query is a way to all of it.

## How to mend it

Give the value to the database beside the statement, as a parameter. Where a name of a table or column must vary,
choose it from a fixed mapping.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Search:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /products}}
```

```python app.py
import sqlite3

def handler(event, context):
    term = event["queryStringParameters"]["q"]
    rows = sqlite3.connect("/tmp/shop.db").execute(f"SELECT name FROM products WHERE name = '{term}'")
    return {"statusCode": 200, "body": str(len(rows.fetchall()))}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Search:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /products}}
```

```python app.py
import sqlite3

def handler(event, context):
    term = event["queryStringParameters"]["q"]
    rows = sqlite3.connect("/tmp/shop.db").execute("SELECT name FROM products WHERE name = ?", (term,))
    return {"statusCode": 200, "body": str(len(rows.fetchall()))}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="sql-injection",
    sink="sql",
    weight=Severity.HIGH,
    does=lambda _flow: "rewrites an SQL statement of {function}",
    label=lambda flow: f"{field_name(flow)} is part of the statement's text",
    fixes=lambda _facts, _flow: (Fix("bind the value as a parameter of the statement, and keep the text constant"),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "sql-injection", "SQL statement made of event data", Severity.CRITICAL, ("CWE-89", "OWASP-S1", "SAS-01"), _check
)
