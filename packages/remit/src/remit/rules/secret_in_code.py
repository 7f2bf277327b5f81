"""A secret is written in a file of the app.

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
"""

from collections.abc import Iterator

from remit.app.facts import Facts, SecretFound
from remit.app.report import Finding, Fix, Hop, Severity
from remit.rules import Rule
from remit.rules._secrets import elsewhere


def _check(facts: Facts) -> Iterator[Finding]:
    files: dict[str, list[SecretFound]] = {}
    for secret in elsewhere(facts):
        files.setdefault(secret.location.file, []).append(secret)
    for secrets in files.values():
        yield _finding(secrets)


def _finding(secrets: list[SecretFound]) -> Finding:
    """One finding for each file: the parts of a key pair belong together."""
    first, *rest = secrets
    names = ", ".join(dict.fromkeys(_name(secret) for secret in secrets[:3]))
    return Finding(
        rule="secret-in-code",
        severity=Severity.HIGH,
        confidence="high",
        message=f"{f'{len(secrets)} secrets are' if rest else 'a secret is'} written in the code: {names}",
        location=first.location,
        label=first.excerpt or first.kind,
        related=tuple(Hop(secret.location, f"{_name(secret)} {secret.excerpt}") for secret in rest),
        function=first.function,
        fixes=(Fix("change the secret, and read the new one from a secret store when the function starts"),),
        content=" ".join(f"{secret.kind} {secret.name} {secret.excerpt}" for secret in secrets),
    )


def _name(secret: SecretFound) -> str:
    return secret.name or secret.kind


RULE = Rule("secret-in-code", "secret written in a file", Severity.HIGH, ("CWE-798", "OWASP-S3", "SAS-07"), _check)
