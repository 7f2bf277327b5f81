"""A value from the event chooses where the browser is sent, so a link to your site leads to somebody else's.

## What it finds

A field of an event that stands at the beginning of a `Location` header, where it chooses the host. A value behind a fixed
beginning (`/orders/...`) is not reported.

## Why it matters

People trust a link by the host it begins with. A redirect that anyone can steer makes your host the beginning of a
phishing link, and hands the codes and tokens of sign-in flows to the attacker's page.

## How to mend it

Redirect to paths only, or choose the target from a fixed list.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Leave:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /leave}}
```

```python app.py
def handler(event, context):
    return {"statusCode": 302, "headers": {"Location": event["queryStringParameters"]["next"]}}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Leave:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /leave}}
```

```python app.py
PAGES = {"help": "/help", "home": "/"}

def handler(event, context):
    return {"statusCode": 302, "headers": {"Location": PAGES[event["queryStringParameters"]["next"]]}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="open-redirect",
    sink="response",
    weight=Severity.LOW,
    does=lambda _flow: "makes {function} redirect to any site",
    label=lambda flow: f"{field_name(flow)} chooses the site",
    fixes=lambda _facts, _flow: (Fix("redirect to a path, or choose the target from a fixed list"),),
    wanted=lambda flow: flow.detail.get("part") == "location",
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "open-redirect",
    "redirect to a site chosen by event data",
    Severity.MEDIUM,
    ("CWE-601", "OWASP-S1", "SAS-01"),
    _check,
)
