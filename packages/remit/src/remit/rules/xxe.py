"""XML from the event is read by a parser that resolves what the document declares, so its sender reads files and reaches hosts.

## What it finds

A document out of an event that is read by an `lxml` parser told to resolve entities, load document types or use the
network, or by a SAX parser with external entities switched on. A default parser of `lxml`, which before version 5 opened
local files, is for the pedantic persona. Parsers with `resolve_entities=False`, `defusedxml` and the parsers of the
standard library as they come are not reported.

## Why it matters

`<!ENTITY e SYSTEM "file:///proc/self/environ">` puts the function's credentials into the document it reads; the same with
an address reaches what only the function reaches.

## How to mend it

Read with `etree.XMLParser(resolve_entities=False, no_network=True)`, or with `defusedxml`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /orders}}
```

```python app.py
from lxml import etree


def handler(event, context):
    parser = etree.XMLParser(resolve_entities=True, no_network=False)
    order = etree.fromstring(event["body"].encode(), parser)
    return {"statusCode": 200, "body": order.findtext("id")}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /orders}}
```

```python app.py
from lxml import etree


def handler(event, context):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    order = etree.fromstring(event["body"].encode(), parser)
    return {"statusCode": 200, "body": order.findtext("id")}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="xxe",
    sink="xml",
    weight=Severity.HIGH,
    does=lambda _flow: "reads files of {function} by what a document declares",
    label=lambda flow: f"{field_name(flow)} is parsed with its entities",
    fixes=lambda _facts, _flow: (
        Fix("read the document with etree.XMLParser(resolve_entities=False, no_network=True)"),
    ),
    wanted=lambda flow: flow.detail.get("entities") == "chosen",
)
#: A parser as it comes: what it resolves depends on its version.
_DEFAULT = Injection(
    rule="xxe",
    sink="xml",
    weight=Severity.LOW,
    does=lambda _flow: "has {function} read a document with what it declares",
    label=lambda flow: f"{field_name(flow)} is parsed by a parser as it comes",
    fixes=_KIND.fixes,
    wanted=lambda flow: flow.detail.get("entities") != "chosen",
    persona=Persona.PEDANTIC,
)


def _check(facts: Facts) -> Iterator[Finding]:
    yield from find(facts, _KIND)
    yield from find(facts, _DEFAULT)


RULE = Rule(
    "xxe",
    "event data parsed as XML with entities",
    Severity.HIGH,
    ("CWE-611", "OWASP-S1", "SAS-01"),
    _check,
)
