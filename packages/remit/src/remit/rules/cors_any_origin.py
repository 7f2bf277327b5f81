"""Every website may call an API from its visitors' browsers.

## What it finds

Routes with CORS settings for every origin (`*`). For the pedantic persona: an API that asks for a token in a header, or
that is meant for everybody, loses little by it. Together with cookies it is told by
`cors-any-origin-with-credentials`.

## Why it matters

A page that someone in your network opens can then read from an API that only your network reaches; and whoever finds a
token can use it from any page.

## How to mend it

Name the origins of your own pages.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: {AllowOrigins: ["*"]}}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /}}}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: {AllowOrigins: ["https://shop.example.com"]}}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /}}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Trigger
from remit.app.report import Finding, Fix, Hop, Persona, Severity
from remit.rules import Rule

_EVERY = ("*", "https://*", "http://*")


def _check(facts: Facts) -> Iterator[Finding]:
    groups: dict[tuple[str, object], list[Trigger]] = {}
    for trigger in facts.app.triggers:
        cors = trigger.cors
        if cors is not None and not cors.credentials and any(origin in _EVERY for origin in cors.origins):
            groups.setdefault((trigger.resource or trigger.function, cors.location), []).append(trigger)
    for (name, _), routes in groups.items():
        first = routes[0]
        if first.cors is not None:
            yield Finding(
                rule="cors-any-origin",
                severity=Severity.LOW,
                confidence="high",
                message=f"every website may call {name} from a browser",
                location=first.cors.location,
                label="every origin",
                related=tuple(Hop(route.location, route.name) for route in routes[:8]),
                resource=name,
                fixes=(Fix("name the origins of your own pages"),),
                persona=Persona.PEDANTIC,
                content=name,
            )


RULE = Rule(
    "cors-any-origin",
    "cross-origin calls from every site",
    Severity.LOW,
    ("CWE-942", "OWASP-S6", "SAS-03"),
    _check,
    Persona.PEDANTIC,
)
