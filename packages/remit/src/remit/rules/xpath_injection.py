"""A value from the event becomes part of an XPath expression, so its sender can rewrite the search.

## What it finds

A field of an event that is put into the text of an XPath expression by formatting or concatenation, on its way to
`lxml`. Variables (`tree.xpath("//item[@id=$id]", id=value)`) are not reported.

## Why it matters

`' or '1'='1` in place of a name selects every element; with functions of the language a sender reads the rest of the
document, one question at a time.

## How to mend it

Give the value as a variable of the expression.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Price:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /price}}
```

```python app.py
import json

from lxml import etree

CATALOG = etree.parse("catalog.xml")


def handler(event, context):
    name = json.loads(event["body"])["name"]
    found = CATALOG.xpath(f"//item[name='{name}']/price")
    return {"statusCode": 200, "body": str(len(found))}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Price:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /price}}
```

```python app.py
import json

from lxml import etree

CATALOG = etree.parse("catalog.xml")


def handler(event, context):
    name = json.loads(event["body"])["name"]
    found = CATALOG.xpath("//item[name=$name]/price", name=name)
    return {"statusCode": 200, "body": str(len(found))}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="xpath-injection",
    sink="xpath",
    weight=Severity.MEDIUM,
    does=lambda _flow: "rewrites an XPath search of {function}",
    label=lambda flow: f"{field_name(flow)} is part of the expression",
    fixes=lambda _facts, _flow: (Fix('give the value as a variable: xpath("//item[name=$name]", name=value)'),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "xpath-injection",
    "XPath expression made of event data",
    Severity.MEDIUM,
    ("CWE-643", "OWASP-S1", "SAS-01"),
    _check,
)
