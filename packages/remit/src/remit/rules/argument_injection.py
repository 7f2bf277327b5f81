"""A value from the event is an argument of a program, so its sender can pass options of their own.

## What it finds

A field of an event that is a whole argument of a child process started without a shell, where nothing keeps it from
beginning with `-`: no `--` before it, and no fixed text in front.

## Why it matters

Without a shell no second command can be started, but many programs run others when told to by an option: `tar
--checkpoint-action=exec=...`, `find -exec`, `curl -o`, `git --upload-pack`. Whether that is so depends on the program, which
this rule does not know; so it speaks to those who ask for more than the regular persona shows.

## How to mend it

Put `--` before the value where the program knows it, or a fixed folder in front of it (`./` for file names).

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Archive:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /archives}}
```

```python app.py
import json
import subprocess

def handler(event, context):
    name = json.loads(event["body"])["name"]
    subprocess.run(["tar", "-cf", "/tmp/out.tar", name], check=True)
    return {"statusCode": 204}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Archive:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: HttpApi, Properties: {Method: POST, Path: /archives}}
```

```python app.py
import json
import subprocess

def handler(event, context):
    name = json.loads(event["body"])["name"]
    subprocess.run(["tar", "-cf", "/tmp/out.tar", "--", name], check=True)
    return {"statusCode": 204}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find

_KIND = Injection(
    rule="argument-injection",
    sink="process",
    weight=Severity.MEDIUM,
    does=lambda _flow: "passes options to a program that {function} starts",
    label=lambda flow: f"{field_name(flow)} may begin with a dash",
    persona=Persona.PEDANTIC,
    wanted=lambda flow: flow.detail.get("part") == "argument",
    fixes=lambda _facts, _flow: (Fix("put -- before the value, or a fixed folder in front of it"),),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "argument-injection",
    "option made of event data",
    Severity.MEDIUM,
    ("CWE-88", "OWASP-S1", "SAS-01"),
    _check,
    Persona.PEDANTIC,
)
