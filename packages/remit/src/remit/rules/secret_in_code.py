'''A secret is written in a file of the app.

## What it finds

Keys and tokens by the shape their providers give them, passwords in connection strings, and literals assigned to
something called password, token or secret, in code and templates. Placeholders, references and published example keys
are not reported. The secret itself is never shown.

## Why it matters

A repository is copied to laptops, build machines and backups, and its history keeps what was deleted. A secret that was
ever in it is known to everyone who ever could read it.

## How to mend it

Change the secret first. Then read the new one from Secrets Manager or Parameter Store when the function starts.

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
DB_PASSWORD = "Brise-8812-Hafen-x9"

def handler(event, context):
    return len(DB_PASSWORD)
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

DB_PASSWORD = boto3.client("secretsmanager").get_secret_value(SecretId="shop/db")["SecretString"]

def handler(event, context):
    return len(DB_PASSWORD)
```
'''

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._secrets import elsewhere


def _check(facts: Facts) -> Iterator[Finding]:
    for secret in elsewhere(facts):
        name = f" named {secret.name}" if secret.name else ""
        yield Finding(
            rule="secret-in-code",
            severity=Severity.HIGH,
            confidence="high",
            message=f"a secret is written in {secret.location.file}: {secret.kind}{name}",
            location=secret.location,
            label=secret.excerpt or secret.kind,
            function=secret.function,
            fixes=(Fix("change the secret, and read the new one from a secret store when the function starts"),),
            content=f"{secret.kind} {secret.name} {secret.excerpt}",
        )


RULE = Rule("secret-in-code", "secret written in a file", Severity.HIGH, ("CWE-798", "OWASP-S3", "SAS-07"), _check)
