r"""A value from the event becomes part of the headers of a message, so its sender can add headers, recipients or another body.

## What it finds

A field of an event that is put by formatting or concatenation into the head of a mail that is sent as text
(`smtplib.SMTP.sendmail`, `ses.send_raw_email`). Messages built with `email.message.EmailMessage`, which refuses line
breaks in headers, and values in the body are not reported.

## Why it matters

A line break in a subject starts a header of the sender's own: `Bcc:` makes the function send anybody's mail to anybody, in your
name.

## How to mend it

Build the message with `email.message.EmailMessage` and send it with `send_message`.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Contact:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /contact}}
```

```python app.py
import json
import os
import smtplib


def handler(event, context):
    form = json.loads(event["body"])
    message = f"From: shop@example.org\nTo: help@example.org\nSubject: {form['subject']}\n\n{form['text']}"
    with smtplib.SMTP(os.environ["MAIL_HOST"]) as mail:
        mail.sendmail("shop@example.org", ["help@example.org"], message)
    return {"statusCode": 204, "body": ""}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Contact:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /contact}}
```

```python app.py
import json
import os
import smtplib
from email.message import EmailMessage


def handler(event, context):
    form = json.loads(event["body"])
    message = EmailMessage()
    message["From"] = "shop@example.org"
    message["To"] = "help@example.org"
    message["Subject"] = form["subject"]
    message.set_content(form["text"])
    with smtplib.SMTP(os.environ["MAIL_HOST"]) as mail:
        mail.send_message(message)
    return {"statusCode": 204, "body": ""}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="header-injection",
    sink="header",
    weight=Severity.MEDIUM,
    does=lambda _flow: "adds headers to a message of {function}",
    label=lambda flow: f"{field_name(flow)} is part of the headers",
    fixes=lambda _facts, _flow: (
        Fix("build the message with email.message.EmailMessage, which refuses line breaks in headers"),
    ),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "header-injection",
    "message headers made of event data",
    Severity.MEDIUM,
    ("CWE-93", "OWASP-S1", "SAS-01"),
    _check,
)
