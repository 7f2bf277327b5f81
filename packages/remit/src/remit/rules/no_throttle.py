"""Nothing limits how often strangers may call an API.

## What it finds

Routes that anyone on the internet may call, of an API without a throttle of its own. Only for the auditor; all of an API
are one finding. Routes that feed a costly function are told by `costly-public-route`.

## Why it matters

Only the account's own limit holds then, and all APIs of the account share it: one of them under load takes the others
down, and every call is paid for.

## How to mend it

Set rate and burst in the stage (`MethodSettings`, `DefaultRouteSettings`), or a rule on rates in a web firewall.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::HttpApi}
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
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {DefaultRouteSettings: {ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10}}
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
from remit.app.location import Location
from remit.app.report import Finding, Persona, Severity
from remit.rules import Rule
from remit.rules._routes import open_routes
from remit.rules._together import Lack, together

_LACK = Lack(
    "no-throttle",
    "takes as many requests as the account does",
    "take as many requests as the account does",
    "no rate is set",
    "set rate and burst",
)


def _check(facts: Facts) -> Iterator[Finding]:
    yield from together(_LACK, _unlimited(facts))


def _unlimited(facts: Facts) -> Iterator[tuple[str, Location]]:
    for route in open_routes(facts):
        if route.throttle is None:
            resource = facts.app.resources.get(route.resource)
            name = route.resource or f"{route.name} of {route.function}"
            yield name, resource.location if resource else route.location


RULE = Rule(
    "no-throttle",
    "API without a throttle",
    Severity.INFO,
    ("CWE-770", "OWASP-X-DoW", "SAS-08"),
    _check,
    Persona.AUDITOR,
)
