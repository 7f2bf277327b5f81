"""One record that makes a function fail stops everything behind it, for as long as the stream keeps records.

## What it finds

Functions that read a stream (Kinesis, a table's stream) without a limit on how often or how long a failing batch is
tried (`MaximumRetryAttempts`, `MaximumRecordAgeInSeconds`), so that the default counts: until the record expires. For the
pedantic persona. Queues are told by `missing-dead-letter`.

## Why it matters

Whoever can write one record that the code does not expect stops the function for a day and more, and every attempt is paid
for: a poisoned event is the cheapest denial of service there is.

## How to mend it

Set `MaximumRetryAttempts` and `BisectBatchOnFunctionError`, and an `OnFailure` destination for what is given up.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Count:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Click: {Type: Kinesis, Properties: {Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST}}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Count:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Click:
          Type: Kinesis
          Properties:
            {Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST, MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.node import certain
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule

_STREAMS = ("kinesis", "dynamodb")
_LIMITS = ("MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "RetryPolicy")


def _check(facts: Facts) -> Iterator[Finding]:
    for trigger in facts.app.triggers:
        properties = trigger.properties
        if trigger.source not in _STREAMS or properties is None or trigger.implied:
            continue
        if any(certain(properties.at(name)) is not None for name in _LIMITS):
            continue
        yield Finding(
            rule="batch-blocks-stream",
            severity=Severity.LOW,
            confidence="medium",
            message=f"one record that {trigger.function} cannot handle stops {trigger.resource or 'its stream'}",
            location=trigger.location,
            label="tried again until the record expires",
            function=trigger.function,
            resource=trigger.resource,
            fixes=(Fix("set MaximumRetryAttempts, BisectBatchOnFunctionError and an OnFailure destination"),),
            persona=Persona.PEDANTIC,
            content=f"{trigger.function} {trigger.resource}",
        )


RULE = Rule(
    "batch-blocks-stream",
    "stream that one record stops",
    Severity.LOW,
    ("CWE-400", "OWASP-X-DoW", "SAS-08"),
    _check,
    Persona.PEDANTIC,
)
