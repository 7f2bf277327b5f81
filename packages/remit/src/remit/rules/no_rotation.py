"""A secret stays the same forever.

## What it finds

Secrets without a rotation schedule, and keys (`AWS::KMS::Key`) that are not renewed each year. Only for the auditor; all of
an app are one finding. Secrets that hold a copy of something given from outside are reported too: whether somebody
changes them by hand is not in the template.

## Why it matters

Sooner or later a secret is in a log, a ticket or a laptop's history. When it changes by itself, what leaked is worth
nothing a month later.

## How to mend it

`AWS::SecretsManager::RotationSchedule` for secrets, `EnableKeyRotation: true` for keys.

## Bad

```yaml template.yaml
Resources:
  Password: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
```

## Good

```yaml template.yaml
Resources:
  Password: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
  Monthly:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: {SecretId: !Ref Password, HostedRotationLambda: {RotationType: MySQLSingleUser}}
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```
"""

from collections.abc import Iterator

from remit.app.facts import Facts
from remit.app.location import Location
from remit.app.model import Resource
from remit.app.report import Finding, Persona, Severity
from remit.app.value import options, refs
from remit.rules import Rule
from remit.rules._template import is_true, of_type, text
from remit.rules._together import Lack, together

_LACK = Lack(
    "no-rotation", "is never renewed", "are never renewed", "nothing rotates it", "rotate it, at least once a year"
)


def _check(facts: Facts) -> Iterator[Finding]:
    yield from together(_LACK, _kept(facts))


def _kept(facts: Facts) -> Iterator[tuple[str, Location]]:
    rotated = {
        ref.target
        for schedule in of_type(facts, "AWS::SecretsManager::RotationSchedule")
        for ref in refs(schedule.properties.get("SecretId"))
    }
    attached = {
        attachment.id: [ref.target for ref in refs(attachment.properties.get("SecretId"))]
        for attachment in of_type(facts, "AWS::SecretsManager::SecretTargetAttachment")
    }
    rotated |= {secret for name in rotated for secret in attached.get(name, ())}
    for secret in of_type(facts, "AWS::SecretsManager::Secret"):
        if secret.id not in rotated:
            yield secret.id, secret.location
    for key in of_type(facts, "AWS::KMS::Key"):
        if _can_rotate(key) and not is_true(key.properties.get("EnableKeyRotation")):
            yield key.id, key.location


def _can_rotate(key: Resource) -> bool:
    """Only symmetric keys whose material AWS made are renewed by it; what is open does not count."""
    spec, origin = key.properties.get("KeySpec"), key.properties.get("Origin")
    rotation = key.properties.get("EnableKeyRotation")
    known = all(option is None or isinstance(option, bool | str) for option in options(rotation))
    return known and text(spec) in ("", "SYMMETRIC_DEFAULT") and text(origin) in ("", "AWS_KMS")


RULE = Rule(
    "no-rotation",
    "secret or key that is never renewed",
    Severity.INFO,
    ("CWE-324", "OWASP-S3", "SAS-07"),
    _check,
    Persona.AUDITOR,
)
