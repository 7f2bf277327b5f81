"""A parameter that is named like a secret is kept in clear text.

## What it finds

An `AWS::SSM::Parameter` of type `String` whose name says that it is a secret (`/shop/db/password`, `api-token`) and whose
value stands in the template or is given when it is deployed. Names of things *about* a secret (its ARN, its name, its
length) and references to where it is really kept do not count.

## Why it matters

Everyone who may read parameters reads it, without any right on a key; the console, the template's history and every backup
show it.

## How to mend it

Keep it in Secrets Manager (`AWS::SecretsManager::Secret`), or as a `SecureString` that is made outside the template, and give
the function its name. Change the secret: it has been readable.

## Bad

```yaml template.yaml
Parameters: {Given: {Type: String, NoEcho: true}}
Resources:
  Password:
    Type: AWS::SSM::Parameter
    Properties: {Name: /shop/db/password, Type: String, Value: !Ref Given}
```

## Good

```yaml template.yaml
Resources:
  Password: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
  Where:
    Type: AWS::SSM::Parameter
    Properties: {Name: /shop/db/password-arn, Type: String, Value: !Ref Password}
```
"""

import re
from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.model import Resource
from remit.app.node import possible
from remit.app.report import Finding, Fix, Severity
from remit.app.value import Ref, Text, Value
from remit.rules import Rule
from remit.rules._template import of_type

_SECRET = re.compile(
    r"(?i)(pass(word|wd|phrase)|pwd|secret|api[-_]?key|private[-_]?key|(access|auth|api|bearer|refresh)[-_]?token|credentials?)$"
)
#: Values that stand for nothing yet.
_FILLER = re.compile(
    r"(?i)^(change[-_ ]?me|todo|tbd|replace.*|placeholder|dummy|none|null|x+|-+|<.*>|\*+|your[-_ ].*|)$"
)


def _check(facts: Facts) -> Iterator[Finding]:
    for parameter in of_type(facts, "AWS::SSM::Parameter"):
        value = parameter.properties.at("Value")
        if (
            not any(kind in ("String", "StringList") for kind in possible(parameter.properties.at("Type")))
            or value is None
        ):
            continue
        if _SECRET.search(_name(parameter)) and _is_kept(facts, value.plain()):
            yield Finding(
                rule="secret-in-plain-parameter",
                severity=Severity.MEDIUM,
                confidence="medium",
                message=f"{parameter.id} keeps a secret in clear text",
                location=value.location,
                label="its type is String, not SecureString",
                resource=parameter.id,
                fixes=(Fix("keep it in Secrets Manager, or as a SecureString, and change the secret"),),
                content=parameter.id,
            )


def _name(parameter: Resource) -> str:
    """Its name as far as it is written, else its logical id."""
    name = parameter.properties.get("Name")
    if isinstance(name, Text):
        name = name.parts[-1] if isinstance(name.parts[-1], str) else None
    return name if isinstance(name, str) and name else parameter.id


def _is_kept(facts: Facts, value: Value) -> bool:
    """Whether a value is the secret: written out, or given when the template is deployed; no reference to a resource."""
    if isinstance(value, str):
        return not _FILLER.match(value) and not value.startswith(("arn:", "{{resolve:", "/", "http"))
    return isinstance(value, Ref) and value.target in facts.app.parameters


RULE = Rule(
    "secret-in-plain-parameter",
    "secret in a parameter that anyone may read",
    Severity.MEDIUM,
    ("CWE-312", "OWASP-S3", "SAS-07"),
    _check,
)
