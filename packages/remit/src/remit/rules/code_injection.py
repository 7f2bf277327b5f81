"""A value from the event is run as code.

## What it finds

A field of an event that reaches `eval`, `exec`, `compile`, a dynamic import, or in JavaScript a template engine as the
template itself (in Python that is `template-injection`). An attribute name given to `getattr` is for the pedantic
persona. `ast.literal_eval` and `json.loads` are not reported: they read values and run nothing.

## Why it matters

The sender's text runs inside the function with everything it has: its credentials, its data, its network. There is no
input filter that makes `eval` safe.

## How to mend it

Read data as data: `json.loads`, `ast.literal_eval`. Where the sender chooses an operation, look it up in a mapping of
names to functions.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Calculator:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /calculate}}
```

```python app.py
def handler(event, context):
    formula = event["queryStringParameters"]["formula"]
    return {"statusCode": 200, "body": str(eval(formula))}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Calculator:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /calculate}}
```

```python app.py
import ast

def handler(event, context):
    formula = event["queryStringParameters"]["formula"]
    return {"statusCode": 200, "body": str(sum(ast.literal_eval(formula)))}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find, in_words_of

_KIND = Injection(
    rule="code-injection",
    sink="code",
    weight=Severity.CRITICAL,
    does=lambda _flow: "runs code in {function}",
    label=lambda flow: f"{field_name(flow)} is run as code",
    wanted=lambda flow: flow.detail.get("part") != "attribute",
    fixes=lambda _facts, flow: (
        in_words_of(
            flow,
            "read the value as data with ast.literal_eval or json.loads, or look the operation up in a mapping",
            "read the value as data with JSON.parse, or look the operation up in a mapping",
        ),
    ),
)


#: ``getattr(thing, name)``: it chooses among what is there, and runs nothing of the sender's own.
_ATTRIBUTE = Injection(
    rule="code-injection",
    sink="code",
    weight=Severity.LOW,
    does=lambda _flow: "chooses which attribute {function} uses",
    label=lambda flow: f"{field_name(flow)} names the attribute",
    fixes=lambda _facts, _flow: (Fix("look the name up in a fixed mapping"),),
    wanted=lambda flow: flow.detail.get("part") == "attribute",
    persona=Persona.PEDANTIC,
)


def _check(facts: Facts) -> Iterator[Finding]:
    yield from find(facts, _KIND)
    yield from find(facts, _ATTRIBUTE)


RULE = Rule("code-injection", "event data run as code", Severity.CRITICAL, ("CWE-94", "OWASP-S1", "SAS-01"), _check)
