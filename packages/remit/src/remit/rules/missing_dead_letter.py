"""Events that fail are thrown away, and nobody sees them.

## What it finds

Functions that are invoked asynchronously (by a bucket, topic, bus or schedule) without a dead-letter queue or an
`OnFailure` destination, and queues that trigger a function without a `RedrivePolicy`. Only for the auditor; all of an
app are one finding.

## Why it matters

An event that makes the function fail is retried and then lost: an attacker's probes leave no trace, and neither do the
orders that were lost because of them. A poisoned message in a queue without redrive blocks or returns for days.

## How to mend it

Give the function a `DeadLetterQueue` or `EventInvokeConfig.DestinationConfig.OnFailure`, and the queue a `RedrivePolicy`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Function
from remit.app.node import certain
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule

_ASYNCHRONOUS = ("s3", "sns", "eventbridge", "schedule")


def _check(facts: Facts) -> Iterator[Finding]:
    lost = list(_losing(facts))
    if lost:
        (name, where, why), *rest = lost
        yield Finding(
            rule="missing-dead-letter",
            severity=Severity.INFO,
            confidence="high",
            message=f"failed events of {name}{f' and {len(rest)} more' if rest else ''} are lost",
            location=where,
            label=why,
            related=tuple(Hop(place, f"{other}: {text}") for other, place, text in rest),
            resource=name,
            fixes=(Fix("keep failed events in a queue of their own"),),
            persona=Persona.AUDITOR,
            content=" ".join(item[0] for item in lost),
        )


def _losing(facts: Facts) -> Iterator[tuple[str, Location, str]]:
    seen = set()
    for trigger in facts.app.triggers:
        function = facts.app.function(trigger.function)
        if function is None or trigger.implied:
            continue
        if trigger.source in _ASYNCHRONOUS and function.id not in seen and not _kept(facts, function):
            seen.add(function.id)
            yield function.id, function.location, "no dead-letter queue and no OnFailure destination"
        queue = facts.app.resources.get(trigger.resource) if trigger.source == "sqs" else None
        if queue is not None and queue.id not in seen and certain(queue.properties.at("RedrivePolicy")) is None:
            seen.add(queue.id)
            yield queue.id, queue.location, "no RedrivePolicy"


def _kept(facts: Facts, function: Function) -> bool:
    properties = function.properties
    if properties is None:
        return True
    places = (("DeadLetterQueue",), ("DeadLetterConfig",), ("EventInvokeConfig", "DestinationConfig", "OnFailure"))
    if any(certain(properties.at(*path)) for path in places):
        return True
    return any(
        resource.type == "AWS::Lambda::EventInvokeConfig"
        and function.id in str(resource.properties.get("FunctionName"))
        for resource in facts.app.resources.values()
    )


RULE = Rule(
    "missing-dead-letter",
    "failed events thrown away",
    Severity.INFO,
    ("CWE-778", "OWASP-S10", "SAS-08"),
    _check,
    Persona.AUDITOR,
)
