"""A value from the event becomes part of a template's text, so its sender runs the template language.

## What it finds

A field of an event that is put into the text that Jinja, Mako, Django, Tornado or Chameleon compiles. Values given to
`render` are not reported, nor are Jinja's sandboxed environments.

## Why it matters

Template languages reach the objects behind their values: `{{ cycler.__init__.__globals__.os.popen('env').read() }}` prints
the function's credentials.

## How to mend it

Keep template texts constant, in files, and give values to `render`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /greeting}}
```

```python app.py
import json

from jinja2 import Template


def handler(event, context):
    name = json.loads(event["body"])["name"]
    return {"statusCode": 200, "body": Template("Hello " + name).render()}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /greeting}}
```

```python app.py
import json

from jinja2 import Environment

GREETING = Environment(autoescape=True).from_string("Hello {{ name }}")


def handler(event, context):
    name = json.loads(event["body"])["name"]
    return {"statusCode": 200, "body": GREETING.render(name=name)}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="template-injection",
    sink="template",
    weight=Severity.CRITICAL,
    does=lambda _flow: "runs template code in {function}",
    label=lambda flow: f"{field_name(flow)} is part of the template",
    fixes=lambda _facts, _flow: (Fix("keep the template's text constant, and give the value to render"),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "template-injection",
    "template made of event data",
    Severity.CRITICAL,
    ("CWE-1336", "OWASP-S1", "SAS-01"),
    _check,
)
