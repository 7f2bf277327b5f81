"""A value from the event chooses the host a request goes to, so its sender makes the function call any address.

## What it finds

A field of an event that becomes the URL, the scheme or the host of an outgoing request. A value that only fills a path
segment or a query parameter behind a fixed host, or a host compared with a fixed list, is not reported.

## Why it matters

The request leaves from inside: it reaches services of a private network that trust their neighbours, other clouds'
metadata, and local files where the library knows `file:`. What comes back is often shown to the sender.

## How to mend it

Choose the host from a fixed list and put only checked parts of the value into the path. Where any host must be
possible (webhooks), resolve the name, refuse private addresses, follow no redirects, and send from a subnet that
reaches nothing of yours.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Preview:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /preview}}
```

```python app.py
import urllib.request

def handler(event, context):
    url = event["queryStringParameters"]["url"]
    with urllib.request.urlopen(url) as page:
        return {"statusCode": 200, "body": page.read().decode()}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Preview:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /preview}}
```

```python app.py
import urllib.request

PAGES = {"news": "https://news.example.com/", "help": "https://help.example.com/"}

def handler(event, context):
    url = PAGES[event["queryStringParameters"]["page"]]
    with urllib.request.urlopen(url) as page:
        return {"statusCode": 200, "body": page.read().decode()}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_BEHIND_HOST = ("path", "query", "fragment")

_KIND = Injection(
    rule="ssrf",
    sink="url",
    weight=Severity.MEDIUM,
    does=lambda _flow: "makes {function} send requests to any host",
    label=lambda flow: f"{field_name(flow)} chooses the host",
    fixes=lambda _facts, _flow: (Fix("choose the host from a fixed list before the request is made"),),
    wanted=lambda flow: flow.detail.get("part", "") not in _BEHIND_HOST,
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule("ssrf", "request to a host chosen by event data", Severity.HIGH, ("CWE-918", "OWASP-S1", "SAS-01"), _check)
