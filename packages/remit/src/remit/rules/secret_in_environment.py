"""A secret stands in clear text among the environment variables of a function.

## What it finds

A literal in `Environment.Variables` that looks like a secret: by the shape of a provider's keys, or by the variable's name
when the value is no placeholder and no reference.

## Why it matters

Everyone who may read the function's configuration reads it, it is in the repository's history for good, and every
flaw that shows the environment shows it too.

## How to mend it

Keep the secret in Secrets Manager or Parameter Store, give the function its name, and let the role read that one. Then
change the secret, because it is known now.

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
      Environment:
        Variables:
          DB_PASSWORD: "Brise-8812-Hafen-x9"
```

```python app.py
def handler(event, context):
    return "done"
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
      Environment:
        Variables:
          DB_PASSWORD_SECRET: !Ref Password
  Password: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
```

```python app.py
def handler(event, context):
    return "done"
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.report import Finding, Fix, Severity
from remit.rules import Rule
from remit.rules._secrets import in_environment


def _check(facts: Facts) -> Iterator[Finding]:
    for secret, functions, name in in_environment(facts):
        yield Finding(
            rule="secret-in-environment",
            severity=Severity.HIGH,
            confidence="high",
            message=f"the environment of {', '.join(functions[:3])} holds a secret in clear text: {name}",
            location=secret.location,
            label=f"{secret.kind}: {secret.excerpt}" if secret.excerpt else secret.kind,
            function=functions[0],
            fixes=(Fix("keep it in Secrets Manager, give the function its name, and change the secret"),),
            content=name,
        )


RULE = Rule(
    "secret-in-environment",
    "secret in an environment variable",
    Severity.HIGH,
    ("CWE-798", "OWASP-S3", "SAS-07"),
    _check,
)
