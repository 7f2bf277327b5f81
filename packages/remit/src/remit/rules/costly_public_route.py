"""Strangers may start something costly as often as they like.

## What it finds

A route or function URL for everybody without a throttle, before a function that runs long (a minute or more), is large
(2 GB or more) or calls a service that is paid by the piece (models, text and image recognition, mail, text messages), and
whose concurrency is not reserved. For the pedantic persona: whether it hurts depends on your limits.

## Why it matters

Every request is paid for. A script that calls the route all night makes a bill (denial of wallet), and takes the account's
concurrency away from everything else.

## How to mend it

Ask who is calling, set a throttle, set `ReservedConcurrentExecutions`, or count requests for each caller.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Render:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Timeout: 300
      MemorySize: 4096
      Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /render}}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Render:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Timeout: 300
      MemorySize: 4096
      ReservedConcurrentExecutions: 5
      Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /render}}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Function, Sender, Trigger
from remit.app.node import certain
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule
from remit.rules._routes import WEB

_LONG, _LARGE = 60, 2048
#: Services that are paid by the piece.
_BY_THE_PIECE = {
    "bedrock-runtime": "a model", "bedrock-agent-runtime": "an agent", "textract": "text recognition",
    "rekognition": "image recognition", "comprehend": "text analysis", "translate": "translation", "polly": "speech",
    "transcribe": "transcription", "ses": "mail", "sesv2": "mail", "sagemaker-runtime": "a model",
    "kendra": "search", "pinpoint": "text messages", "pinpoint-sms-voice-v2": "text messages",
}  # fmt: skip


def _check(facts: Facts) -> Iterator[Finding]:
    for function in facts.app.functions:
        routes = [
            trigger
            for trigger in facts.app.triggers_of(function.id)
            if trigger.source in WEB and trigger.sender == Sender.ANYONE and trigger.throttle is None
        ]
        properties = function.properties
        if not routes or properties is None or certain(properties.at("ReservedConcurrentExecutions")) is not None:
            continue
        cost = _cost(facts, function)
        if cost is not None:
            yield _finding(function, routes[0], cost)


def _cost(facts: Facts, function: Function) -> Hop | None:
    """What makes it costly, and where that is written."""
    analysis = facts.analyses.get(function.id)
    for call in analysis.effects.calls if analysis else ():
        if call.service in _BY_THE_PIECE:
            return Hop(call.location, f"calls {_BY_THE_PIECE[call.service]}, which is paid by the piece")
    memory = function.properties.at("MemorySize") if function.properties else None
    if memory is not None and isinstance(memory.value, int) and memory.value >= _LARGE:
        return Hop(memory.location, f"has {memory.value} MB")
    if function.timeout is not None and function.timeout >= _LONG:
        node = function.properties.at("Timeout") if function.properties else None
        return Hop(node.location if node else function.location, f"runs for up to {function.timeout} seconds")
    return None


def _finding(function: Function, route: Trigger, cost: Hop) -> Finding:
    return Finding(
        rule="costly-public-route",
        severity=Severity.LOW,
        confidence="medium",
        message=f"anyone on the internet starts {function.id} by {route.name} without limit; it {cost.text}",
        location=route.location,
        label="no throttle and no reserved concurrency",
        related=(cost,),
        function=function.id,
        fixes=(Fix("set a throttle, or ReservedConcurrentExecutions"),),
        persona=Persona.PEDANTIC,
        content=route.name,
    )


RULE = Rule(
    "costly-public-route",
    "costly function that strangers start without limit",
    Severity.LOW,
    ("CWE-770", "OWASP-X-DoW", "SAS-08"),
    _check,
    Persona.PEDANTIC,
)
