"""Requests cannot be followed from function to function.

## What it finds

Functions without `Tracing: Active`. Only for the auditor; all such functions of an app are one finding.

## Why it matters

After an attack one wants to know what else the same request touched. Without traces that is guesswork over time stamps.

## How to mend it

Set `Tracing: Active` in `Globals.Function`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Show: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Tracing: Active}}
Resources:
  Show: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Function
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule


def _check(facts: Facts) -> Iterator[Finding]:
    without = [function for function in facts.app.functions if not _traced(function)]
    if without:
        first, *rest = without
        yield Finding(
            rule="no-tracing",
            severity=Severity.INFO,
            confidence="high",
            message=f"{first.id}{f' and {len(rest)} more functions leave' if rest else ' leaves'} no traces",
            location=first.location,
            label="Tracing is not Active",
            related=tuple(Hop(function.location, f"{function.id} too") for function in rest),
            function=first.id,
            fixes=(Fix("set Tracing: Active in Globals.Function"),),
            persona=Persona.AUDITOR,
            content=" ".join(function.id for function in without),
        )


def _traced(function: Function) -> bool:
    properties = function.properties
    if properties is None:
        return False
    return "Active" in (properties.get("Tracing"), properties.get("TracingConfig", "Mode"))


RULE = Rule(
    "no-tracing", "functions without traces", Severity.INFO, ("CWE-778", "OWASP-S10", "SAS-05"), _check, Persona.AUDITOR
)
