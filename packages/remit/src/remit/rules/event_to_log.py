"""The whole event is written to the log, with everything personal and secret that is in it.

## What it finds

`print(event)`, `logger.info(json.dumps(event))` and their like. For functions behind HTTP it is reported to everyone,
because their events carry headers and cookies, and as worse when a route of theirs has an authorizer, because then
tokens are among them; for the others, and for the debug level, to the pedantic persona.

## Why it matters

Logs are kept for long and read by many: people, tools, other accounts. A bearer token in a log line is a way in for
each of them, and personal data in logs cannot be deleted on request.

## How to mend it

Log the fields that are needed, by name. Powertools' logger does the same when `log_event` is left off.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
```

```python app.py
import json

def handler(event, context):
    print(json.dumps(event))
    return {"statusCode": 204}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /orders}}
```

```python app.py
import json

def handler(event, context):
    print(json.dumps({"route": event["routeKey"], "id": context.aws_request_id}))
    return {"statusCode": 204}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import EVENT
from remit.app.location import Location
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule

_WITH_TOKENS = ("http-api", "rest-api", "function-url")


def _check(facts: Facts) -> Iterator[Finding]:
    files: dict[tuple[str, bool], tuple[list[str], list[Location]]] = {}
    for function, flow in facts.flows("log", EVENT):
        if flow.confidence != "low":
            names, places = files.setdefault((flow.location.file, flow.call.endswith(".debug")), ([], []))
            names += [function.id] if function.id not in names else []
            places += [flow.location] if flow.location not in places else []
    for (_, debug), (names, places) in files.items():
        yield _finding(facts, names, places, debug=debug)


def _finding(facts: Facts, names: list[str], places: list[Location], *, debug: bool) -> Finding:
    """One finding for each file: functions that share it share the line."""
    triggers = [trigger for name in names for trigger in facts.app.triggers_of(name)]
    http = any(trigger.source in _WITH_TOKENS for trigger in triggers)
    tokens = http and any(trigger.authorizer is not None for trigger in triggers)
    carried = "authorization headers, cookies and bodies" if http else "whatever its sender put in"
    verb = "logs" if len(names) == 1 else "log"
    return Finding(
        rule="event-to-log",
        severity=Severity.MEDIUM if tokens else Severity.LOW,
        confidence="high",
        message=f"{' and '.join(names[:2])}{f' and {len(names) - 2} more' * (len(names) > 2)} {verb} whole events: {carried}",
        location=places[0],
        label="the whole event goes to the log",
        related=tuple(Hop(place, "and here") for place in places[1:]),
        function=names[0],
        fixes=(Fix("log the fields that are needed, by name"),),
        persona=Persona.REGULAR if http and not debug else Persona.PEDANTIC,
    )


RULE = Rule("event-to-log", "whole event in the log", Severity.MEDIUM, ("CWE-532", "OWASP-S3", "SAS-05"), _check)
