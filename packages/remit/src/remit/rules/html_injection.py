"""A value from the event is put into a page unescaped, so its sender can put script into what others see.

## What it finds

A field of an event that becomes part of a response body of type `text/html`. JSON bodies are not reported, nor are
values that went through `html.escape` or a template engine that escapes.

## Why it matters

Whoever opens a link with `<script>` in it runs that script on your site's origin: it reads their session, and acts as
them. API Gateway answers on a host name of yours, so cookies of that host are in reach.

## How to mend it

Escape the value where it enters the page (`html.escape(value)`), or build the page with a template engine that does.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /hello}}
```

```python app.py
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    page = "<h1>Hello " + name + "</h1>"
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": page}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: GET, Path: /hello}}
```

```python app.py
import html

def handler(event, context):
    name = html.escape(event["queryStringParameters"]["name"])
    page = "<h1>Hello " + name + "</h1>"
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": page}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find, in_words_of

_KIND = Injection(
    rule="html-injection",
    sink="response",
    weight=Severity.LOW,
    does=lambda _flow: "puts script into the page that {function} returns",
    label=lambda flow: f"{field_name(flow)} stands in the page unescaped",
    wanted=lambda flow: flow.detail.get("part") != "location",
    fixes=lambda _facts, flow: (
        in_words_of(
            flow,
            "escape the value with html.escape where it enters the page",
            "escape the value (escape-html, or a template that escapes) where it enters the page",
        ),
    ),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "html-injection", "event data in a page, unescaped", Severity.MEDIUM, ("CWE-79", "OWASP-S7", "SAS-01"), _check
)
