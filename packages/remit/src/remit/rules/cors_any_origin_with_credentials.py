"""An API tells browsers that every site may call it with the user's cookies.

## What it finds

CORS settings of APIs and function URLs that allow credentials together with every origin (`*`, or a pattern like
`https://*`).

## Why it matters

Any page that a signed-in user opens can then read and do in your API what that user can.

## How to mend it

Name the origins of your own pages, or leave credentials out.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      FunctionUrlConfig:
        AuthType: AWS_IAM
        Cors: {AllowOrigins: ["*"], AllowCredentials: true}
```

```python app.py
def handler(event, context):
    return "done"
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      FunctionUrlConfig:
        AuthType: AWS_IAM
        Cors: {AllowOrigins: ["https://shop.example.com"], AllowCredentials: true}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.node import Node, possible
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._template import may_be_true

_HOLDERS = ("Cors", "CorsConfiguration")
_ORIGINS = ("AllowOrigins", "AllowOrigin")


def _check(facts: Facts) -> Iterator[Finding]:
    for owner, node in _settings(facts):
        origins = next((node.at(name) for name in _ORIGINS if node.at(name) is not None), None)
        if origins is None or not may_be_true(node.at("AllowCredentials")):
            continue
        if any(_any_origin(value) for item in origins.elements() for value in possible(item)):
            yield Finding(
                rule="cors-any-origin-with-credentials",
                severity=Severity.MEDIUM,
                confidence="high",
                message=f"every website may call {owner} with its users' cookies",
                location=origins.location,
                label="every origin, with credentials",
                resource=owner,
                fixes=(Fix("name the origins of your own pages, or leave AllowCredentials out"),),
                content=owner,
            )


def _settings(facts: Facts) -> Iterator[tuple[str, Node]]:
    seen = set()
    for resource in facts.app.resources.values():
        for name in _HOLDERS:
            node = resource.properties.at(name)
            if node is not None and node.location not in seen:
                seen.add(node.location)
                yield resource.id, node
    for function in facts.app.functions:
        node = function.properties.at("FunctionUrlConfig", "Cors") if function.properties else None
        if node is not None and node.location not in seen:
            seen.add(node.location)
            yield function.id, node


def _any_origin(value: object) -> bool:
    return isinstance(value, str) and value.strip("'\"") in ("*", "https://*", "http://*")


RULE = Rule(
    "cors-any-origin-with-credentials",
    "cross-origin calls with credentials from every site",
    Severity.MEDIUM,
    ("CWE-942", "OWASP-S6", "SAS-03"),
    _check,
)
