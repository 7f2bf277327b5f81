"""A function writes to what triggers it, and so triggers itself again.

## What it finds

A function that puts objects into the bucket, messages into the queue or topic, or invokes the function it is started by
(itself); and functions that start each other in a circle. When the trigger is filtered, when the write goes to a table's
own stream, or to a queue (a common way to try again), it is for the pedantic persona: there the code may end it. So is a
circle of several functions, unless it is made of buckets and topics without a filter only. Rules with a pattern end a
circle.

## Why it matters

One event becomes two, and so on until an account limit stops it. Everything in the account stands still then, and the
bill is real: denial of wallet needs no attacker, and one upload when there is one.

## How to mend it

Write to another bucket, queue or topic; or filter the trigger so that it cannot see what the function writes.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Photos: {Type: AWS::S3::Bucket}
  Shrink:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {PHOTOS: !Ref Photos}}
      Events:
        Uploaded: {Type: S3, Properties: {Bucket: !Ref Photos, Events: s3:ObjectCreated:*}}
```

```python app.py
import os
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["PHOTOS"], Key="small.png", Body=b"")
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Photos: {Type: AWS::S3::Bucket}
  Small: {Type: AWS::S3::Bucket}
  Shrink:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {SMALL: !Ref Small}}
      Events:
        Uploaded: {Type: S3, Properties: {Bucket: !Ref Photos, Events: s3:ObjectCreated:*}}
```

```python app.py
import os
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["SMALL"], Key="small.png", Body=b"")
```
"""

from collections.abc import Iterator

from remit.app import graph
from remit.app.effect import SdkCall
from remit.app.facts import Facts
from remit.app.model import Edge, Function, Trigger
from remit.app.node import certain
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._relay import fires, writes_to

_OFTEN_MEANT = ("dynamodb", "sqs")


#: Ways along which nothing is started: reading, and what only failures take.
_IDLE = ("read", "dead-letter", "schedule", "destination")


def _check(facts: Facts) -> Iterator[Finding]:
    alone = set()
    for function in facts.app.functions:
        for call, trigger in _loops(facts, function):
            alone.add(function.id)
            yield _finding(function, call, trigger)
            break
    yield from _circles(facts, alone)


def _circles(facts: Facts, alone: set[str]) -> Iterator[Finding]:
    """Circles of several functions, each once; those of a function that triggers itself are told already."""
    if not facts.analyses or len(facts.app.functions) < 2:
        return
    known = tuple(edge for edge in facts.edges if _starts(facts, edge))
    told: set[str] = set()
    for function in facts.app.functions:
        if function.id in alone or function.id in told:
            continue
        way = graph.way(facts.app, function.id, function.id, among=known)
        members = [edge.source for edge in way if facts.app.function(edge.source) is not None]
        if len(members) > 1 and not alone.intersection(members):
            told.update(members)
            yield _circle(facts, function, way, members)


def _starts(facts: Facts, edge: Edge) -> bool:
    """Whether something really runs at the end of an edge, whatever its event holds."""
    if edge.kind in _IDLE or (edge.kind == "rule" and edge.filter is not None):
        return False
    if edge.kind == "write":
        return fires(facts, edge)
    if edge.kind == "task" and facts.app.function(edge.source) and facts.app.function(edge.target):
        return False  # one step of a state machine after another: the machine decides when it ends
    triggers = facts.app.triggers_of(edge.target) if edge.kind == "rule" else ()
    return not any(_has_pattern(trigger) for trigger in triggers if trigger.location == edge.location)


def _has_pattern(trigger: Trigger) -> bool:
    properties = trigger.properties
    return properties is not None and any(certain(properties.at(name)) for name in ("Pattern", "EventPattern"))


def _circle(facts: Facts, function: Function, way: tuple[Edge, ...], members: list[str]) -> Finding:
    places = [edge.target for edge in way if facts.app.function(edge.target) is None]
    types = {resource.type for name in places if (resource := facts.app.resources.get(name)) is not None}
    filtered = any(
        _filtered(trigger)
        for name in members
        for trigger in facts.app.triggers_of(name)
        if trigger.resource in places and not trigger.implied
    )
    sharp = bool(types) and types <= {"AWS::S3::Bucket", "AWS::SNS::Topic"} and not filtered
    return Finding(
        rule="unbounded-recursion",
        severity=Severity.MEDIUM if sharp else Severity.LOW,
        confidence="medium",
        message=f"{' and '.join(members[:4])} start each other"
        + (f", through {', '.join(places[:4])}" if places else ""),
        location=way[0].location,
        label=way[0].text,
        related=tuple(Hop(edge.location, edge.text) for edge in way[1:]),
        function=function.id,
        fixes=(Fix("write somewhere else, or filter a trigger so that it does not see what comes round"),),
        persona=Persona.REGULAR if sharp else Persona.PEDANTIC,
        content=" ".join(sorted(members)),
    )


def _loops(facts: Facts, function: Function) -> Iterator[tuple[SdkCall, Trigger | None]]:
    analysis = facts.analyses.get(function.id)
    for call in analysis.effects.calls if analysis else ():
        if call.operation == "Invoke" and call.service == "lambda":
            named = facts.app.resource_of(call.parameters.get("FunctionName"))
            if named is not None and named.id == function.id:
                yield call, None
    for trigger in facts.app.triggers_of(function.id):
        if trigger.resource:
            yield from ((call, trigger) for call in writes_to(facts, function, trigger))


def _finding(function: Function, call: SdkCall, trigger: Trigger | None) -> Finding:
    filtered = trigger is not None and _filtered(trigger)
    meant = trigger is None or trigger.source in _OFTEN_MEANT
    through = trigger.resource if trigger else "itself"
    return Finding(
        rule="unbounded-recursion",
        severity=Severity.LOW if filtered or meant else Severity.MEDIUM,
        confidence="medium" if filtered or meant else "high",
        message=f"{function.id} triggers itself through {through}",
        location=call.location,
        label=f"writes to {through}, which starts {function.id}" if trigger else "invokes the function it is in",
        related=(Hop(trigger.location, trigger.name),) if trigger else (),
        function=function.id,
        resource=trigger.resource if trigger else "",
        fixes=(Fix("write somewhere else, or filter the trigger so that it does not see what the function writes"),),
        persona=Persona.PEDANTIC if filtered or meant else Persona.REGULAR,
        content=f"{call.operation} {through}",
    )


def _filtered(trigger: Trigger) -> bool:
    properties = trigger.properties
    return properties is not None and any(
        certain(properties.at(name)) for name in ("Filter", "FilterCriteria", "FilterPolicy")
    )


RULE = Rule(
    "unbounded-recursion",
    "function that triggers itself",
    Severity.MEDIUM,
    ("CWE-770", "OWASP-X-DoW", "SAS-08"),
    _check,
)
