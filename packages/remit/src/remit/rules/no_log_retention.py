"""Logs are kept for ever.

## What it finds

Functions whose log group is not in the template, or is there without `RetentionInDays`. Only for the auditor; all such
functions of an app are one finding.

## Why it matters

Logs hold personal data sooner or later, and what is kept for ever leaks for ever. They also cost money.

## How to mend it

Add an `AWS::Logs::LogGroup` named `/aws/lambda/<function>` with `RetentionInDays`.

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
Resources:
  Show: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: .}}
  ShowLogs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Show}", RetentionInDays: 30}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Function
from remit.app.node import certain
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.app.value import Ref, Value, join, refs
from remit.rules import Rule
from remit.rules._template import of_type


def _check(facts: Facts) -> Iterator[Finding]:
    kept = [
        resource.properties.get("LogGroupName")
        for resource in of_type(facts, "AWS::Logs::LogGroup")
        if certain(resource.properties.at("RetentionInDays")) is not None
    ]
    without = [function for function in facts.app.functions if not any(_is_of(name, function) for name in kept)]
    if without:
        first, *rest = without
        yield Finding(
            rule="no-log-retention",
            severity=Severity.INFO,
            confidence="high",
            message=f"the logs of {first.id}{f' and {len(rest)} more functions' if rest else ''} are kept for ever",
            location=first.location,
            label="no log group with RetentionInDays",
            related=tuple(Hop(function.location, f"{function.id} too") for function in rest),
            function=first.id,
            fixes=(Fix("add a log group with RetentionInDays for each function"),),
            persona=Persona.AUDITOR,
            content=" ".join(function.id for function in without),
        )


def _is_of(group: Value, function: Function) -> bool:
    """Whether a log group's name is that of a function, or the function is told to log there."""
    if any(ref == Ref(function.id) for ref in refs(group)):
        return True
    name = function.properties.get("FunctionName") if function.properties else None
    own = function.properties.at("LoggingConfig", "LogGroup") if function.properties else None
    return own is not None or (name is not None and group == join(["/aws/lambda/", name]))


RULE = Rule(
    "no-log-retention", "logs kept for ever", Severity.INFO, ("CWE-778", "OWASP-S10", "SAS-05"), _check, Persona.AUDITOR
)
