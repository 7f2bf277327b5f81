"""The value of a secret is written to the log or sent to the caller.

## What it finds

A value read from Secrets Manager, Parameter Store or an environment variable named like a secret, that reaches a log
call or the response. A part of it in a hash or a comparison is not reported.

## Why it matters

Whoever reads the log holds the secret from then on, and logs have more readers than secret stores. It must be treated
as known to all of them, and changed.

## How to mend it

Log the secret's name, never its value.

## Bad

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
```

```python app.py
import boto3

def handler(event, context):
    password = boto3.client("secretsmanager").get_secret_value(SecretId="pay/password")["SecretString"]
    print("using", password)
```

## Good

```yaml template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pay:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
```

```python app.py
import boto3

def handler(event, context):
    boto3.client("secretsmanager").get_secret_value(SecretId="pay/password")["SecretString"]
    print("using the secret pay/password")
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.flow import SECRET
from remit.app.report import Finding, Fix, Persona, Severity
from remit.rules import Rule
from remit.rules._paths import hops

_WAYS = {"log": "to the log", "response": "to the caller"}


def _check(facts: Facts) -> Iterator[Finding]:
    seen = set()
    for sink, way in _WAYS.items():
        for function, flow in facts.flows(sink, SECRET):
            if flow.location in seen:
                continue
            seen.add(flow.location)
            name = flow.origin.path or "a secret"
            yield Finding(
                rule="secret-to-log",
                severity=Severity.HIGH,
                confidence=flow.confidence,
                message=f"{function.id} sends the value of {name} {way}",
                location=flow.location,
                label=f"the secret goes {way}",
                hops=tuple(hops(None, flow, f"the secret goes {way}")),
                function=function.id,
                fixes=(Fix("log the secret's name instead of its value, and change the secret"),),
                persona=Persona.PEDANTIC if flow.confidence == "low" else Persona.REGULAR,
                content=flow.call,
            )


RULE = Rule(
    "secret-to-log", "secret written where others read it", Severity.HIGH, ("CWE-532", "OWASP-S3", "SAS-07"), _check
)
